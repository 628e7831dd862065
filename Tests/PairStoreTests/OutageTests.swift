import Foundation
import GRDB
import TestSupport
import Testing
import Vocabulary

@testable import PairStore

@Suite(.hangLimit)
struct OutageTests {
    private func uids(_ path: String) throws -> [String] {
        let store = try Store.open(path: path, access: .readWrite)
        let uids = try store.read { try String.fetchAll($0, sql: "SELECT uid FROM pair ORDER BY id") }
        try store.close()
        return uids
    }

    private func limitPages(of store: Store, to count: Int) throws {
        try store.pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA max_page_count = \(count)") }
    }

    @Test func `a full disk keeps pairs waiting in their order until there is room`() async throws {
        try await withStore { store, experiment in
            let outages = Outages()
            let writer = try PairWriter(
                store: store,
                experiment: experiment,
                policy: .full,
                onOutage: outages.add
            )
            // SQLite answers as for a full disk where the file may not grow.
            try limitPages(of: store, to: 1)
            let results = Results()
            for id in 0..<400 { #expect(writer.append(.example("\(id)"), completion: results.add)) }
            await outages.wait { $0.last == .full }
            #expect(writer.outage == .full)
            // What still fitted into the file's pages is stored.
            #expect(results.all.count == results.storedCount && results.all.count < 400)
            try limitPages(of: store, to: 1_000_000)
            await writer.flush()
            #expect(results.storedCount == 400)
            #expect(outages.all.last == .some(nil) && Set(outages.all) == [.full, nil])
            #expect(writer.outage == nil)
            let order = try store.read { try String.fetchAll($0, sql: "SELECT uid FROM pair ORDER BY id") }
            #expect(order == (0..<400).map { "\($0)" })
            await writer.close()
        }
    }

    @Test func `a writer that is closed while the disk is full says that its pairs are lost`() async throws {
        try await withStore { store, experiment in
            let writer = try PairWriter(store: store, experiment: experiment, policy: .full)
            try limitPages(of: store, to: 1)
            let results = Results()
            for id in 0..<400 { #expect(writer.append(.example("\(id)"), completion: results.add)) }
            await writer.close()
            #expect(results.all.count == 400)
            #expect(results.all.contains(.failed(reason: StoreOutage.full.sentence)))
            #expect(results.storedCount < 400)
            #expect(try store.upkeep.check().isEmpty)
        }
    }

    @Test func `a damaged store is set aside and storing goes on in a new one`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/pairs.sqlite"
            var store = try Store.open(path: path, access: .createOrOpen)
            var experiment = try store.experiments.declare(.example(name: "earlier"), by: "a test", at: .example)
            experiment = try store.experiments.declare(.example(), by: "a test", at: .example)
            try store.bindKey(fingerprint: "the key")
            _ = try store.pairs.add([ImportedPair(pair: .example("before"))], into: experiment, policy: .full)
            let root = try store.read { db in
                try Int.fetchOne(db, sql: "SELECT rootpage FROM sqlite_schema WHERE name = 'pair'") ?? 0
            }
            try store.upkeep.emptyLog()
            try store.close()
            let file = try #require(FileHandle(forUpdatingAtPath: path))
            try file.seek(toOffset: UInt64((root - 1) * 4_096))
            try file.write(contentsOf: Data(repeating: 0xEE, count: 64))
            try file.close()
            let damaged = try Data(contentsOf: URL(fileURLWithPath: path))

            store = try Store.open(path: path, access: .readWrite)
            try store.rememberDeclarations()
            let outages = Outages()
            let writer = try PairWriter(
                store: store,
                experiment: experiment,
                policy: .full,
                onOutage: outages.add
            )
            let results = Results()
            #expect(writer.append(.example("after"), completion: results.add))
            await writer.flush()
            #expect(outages.all == [.corrupt, nil])
            #expect(results.storedCount == 1)
            #expect(store.generation == 1)
            // The number that the process knows the experiment by means the same, and the key is the same.
            #expect(try store.experiments.all().map(\.id.rawValue) == [1, 2])
            try store.bindKey(fingerprint: "the key")
            #expect(throws: StoreError.otherKey(path: path)) { try store.bindKey(fingerprint: "another") }
            #expect(try store.upkeep.check(texts: true).isEmpty)
            await writer.close()
            try store.close()
            #expect(try uids(path) == ["after"])
            let aside = try #require(
                try FileManager.default.contentsOfDirectory(atPath: folder).first {
                    $0.contains(".corrupt-") && $0.hasSuffix("Z")
                }
            )
            #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/" + aside)) == damaged)
        }
    }

    @Test func `a store whose file was moved away begins anew at its path`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/pairs.sqlite"
            let store = try Store.open(path: path, access: .createOrOpen)
            let experiment = try store.experiments.declare(.example(), by: "a test", at: .example)
            try store.rememberDeclarations()
            let writer = try PairWriter(store: store, experiment: experiment, policy: .full)
            #expect(writer.append(.example("before")) { _ in })
            await writer.flush()
            for suffix in ["-wal", "-shm", ""] {
                try FileManager.default.moveItem(atPath: path + suffix, toPath: folder + "/kept.sqlite" + suffix)
            }
            let results = Results()
            #expect(writer.append(.example("after"), completion: results.add))
            await writer.flush()
            #expect(results.storedCount == 1)
            await writer.close()
            try store.close()
            #expect(try uids(path) == ["after"])
            #expect(try uids(folder + "/kept.sqlite") == ["before"])
        }
    }

    @Test func `a file that came in place of the store is not taken for it`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/pairs.sqlite"
            let store = try Store.open(path: path, access: .createOrOpen)
            let experiment = try store.experiments.declare(.example(), by: "a test", at: .example)
            try store.rememberDeclarations()
            let other = try Store.open(path: folder + "/other.sqlite", access: .createOrOpen)
            try other.close()
            let outages = Outages()
            let writer = try PairWriter(store: store, experiment: experiment, policy: .full, onOutage: outages.add)
            for suffix in ["-wal", "-shm", ""] { try FileManager.default.removeItem(atPath: path + suffix) }
            try FileManager.default.moveItem(atPath: folder + "/other.sqlite", toPath: path)
            let results = Results()
            #expect(writer.append(.example("p"), completion: results.add))
            await outages.wait { $0.last == .unavailable }
            await writer.close()
            #expect(results.storedCount == 0 && results.all.count == 1)
            try store.close()
            #expect(try uids(path).isEmpty)
        }
    }

    @Test func `a new store knows the dictionary that prepared texts name`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/pairs.sqlite"
            let store = try Store.open(path: path, access: .createOrOpen)
            let experiment = try store.experiments.declare(.example(), by: "a test", at: .example)
            try store.rememberDeclarations()
            let pairs = DictionaryTests.pairs(450)
            let writer = try PairWriter(store: store, experiment: experiment, policy: .full)
            for pair in pairs[..<400] { #expect(writer.append(pair) { _ in }) }
            await writer.flush()
            await writer.trained()
            for suffix in ["-wal", "-shm", ""] { try FileManager.default.removeItem(atPath: path + suffix) }
            let results = Results()
            for pair in pairs[400...] { #expect(writer.append(pair, completion: results.add)) }
            await writer.flush()
            await writer.close()
            #expect(results.storedCount == 50)
            #expect(try store.pairs.load(uid: "p440")?.pair == pairs[440])
            #expect(try store.upkeep.check(texts: true).isEmpty)
            try store.close()
        }
    }

    @Test func `a store too damaged to open is told from a file that is none`() async throws {
        try withTemporaryFolder { folder in
            let path = folder + "/pairs.sqlite"
            try Store.open(path: path, access: .createOrOpen).close()
            let file = try #require(FileHandle(forUpdatingAtPath: path))
            // The header of the first page's tree, behind the file's own.
            try file.seek(toOffset: 100)
            try file.write(contentsOf: Data(repeating: 0xEE, count: 200))
            try file.close()
            let error = #expect(throws: StoreError.self) { _ = try Store.open(path: path, access: .createOrOpen) }
            #expect(error.map { StoreOutage($0) } == .corrupt)
            let aside = try Store.setAside(path: path, at: .example)
            #expect(FileManager.default.fileExists(atPath: aside))
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Test func `a writer that is told to hold says so until it is told otherwise`() async throws {
        try await withStore { store, experiment in
            let outages = Outages()
            let writer = try PairWriter(store: store, experiment: experiment, policy: .full, onOutage: outages.add)
            writer.hold(.full)
            writer.hold(.full)
            #expect(writer.outage == .full)
            // What was sampled before is written, which ends no hold.
            #expect(writer.append(.example("before")) { _ in })
            await writer.flush()
            #expect(outages.all == [.full])
            #expect(writer.counts.stored == 1)
            writer.hold(nil)
            #expect(outages.all == [.full, nil])
            await writer.close()
        }
    }

    @Test func `what a store's errors are to an operator`() {
        func outage(_ code: ResultCode) -> StoreOutage? { StoreOutage(DatabaseError(resultCode: code)) }
        #expect(outage(.SQLITE_FULL) == .full)
        #expect(outage(.SQLITE_READONLY) == .readOnly)
        #expect(outage(.SQLITE_READONLY_DBMOVED) == .unavailable)
        #expect(outage(.SQLITE_IOERR_FSYNC) == .ioError)
        #expect(outage(.SQLITE_BUSY_SNAPSHOT) == .locked)
        #expect(outage(.SQLITE_CORRUPT_INDEX) == .corrupt)
        #expect(outage(.SQLITE_CANTOPEN_ISDIR) == .unavailable)
        #expect(outage(.SQLITE_CONSTRAINT_CHECK) == nil)
        #expect(StoreOutage(CancellationError()) == nil)
    }
}
