// Scores the pairs that the built-in scorers have not seen yet, and keeps what they give: imported ones, and those of a
// store whose scorers were raised. What `serve` stores is scored as it is stored (`ScoringAtStoring`).
//
// What is scored once is scored for good: a nightly run costs what the day brought. A raised version of one scorer is
// computed anew for every pair, and only that one is saved. Pairs are read and saved some hundred at a time, so that a
// gateway that writes to the same store is never kept waiting, and an interrupted pass goes on where it stopped.
//
// Every core takes such a batch, reads, scores and saves it by itself; only the choice of the next batch and SQLite's one
// writer are waited for. Memory: the texts of a batch for each core.

import Dispatch
import Foundation
import Locking
package import PairStore
import Vocabulary

/// The pass over a store's pairs that lack a current score.
package struct ScoringPass {
    /// Pairs read and saved at a time.
    package static let batchCount = 512

    /// The built-in scorers as the store names them.
    package static let scorers: [Scorer] = answerScorers + pairScorers

    private static let answerScorers = Scorers.ofAnswers.map(stored)
    private static let pairScorers = Scorers.ofPairs.map(stored)

    /// A pair's scores as the store keeps them.
    static func values(_ computed: ComputedScores) -> [ScorerValues] {
        answerScorers.enumerated().map { place, scorer in
            ScorerValues(
                scorer: scorer,
                stable: computed.stable.values[place],
                shadow: computed.shadow.values[place],
                control: computed.control.values[place]
            )
        }
            + pairScorers.enumerated().map { place, scorer in
                ScorerValues(
                    scorer: scorer,
                    control: computed.control.values[answerScorers.count + place],
                    pair: computed.pair.values[place]
                )
            }
    }

    private let store: PairStore
    private let workers: Int

    /// - Parameters:
    ///   - store: must be writable.
    ///   - workers: how many batches are worked on at a time.
    package init(store: PairStore, workers: Int = ProcessInfo.processInfo.activeProcessorCount) {
        self.store = store
        self.workers = max(1, workers)
    }

    private static func stored(_ scorer: Scorers.Identity) -> Scorer {
        Scorer(name: scorer.name, version: String(scorer.version))
    }

    /// Scores every pair that lacks a current score.
    ///
    /// - Parameters:
    ///   - isWanted: asked before each batch; where it says no, the pass ends, and another goes on from there.
    ///   - progress: called after each batch with the number of pairs scored so far, from one thread at a time.
    /// - Returns: how many pairs were scored.
    /// - Throws: what the store throws; what was saved before stays.
    @discardableResult
    package func run(
        while isWanted: @Sendable () -> Bool = { true },
        progress: @Sendable (Int) -> Void = { _ in }
    ) throws -> Int {
        let course = Locked(Course())
        DispatchQueue.concurrentPerform(iterations: workers) { _ in
            var scorers = Scorers()
            do {
                while isWanted(), let batch = try course.withLock({ try $0.next(in: store) }) {
                    try score(batch, with: &scorers)
                    course.withLock {
                        $0.scored += batch.count
                        progress($0.scored)
                    }
                }
            } catch {
                course.withLock { $0.failure = $0.failure ?? error }
            }
        }
        let (scored, failure) = course.withLock { ($0.scored, $0.failure) }
        if let failure { throw failure }
        return scored
    }

    /// How far the pass has come.
    private struct Course {
        var last: Int64 = 0
        var scored = 0
        var failure: (any Error)?

        /// The next batch; nil where none is left, or another worker has failed.
        mutating func next(in store: PairStore) throws -> [UnscoredPair]? {
            guard failure == nil else { return nil }
            let batch = try store.pairsLackingScores(
                of: ScoringPass.scorers,
                afterRow: last,
                limit: ScoringPass.batchCount
            )
            guard let newest = batch.last?.rowID else { return nil }
            last = newest
            return batch
        }
    }

    private func score(_ batch: [UnscoredPair], with scorers: inout Scorers) throws {
        let missing = Dictionary(batch.map { ($0.rowID, $0.missing) }) { $1 }
        var scores: [Int64: [ScorerValues]] = [:]
        for stored in try store.pairs(rowIDs: batch.map(\.rowID), scores: .none) {
            // Where retention has deleted the texts before they were scored, there is nothing to read any more.
            let values =
                stored.isTextDeleted
                ? Self.scorers.map { ScorerValues(scorer: $0) } : Self.values(scorers.score(stored.pair))
            let lacks = missing[stored.rowID] ?? []
            scores[stored.rowID] =
                lacks.count == values.count ? values : values.filter { lacks.contains($0.scorer) }
        }
        try store.saveScores(byPair: scores)
    }
}
