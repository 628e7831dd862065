import Foundation
import GRDB
import Synchronization
import TestSupport
import Testing
import Vocabulary

@testable import PairStore

struct StoreFileTests {
    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    @Test func `a new store and its companions belong to their owner alone`() async throws {
        try withTemporaryFolder { folder in
            let path = folder + "/pairs.sqlite"
            let store = try Store.open(path: path, access: .createOrOpen)
            #expect(store.wasCreated)
            _ = try store.experiments.declare(.example(), by: "a test", at: .example)
            for companion in ["", "-wal", "-shm"] { #expect(try mode(path + companion) == 0o600, "\(companion)") }
            try store.close()
        }
    }

    @Test func `one process at a time serves a store`() async throws {
        try withTemporaryFolder { folder in
            let path = folder + "/pairs.sqlite"
            var lock: ServingLock? = try ServingLock(store: path)
            #expect(throws: StoreError.served(path: path)) { try ServingLock(store: path) }
            withExtendedLifetime(lock) {}
            lock = nil
            _ = try ServingLock(store: path)
            #expect(try mode(path + ".serve") == 0o600)
        }
    }

    @Test func `who is refused a served store closes nothing of anybody else's`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/pairs.sqlite"
            let lock = try ServingLock(store: path)
            let refusals = Refusals()
            let (losses, told) = AsyncStream.makeStream(of: Int.self)
            Thread {
                told.yield(0)
                // Takes the number that was just given back, and looks for as long as a second close may take.
                var lost = 0
                while !refusals.areOver.load(ordering: .relaxed) {
                    let own = Foundation.open("/dev/null", O_RDONLY | O_CLOEXEC)
                    guard own >= 0 else { continue }
                    for _ in 0..<8 where fcntl(own, F_GETFD) < 0 { lost += 1 }
                    close(own)
                }
                told.yield(lost)
                told.finish()
            }.start()
            var watcher = losses.makeAsyncIterator()
            #expect(await watcher.next() == 0, "it has begun")
            for _ in 0..<20_000 {
                #expect(throws: StoreError.served(path: path)) { try ServingLock(store: path) }
            }
            refusals.areOver.store(true, ordering: .relaxed)
            #expect(await watcher.next() == 0)
            withExtendedLifetime(lock) {}
        }
    }

    @Test func `a store that was loosened is tightened again`() async throws {
        try withTemporaryFolder { folder in
            let path = folder + "/pairs.sqlite"
            try Store.open(path: path, access: .createOrOpen).close()
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            let store = try Store.open(path: path, access: .readWrite)
            #expect(!store.wasCreated)
            #expect(try mode(path) == 0o600)
            try store.close()
        }
    }

    /// A store as an earlier version left it.
    private func makeStore(at path: String, ofSchema version: String, _ fill: (Database) throws -> Void) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA application_id = \(StoreFile.applicationID)")
        }
        try Schema.migrator.migrate(queue, upTo: version)
        try queue.write(fill)
        try queue.close()
    }

    @Test func `a store of the first schema is brought up to date and keeps its traffic`() async throws {
        try withTemporaryFolder { folder in
            let path = folder + "/pairs.sqlite"
            try makeStore(at: path, ofSchema: "1") { db in
                try db.execute(
                    sql: """
                        INSERT INTO experiment (name, seed, configuration, gates) VALUES ('old', 1, '{}', '[]');
                        INSERT INTO day_traffic VALUES (1, 5, 0, 10, 4);
                        """
                )
            }
            #expect(throws: StoreError.olderSchema(path: path, found: 1, supported: Schema.version)) {
                try Store.open(path: path, access: .readOnly)
            }
            let store = try Store.open(path: path, access: .readWrite)
            let traffic = try store.traffic.days(experiment: ExperimentID(rawValue: 1), days: 0..<9)
            #expect(traffic.map { [$0.requests, $0.sessions, $0.played, $0.tokens] } == [[10, 4, 0, 0]])
            #expect(traffic.map(\.observedShare) == [1])
            try store.close()
        }
    }

    @Test func `scores that stood in rows of their own read the same after they are packed`() async throws {
        try withTemporaryFolder { folder in
            let path = folder + "/pairs.sqlite"
            try makeStore(at: path, ofSchema: "2") { db in
                try db.execute(
                    sql: """
                        INSERT INTO experiment (name, seed, configuration, gates) VALUES ('old', 1, '{}', '[]');
                        INSERT INTO word (id, text) VALUES (1, 'v1');
                        INSERT INTO scorer (id, name, version) VALUES (1, 'quality', '1'), (2, 'refusal', '1'),
                            (3, 'rouge', '1'), (4, 'quality', '2');
                        """
                )
                for pair in 1...3 {
                    try db.execute(
                        sql: """
                            INSERT INTO pair VALUES (?1, ?1, 1, 0, NULL, 0, 4, 1, 1, 'aa', NULL, NULL, NULL, 0);
                            """,
                        arguments: [pair]
                    )
                    for leg in 0..<2 {
                        try db.execute(
                            sql: """
                                INSERT INTO exchange (pair_id, leg_id, version_id, outcome_id, size_bytes,
                                    text_size_bytes, tool_call_count) VALUES (?, ?, 1, 0, 0, 0, 0)
                                """,
                            arguments: [pair, leg]
                        )
                    }
                }
                try db.execute(
                    sql: """
                        INSERT INTO score VALUES (1, 1, 0, 0.3), (1, 1, 1, 1), (1, 2, 3, NULL), (1, 3, 3, -2.5),
                            (2, 1, 0, 0.1), (2, 4, 1, 0.7);
                        """
                )
            }
            let store = try Store.open(path: path, access: .readWrite)
            var scores: [[Score]] = []
            try store.pairs.forEachFigures { scores.append($0.scores) }
            #expect(
                scores == [
                    [
                        Score(name: "quality", subject: .leg(.stable), value: 0.3),
                        Score(name: "quality", subject: .leg(.shadow), value: 1),
                        Score(name: "rouge", subject: .pair, value: -2.5),
                    ],
                    [Score(name: "quality", subject: .leg(.shadow), value: 0.7)],
                    [],
                ]
            )
            // That a scorer looked and found nothing to say is known as well.
            let refusal = Scorer(name: "refusal", version: "1")
            #expect(try store.scores.lacking(of: [refusal], limit: 9).map(\.rowID) == [2, 3])
            try store.close()
        }
    }

    @Test func `every commit is synced and pages can be given back`() async throws {
        try await withStore { store, _ in
            let (synchronous, journal, vacuum) = try store.pool.writeWithoutTransaction { db in
                (
                    try Int.fetchOne(db, sql: "PRAGMA synchronous"),
                    try String.fetchOne(db, sql: "PRAGMA journal_mode"),
                    try Int.fetchOne(db, sql: "PRAGMA auto_vacuum")
                )
            }
            #expect(synchronous == 2)
            #expect(journal == "wal")
            #expect(vacuum == 2)
        }
    }

    @Test func `a store of a newer schema is refused with one sentence and left alone`() async throws {
        try withTemporaryFolder { folder in
            let path = folder + "/pairs.sqlite"
            let store = try Store.open(path: path, access: .createOrOpen)
            try store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = 99") }
            try store.close()
            let before = try Data(contentsOf: URL(fileURLWithPath: path))
            for access in [Store.Access.createOrOpen, .readWrite, .readOnly] {
                let error = #expect(throws: StoreError.self) { try Store.open(path: path, access: access) }
                #expect(error == .newerSchema(path: path, found: 99, supported: Schema.version))
                #expect("\(try #require(error))".hasSuffix("."))
            }
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        }
    }

    @Test func `what is not a store is refused and left alone`() async throws {
        try await withTemporaryFolder { folder in
            let text = folder + "/notes.txt"
            try Data("SQLite format 4, or so it says".utf8).write(to: URL(fileURLWithPath: text))
            let other = folder + "/other.sqlite"
            let queue = try DatabaseQueue(path: other)
            try await queue.write { try $0.execute(sql: "CREATE TABLE diary (day TEXT)") }
            try queue.close()
            // A right beginning and then nothing sensible.
            let torn = folder + "/torn.sqlite"
            try Data("SQLite format 3\0".utf8 + [UInt8](repeating: 7, count: 5_000))
                .write(to: URL(fileURLWithPath: torn))
            for path in [text, other, torn, folder] {
                let before = path == folder ? nil : try Data(contentsOf: URL(fileURLWithPath: path))
                for access in [Store.Access.createOrOpen, .readOnly] {
                    #expect(throws: StoreError.notAStore(path: path)) {
                        try Store.open(path: path, access: access)
                    }
                }
                if let before { #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before) }
            }
        }
    }

    @Test func `an absent store is created only where that was meant`() async throws {
        try withTemporaryFolder { folder in
            let path = folder + "/pairs.sqlite"
            for access in [Store.Access.readWrite, .readOnly] {
                #expect(throws: StoreError.missing(path: path)) { try Store.open(path: path, access: access) }
                #expect(!FileManager.default.fileExists(atPath: path))
            }
            #expect(throws: StoreError.noFolder(path: folder + "/none")) {
                try Store.open(path: folder + "/none/pairs.sqlite", access: .createOrOpen)
            }
        }
    }

    @Test func `an empty file and a creation that was cut short become a store`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/pairs.sqlite"
            try Data().write(to: URL(fileURLWithPath: path))
            let store = try Store.open(path: path, access: .createOrOpen)
            #expect(store.wasCreated)
            try store.close()

            let cut = folder + "/cut.sqlite"
            let queue = try DatabaseQueue(path: cut)
            try await queue.writeWithoutTransaction {
                try $0.execute(sql: "PRAGMA application_id = \(StoreFile.applicationID)")
            }
            try queue.close()
            let second = try Store.open(path: cut, access: .createOrOpen)
            #expect(second.wasCreated)
            #expect(try second.pairs.isEmpty)
            try second.close()
        }
    }

    @Test func `a store that is read only takes nothing`() async throws {
        try withTemporaryFolder { folder in
            let path = folder + "/pairs.sqlite"
            let writable = try Store.open(path: path, access: .createOrOpen)
            let experiment = try writable.experiments.declare(.example(), by: "a test", at: .example)
            let store = try Store.open(path: path, access: .readOnly)
            #expect(try store.experiments.all().map(\.id) == [experiment])
            #expect(throws: StoreError.readOnly(path: path)) { try store.scores.save([]) }
            #expect(throws: StoreError.readOnly(path: path)) {
                try PairWriter(store: store, experiment: experiment, policy: .full)
            }
            try store.close()
            try writable.close()
        }
    }

    @Test func `a second key for the same store is refused`() async throws {
        try await withStore { store, _ in
            try store.bindKey(fingerprint: "one")
            try store.bindKey(fingerprint: "one")
            #expect(throws: StoreError.otherKey(path: store.path)) { try store.bindKey(fingerprint: "two") }
        }
    }

    @Test func `the schema holds its own rules`() async throws {
        try await withStore { store, experiment in
            _ = try store.pairs.add([ImportedPair(pair: .example("p"))], into: experiment, policy: .full)
            let broken = [
                "UPDATE pair SET sampling_probability = 0", "UPDATE pair SET sampling_probability = 1.5",
                "UPDATE pair SET uid = ''", "UPDATE pair SET intent_id = 999", "UPDATE pair SET experiment_id = 999",
                "UPDATE pair SET received_at_us = 'noon'", "UPDATE exchange SET outcome_id = 99",
                "UPDATE exchange SET leg_id = 3 WHERE leg_id = 0", "UPDATE exchange SET output_tokens = -1",
                "UPDATE exchange SET status = 1000", "INSERT INTO exchange SELECT * FROM exchange",
                "DELETE FROM experiment", "INSERT INTO content VALUES (999, NULL, 0, x'')",
                "INSERT INTO scorer (name, version) VALUES ('', '1')",
                """
                INSERT INTO funnel (experiment_id, minute, intent_id, stage, count)
                VALUES (\(experiment.rawValue), 1, 0, 'lost', 1)
                """,
            ]
            for sql in broken {
                let error = #expect(throws: DatabaseError.self, "\(sql)") {
                    try store.write { try $0.execute(sql: sql) }
                }
                #expect(error?.resultCode == .SQLITE_CONSTRAINT, "\(sql)")
            }
        }
    }

    @Test func `the numbers of outcomes, sources and legs are those of the schema`() async throws {
        try await withStore { store, _ in
            func names(_ table: String) throws -> [Int: String] {
                try store.read { db in
                    let rows = try Row.fetchAll(db, sql: "SELECT id, name FROM \(table)")
                    return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
                }
            }
            let outcomes = Dictionary(uniqueKeysWithValues: Outcome.allCases.map { ($0.rowID, $0.rawValue) })
            #expect(try names("outcome") == outcomes)
            for (id, name) in try names("intent_source") { #expect(IntentSource(rowID: id)?.rawValue == name) }
            #expect(try names("leg") == [0: "stable", 1: "shadow", 2: "control", 3: "pair"])
            for leg in Leg.allCases { #expect(try names("leg")[leg.rowID] == leg.rawValue) }
        }
    }
}

private final class Refusals: Sendable {
    let areOver = Atomic(false)
}
