import GRDB

/// The statements that carry rows from the attached store `source` into `main`.
///
/// What a row refers to is looked up by LEFT JOIN, so that a reference without its row breaks a NOT NULL rule and with it
/// the merge, instead of losing the row. Rows that the target lacks are listed by number before they are inserted: a
/// statement that reads the table into which it inserts would pass the texts through a temporary file.
struct MergeRows {
    let db: Database

    /// Tables whose rows are carried over, each row once.
    static let carried: Set<String> = [
        "store_setting", "word", "intent_class", "session", "dictionary", "experiment", "change_record", "rejection",
        "request_format", "prompt", "pair", "exchange", "content", "scorer", "scorer_set", "score_pack",
        "sampling_rate", "rating_round", "rating_item", "rating",
    ]
    /// Tables whose numbers are added up; the last two remember what was added.
    static let summed: Set<String> = [
        "funnel", "day_traffic", "stored_count", "merged_source", "merged_experiment", "merged_count",
    ]
    /// Tables that the schema fills, and what only the serving process knows.
    static let left: Set<String> = ["outcome", "intent_source", "leg", "funnel_tally"]

    private static let maps = [
        "word", "intent", "session", "dictionary", "format", "experiment", "scorer_set", "round", "item",
    ]

    func begin() throws {
        for map in Self.maps {
            try db.execute(
                sql: "CREATE TEMP TABLE merge_\(map) (source_id INTEGER PRIMARY KEY, target_id INTEGER NOT NULL)"
            )
        }
        try db.execute(
            sql: """
                CREATE TEMP TABLE merge_pair (
                    source_id INTEGER PRIMARY KEY, target_id INTEGER NOT NULL, is_new INTEGER NOT NULL
                );
                CREATE TEMP TABLE merge_missing (source_id INTEGER PRIMARY KEY, target_id INTEGER);
                """
        )
    }

    func end() throws {
        for map in Self.maps + ["pair", "missing"] { try db.execute(sql: "DROP TABLE temp.merge_\(map)") }
    }

    // MARK: - What others refer to

    /// Settings, words, classes, sessions and rounds, which are known by a name.
    func mapNames() throws {
        try db.execute(
            sql: """
                INSERT INTO main.store_setting (name, value)
                SELECT name, value FROM source.store_setting WHERE name = 'key_fingerprint' ON CONFLICT DO NOTHING
                """
        )
        try mapNamed("word", in: "word", by: "text")
        try mapNamed("intent", in: "intent_class", by: "name")
        try mapNamed("session", in: "session", by: "hash")
        try mapNamed("round", in: "rating_round", by: "name", with: ["seed", "exported_at_us"])
    }

    private func mapNamed(_ map: String, in table: String, by name: String, with others: [String] = []) throws {
        let columns = [name] + others
        try db.execute(
            sql: """
                INSERT INTO temp.merge_missing (source_id)
                SELECT s.id FROM source.\(table) s
                WHERE NOT EXISTS (SELECT 1 FROM main.\(table) t WHERE t.\(name) = s.\(name)) ORDER BY s.id;
                INSERT INTO main.\(table) (\(columns.joined(separator: ", ")))
                SELECT \(columns.map { "s." + $0 }.joined(separator: ", "))
                FROM temp.merge_missing m CROSS JOIN source.\(table) s ON s.id = m.source_id;
                DELETE FROM temp.merge_missing;
                INSERT INTO temp.merge_\(map) (source_id, target_id)
                SELECT s.id, t.id FROM source.\(table) s CROSS JOIN main.\(table) t ON t.\(name) = s.\(name);
                """
        )
    }

