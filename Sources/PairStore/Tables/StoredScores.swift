import GRDB
package import Vocabulary

/// What a scorer gave for a stored pair.
package struct PairScores: Sendable, Equatable {
    package var pairRowID: Int64
    package var values: ScorerValues

    package init(pairRowID: Int64, values: ScorerValues) {
        self.pairRowID = pairRowID
        self.values = values
    }
}

/// A pair on which some scorers have not been yet.
package struct UnscoredPair: Sendable, Equatable {
    package var rowID: Int64
    package var missing: [Scorer]
}

/// Scores: computed once per pair and scorer version, and kept.
package struct ScoreTable {
    let connection: StoreConnection

    /// The next pairs that lack a score of any of these scorers, in the order of storing.
    ///
    /// Where the scan has seen that everything up to some row is scored, it remembers that in a writable store, so that the
    /// next one begins there: a nightly run costs what the day brought.
    ///
    /// - Parameters:
    ///   - scorers: the scorers in question.
    ///   - experiment: only its pairs; nil for all. What is scored is remembered only for all.
    ///   - afterRow: only pairs whose row is greater; for pairs that a scorer has given up on.
    ///   - limit: how many pairs at most.
    /// - Returns: the pairs' rows and which of the scorers they lack; empty where none is left.
    /// - Throws: what SQLite says.
    package func lacking(
        of scorers: [Scorer],
        experiment: ExperimentID? = nil,
        afterRow: Int64 = 0,
        limit: Int
    ) throws -> [UnscoredPair] {
        guard !scorers.isEmpty else { return [] }
        let (found, start, seenThrough) = try connection.read { db in
            let known = try scorers.map { scorer in
                try Row.fetchOne(
                    db.cachedStatement(
                        sql: "SELECT id, scored_through_pair_id FROM scorer WHERE name = ? AND version = ?"
                    ),
                    arguments: [scorer.name, scorer.version]
                ).map { row in
                    let row = StoredRow(row, of: "scorer")
                    return (id: try row.integer(0, "id"), through: try row.integer(1, "scored_through_pair_id"))
                }
            }
            let start = known.map { $0?.through ?? 0 }.min() ?? 0
            let found = try Self.lacking(
                scorers,
                ids: known.map { $0?.id },
                experiment: experiment,
                after: max(start, afterRow),
                limit: limit,
                db
            )
            let last = try Int64.fetchOne(db, sql: "SELECT max(id) FROM pair") ?? 0
            return (found, start, found.first.map { $0.rowID - 1 } ?? last)
        }
        if connection.isWritable, experiment == nil, afterRow <= start, seenThrough > start {
            try connection.write { db in
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
    package func save(_ scores: [PairScores]) throws -> Int {
        try save(byPair: Dictionary(grouping: scores, by: \.pairRowID).mapValues { $0.map(\.values) })
    }

    /// As ``save(_:)``, for scores that are gathered by their pairs' rows already.
    @discardableResult
    package func save(byPair scores: [Int64: [ScorerValues]]) throws -> Int {
        for values in scores.values.joined() { try values.validate() }
        return try connection.write { db in
            let inserter = PairInserter()
            let sets = try KnownScorers(db).sets
            var saved = 0
            for run in runs(of: scores.keys.sorted()) {
                for (rowID, present) in try Self.scorersSeen(ofPairs: run, sets, db) {
                    var new = scores[rowID] ?? []
                    // Of a set that was inserted here no scorer stands twice.
                    if !present.isEmpty || inserter.lastScorerSetID(of: new) == nil {
                        var known = present
                        new = try new.filter { known.insert(try inserter.scorerID($0.scorer, db)).inserted }
                    }
                    try inserter.insert(new, ofPair: rowID, db)
                    saved += new.count
                }
            }
            return saved
        }
    }

    /// The scorers that have been on each pair of a run; pairs that are gone are left out.
    private static func scorersSeen(
        ofPairs run: ClosedRange<Int64>,
        _ sets: [Int64: [Int64]],
        _ db: Database
    ) throws -> [(rowID: Int64, scorers: Set<Int64>)] {
        let rows = try Row.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT p.id, k.scorer_set_id FROM pair p LEFT JOIN score_pack k ON k.pair_id = p.id
                    WHERE p.id BETWEEN ? AND ? ORDER BY p.id
                    """
            ),
            arguments: [run.lowerBound, run.upperBound]
        )
        var seen: [(rowID: Int64, scorers: Set<Int64>)] = []
        while let next = try rows.next() {
            let row = try StoredRow(numbered: next, of: "pair")
            let rowID = row.number ?? 0
            if seen.last?.rowID != rowID { seen.append((rowID, [])) }
            // Nobody else writes now, so only other pairs can have a set that is not among the known ones.
            if let set = try row.optionalInteger(1, "scorer_set_id") {
                seen[seen.count - 1].scorers.formUnion(sets[set] ?? [])
            }
        }
        return seen
    }

    /// Every scorer of which the store has scores, in the order in which they came.
    package func scorers() throws -> [Scorer] {
        try connection.read { db in
            try Row.fetchAll(db, sql: "SELECT name, version FROM scorer ORDER BY id").map { row in
                let row = StoredRow(row, of: "scorer")
                return Scorer(name: try row.text(0, "name"), version: try row.text(1, "version"))
            }
        }
    }

    private static func lacking(
        _ scorers: [Scorer],
        ids: [Int64?],
        experiment: ExperimentID?,
        after row: Int64,
        limit: Int,
        _ db: Database
    ) throws -> [UnscoredPair] {
        let sets = try KnownScorers(db).sets
        // Scorers that have always looked at pairs together are asked for together.
        let holding = ids.map { id in id.map { id in sets.filter { $0.value.contains(id) }.keys.sorted() } ?? [] }
        let questions = Array(Set(holding)).sorted { $0.lexicographicallyPrecedes($1) }
        let lacks = questions.map { sets in
            guard !sets.isEmpty else { return "1" }
            let list = sets.map(String.init).joined(separator: ", ")
            return """
                NOT EXISTS (SELECT 1 FROM score_pack k WHERE k.pair_id = p.id AND k.scorer_set_id IN (\(list)))
                """
        }
        let rows = try Row.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT p.id, \(lacks.joined(separator: ", ")) FROM pair p
                    WHERE p.id > ?1 AND (?2 IS NULL OR +p.experiment_id = ?2) AND (\(lacks.joined(separator: " OR ")))
                    ORDER BY p.id LIMIT ?3
                    """
            ),
            arguments: [row, experiment?.rawValue, limit]
        )
        let places = holding.map { questions.firstIndex(of: $0) ?? 0 }
        var found: [UnscoredPair] = []
        while let next = try rows.next() {
            let row = try StoredRow(numbered: next, of: "pair")
            let isLacking = try questions.indices.map { try row.flag($0 + 1, "id") }
            let missing =
                isLacking.allSatisfy { $0 } ? scorers : zip(places, scorers).filter { isLacking[$0.0] }.map(\.1)
            found.append(UnscoredPair(rowID: row.number ?? 0, missing: missing))
        }
        return found
    }
}
