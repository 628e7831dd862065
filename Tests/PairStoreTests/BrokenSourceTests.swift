import Foundation
import GRDB
import TestSupport
import Testing
import Vocabulary

@testable import PairStore

/// What a stranger's store may not bring into the target of a merge, where it would stay.
struct BrokenSourceTests {
    private static func open(_ path: String, pairs: ClosedRange<Int>) throws -> Store {
        let store = try Store.open(path: path, access: .createOrOpen)
        let experiment = try store.experiments.declare(.example(), by: "a test", at: .example)
        var pairs = pairs.map { Pair.example("\(path)-\($0)") }
        pairs[0].request.tools = #"[{"name":"look"}]"#
        _ = try store.pairs.add(
            pairs.map { ImportedPair(pair: $0, pairScores: ["judge": 0.25]) },
            into: experiment,
            policy: .full
        )
        try store.bindKey(fingerprint: "f")
        return store
    }

    private static let again = """
        INSERT INTO prompt (hash, received_at_us, dictionary_id, size_bytes, bytes)
        SELECT hash, received_at_us, dictionary_id, size_bytes, bytes FROM prompt WHERE id = 1
        """

    /// A dictionary as zstd marks it (RFC 8878, §5), with nothing behind the mark that could be one.
    private static let badDictionary = "x'37a430ec01000000ffffffffffffffffffffffffffffffff'"