    /// Dictionaries and request formats, which are known by their bytes.
    func mapTexts() throws {
        let mapFormats = """
            INSERT OR IGNORE INTO temp.merge_format (source_id, target_id)
            SELECT s.id, min(t.id) FROM source.request_format s CROSS JOIN main.request_format t
            ON t.fingerprint = s.fingerprint AND t.size_bytes = s.size_bytes AND t.bytes = s.bytes AND t.dictionary_id
                IS (SELECT d.target_id FROM temp.merge_dictionary d WHERE d.source_id = s.dictionary_id)
            GROUP BY s.id;
            """
        try db.execute(
            sql: """
                INSERT INTO temp.merge_missing (source_id)
                SELECT s.id FROM source.dictionary s
                WHERE NOT EXISTS (SELECT 1 FROM main.dictionary t WHERE t.bytes = s.bytes)
                    AND NOT EXISTS (SELECT 1 FROM source.dictionary o WHERE o.bytes = s.bytes AND o.id < s.id);
                INSERT INTO main.dictionary (made_at_us, bytes)
                SELECT s.made_at_us, s.bytes FROM temp.merge_missing m CROSS JOIN source.dictionary s ON s.id = m.source_id;
                DELETE FROM temp.merge_missing;
                INSERT INTO temp.merge_dictionary (source_id, target_id)
                SELECT s.id, min(t.id) FROM source.dictionary s CROSS JOIN main.dictionary t ON t.bytes = s.bytes
                GROUP BY s.id;

                \(mapFormats)
                INSERT INTO main.request_format (
                    fingerprint, has_response_format, has_tools, dictionary_id, size_bytes, bytes)
                SELECT s.fingerprint, s.has_response_format, s.has_tools, d.target_id, s.size_bytes, s.bytes
                FROM source.request_format s LEFT JOIN temp.merge_dictionary d ON d.source_id = s.dictionary_id
                WHERE s.id NOT IN (SELECT source_id FROM temp.merge_format) ORDER BY s.id;
                \(mapFormats)
                """
        )
    }

    /// Experiments by their names; of those that are there the earliest start stands.
    func mapExperiments() throws {
        try db.execute(
            sql: """
                INSERT INTO main.experiment (name, started_at_us, closed_at_us, horizon_seconds, stable_model,
                    stable_version, shadow_model, shadow_version, seed, configuration, gates)
                SELECT name, started_at_us, closed_at_us, horizon_seconds, stable_model, stable_version, shadow_model,
                    shadow_version, seed, configuration, gates
                FROM source.experiment WHERE TRUE ORDER BY id
                ON CONFLICT (name) DO UPDATE SET started_at_us = excluded.started_at_us
                WHERE excluded.started_at_us < coalesce(started_at_us, excluded.started_at_us + 1);
                INSERT INTO temp.merge_experiment (source_id, target_id)
                SELECT s.id, t.id FROM source.experiment s CROSS JOIN main.experiment t ON t.name = s.name;
                """
        )
    }

    // MARK: - Pairs

    /// Gives each of the source's pairs its number in the target: what it has there, or the next that was never used.
    func mapPairs(_ summary: inout MergeSummary, path: String) throws {
        let last =
            try Int64.fetchOne(
                db,
                sql: """
                    SELECT max((SELECT coalesce(max(id), 0) FROM main.pair),
                        coalesce((SELECT seq FROM main.sqlite_sequence WHERE name = 'pair'), 0))
                    """
            ) ?? 0
        try db.execute(
            sql: """
                INSERT INTO temp.merge_pair (source_id, target_id, is_new)
                SELECT id, coalesce(present, \(last) + sum(present IS NULL)
                    OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)), present IS NULL
                FROM (SELECT s.id AS id, t.id AS present FROM source.pair s LEFT JOIN main.pair t ON t.uid = s.uid)
                """
        )
        let counts = try Row.fetchOne(db, sql: "SELECT coalesce(sum(is_new), 0), count(*) FROM temp.merge_pair")
        summary.pairsAdded = counts?[0] ?? 0
        summary.pairsPresent = (counts?[1] ?? 0) - summary.pairsAdded
        let other = try String.fetchOne(
            db,
            sql: """
                SELECT s.uid FROM temp.merge_pair m CROSS JOIN source.pair s ON s.id = m.source_id
                CROSS JOIN main.pair t ON t.id = m.target_id
                WHERE NOT m.is_new AND t.prompt_hash IS NOT s.prompt_hash LIMIT 1
                """
        )
        if let other { throw StoreError.mergeOtherSubject(path: path, kind: "pair", id: other) }
    }

