// Scores the pairs that the built-in scorers have not seen yet, and keeps what they give: imported ones, and those of a
// store whose scorers were raised. What `serve` stores is scored as it is stored (`ScoringAtStoring`).
//
// What is scored once is scored for good: a nightly run costs what the day brought. A raised version of one scorer is
// computed anew for every pair, and only that one is saved. Pairs are read and saved some hundred at a time, so that a
// gateway that writes to the same store is never kept waiting, and an interrupted pass goes on where it stopped.

package import PairStore
import Vocabulary

/// The pass over a store's pairs that lack a current score.
package struct ScoringPass {
    /// Pairs read and saved at a time.
    package static let batchCount = 256

    /// The built-in scorers as the store names them.
    package static let scorers: [Scorer] = answerScorers + pairScorers

    private static let answerScorers = Scorers.ofAnswers.map(stored)
    private static let pairScorers = Scorers.ofPairs.map(stored)

    /// A pair's scores as the store keeps them.
    static func values(_ computed: ComputedScores) -> [ScorerValues] {
        answerScorers.map { scorer in
            ScorerValues(
                scorer: scorer,
                stable: computed.stable[scorer.name],
                shadow: computed.shadow[scorer.name],
                control: computed.control[scorer.name]
            )
        }
            + pairScorers.map { scorer in
                ScorerValues(
                    scorer: scorer,
                    control: computed.control[scorer.name],
                    pair: computed.pair[scorer.name]
                )
            }
    }

    private let store: PairStore
    private var compute = Scorers()
    private var last: Int64 = 0

    package init(store: PairStore) {
        self.store = store
    }

    private static func stored(_ scorer: Scorers.Identity) -> Scorer {
        Scorer(name: scorer.name, version: String(scorer.version))
    }

    /// Scores the next pairs.
    ///
    /// - Returns: how many pairs were scored; 0 when all are.
    /// - Throws: what the store throws.
    package mutating func scoreBatch() throws -> Int {
        let wanted = try store.pairsLackingScores(of: Self.scorers, afterRow: last, limit: Self.batchCount)
        guard let newest = wanted.last?.rowID else { return 0 }
        let missing = Dictionary(wanted.map { ($0.rowID, Set($0.missing)) }) { $1 }
        var scores: [PairScores] = []
        for stored in try store.pairs(rowIDs: wanted.map(\.rowID)) {
            // Where retention has deleted the texts before they were scored, there is nothing to read any more.
            let values =
                stored.isTextDeleted
                ? Self.scorers.map { ScorerValues(scorer: $0) } : Self.values(compute.score(stored.pair))
            for value in values where missing[stored.rowID]?.contains(value.scorer) == true {
                scores.append(PairScores(pairRowID: stored.rowID, values: value))
            }
        }
        try store.saveScores(scores)
        last = newest
        return wanted.count
    }

    /// Scores every pair that lacks a current score.
    ///
    /// - Parameter progress: called after each batch with the number of pairs scored so far.
    /// - Returns: how many pairs were scored.
    /// - Throws: what the store throws; what was saved before stays.
    @discardableResult
    package mutating func run(progress: (Int) -> Void = { _ in }) throws -> Int {
        var all = 0
        while true {
            let count = try scoreBatch()
            guard count > 0 else { return all }
            all += count
            progress(all)
        }
    }
}
