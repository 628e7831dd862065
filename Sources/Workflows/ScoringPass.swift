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
package import PairStore
import Scoring
import Threads
import Vocabulary

/// The pass over a store's pairs that lack a current score.
package struct ScoringPass {
    /// Pairs read and saved at a time.
    package static let batchCount = 512

    /// A pair's scores as the store keeps them.
    static func values(_ computed: ComputedScores) -> [ScorerValues] {
        Scorers.ofAnswers.enumerated().map { place, scorer in
            ScorerValues(
                scorer: scorer,
                stable: computed.stable.values[place],
                shadow: computed.shadow.values[place],
                control: computed.control.values[place]
            )
        }
            + Scorers.ofPairs.enumerated().map { place, scorer in
                ScorerValues(
                    scorer: scorer,
                    control: computed.control.values[Scorers.ofAnswers.count + place],
                    pair: computed.pair.values[place]
                )
            }
    }

    /// Takes the scores of some pairs, by their rows; called from several threads.
    package typealias Keep = @Sendable ([Int64: [ScorerValues]]) throws -> Void

    private let store: Store
    private let experiment: ExperimentID?
    private let workers: Int
    private let keep: Keep

    /// - Parameters:
    ///   - store: must be writable, unless `keep` writes elsewhere.
    ///   - experiment: whose pairs are scored; nil: those of all.
    ///   - workers: how many batches are worked on at a time.
    ///   - keep: where the scores go; nil: into the store.
    package init(
        store: Store,
        experiment: ExperimentID? = nil,
        workers: Int = ProcessInfo.processInfo.activeProcessorCount,
        keep: Keep? = nil
    ) {
        self.store = store
        self.experiment = experiment
        self.workers = max(1, workers)
        self.keep = keep ?? { try store.scores.save(byPair: $0) }
    }

    /// Scores every pair that lacks a current score.
    ///
    /// - Parameters:
    ///   - isWanted: asked before each batch; where it says no, the pass ends, and another goes on from there.
    ///   - progress: called after each batch with the number of pairs scored so far, from one thread at a time.
    ///   - unreadable: told of the first pair whose texts cannot be read back. It and all others like it are kept as pairs on which
    ///     no score is defined, so that one of them does not hold up every pair behind it for good.
    /// - Returns: how many pairs were scored.
    /// - Throws: what the store throws; what was saved before stays.
    @discardableResult
    package func run(
        while isWanted: @Sendable () -> Bool = { true },
        progress: @Sendable (Int) -> Void = { _ in },
        unreadable: @Sendable (StoreError) -> Void = { _ in }
    ) throws -> Int {
        let course = Locked(Course(experiment: experiment))
        DispatchQueue.concurrentPerform(iterations: workers) { _ in
            var scorers = Scorers()
            do {
                while isWanted(), let batch = try course.withLock({ try $0.next(in: store) }) {
                    let fault = try score(batch, with: &scorers)
                    course.withLock {
                        if let fault, !$0.isFaultTold {
                            $0.isFaultTold = true
                            unreadable(fault)
                        }
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
        let experiment: ExperimentID?
        var last: Int64 = 0
        var scored = 0
        var failure: (any Error)?
        var isFaultTold = false

        init(experiment: ExperimentID?) {
            self.experiment = experiment
        }

        /// The next batch; nil where none is left, or another worker has failed.
        mutating func next(in store: Store) throws -> [UnscoredPair]? {
            guard failure == nil else { return nil }
            let batch = try store.scores.lacking(
                of: Scorers.all,
                experiment: experiment,
                afterRow: last,
                limit: ScoringPass.batchCount
            )
            guard let newest = batch.last?.rowID else { return nil }
            last = newest
            return batch
        }
    }

    /// - Returns: why the first pair could not be read whose texts cannot; nil where all could.
    private func score(_ batch: [UnscoredPair], with scorers: inout Scorers) throws -> StoreError? {
        let missing = Dictionary(batch.map { ($0.rowID, $0.missing) }) { $1 }
        var scores: [Int64: [ScorerValues]] = [:]
        func take(_ values: [ScorerValues], of row: Int64) {
            let lacks = missing[row] ?? []
            scores[row] = lacks.count == values.count ? values : values.filter { lacks.contains($0.scorer) }
        }
        let (pairs, unreadable) = try read(batch.map(\.rowID))
        for stored in pairs {
            // Where retention has deleted the texts before they were scored, there is nothing to read any more.
            take(stored.isTextDeleted ? Self.undefined : Self.values(scorers.score(stored.pair)), of: stored.rowID)
        }
        for row in unreadable.keys { take(Self.undefined, of: row) }
        try keep(scores)
        return unreadable.min { $0.key < $1.key }?.value
    }

    private static let undefined = Scorers.all.map { ScorerValues(scorer: $0) }

    /// Pairs, and of those whose texts cannot be read back what is wrong.
    private func read(_ rows: [Int64]) throws -> ([StoredPair], [Int64: StoreError]) {
        do {
            return (try store.pairs.load(rowIDs: rows, scores: .none), [:])
        } catch StoreError.corruptText {
            // Once more, each by itself.
        }
        var pairs: [StoredPair] = []
        var unreadable: [Int64: StoreError] = [:]
        for row in rows {
            do {
                pairs += try store.pairs.load(rowIDs: [row], scores: .none)
            } catch let error as StoreError {
                guard case .corruptText = error else { throw error }
                unreadable[row] = error
            }
        }
        return (pairs, unreadable)
    }
}
