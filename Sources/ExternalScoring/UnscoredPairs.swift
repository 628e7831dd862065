// The pairs that a scoring program has still to see, in the order of storing.

import PairStore
import Scoring
import Vocabulary

/// One pass over an experiment's pairs.
struct UnscoredPairs {
    private static let batchCount = 128

    private let store: Store
    private let experiment: ExperimentID
    /// nil where the store has no other experiment, so that it remembers how far its pairs are scored.
    private let filter: ExperimentID?
    private var last: Int64 = 0
    private var batch: [StoredPair] = []
    private var excluded: Set<Int64> = []
    /// Pairs that were left out, because retention has deleted their texts.
    private(set) var withoutText = 0

    init(store: Store, experiment: ExperimentID, isOnlyOne: Bool) {
        self.store = store
        self.experiment = experiment
        filter = isOnlyOne ? nil : experiment
    }

    /// Begins anew, without some rows.
    mutating func restart(without rows: Set<Int64>) {
        last = 0
        batch = []
        withoutText = 0
        excluded = rows
    }

    /// The next pair that lacks a score of any of these scorers; without scorers the next pair.
    ///
    /// - Throws: what the store throws.
    mutating func next(lacking scorers: [Scorer]) throws -> StoredPair? {
        if scorers.isEmpty { return try nextOfAll() }
        while true {
            while let pair = batch.popLast() {
                if excluded.contains(pair.rowID) { continue }
                if !pair.isTextDeleted { return pair }
                withoutText += 1
            }
            let found = try store.scores.lacking(
                of: scorers,
                experiment: filter,
                afterRow: last,
                limit: Self.batchCount
            )
            guard let newest = found.last?.rowID else { return nil }
            last = newest
            batch = try store.pairs.load(rowIDs: found.map(\.rowID), scores: Self.selection).reversed()
        }
    }

    private mutating func nextOfAll() throws -> StoredPair? {
        var found: StoredPair?
        var (last, withoutText) = (last, withoutText)
        try store.pairs.forEachPair(experiment: experiment, afterRow: last, scores: Self.selection, batchCount: 16) {
            pair in
            last = pair.rowID
            if pair.isTextDeleted {
                withoutText += 1
                return true
            }
            found = pair
            return false
        }
        (self.last, self.withoutText) = (last, withoutText)
        return found
    }

    private static let selection = ScoreSelection(preferring: Scorers.all)
}
