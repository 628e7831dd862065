/// The store's schema, as migrations written in SQL.
///
/// A migration is never edited once it has shipped, and mentions no Swift type but the layouts that are part of the
/// schema: a store that was written by it must mean the same for ever. Enumerations are small tables, so that a later
/// version can add an outcome by inserting a row instead of rebuilding millions. Short words that repeat (versions, model
/// names, finish reasons, endpoints) are kept once in `word`. What a scan over all pairs reads (`pair`, `exchange`,
/// `score_pack`) holds no text; text lies in `content` and `prompt`, each with a retention of its own, and figures outlive
/// it.
///
/// The tables are STRICT (SQLite 3.37, in Debian 12 and Ubuntu 22.04): a column holds what it says. `ANY` is used for
/// hashes, which are a BLOB where they are lower-case hexadecimal and TEXT where an import brought something else.

import Foundation
import GRDB

enum Schema {
    /// The schema that this version writes; it is `PRAGMA user_version`.
    static let version = 5

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in
            try db.execute(sql: version1)
        }
        migrator.registerMigration("2") { db in
            try db.execute(sql: version2)
        }
        migrator.registerMigration("3") { db in
            try db.execute(sql: version3)
            try packScores(db)
            try db.execute(sql: "DROP TABLE score; PRAGMA user_version = 3;")
        }
        migrator.registerMigration("4") { db in
            try db.execute(sql: mergeTables)
            try db.execute(sql: countTables)
            try db.execute(sql: "PRAGMA user_version = 4")
        }
        migrator.registerMigration("5") { db in
            try db.execute(sql: version5)
        }
        return migrator
    }

    /// The condition that two hashes of prompts are equal, which the index on `prompt` serves.
    static func sameHash(_ one: String, _ other: String) -> String {
        "substr(\(one), -8) = substr(\(other), -8) AND \(one) = \(other)"
    }

    /// Prompts found by the end of their hash.
    ///
    /// The index has eight bytes in place of thirty-two, so a batch writes fewer pages of it. The end and not the beginning,
    /// as words from elsewhere often begin alike ("sha256:…").
    private static let version5 = """
        CREATE TABLE prompt_by_end (
            id INTEGER PRIMARY KEY,
            -- Unique; see to it where rows are added.
            hash ANY NOT NULL,
            received_at_us INTEGER NOT NULL,
            dictionary_id INTEGER REFERENCES dictionary (id),
            size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
            bytes BLOB NOT NULL
        ) STRICT;
        INSERT INTO prompt_by_end (id, hash, received_at_us, dictionary_id, size_bytes, bytes)
            SELECT id, hash, received_at_us, dictionary_id, size_bytes, bytes FROM prompt ORDER BY id;
        DROP TABLE prompt;
        ALTER TABLE prompt_by_end RENAME TO prompt;
        CREATE INDEX prompt_hash ON prompt (substr(hash, -8));
        CREATE INDEX prompt_received ON prompt (received_at_us);
        PRAGMA user_version = 5;
        """

    /// Who a store is, and what it has taken over from others; see `MergeCounters`.
    private static let mergeTables = """
        INSERT INTO store_setting (name, value) VALUES ('store_id', lower(hex(randomblob(16))));

        -- Stores whose rows have come here, directly or by way of another store; the store itself where it has a run.
        CREATE TABLE merged_source (
            id INTEGER PRIMARY KEY,
            store_id TEXT NOT NULL UNIQUE CHECK (store_id <> '')
        ) STRICT;

        -- Whether a store had closed an experiment when it was last merged.
        CREATE TABLE merged_experiment (
            source_id INTEGER NOT NULL REFERENCES merged_source (id) ON DELETE CASCADE,
            experiment_id INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
            closed_at_us INTEGER,
            PRIMARY KEY (source_id, experiment_id)
        ) STRICT, WITHOUT ROWID;

        -- The part of the counters here that was counted by another store. `kind` is a stage of the funnel (`slot` is the
        -- minute), or a column of the traffic (`slot` is the day), or `stored_count`.
        CREATE TABLE merged_count (
            source_id INTEGER NOT NULL REFERENCES merged_source (id) ON DELETE CASCADE,
            experiment_id INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
            kind TEXT NOT NULL CHECK (kind <> ''),
            slot INTEGER NOT NULL,
            intent_id INTEGER NOT NULL REFERENCES intent_class (id),
            reason TEXT NOT NULL DEFAULT '',
            count INTEGER NOT NULL,
            PRIMARY KEY (source_id, experiment_id, kind, slot, intent_id, reason)
        ) STRICT, WITHOUT ROWID;
        """

    /// What a start after `kill -9` needs to make the funnel whole; see `PairStore+Recovery`.
    private static let countTables = """
        -- Pairs by class, counted in the transaction that stores them; deleting pairs leaves it.
        CREATE TABLE stored_count (
            experiment_id INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
            intent_id INTEGER NOT NULL REFERENCES intent_class (id),
            count INTEGER NOT NULL,
            PRIMARY KEY (experiment_id, intent_id)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO stored_count
            SELECT experiment_id, intent_id, sum(count) FROM funnel WHERE stage = 'stored' GROUP BY 1, 2;

        -- Up to where the funnel has what a run of the serving process counted (JSON).
        CREATE TABLE funnel_tally (
            experiment_id INTEGER PRIMARY KEY REFERENCES experiment (id) ON DELETE CASCADE,
            run INTEGER NOT NULL,
            counts TEXT NOT NULL
        ) STRICT;
        """

    /// The scores of a pair in one row for all scorers that looked at it together; see `ScorePack`.
    private static let version3 = """
        -- Numbers of scorers in the order in which a pack has them, separated by commas.
        CREATE TABLE scorer_set (
            id INTEGER PRIMARY KEY,
            scorer_ids TEXT NOT NULL UNIQUE CHECK (scorer_ids <> '')
        ) STRICT;

        CREATE TABLE score_pack (
            pair_id INTEGER NOT NULL REFERENCES pair (id) ON DELETE CASCADE,
            scorer_set_id INTEGER NOT NULL REFERENCES scorer_set (id),
            bytes BLOB NOT NULL,
            PRIMARY KEY (pair_id, scorer_set_id)
        ) STRICT, WITHOUT ROWID;
        """

    /// Moves the rows of version 1 into packs, a pair at a time.
    private static func packScores(_ db: Database) throws {
        let insert = try db.makeStatement(sql: "INSERT INTO score_pack VALUES (?, ?, ?)")
        var sets: [String: Int64] = [:]
        func keep(_ pair: Int64, _ scores: [(scorer: Int64, values: [Double?])]) throws {
            guard !scores.isEmpty else { return }
            let name = scores.map { String($0.scorer) }.joined(separator: ",")
            if sets[name] == nil {
                try db.execute(sql: "INSERT INTO scorer_set (scorer_ids) VALUES (?)", arguments: [name])
                sets[name] = db.lastInsertedRowID
            }
            let bytes = ScorePack.encode(scores.map { ($0.values[0], $0.values[1], $0.values[2], $0.values[3]) })
            try insert.execute(arguments: [pair, sets[name], Data(bytes)])
        }
        var present: Int64 = 0
        var scores: [(scorer: Int64, values: [Double?])] = []
        let rows = try Row.fetchCursor(
            db,
            sql: "SELECT pair_id, scorer_id, leg_id, value FROM score ORDER BY pair_id, scorer_id, leg_id"
        )
        while let row = try rows.next() {
            if row[0] != present {
                try keep(present, scores)
                (present, scores) = (row[0], [])
            }
            let scorer: Int64 = row[1]
            if scores.last?.scorer != scorer { scores.append((scorer, [nil, nil, nil, nil])) }
            scores[scores.count - 1].values[row[2]] = row[3]
        }
        try keep(present, scores)
    }

    /// What tomorrow's rates are made of, so that a restart forgets none of it.
    private static let version2 = """
        ALTER TABLE day_traffic ADD COLUMN played_count INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE day_traffic ADD COLUMN token_count INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE day_traffic ADD COLUMN observed_share REAL NOT NULL DEFAULT 1
            CHECK (observed_share BETWEEN 0 AND 1);
        PRAGMA user_version = 2;
        """

    private static let version1 = """
        CREATE TABLE store_setting (
            name TEXT NOT NULL PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE outcome (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        ) STRICT;
        INSERT INTO outcome (id, name) VALUES
            (0, 'ok'), (1, 'http_error'), (2, 'timeout'), (3, 'connect_error'), (4, 'truncated'),
            (5, 'malformed'), (6, 'client_cancelled'), (7, 'shed');

        CREATE TABLE intent_source (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        ) STRICT;
        INSERT INTO intent_source (id, name) VALUES
            (0, 'header'), (1, 'body'), (2, 'rule'), (3, 'fallback'), (4, 'imported');

        CREATE TABLE leg (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        ) STRICT;
        -- 'pair' is the leg of a score that belongs to the pair as a whole.
        INSERT INTO leg (id, name) VALUES (0, 'stable'), (1, 'shadow'), (2, 'control'), (3, 'pair');

        CREATE TABLE word (
            id INTEGER PRIMARY KEY,
            text TEXT NOT NULL UNIQUE
        ) STRICT;

        CREATE TABLE intent_class (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        ) STRICT;
        -- Requests that were never classified; no class can have an empty name.
        INSERT INTO intent_class (id, name) VALUES (0, '');

        CREATE TABLE session (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            hash ANY NOT NULL UNIQUE
        ) STRICT;

        -- zstd dictionaries; a row that was compressed with one names it.
        CREATE TABLE dictionary (
            id INTEGER PRIMARY KEY,
            made_at_us INTEGER NOT NULL,
            bytes BLOB NOT NULL
        ) STRICT;

        CREATE TABLE experiment (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            started_at_us INTEGER,
            closed_at_us INTEGER,
            horizon_seconds REAL CHECK (horizon_seconds > 0),
            stable_model TEXT,
            stable_version TEXT,
            shadow_model TEXT,
            shadow_version TEXT,
            seed INTEGER NOT NULL,
            configuration TEXT NOT NULL,
            gates TEXT NOT NULL
        ) STRICT;

        -- What was changed by whom while the experiment ran: the declaration, rates, the shadow's limits.
        CREATE TABLE change_record (
            id INTEGER PRIMARY KEY,
            experiment_id INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
            kind TEXT NOT NULL CHECK (kind IN ('declaration', 'sampling', 'shadow', 'other')),
            changed_at_us INTEGER NOT NULL,
            actor TEXT NOT NULL,
            text TEXT NOT NULL,
            -- The whole of what stood there before, where the text does not say it.
            replaced TEXT
        ) STRICT;
        CREATE INDEX change_record_experiment ON change_record (experiment_id, changed_at_us);

        -- A REJECT that was reported stays.
        CREATE TABLE rejection (
            id INTEGER PRIMARY KEY,
            experiment_id INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
            metric TEXT NOT NULL,
            intent_id INTEGER NOT NULL REFERENCES intent_class (id),
            rejected_at_us INTEGER NOT NULL,
            e_value REAL,
            text TEXT NOT NULL,
            UNIQUE (experiment_id, metric, intent_id)
        ) STRICT;

        -- `response_format` and `tools` of a request, compressed; the same ones come with thousands of requests.
        CREATE TABLE request_format (
            id INTEGER PRIMARY KEY,
            fingerprint INTEGER NOT NULL,
            has_response_format INTEGER NOT NULL CHECK (has_response_format IN (0, 1)),
            has_tools INTEGER NOT NULL CHECK (has_tools IN (0, 1)),
            dictionary_id INTEGER REFERENCES dictionary (id),
            size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
            bytes BLOB NOT NULL
        ) STRICT;
        CREATE INDEX request_format_fingerprint ON request_format (fingerprint);

        -- Prompts apart from the pairs, found by their keyed hash, each stored once.
        CREATE TABLE prompt (
            id INTEGER PRIMARY KEY,
            hash ANY NOT NULL UNIQUE,
            received_at_us INTEGER NOT NULL,
            dictionary_id INTEGER REFERENCES dictionary (id),
            size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
            bytes BLOB NOT NULL
        ) STRICT;
        CREATE INDEX prompt_received ON prompt (received_at_us);

        -- AUTOINCREMENT: a row's number is never used again, so "every pair up to n has been scored" stays true.
        CREATE TABLE pair (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            uid TEXT NOT NULL UNIQUE CHECK (uid <> ''),
            experiment_id INTEGER NOT NULL REFERENCES experiment (id),
            received_at_us INTEGER NOT NULL,
            session_id INTEGER REFERENCES session (id),
            intent_id INTEGER NOT NULL REFERENCES intent_class (id),
            intent_source_id INTEGER NOT NULL REFERENCES intent_source (id),
            sampling_probability REAL NOT NULL CHECK (sampling_probability > 0 AND sampling_probability <= 1),
            endpoint_id INTEGER NOT NULL REFERENCES word (id),
            prompt_hash ANY NOT NULL,
            request_format_id INTEGER REFERENCES request_format (id),
            temperature REAL,
            max_tokens INTEGER,
            is_streamed INTEGER NOT NULL CHECK (is_streamed IN (0, 1))
        ) STRICT;
        CREATE INDEX pair_received ON pair (experiment_id, received_at_us);

        CREATE TABLE exchange (
            pair_id INTEGER NOT NULL REFERENCES pair (id) ON DELETE CASCADE,
            leg_id INTEGER NOT NULL REFERENCES leg (id) CHECK (leg_id BETWEEN 0 AND 2),
            version_id INTEGER NOT NULL REFERENCES word (id),
            reported_model_id INTEGER REFERENCES word (id),
            outcome_id INTEGER NOT NULL REFERENCES outcome (id),
            status INTEGER CHECK (status BETWEEN 0 AND 999),
            finish_reason_id INTEGER REFERENCES word (id),
            input_tokens INTEGER CHECK (input_tokens >= 0),
            output_tokens INTEGER CHECK (output_tokens >= 0),
            first_byte_us INTEGER CHECK (first_byte_us >= 0),
            first_token_us INTEGER CHECK (first_token_us >= 0),
            total_us INTEGER CHECK (total_us >= 0),
            inter_token_p50_us INTEGER CHECK (inter_token_p50_us >= 0),
            inter_token_max_us INTEGER CHECK (inter_token_max_us >= 0),
            size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
            text_size_bytes INTEGER NOT NULL CHECK (text_size_bytes >= 0),
            tool_call_count INTEGER NOT NULL CHECK (tool_call_count >= 0),
            PRIMARY KEY (pair_id, leg_id)
        ) STRICT, WITHOUT ROWID;

        -- The texts of all answers of one pair in one zstd frame: they resemble each other, and equal ones cost nothing.
        CREATE TABLE content (
            pair_id INTEGER PRIMARY KEY REFERENCES pair (id) ON DELETE CASCADE,
            dictionary_id INTEGER REFERENCES dictionary (id),
            size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
            bytes BLOB NOT NULL
        ) STRICT;

        CREATE TABLE scorer (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL CHECK (name <> ''),
            version TEXT NOT NULL,
            scored_through_pair_id INTEGER NOT NULL DEFAULT 0,
            UNIQUE (name, version)
        ) STRICT;

        -- A value of NULL on leg 3: the scorer looked at the pair and is not defined on it.
        CREATE TABLE score (
            pair_id INTEGER NOT NULL REFERENCES pair (id) ON DELETE CASCADE,
            scorer_id INTEGER NOT NULL REFERENCES scorer (id),
            leg_id INTEGER NOT NULL REFERENCES leg (id),
            value REAL CHECK (leg_id = 3 OR (value IS NOT NULL AND value BETWEEN 0 AND 1)),
            PRIMARY KEY (pair_id, scorer_id, leg_id)
        ) STRICT, WITHOUT ROWID;

        -- Sums of changes: in_flight goes down as well as up, so the funnel's laws hold for every sum of rows.
        CREATE TABLE funnel (
            experiment_id INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
            minute INTEGER NOT NULL,
            intent_id INTEGER NOT NULL REFERENCES intent_class (id),
            stage TEXT NOT NULL CHECK (stage IN
                ('seen', 'not_eligible', 'not_sampled', 'sampled', 'in_flight', 'stored', 'shed', 'failed')),
            reason TEXT NOT NULL DEFAULT '',
            count INTEGER NOT NULL,
            PRIMARY KEY (experiment_id, minute, intent_id, stage, reason)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE sampling_rate (
            experiment_id INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
            day INTEGER NOT NULL,
            intent_id INTEGER NOT NULL REFERENCES intent_class (id),
            rate REAL NOT NULL CHECK (rate BETWEEN 0 AND 1),
            PRIMARY KEY (experiment_id, day, intent_id)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE day_traffic (
            experiment_id INTEGER NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
            day INTEGER NOT NULL,
            intent_id INTEGER NOT NULL REFERENCES intent_class (id),
            request_count INTEGER NOT NULL CHECK (request_count >= 0),
            session_count INTEGER NOT NULL CHECK (session_count >= 0),
            PRIMARY KEY (experiment_id, day, intent_id)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE rating_round (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            seed INTEGER NOT NULL,
            exported_at_us INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE rating_item (
            id INTEGER PRIMARY KEY,
            uid TEXT NOT NULL UNIQUE,
            round_id INTEGER NOT NULL REFERENCES rating_round (id) ON DELETE CASCADE,
            pair_id INTEGER NOT NULL REFERENCES pair (id) ON DELETE CASCADE,
            side_a_leg_id INTEGER NOT NULL REFERENCES leg (id) CHECK (side_a_leg_id BETWEEN 0 AND 2),
            side_b_leg_id INTEGER NOT NULL REFERENCES leg (id) CHECK (side_b_leg_id BETWEEN 0 AND 2),
            -- With which it was drawn into the probability sample; NULL for a targeted item.
            inclusion_probability REAL CHECK (inclusion_probability > 0 AND inclusion_probability <= 1),
            reason TEXT NOT NULL,
            -- The uid of the item that this one repeats with its sides swapped.
            swapped_of TEXT,
            CHECK (side_a_leg_id <> side_b_leg_id)
        ) STRICT;
        CREATE INDEX rating_item_pair ON rating_item (pair_id);
        CREATE INDEX rating_item_round ON rating_item (round_id);

        CREATE TABLE rating (
            id INTEGER PRIMARY KEY,
            item_id INTEGER REFERENCES rating_item (id) ON DELETE CASCADE,
            pair_id INTEGER NOT NULL REFERENCES pair (id) ON DELETE CASCADE,
            rater TEXT NOT NULL CHECK (rater <> ''),
            choice TEXT NOT NULL CHECK (choice IN ('a', 'b', 'both_good', 'both_bad', 'stable', 'shadow', 'tie')),
            harm TEXT CHECK (harm IN ('a', 'b', 'both', 'stable', 'shadow')),
            comment TEXT,
            rated_at_us INTEGER
        ) STRICT;
        CREATE UNIQUE INDEX rating_of_item ON rating (item_id, rater) WHERE item_id IS NOT NULL;
        CREATE UNIQUE INDEX rating_of_pair ON rating (pair_id, rater) WHERE item_id IS NULL;
        CREATE INDEX rating_pair ON rating (pair_id);

        PRAGMA user_version = 1;
        """
}
