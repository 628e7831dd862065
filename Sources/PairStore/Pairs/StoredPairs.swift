// Reading whole pairs, texts included, without holding more than a few of them.

package import Foundation
import GRDB
package import Vocabulary

/// A pair as it is stored.
package struct StoredPair: Sendable, Equatable {
    /// Ascending in the order of storing; never used twice.
    package var rowID: Int64
    package var experiment: ExperimentID
    /// With the scores of its sides joined.
    package var pair: Pair
    /// Scores of the pair as a whole, by name.
    package var pairScores: [String: Double]
    /// Whether its texts were deleted by retention; they then read as empty.
    package var isTextDeleted: Bool
}

/// The pairs of a store: whole ones with their texts, their figures alone, and how many there are.
package struct PairTable {
    let connection: StoreConnection

    /// Hands over stored pairs, texts included, in the order of storing.
    ///
    /// They are read in small batches, each from a snapshot of its own, and the body is called outside of any transaction:
    /// it may take its time and may write to the store. Pairs that are stored meanwhile are seen, deleted ones are not.
    ///
    /// - Parameters:
    ///   - experiment: nil for all.
    ///   - afterRow: only pairs whose row is greater.
    ///   - until: only pairs received before this time.
    ///   - scores: which versions of scores are joined.
    ///   - batchCount: pairs held in memory at once.
    ///   - body: returns whether to go on.
    /// - Throws: what the body throws, and `StoreError.corruptText` for a text that cannot be read back.
    package func forEachPair(
        experiment: ExperimentID? = nil,
        afterRow: Int64 = 0,
        until: Date? = nil,
        scores: ScoreSelection = .latest,
        batchCount: Int = 128,
        _ body: (StoredPair) throws -> Bool
    ) throws {
        var last = afterRow
        while true {
            let batch = try connection.read { db in
                try PairReader(db, connection.dictionaries, scores: scores).pairs(
                    // The plus keeps the planner from the index on time, which has another order.
                    matching: """
                        p.id > ?1 AND (?2 IS NULL OR +p.experiment_id = ?2) AND (?3 IS NULL OR +p.received_at_us < ?3)
                        ORDER BY p.id LIMIT ?4
                        """,
                    [last, experiment?.rawValue, until?.microseconds, batchCount]
                )
            }
            for pair in batch {
                guard try body(pair) else { return }
                last = pair.rowID
            }
            if batch.count < batchCount { return }
        }
    }

    /// The pair of an id; nil where there is none.
    package func load(uid: String, scores: ScoreSelection = .latest) throws -> StoredPair? {
        try connection.read { db in
            try PairReader(db, connection.dictionaries, scores: scores).pairs(matching: "p.uid = ?", [uid]).first
        }
    }

    /// The ids of the pairs of some rows; nothing else of them is read.
    package func uids(rowIDs: [Int64]) throws -> [Int64: String] {
        try connection.read { db in
            let find = try db.cachedStatement(sql: "SELECT uid FROM pair WHERE id = ?")
            return try rowIDs.reduce(into: [:]) { uids, id in
                uids[id] = try Row.fetchOne(find, arguments: [id]).map {
                    try StoredRow($0, of: "pair", number: id).text(0, "uid")
                }
            }
        }
    }

    /// The pairs of some rows, in their order; rows that are gone are left out.
    package func load(rowIDs: [Int64], scores: ScoreSelection = .latest) throws -> [StoredPair] {
        try connection.read { db in
            let reader = try PairReader(db, connection.dictionaries, scores: scores)
            let ascending = rowIDs.sorted()
            let found = try runs(of: ascending).flatMap { run in
                try reader.pairs(
                    matching: "p.id BETWEEN ? AND ? ORDER BY p.id",
                    [run.lowerBound, run.upperBound]
                )
            }
            guard ascending != rowIDs else { return found }
            let byRow = Dictionary(found.map { ($0.rowID, $0) }) { $1 }
            return rowIDs.compactMap { byRow[$0] }
        }
    }
}
