import PairStore
import Threads
import Vocabulary

/// The built-in scores that a store does not have yet, worked out in memory for one look at it.
///
/// `serve` scores what it stores as it stores it, so that these are few: imported pairs, and all of them after a scorer was
/// raised. Memory: some kilobytes a pair, and never of more pairs than the limit.
struct FreshScores {
    /// Beyond it a look would take memory and minutes that belong to users.
    static let maximumPairs = 20_000

    private let byRow: [Int64: [ScorerValues]]

    /// - Throws: `StoredEvaluation.Failure.unscored` where more than `limit` pairs lack a score, and what the store throws.
    init(of store: Store, experiment: ExperimentID, limit: Int) throws {
        let found = Locked<[Int64: [ScorerValues]]>([:])
        // One at a time: who asks may be the console of a gateway, whose users want the other cores.
        let pass = ScoringPass(store: store, experiment: experiment, workers: 1) { scores in
            let count = found.withLock {
                $0.merge(scores) { $1 }
                return $0.count
            }
            guard count <= limit else {
                throw StoredEvaluation.Failure.unscored(path: store.path, limit: limit)
            }
        }
        try pass.run()
        byRow = found.withLock { $0 }
    }

    /// A row's scores: the stored ones, and in place of those of another version the fresh ones.
    func joined(with stored: [Score], ofRow row: Int64) -> [Score] {
        guard let fresh = byRow[row] else { return stored }
        let names = Set(fresh.map(\.scorer.name))
        return stored.filter { !names.contains($0.name) } + fresh.flatMap(\.scores)
    }
}

extension ScorerValues {
    /// One by one, as a store reads them back.
    fileprivate var scores: [Score] {
        let all: [(ScoreSubject, Double?)] = [
            (.leg(.stable), stable), (.leg(.shadow), shadow), (.leg(.control), control), (.pair, pair),
        ]
        return all.compactMap { subject, value in
            value.map { Score(name: scorer.name, subject: subject, value: $0) }
        }
    }
}
