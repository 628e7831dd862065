import Evaluation
import Foundation
import Locking
import PairStore

/// A program's scores of a store's pairs, as `score --store --command` takes them.
enum OutsideScoreRun {
    /// Bad lines that are told one by one.
    private static let shownFaults = 10

    /// Runs the program to its end; SIGINT and SIGTERM end it, and what it has answered stays.
    ///
    /// - Throws: `CommandFailure` where pairs or lines are missing, after what was done has been written.
    static func run(_ scorer: OutsideScorer, over store: PairStore) async throws {
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
            await Termination.signalled()
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
