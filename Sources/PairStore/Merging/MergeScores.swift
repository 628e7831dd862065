import Foundation
import GRDB
import Vocabulary

/// Scorers and scores of the attached store `source`.
///
/// Of several versions of a scorer the one with the greatest number is read, so numbers have to keep the order in which
/// versions came. A version that the source had before one that the target has already takes a lower number, and those
/// after it move up; only `scorer_set` names them. How far a scorer has seen stays true by itself: new pairs get numbers
/// beyond all that were ever given, and a scorer that is new here begins at 0.
struct MergeScores {
    let db: Database

    private struct Known {
        var id: Int64
        var scorer: Scorer
        var scoredThrough: Int64
    }

    /// The scores of new pairs, and of pairs that were there those of scorers that had not been on them.
    func add(_ summary: inout MergeSummary) throws {
        try mapSets(try mapScorers())
        // Of both stores together there may be more than one may have.
        _ = try KnownScorers.scorersOfSets(db)
        try db.execute(
            sql: """
                INSERT INTO main.score_pack (pair_id, scorer_set_id, bytes)
                SELECT m.target_id, s.target_id, k.bytes
                FROM temp.merge_pair m CROSS JOIN source.score_pack k ON k.pair_id = m.source_id
                JOIN temp.merge_scorer_set s ON s.source_id = k.scorer_set_id
                WHERE m.is_new ORDER BY m.source_id
                """
        )
        guard summary.pairsPresent > 0 else { return }
        summary.scoresFilled = try fillIn()
    }

    // MARK: - Scorers and their sets

    /// The target's scorers and those that come, each version after those that came before it in either store.
    ///
    /// - Parameters:
    ///   - present: the target's, whose order stands.
    ///   - offered: the source's, in its order.
    /// - Returns: all of them.
    static func merged(_ present: [Scorer], _ offered: [Scorer]) -> [Scorer] {
        var order = present
        var appended: [Scorer] = []
        for (index, scorer) in offered.enumerated().reversed() where !order.contains(scorer) {
            let follower = offered[(index + 1)...].first { $0.name == scorer.name }
            if let follower, let place = order.firstIndex(of: follower) {
                order.insert(scorer, at: place)
            } else {
                appended.insert(scorer, at: 0)
            }
        }
        return order + appended
    }

    /// - Returns: the target's numbers by those of the source.
    private func mapScorers() throws -> [Int64: Int64] {
        let present = try scorers("main")
        let offered = try scorers("source")
        let order = Self.merged(present.map(\.scorer), offered.map(\.scorer))
        let last = present.last?.id ?? 0
        guard present.count + offered.count <= StoredRange.scorers, last <= .max - Int64(offered.count) else {
            throw StoreError.tooManyScorers(limit: StoredRange.scorers)
        }
        let ids = present.map(\.id) + (0..<(order.count - present.count)).map { last + 1 + Int64($0) }
        let numbers = Dictionary(zip(order, ids)) { first, _ in first }
        if order.count > present.count {
            try renumberSets(
                Dictionary(present.map { ($0.id, numbers[$0.scorer] ?? $0.id) }) { first, _ in first }
            )
            let through = Dictionary(present.map { ($0.scorer, $0.scoredThrough) }) { first, _ in first }
            try db.execute(sql: "DELETE FROM main.scorer")
            for (scorer, id) in zip(order, ids) {
                try db.execute(
                    sql: "INSERT INTO main.scorer (id, name, version, scored_through_pair_id) VALUES (?, ?, ?, ?)",
                    arguments: [id, scorer.name, scorer.version, through[scorer] ?? 0]
                )
            }
        }
        return Dictionary(offered.map { ($0.id, numbers[$0.scorer] ?? 0) }) { first, _ in first }
    }

    private func scorers(_ schema: String) throws -> [Known] {
        try Row.fetchAll(
            db,
            sql: "SELECT id, name, version, scored_through_pair_id FROM \(schema).scorer ORDER BY id"
        ).map { row in
            let row = try StoredRow(numbered: row, of: "scorer")
            return Known(
                id: row.number ?? 0,
                scorer: Scorer(name: try row.text(1, "name"), version: try row.text(2, "version")),
                scoredThrough: try row.integer(3, "scored_through_pair_id")
            )
        }
    }

    private func sets(_ schema: String) throws -> [(id: Int64, scorers: [Int64])] {
        try KnownScorers.sets(db, schema: schema)
    }

    /// Writes the sets of the target with the new numbers of their scorers.
    private func renumberSets(_ numbers: [Int64: Int64]) throws {
        let moved = try sets("main").filter { $0.scorers.contains { numbers[$0, default: $0] != $0 } }
        // A set may get the name that another one is about to lose.
        for set in moved {
            try db.execute(
                sql: "UPDATE main.scorer_set SET scorer_ids = 'moving ' || id WHERE id = ?",
                arguments: [set.id]
            )
        }
        for set in moved {
            try db.execute(
                sql: "UPDATE main.scorer_set SET scorer_ids = ? WHERE id = ?",
                arguments: [Self.name(set.scorers.map { numbers[$0, default: $0] }), set.id]
            )
        }
    }

    private static func name(_ scorers: [Int64]) -> String {
        scorers.map(String.init).joined(separator: ",")
    }

