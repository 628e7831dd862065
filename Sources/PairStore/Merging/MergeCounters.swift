import GRDB

/// Counters of merged stores: what each store counted itself is kept apart, so that it is added once.
///
/// Why. A pair has a uid and is recognised; 17 requests shed in a minute have none. Were a source's counters just added,
/// a second merge would count them twice, and so would a merge of a store that had merged the source before.
///
/// Design. Every store has a random id. Its counters are what it counted itself plus what it took over, and
/// `merged_count` holds the latter for each store that counted it; what it counted itself is the difference. A merge
/// compares, for each store of which the source knows, what the source says with what the target says, and adds the
/// difference where the source knows more. So it does not matter in which order, how often or by what detours stores are
/// merged: two stores that were merged into a third and then into a fourth count once there, and two stores may be merged
/// into each other. (This is the grow-only counter of Shapiro et al., "A comprehensive study of Convergent and Commutative
/// Replicated Data Types", INRIA 2011, specification 6, with a store for a replica.)
///
/// Who knows more is told by the counts that never go down. An older copy of a source adds no counters, though pairs and
/// texts that the target lacks are taken from it. Where each side has counts that the other lacks, somebody copied a store
/// and served both: no sum would be right, and the merge is refused.
///
/// Limits. `merged_count` is as large as the funnels that were merged. Sessions of a day are added as requests are: a
/// session that several replicas saw counts for each, as one does that a restart divides.
struct MergeCounters {
    /// How what a source says of a store compares with what the target knows of it.
    enum Verdict: Sendable, Equatable {
        case same
        case ahead
        case behind
    }

    let db: Database
    /// The target's id.
    let target: String
    /// The source's id.
    let source: String

    /// Counts that only go up; what failed may be taken back where a merged store is served and settles what was in flight.
    private static let growing = "'seen', 'not_eligible', 'not_sampled', 'sampled', 'stored', 'shed', 'day_requests'"
    private static let traffic = [
        ("day_requests", "request_count"), ("day_sessions", "session_count"), ("day_played", "played_count"),
        ("day_tokens", "token_count"),
    ]
    private static let storedCount = "stored_count"

    /// Every counter of a store under a kind and a slot.
    private static func all(_ schema: String) -> String {
        let funnel =
            "SELECT experiment_id, stage AS kind, minute AS slot, intent_id, reason, count FROM \(schema).funnel"
        let traffic = traffic.map { kind, column in
            "SELECT experiment_id, '\(kind)', day, intent_id, '', \(column) FROM \(schema).day_traffic"
        }
        let stored = "SELECT experiment_id, '\(storedCount)', 0, intent_id, '', count FROM \(schema).stored_count"
        return ([funnel] + traffic + [stored]).joined(separator: " UNION ALL ")
    }

    /// Puts into `merge_change`, for each store that the source knows of, what it says beyond what the target knows.
    ///
    /// - Parameter path: the source's, for the message.
    /// - Returns: who knows more of each store, by its id; a store that is not named is the same.
    /// - Throws: `StoreError.mergeDiverged` where neither does.
    func compare(path: String) throws -> [String: Verdict] {
        let key = "kind, slot, intent_id, reason"
        // That the target itself has been merged into the source, or that one is a copy of the other.
        let isTargetNamed = """
            (:target = :source OR EXISTS (SELECT 1 FROM source.merged_source WHERE store_id = :target))
            """
        try db.execute(
            sql: """
                CREATE TEMP TABLE merge_change (
                    store_id TEXT, experiment_id INTEGER, kind TEXT, slot INTEGER, intent_id INTEGER, reason TEXT,
                    count INTEGER
                )
                """
        )
        try db.execute(
            sql: """
                INSERT INTO temp.merge_change
                SELECT store_id, experiment_id, \(key), sum(count) FROM (
                    SELECT c.store_id, e.target_id AS experiment_id, c.kind, c.slot, i.target_id AS intent_id, c.reason,
                        c.count
                    FROM (
                        SELECT :source AS store_id, * FROM (\(Self.all("source")))
                        UNION ALL SELECT :source, experiment_id, \(key), -count FROM source.merged_count
                        UNION ALL SELECT o.store_id, m.experiment_id, \(key), m.count
                            FROM source.merged_count m JOIN source.merged_source o ON o.id = m.source_id
                    ) c
                    JOIN temp.merge_experiment e ON e.source_id = c.experiment_id
                    JOIN temp.merge_intent i ON i.source_id = c.intent_id
                    UNION ALL SELECT o.store_id, m.experiment_id, \(key), -m.count
                        FROM main.merged_count m JOIN main.merged_source o ON o.id = m.source_id
                        WHERE o.store_id = :source OR o.store_id IN (SELECT store_id FROM source.merged_source)
                    UNION ALL SELECT :target, experiment_id, \(key), -count FROM (\(Self.all("main")))
                        WHERE \(isTargetNamed)
                    UNION ALL SELECT :target, experiment_id, \(key), count FROM main.merged_count WHERE \(isTargetNamed)
                ) GROUP BY store_id, experiment_id, \(key) HAVING sum(count) <> 0
                """,
            arguments: ["source": source, "target": target]
        )
        return try judge(path: path)
    }

