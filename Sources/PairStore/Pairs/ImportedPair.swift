// Pairs from elsewhere, all or nothing.

import Foundation
import GRDB
package import Vocabulary

/// A pair that was not mirrored here, with the scores that it brought for the pair as a whole.
package struct ImportedPair: Sendable, Equatable {
    package var pair: Pair
    /// By name; finite, and not bound to 0…1.
    package var pairScores: [String: Double]

    package init(pair: Pair, pairScores: [String: Double] = [:]) {
        self.pair = pair
        self.pairScores = pairScores
    }
}

/// What an import did.
package struct ImportCounts: Sendable, Equatable {
    package var added = 0
    /// Pairs whose id the store had; they were left as they are, with their scores.
    package var alreadyThere = 0

    package init(added: Int = 0, alreadyThere: Int = 0) {
        self.added = added
        self.alreadyThere = alreadyThere
    }
}

extension PairTable {
    /// Adds pairs in one transaction; where anything throws, the store is as it was before.
    ///
    /// The scores of their sides are kept under the scorer's name with the version `imported`. The transaction is open
    /// while `next` is called, so another process's writes wait; the callback should parse, not fetch, and must not
    /// use this store.
    ///
    /// - Parameters:
    ///   - experiment: the experiment to which the pairs are added.
    ///   - policy: what of their texts is kept.
    ///   - next: the next pair, or nil at the end; what it throws ends the import.
    /// - Returns: how many were added, and how many were there.
    /// - Throws: what `next` throws, `StoreError.invalidScore`, and what SQLite says of a row that breaks its rules.
    package func add(
        into experiment: ExperimentID,
        policy: TextPolicy,
        next: () throws -> ImportedPair?
    ) throws -> ImportCounts {
        let inserter = PairInserter()
        return try connection.write { db in
            let preparer = try PairPreparer(policy: policy, scorer: nil, dictionary: try TextDictionary.newest(db))
            let repacking = try TextRepacking(ofRowsAfterNow: db)
            func train(_ samples: [TextSample]) throws {
                let present = preparer.dictionary
                let better = try TextDictionary.better(than: present, for: samples)
                    .map { try TextDictionary.add($0, at: Date(), db) }
                try preparer.trained(better)
                if present == nil, let better { try repacking.run(in: db, with: better) }
            }
            var counts = ImportCounts()
            while let imported = try next() {
                let prepared = try preparer.prepare(imported.pair, pairScores: imported.pairScores)
                if try inserter.insert(prepared, experiment: experiment, db) != nil {
                    counts.added += 1
                } else {
                    counts.alreadyThere += 1
                }
                if let samples = preparer.takeTraining() { try train(samples) }
            }
            if let samples = preparer.takeLastTraining() { try train(samples) }
            return counts
        }
    }

    /// Adds the pairs of a sequence in one transaction; as `add(into:policy:next:)`.
    package func add(
        _ pairs: some Sequence<ImportedPair>,
        into experiment: ExperimentID,
        policy: TextPolicy
    ) throws -> ImportCounts {
        var iterator = pairs.makeIterator()
        return try add(into: experiment, policy: policy) { iterator.next() }
    }
}
