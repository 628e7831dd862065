import Foundation
import GRDB
import Threads
package import Vocabulary

/// What a store holds and what it takes.
package struct StoreInfo: Sendable, Equatable {
    package var schemaVersion: Int
    /// The database file with its `-wal`.
    package var fileBytes: Int
    /// Pages that are free within the file, in bytes.
    package var freeBytes: Int
    package var pairs: Int
    package var sessions: Int
    package var prompts: Int
    /// Pairs whose texts are still there.
    package var contents: Int
    /// Bytes by table, its indexes included; empty where SQLite was built without `dbstat`.
    package var tableBytes: [String: Int]
    package var pairCounts: [PairCount]
}

/// What keeps a store sound: its figures, its checks, and forgetting a person.
///
/// Everything that deletes does so in small transactions, so that a serving process's batches get their turn. None of it can
/// be part of a transaction of its caller's.
package struct StoreUpkeep {
    let store: Store

    /// The store's figures; reads the whole file where `dbstat` is there.
    package func info() throws -> StoreInfo {
        try store.read { db in
            func integer(_ sql: String) throws -> Int { try Int.fetchOne(db, sql: sql) ?? 0 }
            let pageSize = try integer("PRAGMA page_size")
            return StoreInfo(
                schemaVersion: try integer("PRAGMA user_version"),
                fileBytes: [store.path, store.path + "-wal"].reduce(0) { $0 + Self.fileBytes($1) },
                freeBytes: try integer("PRAGMA freelist_count") * pageSize,
                pairs: try integer("SELECT count(*) FROM pair"),
                sessions: try integer("SELECT count(*) FROM session"),
                prompts: try integer("SELECT count(*) FROM prompt"),
                contents: try integer("SELECT count(*) FROM content"),
                tableBytes: try Self.tableBytes(db),
                pairCounts: try PairTable(connection: StoreConnection(store, in: db)).counts()
            )
        }
    }

    /// Looks for damage; empty where there is none.
    ///
    /// - Parameter texts: whether every stored text is read back as well, which its checksum makes a check.
    /// - Returns: a sentence for each finding, at most a hundred of a kind.
    /// - Throws: what SQLite says where it cannot even look.
    package func check(texts: Bool = false) throws -> [String] {
        try store.read { db in
            var problems = try String.fetchAll(db, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
            let orphans = try Row.fetchCursor(db, sql: "PRAGMA foreign_key_check")
            var orphanCount = 0
            while orphanCount < Self.shownProblems, let next = try orphans.next() {
                orphanCount += 1
                let row = StoredRow(next, of: "foreign_key_check")
                let table = try row.text(0, "table")
                let rowID = try row.optionalInteger(1, "rowid")
                let parent = try row.text(2, "parent")
                problems.append(
                    "A row of \(table)\(rowID.map { " (\($0))" } ?? "") refers to one of \(parent) that is not there."
                )
            }
            for rule in RowRule.all {
                problems += try rule.broken(limit: Self.shownProblems, db).map { row in
                    "Row \(row.row.map(String.init) ?? "without a number") of \(row.table) has in \(row.column) \(row.found)."
                }
            }
            if texts {
                problems += try unreadable(limit: Self.shownProblems, db)
            }
            return problems
        }
    }

    /// Deletes every pair of a session with all that hangs on it, and the prompts that no other pair has.
    ///
    /// The funnel keeps its counts, which name nobody.
    ///
    /// - Returns: how many pairs were deleted.
    package func forget(session: SessionHash) throws -> Int {
        let hash = HashValue(hex: session.hex)
        let count = try store.write { db in
            let count = try forgetPairs(
                "SELECT p.id FROM pair p JOIN session s ON s.id = p.session_id WHERE s.hash = ?",
                hash,
                db
            )
            try db.execute(sql: "DELETE FROM session WHERE hash = ?", arguments: [hash])
            return count
        }
        try giveBackPages()
        try emptyLog()
        return count
    }

    /// Deletes every pair with a prompt, and the prompt.
    ///
    /// - Returns: how many pairs were deleted.
    package func forget(promptHash: PromptHash) throws -> Int {
        let hash = HashValue(hex: promptHash.hex)
        let count = try store.write { db in
            let count = try forgetPairs("SELECT id FROM pair WHERE prompt_hash = ?", hash, db)
            try db.execute(sql: "DELETE FROM prompt WHERE \(Schema.sameHash("hash", "?1"))", arguments: [hash])
            return count
        }
        try giveBackPages()
        try emptyLog()
        return count
    }

    // MARK: - Steps

    private static let stepPages = 2_000
    /// Of each kind; who reads a hundred sentences knows enough.
    private static let shownProblems = 100

    private func forgetPairs(_ select: String, _ hash: HashValue, _ db: Database) throws -> Int {
        let pairs = try Int64.fetchAll(db, sql: select, arguments: [hash])
        try db.execute(sql: "CREATE TEMP TABLE forgotten_prompt (hash ANY PRIMARY KEY)")
        for pair in pairs {
            try db.execute(
                sql: "INSERT OR IGNORE INTO forgotten_prompt SELECT prompt_hash FROM pair WHERE id = ?",
                arguments: [pair]
            )
            try db.execute(sql: "DELETE FROM pair WHERE id = ?", arguments: [pair])
        }
        try db.execute(
            sql: """
                DELETE FROM forgotten_prompt WHERE hash IN (SELECT prompt_hash FROM pair);
                DELETE FROM prompt WHERE id IN (
                    SELECT t.id FROM forgotten_prompt f JOIN prompt t ON \(Schema.sameHash("t.hash", "f.hash")));
                DROP TABLE forgotten_prompt;
                DELETE FROM request_format WHERE id NOT IN
                    (SELECT request_format_id FROM pair WHERE request_format_id IS NOT NULL);
                """
        )
        return pairs.count
    }

    /// Returns free pages to the file system, some at a time.
    func giveBackPages() throws {
        var left = Int.max
        while true {
            let free = try store.pool.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA incremental_vacuum(\(Self.stepPages))")
                return try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
            }
            // A file that was not made for it gives nothing back.
            guard free > 0, free < left else { return }
            left = free
        }
    }

    /// Folds the `-wal` into the file and empties it, as what was deleted still stands in it.
    ///
    /// Waits for readers, and lets no one write meanwhile, for as long as the busy time-out.
    ///
    /// - Throws: `StoreError.logNotEmptied` where somebody was reading or copying all that time.
    func emptyLog() throws {
        let deadline = ContinuousClock.now + store.busyTimeout
        repeat {
            // Its first column says whether it was kept from it; that is no error to SQLite.
            let isKept = try store.pool.writeWithoutTransaction { db in
                try Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)").map { $0[0] != 0 } ?? false
            }
            if !isKept { return }
            // Another checkpoint is refused at once, and SQLite calls nobody when it is over (sqlite.org/c3ref/wal_checkpoint_v2.html).
            sleepUnwoken(for: .milliseconds(20))
        } while ContinuousClock.now < deadline
        throw StoreError.logNotEmptied(path: store.path)
    }

    /// Texts, dictionaries and scores that cannot be read back: a sentence for each, at most so many of a kind.
    func unreadable(limit: Int, _ db: Database) throws -> [String] {
        try unreadableDictionaries(limit: limit, db)
            + [("content", "pair_id"), ("prompt", "id"), ("request_format", "id")].flatMap { table, key in
                try unreadable(table, key: key, limit: limit, db)
            } + Self.unreadableScores(limit: limit, db)
    }

    /// Also those that no text names: the newest is what new texts are compressed with.
    private func unreadableDictionaries(limit: Int, _ db: Database) throws -> [String] {
        let compressor = try ZstdCompressor()
        var problems: [String] = []
        let rows = try Row.fetchCursor(db, sql: "SELECT id, bytes FROM dictionary")
        while problems.count < limit, let next = try rows.next() {
            let row = StoredRow(next, of: "dictionary")
            let number = (try? row.integer(0, "id")) ?? 0
            do {
                let bytes = try row.bytes(1, "bytes")
                _ = try ReadyDictionary(bytes, rowID: number)
                try compressor.use(TextDictionary(rowID: number, bytes: bytes))
                // It is not looked at before something is compressed.
                _ = try compressor.compress([0])
            } catch {
                problems.append("The dictionary of row \(number) is none (\(error)).")
            }
        }
        return problems
    }

    private func unreadable(_ table: String, key: String, limit: Int, _ db: Database) throws -> [String] {
        let texts = try StoredTextReader(db, store.dictionaries)
        var problems: [String] = []
        let rows = try Row.fetchCursor(db, sql: "SELECT \(key), bytes, size_bytes, dictionary_id FROM \(table)")
        while problems.count < limit, let next = try rows.next() {
            let row = StoredRow(next, of: "texts")
            do {
                let bytes = try texts.read(try row.bytes(1, "bytes"), row, sizeAt: 2)
                if table == "content" { _ = try TextCodec.decodeLegs(bytes) }
                if table == "request_format" { _ = try TextCodec.decodeFormat(bytes) }
            } catch StoreError.brokenRow {
                // A size that no text has, which the rules have told of.
            } catch {
                let number = (try? row.integer(0, "id")).map(String.init) ?? "without a number"
                problems.append("The text of row \(number) of \(table) cannot be read back (\(error)).")
            }
        }
        return problems
    }

    private static func unreadableScores(limit: Int, _ db: Database) throws -> [String] {
        var problems: [String] = []
        do {
            let sets = try KnownScorers(db).sets
            let rows = try Row.fetchCursor(db, sql: "SELECT pair_id, scorer_set_id, bytes FROM score_pack")
            while problems.count < limit, let next = try rows.next() {
                let row = StoredRow(next, of: "score_pack")
                let set = try? row.integer(1, "scorer_set_id")
                let count = set.flatMap { sets[$0]?.count } ?? 0
                var isRight = true
                let isWhole = try row.withBytes(2) { bytes in
                    ScorePack.forEach(in: bytes ?? Data(), scorerCount: count) { _, leg, value in
                        isRight = isRight && ScorePack.isScore(value, leg: leg)
                    }
                }
                guard !isWhole || !isRight else { continue }
                let number = (try? row.integer(0, "pair_id")).map(String.init) ?? "without a number"
                problems.append("The scores of pair row \(number) cannot be read back.")
            }
        } catch let error as StoreError {
            problems.append(error.description)
        }
        return problems
    }

    private static func tableBytes(_ db: Database) throws -> [String: Int] {
        do {
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT coalesce(m.tbl_name, d.name), sum(d.pgsize) FROM dbstat d
                    LEFT JOIN sqlite_schema m ON m.name = d.name WHERE d.aggregate = TRUE GROUP BY 1
                    """
            )
            return try rows.reduce(into: [:]) { sizes, row in
                let row = StoredRow(row, of: "dbstat")
                sizes[try row.text(0, "name")] = try row.count(1, "pgsize")
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_ERROR {
            return [:]
        }
    }

    private static func fileBytes(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}
