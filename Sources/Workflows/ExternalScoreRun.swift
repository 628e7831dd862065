package import ExternalScoring
import Foundation
package import PairStore
import Threads

/// A program's scores of a store's pairs, as `score --store --command` takes them.
package enum ExternalScoreRun {
    /// Bad lines that are told one by one.
    private static let shownFaults = 10

    /// Runs the program to its end, or until it is to stop; what it has answered stays.
    ///
    /// - Parameters:
    ///   - scorer: the program.
    ///   - store: opened for writing.
    ///   - stopped: returns when the run is to end.
    /// - Throws: `CommandFailure` where pairs or lines are missing, after what was done has been written.
    package static func run(
        _ scorer: ExternalScorer,
        over store: Store,
        until stopped: @escaping @Sendable () async -> Void
    ) async throws {
        try store.scoreWhatLacksScores()
        let faults = Locked(0)
        let scoring = Task {
            try await scorer.score(store) { event in
                switch event {
                case .scored(let pairs): Output.progress("scored \(pairs) pairs of \(store.path)")
                case .fault(let fault):
                    guard
                        faults.withLock({
                            $0 += 1
                            return $0 <= shownFaults
                        })
                    else { return }
                    Output.endProgress()
                    Output.complain(fault.description)
                }
            }
        }
        let stopping = Task {
            await stopped()
            scoring.cancel()
        }
        defer { stopping.cancel() }
        let result = try await scoring.value
        Output.endProgress()
        if result.faults > shownFaults {
            Output.complain("\(result.faults - shownFaults) more lines of the program's output did not count.")
        }
        for line in result.summary { try Output.say(line) }
        switch result.problem {
        case .badData(let sentence): throw CommandFailure.badData(sentence)
        case .inputOutput(let sentence): throw CommandFailure.inputOutput(sentence)
        case nil: break
        }
    }
}
