import Foundation
import GRDB
import TestSupport
import Testing
import Vocabulary

@testable import PairStore

/// Stores whose rows hold what no program of ours writes: under our schema, with SQLite's rules switched off.
struct BrokenStoreTests {
    /// A statement, and the table and the column that the sentence about it has to name.
    struct Break: Sendable, CustomStringConvertible {
        var sql: String
        var place: String
        /// How the check calls it, where that is otherwise.
        var checked: String?

        var description: String { sql }
    }

    static let breaks: [Break] = [
        Break(sql: "UPDATE content SET size_bytes = -1", place: "size_bytes"),
        Break(sql: "UPDATE content SET size_bytes = \(Int64.min + 1)", place: "size_bytes"),
        Break(sql: "UPDATE content SET size_bytes = 4611686018427387904", place: "size_bytes"),
        Break(sql: "UPDATE content SET size_bytes = 200000000", place: "content"),
        Break(sql: "UPDATE prompt SET size_bytes = -9", place: "size_bytes"),
        Break(sql: "UPDATE request_format SET size_bytes = 9000000000", place: "size_bytes"),
        Break(sql: "UPDATE content SET dictionary_id = 99", place: "content"),
        Break(sql: "UPDATE content SET bytes = x'28b52ffd'", place: "content"),
        Break(sql: "UPDATE exchange SET total_us = -5", place: "total_us"),
        Break(sql: "UPDATE exchange SET first_token_us = \(Int64.max)", place: "first_token_us"),
        Break(sql: "UPDATE exchange SET input_tokens = \(Int64.max)", place: "input_tokens"),
        Break(sql: "UPDATE exchange SET output_tokens = -1", place: "output_tokens"),
        Break(sql: "UPDATE exchange SET size_bytes = \(Int64.max)", place: "size_bytes"),
        Break(sql: "UPDATE exchange SET tool_call_count = -1", place: "tool_call_count"),
        Break(sql: "UPDATE exchange SET status = 70000", place: "status"),
        Break(sql: "UPDATE exchange SET outcome_id = 77", place: "outcome_id"),
        Break(sql: "UPDATE exchange SET version_id = 12345", place: "version_id", checked: "refers to one of word"),
        Break(sql: "UPDATE exchange SET leg_id = 3 WHERE leg_id = 1", place: "leg_id"),
        Break(sql: "DELETE FROM exchange WHERE leg_id = 1", place: "exchange", checked: "both answers"),
        Break(sql: "UPDATE pair SET received_at_us = \(Int64.max)", place: "received_at_us"),
        Break(sql: "UPDATE pair SET received_at_us = \(Int64.min + 1)", place: "received_at_us"),
        Break(sql: "UPDATE pair SET sampling_probability = 0.0", place: "sampling_probability"),
        Break(sql: "UPDATE pair SET sampling_probability = -1e308", place: "sampling_probability"),
        Break(sql: "UPDATE pair SET sampling_probability = 1e-308", place: "sampling_probability"),
        Break(sql: "UPDATE pair SET sampling_probability = 9e999", place: "sampling_probability"),
        Break(sql: "UPDATE pair SET intent_id = 12345", place: "intent_id", checked: "refers to one of intent_class"),
        Break(sql: "UPDATE pair SET is_streamed = 7", place: "is_streamed"),
        Break(sql: "UPDATE score_pack SET bytes = randomblob(100)", place: "scores"),
    ]

    /// A store with one pair that has everything, changed behind the rules' back.
    private func withBroken(_ sql: String, _ body: (Store) throws -> Void) async throws {
        try await withStore { store, experiment in
            var pair = Pair.example("p", session: "ab")
            pair.request.tools = #"[{"name":"look"}]"#
            _ = try store.pairs.add(
                [ImportedPair(pair: pair, pairScores: ["judge": 0.25])],
                into: experiment,
                policy: .full
            )
            try store.pool.writeWithoutTransaction { db in
                try db.execute(
                    sql: "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF; \(sql); "
                        + "PRAGMA ignore_check_constraints = OFF; PRAGMA foreign_keys = ON"
                )
            }
            try body(store)
        }
    }

