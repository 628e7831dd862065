/// Scores: computed once per pair and scorer version, and kept.

import GRDB
import Vocabulary

/// What a scorer gave for one pair; nil where it is not defined.
package struct PairScores: Sendable, Equatable {
    package var pairRowID: Int64
    package var scorer: Scorer
    /// 0…1.
    package var stable: Double?
    /// 0…1.
    package var shadow: Double?
    /// 0…1.
    package var control: Double?
    /// Of the pair as a whole; finite.
    package var pair: Double?

    package init(
        pairRowID: Int64,
        scorer: Scorer,
        stable: Double? = nil,
        shadow: Double? = nil,
        control: Double? = nil,
        pair: Double? = nil
    ) {
        self.pairRowID = pairRowID
        self.scorer = scorer
        self.stable = stable
        self.shadow = shadow
        self.control = control
        self.pair = pair
    }

    fileprivate func validate() throws {
        for case .some(let value) in [stable, shadow, control] where !(value >= 0 && value <= 1) {
            throw StoreError.invalidScore(scorer: scorer.name, value: value)
        }
        if let pair, !pair.isFinite { throw StoreError.invalidScore(scorer: scorer.name, value: pair) }
    }

    /// Values by the leg's number; where there are none, one that says so.
    fileprivate var rows: [(leg: Int, value: Double?)] {
        let values = [stable, shadow, control, pair]
        let defined = zip(0..., values).filter { $0.1 != nil }
        return defined.isEmpty ? [(Leg.pairRowID, nil)] : defined.map { ($0.0, $0.1) }
    }
}

/// A pair on which some scorers have not been yet.
package struct UnscoredPair: Sendable, Equatable {
    package var rowID: Int64
    package var missing: [Scorer]
}

extension PairStore {
    /// The next pairs that lack a score of any of these scorers, in the order of storing.
    ///
    /// Where the scan has seen that everything up to some row is scored, it remembers that in a writable store, so that the
    /// next one begins there: a nightly run costs what the day brought.
    ///
    /// - Parameters:
    ///   - scorers: the scorers in question.
    ///   - afterRow: only pairs whose row is greater; for pairs that a scorer has given up on.
    ///   - limit: how many pairs at most.
    /// - Returns: the pairs' rows and which of the scorers they lack; empty where none is left.
    /// - Throws: what SQLite says.
    package func pairsLackingScores(
        of scorers: [Scorer],
        afterRow: Int64 = 0,
        limit: Int
    ) throws -> [UnscoredPair] {
        guard !scorers.isEmpty else { return [] }
        let (found, start, seenThrough) = try read { db in
            let ids = try scorers.map { scorer in
                try Row.fetchOne(
                    db.cachedStatement(
                        sql: "SELECT id, scored_through_pair_id FROM scorer WHERE name = ? AND version = ?"
                    ),
                    arguments: [scorer.name, scorer.version]
                )
            }
            let start = ids.map { $0.map { $0[1] } ?? 0 as Int64 }.min() ?? 0
            let found = try Self.lacking(
                scorers,
                ids: ids.map { $0?[0] },
                after: max(start, afterRow),
                limit: limit,
                db
            )
            let last = try Int64.fetchOne(db, sql: "SELECT max(id) FROM pair") ?? 0
            return (found, start, found.first.map { $0.rowID - 1 } ?? last)
        }
        if access != .readOnly, afterRow <= start, seenThrough > start {
            try write { db in
                for scorer in scorers {
                    try db.execute(
                        sql: """
                            UPDATE scorer SET scored_through_pair_id = ?1
                            WHERE name = ?2 AND version = ?3 AND scored_through_pair_id < ?1
                            """,
                        arguments: [seenThrough, scorer.name, scorer.version]
                    )
                }
            }
        }
        return found
    }

    /// Keeps scores in one short transaction; hand over some hundred pairs at a time.
    ///
    /// The scores of a pair by a scorer's version are kept once: a second saving is ignored, and so is one for a pair that
    /// has been deleted meanwhile.
    ///
    /// - Returns: how many were new.
    /// - Throws: `StoreError.invalidScore` for a value out of its range; then none is kept.
    @discardableResult
    package func saveScores(_ scores: [PairScores]) throws -> Int {
        for score in scores { try score.validate() }
        return try write { db in
            var ids: [Scorer: Int64] = [:]
            var saved = 0
            var rest = scores[...]
            while let rowID = rest.first?.pairRowID {
                // The scores of a pair come together, and one statement for all of them is several times as cheap.
                let ofPair = rest.prefix { $0.pairRowID == rowID }
                rest = rest.dropFirst(ofPair.count)
                guard var known = try Self.scorersSeen(ofPair: rowID, db) else { continue }
                var rows: [ScoreRow] = []
                for score in ofPair {
                    let id = try ids[score.scorer] ?? PairInserter.scorerID(score.scorer, db)
                    ids[score.scorer] = id
                    guard known.insert(id).inserted else { continue }
                    rows += score.rows.map { ScoreRow(scorer: id, leg: $0.leg, value: $0.value) }
                    saved += 1
                }
                try Self.insert(rows, ofPair: rowID, db)
            }
            return saved
        }
    }

    private struct ScoreRow {
        var scorer: Int64
        var leg: Int
        var value: Double?
    }

    /// The scorers that have been on a pair; nil where the pair is gone.
    private static func scorersSeen(ofPair rowID: Int64, _ db: Database) throws -> Set<Int64>? {
        let rows = try Row.fetchCursor(
            db.cachedStatement(
                sql: "SELECT DISTINCT s.scorer_id FROM pair p LEFT JOIN score s ON s.pair_id = p.id WHERE p.id = ?"
            ),
            arguments: [rowID]
        )
        var isThere = false
        var seen: Set<Int64> = []
        while let row = try rows.next() {
            isThere = true
            if let id = row[0] as Int64? { seen.insert(id) }
        }
        return isThere ? seen : nil
    }

    private static func insert(_ rows: [ScoreRow], ofPair rowID: Int64, _ db: Database) throws {
        guard !rows.isEmpty else { return }
        let places = Array(repeating: "(?, ?, ?, ?)", count: rows.count).joined(separator: ", ")
        let arguments = rows.flatMap { [rowID, $0.scorer, $0.leg, $0.value] as [(any DatabaseValueConvertible)?] }
        try db.cachedStatement(
            sql: "INSERT INTO score (pair_id, scorer_id, leg_id, value) VALUES \(places)"
        ).execute(arguments: StatementArguments(arguments))
    }

    /// Every scorer of which the store has scores, in the order in which they came.
    package func scorers() throws -> [Scorer] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT name, version FROM scorer ORDER BY id")
                .map { Scorer(name: $0[0], version: $0[1]) }
        }
    }

    private static func lacking(
        _ scorers: [Scorer],
        ids: [Int64?],
        after row: Int64,
        limit: Int,
        _ db: Database
    ) throws -> [UnscoredPair] {
        let lacks = ids.map { id in
            guard let id else { return "1" }
            return "NOT EXISTS (SELECT 1 FROM score s WHERE s.pair_id = p.id AND s.scorer_id = \(id))"
        }
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT p.id, \(lacks.joined(separator: ", ")) FROM pair p
                WHERE p.id > ? AND (\(lacks.joined(separator: " OR "))) ORDER BY p.id LIMIT ?
                """,
            arguments: [row, limit]
        )
        return rows.map { row in
            UnscoredPair(rowID: row[0], missing: zip(1..., scorers).filter { row[$0.0] as Bool }.map(\.1))
        }
    }
}
