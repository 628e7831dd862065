// One evaluation for all concurrent requests to the console.
//
// What: one evaluation runs at a time; requests meanwhile wait for it, and for a while afterwards its result is reused. An
// evaluation reads every pair: many open pages, or any local user, could otherwise keep all cores and the disk busy. When the
// console stops, waiting requests fail at once, so that they do not delay the end of the process.
// Limits: a figure may be older by the duration of the evaluation plus `lifetime`. A failure is not kept.

import JSON
import Threads

/// The waiters for an answer, and the answer as long as it is fresh: the rules, without threads and clocks.
struct SharedAnswer<Waiter> {
    enum Action: Equatable {
        case give(JSON)
        /// The work is in progress; the waiter is kept.
        case wait
        /// The caller has to do the work; the waiter is kept.
        case begin
        case refuse
    }

    /// More waiters than this could take all places of the console.
    static var maximumWaiters: Int { 16 }

    private let lifetime: Duration
    private var kept: (answer: JSON, until: ContinuousClock.Instant)?
    private var waiters: [Waiter] = []
    private var isRunning = false
    private var isStopped = false

    /// - Parameter lifetime: how long an answer is reused.
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
    /// - Returns: the waiters.
    mutating func finished(_ answer: JSON?, now: ContinuousClock.Instant) -> [Waiter] {
        isRunning = false
        kept = answer.map { ($0, now + lifetime) }
        defer { waiters = [] }
        return waiters
    }

    /// Ends all waiting.
    mutating func stop() -> [Waiter] {
        isStopped = true
        defer { waiters = [] }
        return waiters
    }
}

/// Shares the evaluation among all requests for it.
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

    /// Fails all waiting requests.
    func stop() {
        for waiter in shared.withLock({ $0.stop() }) { waiter.resume(throwing: EvaluationUnavailable.stopping) }
    }

    /// A task independent of requests: it continues when the request that began it is gone.
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