    private func mapSets(_ scorers: [Int64: Int64]) throws {
        for set in try sets("source") {
            let numbers = set.scorers.compactMap { scorers[$0] }
            // Packs of a set that names a scorer which is not there cannot be read, and are left.
            guard numbers.count == set.scorers.count else { continue }
            let name = Self.name(numbers)
            try db.execute(
                sql: "INSERT INTO main.scorer_set (scorer_ids) VALUES (?) ON CONFLICT DO NOTHING",
                arguments: [name]
            )
            try db.execute(
                sql: """
                    INSERT INTO temp.merge_scorer_set (source_id, target_id)
                    SELECT ?, id FROM main.scorer_set WHERE scorer_ids = ?
                    """,
                arguments: [set.id, name]
            )
        }
    }

    // MARK: - Pairs that were there

    private enum Relation {
        static let overlaps = 1, covers = 2
    }

    /// Adds to pairs that were there what scorers gave that had not been on them.
    private func fillIn() throws -> Int {
        try relateSets()
        defer {
            // Gone with the transaction where that fails.
            try? db.execute(sql: "DROP TABLE temp.merge_relation; DROP TABLE temp.merge_pack;")
        }
        try db.execute(
            sql: """
                CREATE TEMP TABLE merge_pack (
                    source_id INTEGER, source_set_id INTEGER, target_id INTEGER, target_set_id INTEGER, relation INTEGER
                );
                INSERT INTO temp.merge_pack
                SELECT * FROM (
                    SELECT m.source_id, k.scorer_set_id, m.target_id, s.target_id, coalesce((
                        SELECT max(r.relation) FROM main.score_pack t CROSS JOIN temp.merge_relation r
                        ON r.source_set_id = s.target_id AND r.target_set_id = t.scorer_set_id
                        WHERE t.pair_id = m.target_id), 0) AS relation
                    FROM temp.merge_pair m CROSS JOIN source.score_pack k ON k.pair_id = m.source_id
                    JOIN temp.merge_scorer_set s ON s.source_id = k.scorer_set_id
                    WHERE NOT m.is_new
                ) WHERE relation < \(Relation.covers);
                INSERT INTO main.score_pack (pair_id, scorer_set_id, bytes)
                SELECT p.target_id, p.target_set_id, k.bytes FROM temp.merge_pack p CROSS JOIN source.score_pack k
                ON k.pair_id = p.source_id AND k.scorer_set_id = p.source_set_id WHERE p.relation = 0;
                """
        )
        return db.changesCount + (try fillInParts())
    }

    /// Which sets share scorers: of those the target's may have been on a pair, so that the source's would repeat them.
    private func relateSets() throws {
        try db.execute(
            sql: """
                CREATE TEMP TABLE merge_relation (
                    source_set_id INTEGER, target_set_id INTEGER, relation INTEGER,
                    PRIMARY KEY (source_set_id, target_set_id)
                ) WITHOUT ROWID
                """
        )
        let all = try sets("main").map { (id: $0.id, scorers: Set($0.scorers)) }
        for offered in try Int64.fetchSet(db, sql: "SELECT target_id FROM temp.merge_scorer_set") {
            guard let scorers = all.first(where: { $0.id == offered })?.scorers else { continue }
            for present in all where !present.scorers.isDisjoint(with: scorers) {
                let relation = present.scorers.isSuperset(of: scorers) ? Relation.covers : Relation.overlaps
                try db.execute(
                    sql: "INSERT INTO temp.merge_relation VALUES (?, ?, ?)",
                    arguments: [offered, present.id, relation]
                )
            }
        }
    }

    /// Packs of which the target has some scorers already: the rest of them makes a pack of its own.
    private func fillInParts() throws -> Int {
        let known = try KnownScorers(db)
        let inserter = PairInserter()
        var sets = known.sets
        var count = 0
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT p.target_id, p.target_set_id, k.bytes FROM temp.merge_pack p CROSS JOIN source.score_pack k
                ON k.pair_id = p.source_id AND k.scorer_set_id = p.source_set_id WHERE p.relation = \(Relation.overlaps)
                """
        )
        while let row = try rows.next() {
            let row = try StoredRow(numbered: row, of: "score_pack")
            let pair = row.number ?? 0
            let scorers = sets[try row.integer(1, "scorer_set_id")] ?? []
            let present = try Int64.fetchAll(
                db.cachedStatement(sql: "SELECT scorer_set_id FROM main.score_pack WHERE pair_id = ?"),
                arguments: [pair]
            )
            // A set that `insert` has made for a pair before this one.
            if present.contains(where: { sets[$0] == nil }) { sets = try KnownScorers(db).sets }
            let seen = Set(present.compactMap { sets[$0] }.joined())
            guard !seen.isSuperset(of: scorers) else { continue }
            let values = Self.values(
                try row.bytes(2, "bytes"),
                of: scorers.map { known.scorers[$0] ?? Scorer(name: "", version: "") }
            )
            let new = zip(scorers, values).filter { !seen.contains($0.0) }.map(\.1)
            try inserter.insert(new, ofPair: pair, db)
            count += new.isEmpty ? 0 : 1
        }
        return count
    }

    private static func values(_ bytes: Data, of scorers: [Scorer]) -> [ScorerValues] {
        var values = scorers.map { ScorerValues(scorer: $0) }
        var areScores = true
        let isWhole = ScorePack.forEach(in: bytes, scorerCount: scorers.count) { place, leg, value in
            areScores = areScores && ScorePack.isScore(value, leg: leg)
            switch Leg(rowID: leg) {
            case .stable: values[place].stable = value
            case .shadow: values[place].shadow = value
            case .control: values[place].control = value
            case nil: values[place].pair = value
            }
        }
        // A pack that cannot be read says nothing; its scorers look at the pair again.
        return isWhole && areScores ? values : []
    }
}