    @Test(arguments: [
        (again, "hash"),
        ("UPDATE prompt SET hash = 7 WHERE id = 1", "hash"),
        ("UPDATE pair SET prompt_hash = 7.5 WHERE id = 1", "prompt_hash"),
        ("INSERT INTO session (hash) VALUES (5)", "hash"),
        ("UPDATE content SET bytes = x'28b52ffd' WHERE pair_id = 2", "row 2 of content"),
        ("UPDATE content SET dictionary_id = 9 WHERE pair_id = 2", "row 2 of content"),
        ("UPDATE prompt SET bytes = zeroblob(30) WHERE id = 3", "row 3 of prompt"),
        ("UPDATE request_format SET bytes = x''", "of request_format"),
        ("INSERT INTO dictionary (made_at_us, bytes) VALUES (1, \(badDictionary))", "dictionary of row 1"),
        ("UPDATE score_pack SET bytes = x'ff' WHERE pair_id = 1", "scores of pair row 1"),
        ("UPDATE scorer_set SET scorer_ids = '1,x'", "scorer_ids"),
        ("UPDATE scorer_set SET scorer_ids = '1,1'", "scorer_ids"),
        ("UPDATE scorer_set SET scorer_ids = '99999999999999999999'", "scorer_ids"),
    ])
    func `what no reader could read is refused before the target has any of it`(
        _ sql: String,
        _ place: String
    ) async throws {
        try withTemporaryFolder { folder in
            let source = try Self.open(folder + "/source.sqlite", pairs: 1...3)
            try source.pool.writeWithoutTransaction { db in
                try db.execute(
                    sql: "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF; \(sql); "
                        + "PRAGMA ignore_check_constraints = OFF; PRAGMA foreign_keys = ON"
                )
            }
            let whole = try Self.open(folder + "/whole.sqlite", pairs: 4...5)
            let target = folder + "/target.sqlite"
            let error = #expect(throws: StoreError.self) {
                try Store.merge([whole.path, source.path], into: target)
            }
            let sentence = "\(try #require(error))"
            #expect(sentence.contains(place) && error?.isAboutData == true, "\(sentence)")
            #expect(try source.upkeep.check(texts: true).contains { $0.contains(place) })
            try Store.merge([whole.path], into: target)
            let merged = try Store.open(path: target, access: .readOnly)
            #expect(try merged.upkeep.check(texts: true).isEmpty)
            #expect(try merged.upkeep.info().pairs == 2)
            for store in [source, whole, merged] { try store.close() }
        }
    }

    @Test func `a prompt that comes twice after the source was looked at is taken once`() async throws {
        try withTemporaryFolder { folder in
            let first = try Self.open(folder + "/first.sqlite", pairs: 1...2)
            let second = try Self.open(folder + "/second.sqlite", pairs: 3...4)
            let target = folder + "/target.sqlite"
            var isFirst = true
            try Store.merge([first.path, second.path], into: target) { _ in
                if isFirst { try second.write { try $0.execute(sql: Self.again) } }
                isFirst = false
            }
            let merged = try Store.open(path: target, access: .readOnly)
            #expect(try merged.upkeep.info().prompts == 4)
            var count = 0
            try merged.pairs.forEachPair { _ in
                count += 1
                return true
            }
            #expect(count == 4)
            for store in [first, second, merged] { try store.close() }
        }
    }

    // MARK: - Memory

    @Test func `sets of scorers are bounded in all, by reader and writer alike`() async throws {
        try await withStore { store, experiment in
            let names = (0..<2_000).map { "s\($0)" }
            func pair(_ number: Int) -> ImportedPair {
                let scores = Dictionary(uniqueKeysWithValues: names.dropFirst(number).map { ($0, 0.5) })
                return ImportedPair(pair: .example("\(number)"), pairScores: scores)
            }
            let limit = StoredRange.scorersOfSets
            #expect(throws: StoreError.tooManyScorerSets(limit: limit)) {
                _ = try store.pairs.add((0..<40).map(pair), into: experiment, policy: .full)
            }
            // What was stored is read.
            try store.pairs.forEachPair { _ in true }
            try store.write { db in
                for number in 0..<40 {
                    let ids = (1...2_000).map { String($0 + number) }.joined(separator: ",")
                    try db.execute(sql: "INSERT OR IGNORE INTO scorer_set (scorer_ids) VALUES (?)", arguments: [ids])
                }
            }
            #expect(throws: StoreError.tooManyScorerSets(limit: limit)) { try store.pairs.forEachPair { _ in true } }
        }
    }

    @Test func `words are remembered in bounded memory, and a long one is not`() async throws {
        try await withStore { store, _ in
            let long = String(repeating: "w", count: WordReader.maximumBytes / 8)
            let count = 20
            try store.write { db in
                for number in 0..<count {
                    try db.execute(
                        sql: "INSERT INTO word (id, text) VALUES (?, ?)",
                        arguments: [number + 100, long + "\(number)"]
                    )
                }
            }
            try store.read { db in
                var words = WordReader()
                for number in (0..<count) {
                    let row = StoredRow(
                        try #require(try Row.fetchOne(db, sql: "SELECT \(number + 100)")),
                        of: "exchange"
                    )
                    #expect(try words.word(of: row, 0, "version_id", db) == long + "\(number)")
                    #expect(words.rememberedBytes <= WordReader.maximumBytes)
                }
                #expect(words.rememberedBytes > 0)
            }
        }
    }

    @Test func `the id of a tool's call takes room in the queue like its arguments`() {
        var pair = Pair.example("p")
        let before = pair.textByteCount
        pair.shadow.toolCalls = [ToolCall(id: String(repeating: "i", count: 1_000), name: "f", arguments: "{}")]
        #expect(pair.textByteCount == before + 1_003)
    }

    // MARK: - Tables of others

    @Test func `what Litestream leaves in the store that it replicates is no harm`() async throws {
        try await withStore { store, _ in
            try store.write { db in
                try db.execute(
                    sql: """
                        CREATE TABLE IF NOT EXISTS _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER);
                        CREATE TABLE IF NOT EXISTS _litestream_lock (id INTEGER);
                        """
                )
            }
            try Store.open(path: store.path, access: .readWrite).close()
            try store.write { try $0.execute(sql: "ALTER TABLE _litestream_lock ADD COLUMN x AS (1)") }
            #expect(throws: StoreError.self) { try Store.open(path: store.path, access: .readWrite) }
        }
    }

    @Test(arguments: [
        ("CREATE TABLE later (x)", "sqlite3 PATH 'DROP TABLE \"later\"'"),
        ("CREATE TRIGGER t1 AFTER INSERT ON pair BEGIN DELETE FROM pair; END", "sqlite3 PATH 'DROP TRIGGER \"t1\"'"),
        // Nothing is offered that a shell would read otherwise.
        ("CREATE TABLE \"'; rm x\" (x)", nil), ("DROP INDEX pair_received", nil),
        ("DROP TABLE funnel_tally; CREATE VIEW funnel_tally AS SELECT 1", nil),
    ])
    func `a sentence about what is not ours says how to take it away`(_ sql: String, _ remedy: String?) async throws {
        try await withStore { store, _ in
            try store.write { try $0.execute(sql: sql) }
            let error = #expect(throws: StoreError.self) { try Store.open(path: store.path, access: .readWrite) }
            let sentence = "\(try #require(error))"
            if let remedy {
                #expect(sentence.contains(remedy.replacing("PATH", with: store.path)), "\(sentence)")
            } else {
                #expect(!sentence.contains("sqlite3"), "\(sentence)")
            }
        }
    }
}
