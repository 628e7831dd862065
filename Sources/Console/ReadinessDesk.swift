// The evaluation, for everybody who asks the console at the same time.
//
// What: one evaluation runs at a time; who asks meanwhile waits for that one, and for a while afterwards its result is given
// again. It reads every pair, so that a page that many have open, or a stranger on this machine, could otherwise keep all cores
// and the disk busy. When the console stops, who waits is told so: the process does not end later because of them.
// Limits: a figure may be as old as the evaluation took and `lifetime` more. A failure is not kept.

import JSON
import Threads

/// Who waits for an answer, and the answer as long as it is fresh: the rules, without threads and clocks.
struct SharedAnswer<Waiter> {
    enum Action: Equatable {
        case give(JSON)
        /// It is being worked on; the waiter is kept.
        case wait
        /// Nobody works on it yet; the waiter is kept.
        case begin
        case refuse
    }

    /// More than this and all places of the console could be theirs.
    static var maximumWaiters: Int { 16 }

    private let lifetime: Duration
    private var kept: (answer: JSON, until: ContinuousClock.Instant)?
    private var waiters: [Waiter] = []
    private var isRunning = false
    private var isStopped = false

    /// - Parameter lifetime: how long an answer is given again.
    init(lifetime: Duration) {
        self.lifetime = lifetime
    }

    mutating func ask(_ waiter: Waiter, now: ContinuousClock.Instant) -> Action {
        if let kept, now < kept.until { return .give(kept.answer) }
        guard !isStopped, waiters.count < Self.maximumWaiters else { return .refuse }
        waiters.append(waiter)
        guard !isRunning else { return .wait }
        isRunning = true
        return .begin
    }

    /// The work is over.
    ///
    /// - Returns: who waits for it.
    mutating func finished(_ answer: JSON?, now: ContinuousClock.Instant) -> [Waiter] {
        isRunning = false
        kept = answer.map { ($0, now + lifetime) }
        defer { waiters = [] }
        return waiters
    }

    /// Nobody is to wait any more.
    mutating func stop() -> [Waiter] {
        isStopped = true
        defer { waiters = [] }
        return waiters
    }
}

/// Gives the evaluation to all who ask for it.
final class ReadinessDesk: Sendable {
    private let backend: any ConsoleBackend
    private let shared: Locked<SharedAnswer<CheckedContinuation<JSON, any Error>>>

    init(backend: any ConsoleBackend, lifetime: Duration) {
        self.backend = backend
        shared = Locked(SharedAnswer(lifetime: lifetime))
    }

    /// The evaluation, at most `lifetime` old.
    ///
    /// - Throws: what the backend throws, or `EvaluationUnavailable` once the console stops.
    func readiness() async throws -> JSON {
        try await withCheckedThrowingContinuation { continuation in
            switch shared.withLock({ $0.ask(continuation, now: .now) }) {
            case .give(let answer): continuation.resume(returning: answer)
            case .wait: break
            case .begin: begin()
            case .refuse: continuation.resume(throwing: EvaluationUnavailable.tooMany)
            }
        }
    }

    /// Tells all who wait that nothing will come.
    func stop() {
        for waiter in shared.withLock({ $0.stop() }) { waiter.resume(throwing: EvaluationUnavailable.stopping) }
    }

    /// Of no request, so that it goes on when the one that began it is gone.
    private func begin() {
        Task {
            let result: Result<JSON, any Error>
            do { result = .success(try await backend.readiness()) } catch { result = .failure(error) }
            let waiters = shared.withLock { $0.finished(try? result.get(), now: .now) }
            for waiter in waiters { waiter.resume(with: result) }
        }
    }
}

/// Why there is no evaluation now; a sentence.
package struct EvaluationUnavailable: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }

    static let tooMany = EvaluationUnavailable("Others wait for the evaluation already; ask again in a minute.")
    static let stopping = EvaluationUnavailable("The console is stopping.")
}
