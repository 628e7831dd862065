// External scores: a program of the user's reads stored pairs as lines of JSON and writes its scores back.
//
// Whatever it answers is kept as it comes, some hundred pairs in a short transaction, under the name and the version that the
// program gives. A pair that it has answered, also with nothing, is not sent again; so a run that was cut short, by
// the program's death or by ours, goes on where it stopped. What a score is called becomes the metric `score.NAME`.

import Foundation
package import PairStore
import Threads
import Vocabulary

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A program that scores pairs.
package struct ExternalScorer: Sendable {
    /// What a run tells while it goes on.
    package enum Event: Sendable, Equatable {
        /// So many pairs have been answered, and their scores kept.
        case scored(pairs: Int)
        /// A line that does not count.
        case fault(ExternalFault)
    }

    /// For `/bin/sh -c`.
    package var command: String
    /// The scorer where a line names none; with `version` no pair has to be sent to learn it.
    package var name: String?
    /// The scorer's version where a line names none.
    package var version: String?
    package var limits: ExternalLimits
    /// Names of environment variables that the program does not get, beside all that begin with `UNDERSTUDY_`.
    package var withheldVariables: Set<String>

    package init(
        command: String,
        name: String? = nil,
        version: String? = nil,
        limits: ExternalLimits = ExternalLimits(),
        withheldVariables: Set<String> = []
    ) {
        self.command = command
        self.name = name
        self.version = version
        self.limits = limits
        self.withheldVariables = withheldVariables
    }

    /// Runs the program over the pairs of a store's newest experiment that lack its scores.
    ///
    /// Cancelling the task ends the program; what it has answered is kept, and the result says that it was stopped.
    ///
    /// - Parameters:
    ///   - store: opened for writing.
    ///   - report: called from another thread; must be quick.
    /// - Returns: how it came out, also where the program failed.
    /// - Throws: `StoreError.noExperiment`, or what else the store throws.
    package func score(
        _ store: Store,
        report: @escaping @Sendable (Event) -> Void = { _ in }
    ) async throws -> ExternalScoringResult {
        let stop: ExternalStop
        do {
            stop = try ExternalStop()
        } catch {
            return .nothing(.notStarted(reason: error.reason))
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                // The thread is its own: it waits in poll(2) and in the store, and blocks SIGPIPE for its writes alone.
                let thread = Thread {
                    continuation.resume(with: Result { try self.run(store, stop, report) })
                }
                thread.stackSize = 8 << 20
                thread.start()
            }
        } onCancel: {
            stop.request()
        }
    }

    private func run(
        _ store: Store,
        _ stop: ExternalStop,
        _ report: @escaping @Sendable (Event) -> Void
    ) throws -> ExternalScoringResult {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)

        let experiments = try store.experiments.all()
        guard let experiment = experiments.last else { throw StoreError.noExperiment(path: store.path) }
        var source = UnscoredPairs(store: store, experiment: experiment.id, isOnlyOne: experiments.count == 1)
        var named: [Scorer] = []
        if let name, let version { named = [Scorer(name: name, version: version)] }
        guard let first = try source.next(lacking: named) else {
            return .nothing(.notNeeded, withoutText: source.withoutText)
        }
        do {
            return try ExternalScorerProcess(
                self,
                first: first,
                source: source,
                store: store,
                stop: stop,
                report: report
            ).run()
        } catch let failure as SpawnFailure {
            return .nothing(.notStarted(reason: failure.reason))
        }
    }
}

/// Asks a run to end, and wakes it.
final class ExternalStop: Sendable {
    let wake: WakePipe
    private let requested = Locked(false)

    init() throws(SpawnFailure) {
        wake = try WakePipe()
    }

    var isRequested: Bool { requested.withLock { $0 } }

    func request() {
        requested.withLock { $0 = true }
        wake.wake()
    }
}

extension ExternalScoringResult {
    /// A run in which no program was started.
    fileprivate static func nothing(_ ending: Ending, withoutText: Int = 0) -> ExternalScoringResult {
        ExternalScoringResult(
            ending: ending,
            sentAll: true,
            wasLearning: false,
            scorers: [],
            sent: 0,
            answeredPairs: 0,
            unansweredPairs: 0,
            faults: 0,
            kept: 0,
            withoutText: withoutText
        )
    }
}