    func addPairs() throws {
        try db.execute(
            sql: """
                INSERT INTO main.pair (id, uid, experiment_id, received_at_us, session_id, intent_id, intent_source_id,
                    sampling_probability, endpoint_id, prompt_hash, request_format_id, temperature, max_tokens,
                    is_streamed)
                SELECT m.target_id, p.uid, e.target_id, p.received_at_us, s.target_id, i.target_id, p.intent_source_id,
                    p.sampling_probability, w.target_id, p.prompt_hash, f.target_id, p.temperature, p.max_tokens,
                    p.is_streamed
                FROM temp.merge_pair m CROSS JOIN source.pair p ON p.id = m.source_id
                LEFT JOIN temp.merge_experiment e ON e.source_id = p.experiment_id
                LEFT JOIN temp.merge_session s ON s.source_id = p.session_id
                LEFT JOIN temp.merge_intent i ON i.source_id = p.intent_id
                LEFT JOIN temp.merge_word w ON w.source_id = p.endpoint_id
                LEFT JOIN temp.merge_format f ON f.source_id = p.request_format_id
                WHERE m.is_new ORDER BY m.source_id;

                INSERT INTO main.exchange (pair_id, leg_id, version_id, reported_model_id, outcome_id, status,
                    finish_reason_id, input_tokens, output_tokens, first_byte_us, first_token_us, total_us,
                    inter_token_p50_us, inter_token_max_us, size_bytes, text_size_bytes, tool_call_count)
                SELECT m.target_id, x.leg_id, v.target_id, r.target_id, x.outcome_id, x.status, f.target_id,
                    x.input_tokens, x.output_tokens, x.first_byte_us, x.first_token_us, x.total_us,
                    x.inter_token_p50_us, x.inter_token_max_us, x.size_bytes, x.text_size_bytes, x.tool_call_count
                FROM temp.merge_pair m CROSS JOIN source.exchange x ON x.pair_id = m.source_id
                LEFT JOIN temp.merge_word v ON v.source_id = x.version_id
                LEFT JOIN temp.merge_word r ON r.source_id = x.reported_model_id
                LEFT JOIN temp.merge_word f ON f.source_id = x.finish_reason_id
                WHERE m.is_new ORDER BY m.source_id;
                """
        )
    }

    /// The texts of new pairs, and those that pairs and prompts in the target have lost or never had.
    func addTexts(_ summary: inout MergeSummary) throws {
        try db.execute(
            sql: """
                INSERT INTO main.content (pair_id, dictionary_id, size_bytes, bytes)
                SELECT m.target_id, d.target_id, c.size_bytes, c.bytes
                FROM temp.merge_pair m CROSS JOIN source.content c ON c.pair_id = m.source_id
                LEFT JOIN temp.merge_dictionary d ON d.source_id = c.dictionary_id
                WHERE m.is_new ORDER BY m.source_id;

                INSERT INTO temp.merge_missing (source_id, target_id)
                SELECT m.source_id, m.target_id FROM temp.merge_pair m
                WHERE NOT m.is_new AND NOT EXISTS (SELECT 1 FROM main.content t WHERE t.pair_id = m.target_id)
                    AND EXISTS (SELECT 1 FROM source.content c WHERE c.pair_id = m.source_id);
                INSERT INTO main.content (pair_id, dictionary_id, size_bytes, bytes)
                SELECT m.target_id, d.target_id, c.size_bytes, c.bytes
                FROM temp.merge_missing m CROSS JOIN source.content c ON c.pair_id = m.source_id
                LEFT JOIN temp.merge_dictionary d ON d.source_id = c.dictionary_id;
                """
        )
        summary.textsFilled = try listedCount()
        try db.execute(
            sql: """
                DELETE FROM temp.merge_missing;
                UPDATE main.prompt SET received_at_us = s.received_at_us FROM source.prompt s
                WHERE \(Schema.sameHash("prompt.hash", "s.hash")) AND s.received_at_us > prompt.received_at_us;
                INSERT INTO temp.merge_missing (source_id)
                SELECT s.id FROM source.prompt s
                WHERE NOT EXISTS (SELECT 1 FROM main.prompt t WHERE \(Schema.sameHash("t.hash", "s.hash")))
                    AND NOT EXISTS (
                        SELECT 1 FROM source.prompt o WHERE \(Schema.sameHash("o.hash", "s.hash")) AND o.id < s.id)
                ORDER BY s.id;
                INSERT INTO main.prompt (hash, received_at_us, dictionary_id, size_bytes, bytes)
                SELECT s.hash, s.received_at_us, d.target_id, s.size_bytes, s.bytes
                FROM temp.merge_missing m CROSS JOIN source.prompt s ON s.id = m.source_id
                LEFT JOIN temp.merge_dictionary d ON d.source_id = s.dictionary_id;
                """
        )
        summary.promptsAdded = try listedCount()
    }

    private func listedCount() throws -> Int {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM temp.merge_missing") ?? 0
    }

    // MARK: - What hangs on pairs and experiments