    @Test(arguments: breaks)
    func `a row that cannot be is one sentence that names it, and the check names it too`(_ broken: Break) async throws
    {
        try await withBroken(broken.sql) { store in
            let error = #expect(throws: StoreError.self) {
                try store.pairs.forEachFigures { _ in }
                try store.pairs.forEachPair { _ in true }
            }
            let sentence = "\(try #require(error))"
            #expect(error?.isAboutData == true)
            #expect(sentence.contains(broken.place) && sentence.contains("1"), "\(sentence)")
            #expect(!sentence.contains("an answer\""), "no words of the pair")
            #expect(try store.upkeep.check(texts: true).contains { $0.contains(broken.checked ?? broken.place) })
            // What goes on where one row is broken goes on.
            try store.upkeep.vacuum()
        }
    }

    @Test func `the check goes on after a broken row and names each`() async throws {
        try await withStore { store, experiment in
            _ = try store.pairs.add(
                (0..<5).map { ImportedPair(pair: .example("\($0)")) },
                into: experiment,
                policy: .full
            )
            try store.pool.writeWithoutTransaction { db in
                try db.execute(
                    sql: """
                        PRAGMA ignore_check_constraints = ON;
                        UPDATE exchange SET total_us = -5 WHERE pair_id IN (2, 4);
                        UPDATE content SET size_bytes = -1 WHERE pair_id = 3;
                        UPDATE content SET bytes = zeroblob(20) WHERE pair_id = 5;
                        PRAGMA ignore_check_constraints = OFF;
                        """
                )
            }
            let problems = try store.upkeep.check(texts: true)
            #expect(problems.count { $0.contains("total_us") } >= 4)
            #expect(problems.contains { $0.contains("Row 3 of content has in size_bytes") })
            #expect(problems.contains { $0.contains("The text of row 5 of content") })
        }
    }

    @Test(arguments: [
        ("UPDATE experiment SET started_at_us = \(Int64.max)", "started_at_us"),
        ("UPDATE experiment SET horizon_seconds = 9e999", "horizon_seconds"),
        ("UPDATE experiment SET horizon_seconds = 1e300", "horizon_seconds"),
    ])
    func `an experiment that cannot be is told`(_ sql: String, _ column: String) async throws {
        try await withBroken(sql) { store in
            let error = #expect(throws: StoreError.self) { _ = try store.experiments.all() }
            let sentence = "\(try #require(error))"
            #expect(sentence.contains(column))
        }
    }

    @Test func `counters that cannot be added up are told, and do not end the process`() async throws {
        try await withStore { store, experiment in
            var change = Funnel()
            change.seen = .max
            try store.funnel.add(
                [
                    FunnelMinute(minute: 1, intent: nil, change: change),
                    FunnelMinute(minute: 2, intent: nil, change: change),
                ],
                experiment: experiment
            )
            #expect(throws: StoreError.brokenSums(path: store.path)) { try store.funnel.sum(experiment: experiment) }
            try store.write { try $0.execute(sql: "DELETE FROM funnel WHERE minute = 2") }
            let error = #expect(throws: StoreError.self) { try store.funnel.sum(experiment: experiment) }
            let sentence = "\(try #require(error))"
            #expect(sentence.contains("count"))
        }
    }

    @Test func `a small text that claims to be large gets no memory`() throws {
        let frame = try ZstdCompressor().compress([1, 2, 3]).bytes
        #expect(throws: ZstdError.self) { try ZstdDecompressor().decompress(frame, sizeBytes: 200_000_000) }
        #expect(throws: ZstdError.self) { try ZstdDecompressor().decompress(frame, sizeBytes: -1) }
        #expect(throws: ZstdError.self) { try ZstdDecompressor().decompress(frame, sizeBytes: .min) }
        // As much as it can hold: a long run of one byte.
        let run = [UInt8](repeating: 7, count: 30_000_000)
        let packed = try ZstdCompressor().compress(run)
        #expect(packed.bytes.count < 5_000)
        #expect(try ZstdDecompressor().decompress(packed.bytes, sizeBytes: run.count) == run)
    }

    @Test func `a list that claims more elements than any answer has is refused before it takes memory`() {
        // Layout 1, one leg, stable, an empty text, and then two hundred thousand empty choices.
        let choices: [UInt8] = [0xC0, 0x9A, 0x0C] + [UInt8](repeating: 0, count: 200_000)
        #expect(throws: TextCodecError.self) { try TextCodec.decodeLegs([1, 1, 0, 0] + choices) }
        #expect(throws: TextCodecError.self) { try TextCodec.decodeLegs([1, 0xFF, 0x7F] + choices) }
    }

    @Test func `a merge refuses a source with a row that cannot be`() async throws {
        try await withBroken("UPDATE pair SET received_at_us = \(Int64.max)") { store in
            try store.bindKey(fingerprint: "f")
            let error = #expect(throws: StoreError.self) {
                try Store.merge([store.path], into: store.path + ".merged")
            }
            let sentence = "\(try #require(error))"
            #expect(sentence.contains("received_at_us"))
        }
    }

    @Test func `a broken row that is met in storing fails its pair alone`() async throws {
        try await withStore { store, experiment in
            _ = try store.pairs.add(
                [ImportedPair(pair: .example("p", hash: "aa"))],
                into: experiment,
                policy: .full
            )
            try store.write { try $0.execute(sql: "UPDATE prompt SET received_at_us = \(Int64.max)") }
            let writer = try PairWriter(store: store, experiment: experiment, policy: .full)
            let results = Results()
            // The same prompt again, whose row says when it was last asked.
            #expect(writer.append(.example("again", hash: "aa"), completion: results.add))
            #expect(writer.append(.example("other", hash: "bb"), completion: results.add))
            await writer.close()
            #expect(results.all.count == 2 && results.storedCount == 1)
        }
    }

    @Test func `scores of an old schema that cannot be are told when they are packed`() async throws {
        try withTemporaryFolder { folder in
            let path = folder + "/pairs.sqlite"
            let queue = try DatabaseQueue(path: path)
            try queue.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA application_id = \(StoreFile.applicationID)")
            }
            try Schema.migrator.migrate(queue, upTo: "2")
            try queue.writeWithoutTransaction { db in
                try db.execute(
                    sql: """
                        PRAGMA foreign_keys = OFF;
                        INSERT INTO score (pair_id, scorer_id, leg_id, value) VALUES (1, 1, 77, 0.5);
                        """
                )
            }
            try queue.close()
            let error = #expect(throws: StoreError.self) { try Store.open(path: path, access: .readWrite) }
            let sentence = "\(try #require(error))"
            #expect(sentence.contains("leg_id"))
        }
    }

    // MARK: - Schemas

    @Test(arguments: [
        ("CREATE TRIGGER t1 AFTER INSERT ON score_pack BEGIN DELETE FROM pair; END", "the trigger t1"),
        ("CREATE VIEW later AS SELECT 1", "the view later"),
        ("CREATE TABLE later (x)", "the table later"),
        ("CREATE INDEX later ON pair (uid)", "the index later"),
        ("ALTER TABLE prompt RENAME TO other; CREATE VIEW prompt AS SELECT * FROM other", "the"),
        (
            """
            ALTER TABLE session RENAME TO other;
            CREATE VIEW session AS WITH RECURSIVE r (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r)
                SELECT i AS id, i AS hash FROM r
            """, "the"
        ),
        ("DROP TABLE funnel_tally", "no table funnel_tally"),
        ("ALTER TABLE exchange ADD COLUMN later INTEGER GENERATED ALWAYS AS (1)", "the table exchange"),
        ("PRAGMA user_version = 4", "the"),
        ("DELETE FROM grdb_migrations WHERE identifier = '3'", "migrations"),
    ])
    func `a schema that is not ours is refused before anything is asked of it`(
        _ sql: String,
        _ object: String
    ) async throws {
        try withTemporaryFolder { folder in
            let path = folder + "/pairs.sqlite"
            try Store.open(path: path, access: .createOrOpen).close()
            let queue = try DatabaseQueue(path: path)
            try queue.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON; \(sql)")
            }
            try queue.close()
            for access in [Store.Access.readOnly, .readWrite, .createOrOpen] {
                let error = #expect(throws: StoreError.self) { try Store.open(path: path, access: access) }
                let sentence = "\(try #require(error))"
                #expect(sentence.contains(object) && sentence.contains("did not make"), "\(sentence)")
            }
        }
    }

    @Test func `what ANALYZE leaves is no harm`() async throws {
        try await withStore { store, experiment in
            _ = try store.pairs.add([ImportedPair(pair: .example("p"))], into: experiment, policy: .full)
            try store.write { try $0.execute(sql: "ANALYZE") }
            try Store.open(path: store.path, access: .readWrite).close()
        }
    }

    @Test func `comments and blanks of a schema do not matter, and quotes are no comments`() {
        #expect(SchemaComparison.significant("a  -- b\n c /* d\n */ e") == "a c e")
        #expect(SchemaComparison.significant("a '-- b' \"/* c\" d") == "a '-- b' \"/* c\" d")
        // One line less makes a comment of what was a column.
        #expect(SchemaComparison.significant("a, -- b\n c") != SchemaComparison.significant("a, -- b c"))
    }

    // MARK: - What is no file

    @Test(.hangLimit)
    func `a FIFO in place of a store or a key is refused and never waited for`() async throws {
        try withTemporaryFolder { folder in
            let fifo = folder + "/fifo"
            #expect(mkfifo(fifo, 0o600) == 0)
            try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: fifo)
            for path in [fifo, folder + "/link"] {
                #expect(throws: StoreError.notAStore(path: path)) { try Store.open(path: path, access: .readWrite) }
                let error = #expect(throws: StoreError.self) { try PromptKey.load(path: path) }
                #expect(error == .notAFile(path: path, kind: "a FIFO"))
            }
            #expect(throws: StoreError.notAFile(path: folder, kind: "a directory")) {
                try PromptKey.load(path: folder)
            }
            let store = folder + "/store.sqlite"
            try Store.open(path: store, access: .createOrOpen).close()
            for companion in ["-journal", "-wal", "-shm"] {
                #expect(mkfifo(store + companion, 0o600) == 0)
                for access in [Store.Access.readOnly, .readWrite] {
                    #expect(throws: StoreError.self) { try Store.open(path: store, access: access) }
                }
                unlink(store + companion)
            }
            #expect(mkfifo(folder + "/pairs.sqlite.serve", 0o600) == 0)
            #expect(throws: StoreError.self) { try ServingLock(store: folder + "/pairs.sqlite") }
        }
    }
}