    private func judge(path: String) throws -> [String: Verdict] {
        var verdicts: [String: Verdict] = [:]
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT store_id, min(count) < 0, max(count) > 0 FROM temp.merge_change
                WHERE kind IN (\(Self.growing)) GROUP BY store_id
                """
        )
        for row in rows {
            let row = StoredRow(row, of: "merged_source")
            let store = try row.text(0, "store_id")
            switch (try row.flag(1, "count"), try row.flag(2, "count")) {
            case (true, true): throw StoreError.mergeDiverged(path: path)
            case (true, false): verdicts[store] = .behind
            case (false, _): verdicts[store] = .ahead
            }
        }
        for (store, verdict) in verdicts where verdict == .behind {
            try db.execute(sql: "DELETE FROM temp.merge_change WHERE store_id = ?", arguments: [store])
        }
        return verdicts
    }

    /// Adds what `compare` found to the counters, and remembers who counted it.
    func add(_ summary: inout MergeSummary) throws {
        summary.requestsCounted =
            try Int.fetchOne(db, sql: "SELECT coalesce(sum(count), 0) FROM temp.merge_change WHERE kind = 'seen'") ?? 0
        try remember()
        try addTraffic()
        let notOfFunnel = (Self.traffic.map(\.0) + [Self.storedCount]).map { "'\($0)'" }.joined(separator: ", ")
        try db.execute(
            sql: """
                INSERT INTO main.funnel (experiment_id, minute, intent_id, stage, reason, count)
                SELECT experiment_id, slot, intent_id, kind, reason, sum(count) FROM temp.merge_change
                WHERE kind NOT IN (\(notOfFunnel)) GROUP BY experiment_id, slot, intent_id, kind, reason
                ON CONFLICT (experiment_id, minute, intent_id, stage, reason) DO UPDATE SET count = count + excluded.count;

                INSERT INTO main.stored_count (experiment_id, intent_id, count)
                SELECT experiment_id, intent_id, sum(count) FROM temp.merge_change
                WHERE kind = '\(Self.storedCount)' GROUP BY experiment_id, intent_id
                ON CONFLICT (experiment_id, intent_id) DO UPDATE SET count = count + excluded.count;

                DROP TABLE temp.merge_change;
                """
        )
    }

    /// What the target counted itself is not remembered: it is the rest.
    private func remember() throws {
        try db.execute(
            sql: """
                INSERT INTO main.merged_source (store_id) SELECT :source WHERE :source <> :target
                ON CONFLICT (store_id) DO NOTHING
                """,
            arguments: ["source": source, "target": target]
        )
        try db.execute(
            sql: """
                INSERT INTO main.merged_source (store_id) SELECT store_id FROM source.merged_source
                WHERE store_id <> :target ON CONFLICT (store_id) DO NOTHING
                """,
            arguments: ["target": target]
        )
        try db.execute(
            sql: """
                INSERT INTO main.merged_count (source_id, experiment_id, kind, slot, intent_id, reason, count)
                SELECT o.id, c.experiment_id, c.kind, c.slot, c.intent_id, c.reason, c.count
                FROM temp.merge_change c JOIN main.merged_source o ON o.store_id = c.store_id
                WHERE c.store_id <> :target
                ON CONFLICT (source_id, experiment_id, kind, slot, intent_id, reason)
                DO UPDATE SET count = count + excluded.count
                """,
            arguments: ["target": target]
        )
    }

    /// Of the observed parts of a day the largest stands, as where one store adds to its own days.
    private func addTraffic() throws {
        let sums = Self.traffic.map { "sum(iif(kind = '\($0.0)', count, 0)) AS \($0.1)" }.joined(separator: ", ")
        let additions = Self.traffic.map { "\($0.1) = day_traffic.\($0.1) + c.\($0.1)" }.joined(separator: ", ")
        let kinds = Self.traffic.map { "'\($0.0)'" }.joined(separator: ", ")
        try db.execute(
            sql: """
                INSERT INTO main.day_traffic (experiment_id, day, intent_id, request_count, session_count,
                    observed_share)
                SELECT e.target_id, t.day, i.target_id, 0, 0, t.observed_share
                FROM source.day_traffic t LEFT JOIN temp.merge_experiment e ON e.source_id = t.experiment_id
                LEFT JOIN temp.merge_intent i ON i.source_id = t.intent_id WHERE TRUE
                ON CONFLICT (experiment_id, day, intent_id) DO UPDATE SET observed_share = excluded.observed_share
                WHERE excluded.observed_share > observed_share;

                UPDATE main.day_traffic SET \(additions)
                FROM (
                    SELECT experiment_id, slot, intent_id, \(sums) FROM temp.merge_change WHERE kind IN (\(kinds))
                    GROUP BY experiment_id, slot, intent_id
                ) c
                WHERE day_traffic.experiment_id = c.experiment_id AND day_traffic.day = c.slot
                    AND day_traffic.intent_id = c.intent_id;
                """
        )
    }
}
