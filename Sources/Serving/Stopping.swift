// The end of `serve`: one instant for everything that has to finish.
//
// Why. The services stop one after the other, and each waits for something that a stranger can hold up: a stream that a user
// does not read, a shadow that does not answer, a pair that takes long to score, a connection of the console. Patience of
// its own for each adds up, and one that has none waits for ever; meanwhile nobody serves the users, because the port is
// closed and the store's lock is not given back. So the instant is fixed at the signal, `limits.drain` later, and all share it.
//
// What. Users' streams have until then. The rest has some tenths of a second more each, in the order in which it is counted:
// the writer answers what it still has as failed, the mirror counts that, the store is closed. What does not end by itself
// 1.2 s after the instant is named in the log, and a thread that waits for nothing ends the process: with it go the
// lock and the port. What is committed stays committed; SQLite takes care of the rest at the next opening.
//
// A second SIGTERM or SIGINT ends the process at once. Not within half a second: some supervisors send one to the process and
// another to its group.

import Foundation
import Logging
import ServiceLifecycle
import Threads

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The time that a stopping process has left, and what it waits for.
final class Stopping: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// EX_TEMPFAIL of sysexits(3): stopped by a budget.
    static let exitCode: Int32 = 75

    // Counted from the end of `limits.drain`.
    /// When pairs that are not in the store are given up.
    static let writerGrace = Duration.milliseconds(400)
    /// When the mirror counts what was not answered.
    static let sinkGrace = Duration.milliseconds(600)
    /// When what no user and no pair waits for is left to itself.
    static let otherGrace = Duration.milliseconds(1_000)
    /// When the process ends whatever it is doing.
    private static let lastGrace = Duration.milliseconds(1_200)
    /// From when on a second signal counts, after the first.
    private static let secondSignalAfter = Duration.milliseconds(500)
    /// How long a log that nobody reads may hold up the end.
    private static let logGrace = Duration.milliseconds(200)

    private struct State {
        var deadline: Instant?
        var waitingFor: [String] = []
    }

    private let drain: Duration
    private let logger: Logger
    private let state = Locked(State())

    /// - Parameters:
    ///   - drain: `limits.drain`.
    ///   - logger: hears of an end by force.
    init(drain: Duration, logger: Logger) {
        self.drain = drain
        self.logger = logger
    }

    /// When `limits.drain` is over; the first who asks fixes it.
    var deadline: Instant {
        let (deadline, isNew) = state.withLock { state in
            let isNew = state.deadline == nil
            let deadline = state.deadline ?? .now + drain
            state.deadline = deadline
            return (deadline, isNew)
        }
        if isNew { watch(until: deadline + Self.lastGrace) }
        return deadline
    }

    /// Whether the process is about to end.
    var hasBegun: Bool { state.withLock { $0.deadline != nil } }

    /// The time until some time after the deadline; never negative.
    func left(_ grace: Duration = .zero) -> Duration { max(.zero, Instant.now.duration(to: deadline + grace)) }

    /// Does a part of the stop, which the log names if the process has to be ended meanwhile.
    func waiting<Value>(
        for what: String,
        isolation: isolated (any Actor)? = #isolation,
        _ body: () async throws -> Value
    ) async rethrows -> Value {
        state.withLock { $0.waitingFor.append(what) }
        defer { state.withLock { state in state.waitingFor.removeAll { $0 == what } } }
        return try await body()
    }

    /// Ends the process if it is still there then.
    ///
    /// A plain thread: every queue and every task may be what is stuck.
    private func watch(until instant: Instant) {
        let watchdog = Thread { [self] in
            sleepUnwoken(for: Self.secondSignalAfter)
            // From here on a second signal does what signals do.
            for number in [SIGTERM, SIGINT] { signal(number, SIG_DFL) }
            var signals = sigset_t()
            sigemptyset(&signals)
            for number in [SIGTERM, SIGINT] { sigaddset(&signals, number) }
            pthread_sigmask(SIG_UNBLOCK, &signals, nil)
            while Instant.now < instant { sleepUnwoken(for: Instant.now.duration(to: instant)) }
            let waitingFor = state.withLock { $0.waitingFor }
            let what = waitingFor.isEmpty ? "something" : waitingFor.joined(separator: " and ")
            // A log that nobody reads may block, and nothing may hold this thread up.
            Thread { [logger, drain] in
                logger.error(
                    """
                    limits.drain (\(drain)) is over, and \(what) did not end; the process ends now. What was committed to the \
                    store is there.
                    """
                )
            }.start()
            sleepUnwoken(for: Self.logGrace)
            _exit(Self.exitCode)
        }
        watchdog.name = "stopping"
        watchdog.start()
    }
}

/// Waits for some work, but not for ever: after an instant it goes on by itself, and nobody waits for it.
///
/// - Parameters:
///   - instant: until when it is waited for.
///   - work: what is waited for; cancelled where the caller is.
/// - Returns: what came of it; nil where it was not done in time.
func result<Value: Sendable>(
    by instant: ContinuousClock.Instant,
    of work: @escaping @Sendable () async throws -> Value
) async -> Result<Value, any Error>? {
    await firstResult(of: work) { try await ContinuousClock().sleep(until: instant) }
}

/// Waits for some work until something else is over.
private func firstResult<Value: Sendable>(
    of work: @escaping @Sendable () async throws -> Value,
    orUntil limit: @escaping @Sendable () async throws -> Void
) async -> Result<Value, any Error>? {
    let working = Task { try await work() }
    let answer = FirstAnswer<Result<Value, any Error>?>()
    let limiting = Task {
        // A limit that fails is none.
        guard (try? await limit()) != nil else { return }
        answer.give(nil)
    }
    defer { limiting.cancel() }
    return await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
            answer.isAwaited(by: continuation)
            Task { answer.give(await working.result) }
        }
    } onCancel: {
        working.cancel()
    }
}

/// An answer that several may give; the first counts.
private final class FirstAnswer<Value: Sendable>: Sendable {
    private struct State {
        var continuation: CheckedContinuation<Value, Never>?
        var early: Value?
    }

    private let state = Locked(State())

    func isAwaited(by continuation: CheckedContinuation<Value, Never>) {
        let early = state.withLock { state in
            if state.early == nil { state.continuation = continuation }
            return state.early
        }
        if let early { continuation.resume(returning: early) }
    }

    func give(_ value: Value) {
        let continuation = state.withLock { state in
            defer { state.continuation = nil }
            if state.continuation == nil, state.early == nil { state.early = value }
            return state.continuation
        }
        continuation?.resume(returning: value)
    }
}

/// A service that may be left to itself at the end: for what no user and no pair waits for.
///
/// After the signal it has a second once it is its turn, and never longer than the process has.
struct UnhurriedService<Inner: Service>: Service {
    let inner: Inner
    let stopping: Stopping

    private static var patience: Duration { .seconds(1) }

    func run() async throws {
        let result = await firstResult {
            try await inner.run()
        } orUntil: {
            try await gracefulShutdown()
            let turn = ContinuousClock.now + Self.patience
            try await ContinuousClock().sleep(until: min(turn, stopping.deadline + Stopping.otherGrace))
        }
        try result?.get()
    }
}
