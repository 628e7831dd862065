import Foundation
import GRDB

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

    /// What a start after `kill -9` needs to make the funnel whole; see `FunnelTable.recover`.
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
            let row = StoredRow(row, of: "score")
            let pair = try row.integer(0, "pair_id")
            if pair != present {
                try keep(present, scores)
                (present, scores) = (pair, [])
            }
            let scorer = try row.integer(1, "scorer_id")
            if scores.last?.scorer != scorer { scores.append((scorer, [nil, nil, nil, nil])) }
            let leg = try row.count(2, "leg_id", in: 0...3)
            scores[scores.count - 1].values[leg] = try row.optionalNumber(3, "value", in: StoredRange.finite)
        }
        try keep(present, scores)
    }
}
