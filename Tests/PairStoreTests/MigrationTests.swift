import CZstd
import Foundation
import GRDB
import TestSupport
import Testing
import Vocabulary

@testable import PairStore

/// Stores that earlier versions wrote, kept in Fixtures with what those versions exported of them.
struct MigrationTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures/stores")

    private func unpacked(_ name: String) throws -> Data {
        let frame = try Data(contentsOf: Self.folder.appendingPathComponent(name))
        let size = frame.withUnsafeBytes { ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
        return Data(try ZstdDecompressor().decompress(frame, sizeBytes: try #require(Int(exactly: size))))
    }

    private static func counts(_ db: Database) throws -> [Int] {
        try ["rating", "rating_item", "change_record", "experiment"].map {
            try Int.fetchOne(db, sql: "SELECT count(*) FROM \($0)") ?? 0
        }
    }

    /// Counts rows of a store that is still as it was written.
    private static func look(_ path: String, expecting version: Int) throws -> [Int] {
        let older = try DatabaseQueue(path: path)
        defer { try? older.close() }
        #expect(try older.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == version)
        return try older.read(counts)
    }

    private struct Exported: Decodable {
        struct Side: Decodable {
            var text: String?
            var outcome: String
            var version: String
        }
        var id: String
        var prompt: String?
        var intent: String
        var stable: Side
        var shadow: Side
        var control: Side?
    }

    @Test(arguments: 1..<Schema.version)
    func `a store of an earlier schema is read as it was written`(version: Int) async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/kept.sqlite"
            try unpacked("schema-\(version).sqlite.zst").write(to: URL(fileURLWithPath: path))
            let counts = try Self.look(path, expecting: version)
            #expect(throws: StoreError.self) { _ = try Store.open(path: path, access: .readOnly) }

            let store = try Store.open(path: path, access: .readWrite)
            #expect(try store.upkeep.info().schemaVersion == Schema.version)
            #expect(try store.upkeep.check(texts: true).isEmpty)
            var pairs: [String: StoredPair] = [:]
            try store.pairs.forEachPair { pair in
                pairs[pair.pair.id] = pair
                return true
            }
            let exported = try unpacked("schema-\(version).jsonl.zst").split(separator: 0x0a)
                .map { try JSONDecoder().decode(Exported.self, from: Data($0)) }
            #expect(exported.count == pairs.count && exported.count > 30)
            for line in exported {
                let pair = try #require(pairs[line.id]?.pair)
                #expect(pair.prompt == line.prompt)
                #expect(pair.intent.rawValue == line.intent)
                for (answer, side) in [(pair.stable, line.stable), (pair.shadow, line.shadow)] {
                    #expect(answer.text == side.text ?? "")
                    #expect(answer.outcome.rawValue == side.outcome)
                    #expect(answer.version == side.version)
                    #expect(!answer.scores.isEmpty)
                }
                #expect(pair.control?.text == line.control?.text)
            }
            let funnel = try store.funnel.sum(experiment: try #require(try store.experiments.all().first).id)
            #expect(funnel.addsUp)
            #expect(funnel.seen == 40 && funnel.inFlight == 0)
            let after = try store.read(Self.counts)
            #expect(after == counts)
            #expect(after[0] == 8)
            // It goes on as a store of today.
            let experiment = try #require(try store.experiments.all().first).id
            let writer = try PairWriter(store: store, experiment: experiment, policy: .full)
            #expect(writer.append(.example("new")) { _ in })
            await writer.close()
            #expect(try store.pairs.load(uid: "new") != nil)
            let stored = try store.read { try Int.fetchOne($0, sql: "SELECT sum(count) FROM stored_count") }
            #expect(stored == funnel.stored + 1)
            try store.close()
        }
    }
}