    /// Items by their uid; of two words of a rater on the same item or pair the later stands, as when they are imported.
    func addRatings(_ summary: inout MergeSummary, path: String) throws {
        try db.execute(
            sql: """
                INSERT INTO main.rating_item (uid, round_id, pair_id, side_a_leg_id, side_b_leg_id,
                    inclusion_probability, reason, swapped_of)
                SELECT t.uid, r.target_id, m.target_id, t.side_a_leg_id, t.side_b_leg_id, t.inclusion_probability,
                    t.reason, t.swapped_of
                FROM source.rating_item t LEFT JOIN temp.merge_round r ON r.source_id = t.round_id
                LEFT JOIN temp.merge_pair m ON m.source_id = t.pair_id
                WHERE TRUE ORDER BY t.id ON CONFLICT (uid) DO NOTHING;
                INSERT INTO temp.merge_item (source_id, target_id)
                SELECT s.id, t.id FROM source.rating_item s CROSS JOIN main.rating_item t ON t.uid = s.uid;
                """
        )
        let other = try String.fetchOne(
            db,
            sql: """
                SELECT s.uid FROM temp.merge_item i CROSS JOIN source.rating_item s ON s.id = i.source_id
                CROSS JOIN main.rating_item t ON t.id = i.target_id
                LEFT JOIN temp.merge_pair m ON m.source_id = s.pair_id
                WHERE t.pair_id IS NOT m.target_id OR t.side_a_leg_id <> s.side_a_leg_id LIMIT 1
                """
        )
        if let other { throw StoreError.mergeOtherSubject(path: path, kind: "rating item", id: other) }
        let later = """
            DO UPDATE SET choice = excluded.choice, harm = excluded.harm, comment = excluded.comment,
                rated_at_us = excluded.rated_at_us
            WHERE excluded.rated_at_us > coalesce(rated_at_us, excluded.rated_at_us - 1)
            """
        try db.execute(
            sql: """
                INSERT INTO main.rating (item_id, pair_id, rater, choice, harm, comment, rated_at_us)
                SELECT i.target_id, m.target_id, g.rater, g.choice, g.harm, g.comment, g.rated_at_us
                FROM source.rating g LEFT JOIN temp.merge_item i ON i.source_id = g.item_id
                LEFT JOIN temp.merge_pair m ON m.source_id = g.pair_id
                WHERE TRUE ORDER BY g.id
                ON CONFLICT (item_id, rater) WHERE item_id IS NOT NULL \(later)
                ON CONFLICT (pair_id, rater) WHERE item_id IS NULL \(later)
                """
        )
        summary.ratingsAdded = db.changesCount
    }

    /// Changes as they are, of rejections the first, and the rates of days of which the target has none.
    func addRecords() throws {
        try db.execute(
            sql: """
                INSERT INTO main.change_record (experiment_id, kind, changed_at_us, actor, text, replaced)
                SELECT e.target_id, c.kind, c.changed_at_us, c.actor, c.text, c.replaced
                FROM source.change_record c LEFT JOIN temp.merge_experiment e ON e.source_id = c.experiment_id
                WHERE NOT EXISTS (
                    SELECT 1 FROM main.change_record t
                    WHERE t.experiment_id = e.target_id AND t.changed_at_us = c.changed_at_us AND t.kind = c.kind
                        AND t.actor = c.actor AND t.text = c.text AND t.replaced IS c.replaced)
                ORDER BY c.id;

                INSERT INTO main.rejection (experiment_id, metric, intent_id, rejected_at_us, e_value, text)
                SELECT e.target_id, r.metric, i.target_id, r.rejected_at_us, r.e_value, r.text
                FROM source.rejection r LEFT JOIN temp.merge_experiment e ON e.source_id = r.experiment_id
                LEFT JOIN temp.merge_intent i ON i.source_id = r.intent_id
                WHERE TRUE ORDER BY r.id ON CONFLICT (experiment_id, metric, intent_id)
                DO UPDATE SET rejected_at_us = excluded.rejected_at_us, e_value = excluded.e_value, text = excluded.text
                WHERE excluded.rejected_at_us < rejected_at_us;

                INSERT INTO main.sampling_rate (experiment_id, day, intent_id, rate)
                SELECT e.target_id, r.day, i.target_id, r.rate
                FROM source.sampling_rate r LEFT JOIN temp.merge_experiment e ON e.source_id = r.experiment_id
                LEFT JOIN temp.merge_intent i ON i.source_id = r.intent_id
                WHERE NOT EXISTS (
                    SELECT 1 FROM main.sampling_rate t WHERE t.experiment_id = e.target_id AND t.day = r.day);
                """
        )
    }
}
