import Foundation
import GRDB
import Statistics
import TestSupport
import Testing
import Vocabulary

@testable import PairStore

struct DictionaryTests {
    private static func sentence(_ random: inout SplitMix64) -> String {
        let subjects = ["Your order", "The second payment", "The invoice of May", "Your parcel", "The refund"]
        let verbs = ["was sent to the address that you gave us", "is still being looked at by your bank"]
        let ends = ["and should reach you within five working days.", "so please write again if it does not show up."]
        return [subjects, verbs, ends].map { $0.randomElement(using: &random) ?? "" }.joined(separator: " ")
            + " Reference \(UInt32.random(in: 0...UInt32.max, using: &random))."
    }

    private static func pair(_ number: Int, _ random: inout SplitMix64) -> Pair {
        var pair = Pair.example("p\(number)", session: String(format: "%032d", number))
        pair.prompt = (0..<4).map { _ in sentence(&random) }.joined(separator: " ")
        pair.stable.text = (0..<6).map { _ in sentence(&random) }.joined(separator: " ")
        pair.shadow.text = (0..<6).map { _ in sentence(&random) }.joined(separator: " ")
        return pair
    }

    static func pairs(_ count: Int, seed: UInt64 = 1) -> [Pair] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { pair($0, &random) }
    }

    private func integer(_ store: Store, _ sql: String) throws -> Int {
        try store.read { try Int.fetchOne($0, sql: sql) ?? 0 }
    }

    private func pieces(_ texts: JoinedTexts) -> [[UInt8]] {
        var rest = texts.bytes[...]
        return texts.sizes.map { size in
            defer { rest.removeFirst(size) }
            return Array(rest.prefix(size))
        }
    }

    @Test func `only what three sessions share is kept of texts`() {
        let texts = ["a common phrase, secret-11111", "a common phrase, secret-22222", "a common phrase!"]
        let samples = texts.enumerated().map { TextSample(session: $0, bytes: Array($1.utf8)) }
        let fragments = pieces(SharedFragments.of(samples)).map { String(decoding: $0, as: UTF8.self) }
        #expect(fragments == ["a common phrase", "a common phrase", "a common phrase"])
        // One person's repetition is no sharing.
        let alone = (0..<9).map { _ in TextSample(session: 1, bytes: Array("my own words".utf8)) }
        #expect(SharedFragments.of(alone).sizes.isEmpty)
    }

    @Test func `what is kept are exactly the windows that three sessions have`() {
        var random = SplitMix64(seed: 7)
        let samples = (0..<60).map { number in
            // Few letters, so that windows repeat.
            TextSample(session: number % 20, bytes: (0..<200).map { _ in UInt8.random(in: 97...100, using: &random) })
        }
        var owners: [ArraySlice<UInt8>: Set<Int>] = [:]
        for sample in samples {
            for start in 0...(sample.bytes.count - 8) {
                owners[sample.bytes[start..<(start + 8)], default: []].insert(sample.session)
            }
        }
        #expect(owners.values.contains { $0.count < 3 } && owners.values.contains { $0.count >= 3 })
        let expected = samples.compactMap { sample in
            let windows = (0...(sample.bytes.count - 8)).map { $0..<($0 + 8) }
            let kept = Set(windows.filter { (owners[sample.bytes[$0]] ?? []).count >= 3 }.joined())
            return kept.isEmpty ? nil : kept.sorted().map { sample.bytes[$0] }
        }
        #expect(pieces(SharedFragments.of(samples)) == expected)
    }

    @Test func `a dictionary holds nothing that only one session wrote`() throws {
        let samples = Self.pairs(400).enumerated().map { number, pair in
            TextSample(session: number, bytes: Array((pair.stable.text + " zq\(number)-private-\(number)xk").utf8))
        }
        let bytes = try #require(TextDictionary.train(samples))
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains("reach you within five working days"))
        let isLeaked = (0..<400).contains { text.contains("zq\($0)-private-\($0)") }
        #expect(!isLeaked)
    }

    @Test func `an import compresses its pairs with a dictionary of their own, the first ones too`() async throws {
        try await withStore { store, experiment in
            let pairs = Self.pairs(600)
            _ = try store.pairs.add(pairs.map { ImportedPair(pair: $0) }, into: experiment, policy: .full)
            #expect(try integer(store, "SELECT count(*) FROM dictionary") >= 1)
            #expect(try integer(store, "SELECT count(*) FROM content WHERE dictionary_id IS NULL") == 0)
            #expect(try integer(store, "SELECT count(*) FROM prompt WHERE dictionary_id IS NULL") == 0)
            let raw = pairs.reduce(0) { $0 + $1.textByteCount }
            let stored = try integer(
                store,
                "SELECT (SELECT sum(length(bytes)) FROM content) + (SELECT sum(length(bytes)) FROM prompt)"
            )
            #expect(Double(stored) < 0.3 * Double(raw), "\(stored) of \(raw)")
            var read: [Pair] = []
            try store.pairs.forEachPair { stored in
                read.append(stored.pair)
                return true
            }
            #expect(read == pairs)
            #expect(try store.upkeep.check(texts: true).isEmpty)
        }
    }

    @Test(.hangLimit)
    func `the writer trains a dictionary of its first pairs and goes on with it after a restart`() async throws {
        try await withStore { store, experiment in
            let pairs = Self.pairs(500)
            var writer = try PairWriter(store: store, experiment: experiment, policy: .full)
            for pair in pairs[..<400] { #expect(writer.append(pair) { _ in }) }
            await writer.flush()
            await writer.trained()
            await writer.close()
            #expect(try integer(store, "SELECT count(*) FROM dictionary") == 1)
            #expect(try integer(store, "SELECT count(*) FROM content WHERE dictionary_id IS NULL") == 0)
            writer = try PairWriter(store: store, experiment: experiment, policy: .full)
            for pair in pairs[400...] { #expect(writer.append(pair) { _ in }) }
            await writer.close()
            #expect(try integer(store, "SELECT count(*) FROM content WHERE dictionary_id = 1") == 500)
            #expect(try store.upkeep.check(texts: true).isEmpty)
        }
    }

    @Test func `a text whose dictionary is gone is reported and not guessed`() async throws {
        try await withStore { store, experiment in
            let pairs = Self.pairs(300).map { ImportedPair(pair: $0) }
            _ = try store.pairs.add(pairs, into: experiment, policy: .full)
            try store.pool.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA foreign_keys = OFF; DELETE FROM dictionary; PRAGMA foreign_keys = ON")
            }
            let other = try Store.open(path: store.path, access: .readWrite)
            #expect(try other.upkeep.check(texts: true).contains { $0.contains("its dictionary") })
            #expect(throws: StoreError.self) { _ = try other.pairs.load(uid: "p1") }
            try other.close()
        }
    }

    @Test func `a store without a dictionary gets one where its texts are packed again`() async throws {
        try await withStore { store, experiment in
            // In portions that are too small to learn from.
            let pairs = Self.pairs(400)
            for start in stride(from: 0, to: 400, by: 20) {
                let portion = pairs[start..<(start + 20)].map { ImportedPair(pair: $0) }
                _ = try store.pairs.add(portion, into: experiment, policy: .full)
            }
            #expect(try integer(store, "SELECT count(*) FROM dictionary") == 0)
            let before = try integer(store, "SELECT sum(length(bytes)) FROM content")
            try store.upkeep.vacuum()
            #expect(try integer(store, "SELECT sum(length(bytes)) FROM content") < before * 7 / 10)
            #expect(try integer(store, "SELECT count(*) FROM content WHERE dictionary_id IS NULL") == 0)
            #expect(try store.pairs.load(uid: "p7")?.pair == pairs[7])
            #expect(try store.upkeep.check(texts: true).isEmpty)
        }
    }

    @Test func `a second vacuum packs only what came since, and dictionaries that no row names go`() async throws {
        try await withStore { store, experiment in
            let pairs = Self.pairs(900)
            func add(_ range: Range<Int>) throws {
                let portion = pairs[range].map { ImportedPair(pair: $0) }
                _ = try store.pairs.add(portion, into: experiment, policy: .full)
            }
            try add(0..<600)
            var looked = 0
            try store.upkeep.vacuum { looked = $0 }
            // A text of each pair, and its prompt.
            #expect(looked == 1_200)
            #expect(try integer(store, "SELECT count(*) FROM dictionary") == 1)
            let packed = try integer(store, "SELECT sum(length(bytes)) FROM content")
            looked = 0
            try store.upkeep.vacuum { looked = $0 }
            #expect(looked == 0)
            #expect(try integer(store, "SELECT sum(length(bytes)) FROM content") == packed)
            try add(600..<900)
            let before = try integer(store, "SELECT sum(length(bytes)) FROM content WHERE pair_id > 600")
            try store.upkeep.vacuum { looked = $0 }
            #expect(looked == 600)
            #expect(try integer(store, "SELECT sum(length(bytes)) FROM content WHERE pair_id > 600") < before)
            #expect(try store.pairs.load(uid: "p7")?.pair == pairs[7])
            #expect(try store.pairs.load(uid: "p800")?.pair == pairs[800])
            #expect(try store.upkeep.check(texts: true).isEmpty)
        }
    }

    @Test func `a vacuum leaves dictionaries that a serving process may yet name`() async throws {
        try await withStore { store, experiment in
            let pairs = Self.pairs(600).map { ImportedPair(pair: $0) }
            _ = try store.pairs.add(pairs, into: experiment, policy: .full)
            let lock = try ServingLock(store: store.path)
            let before = try integer(store, "SELECT max(id) FROM dictionary")
            try store.upkeep.vacuum()
            #expect(try integer(store, "SELECT count(*) FROM dictionary WHERE id <= \(before)") == before)
            withExtendedLifetime(lock) {}
        }
    }

    @Test func `a small store gets a small dictionary`() throws {
        let samples = Self.pairs(100).enumerated().flatMap { number, pair in
            [pair.stable.text, pair.shadow.text].map { TextSample(session: number, bytes: Array($0.utf8)) }
        }
        let bytes = samples.reduce(0) { $0 + $1.bytes.count }
        let small = try TextDictionary.smallest(besides: nil, for: samples, totalBytes: bytes, level: 12)
        let large = try TextDictionary.smallest(besides: nil, for: samples, totalBytes: 1_000 * bytes, level: 12)
        #expect(try #require(small).count <= #require(large).count)
        #expect(try #require(small).count < bytes / 8)
    }
}

struct DictionaryPlanTests {
    private let text = [UInt8](repeating: 1, count: 4_096)

    /// How many texts until it asks for a training; nil where it never does.
    private func texts(_ plan: inout DictionaryPlan, upTo limit: Int, packedTo size: Int) -> Int? {
        for count in 1...limit where plan.compressed(text, to: size, session: count) != nil { return count }
        return nil
    }

    @Test func `it trains early, then once more with enough for a whole dictionary, then only on drift`() {
        var plan = DictionaryPlan(dictionaryBytes: nil)
        #expect(texts(&plan, upTo: 1_000, packedTo: 2_000) == 64)
        // Not twice at once.
        #expect(plan.compressed(text, to: 2_000, session: 0) == nil)
        plan.trained()
        #expect(texts(&plan, upTo: 2_000, packedTo: 1_500) == 1_024)
        plan.trained()
        #expect(texts(&plan, upTo: 10_000, packedTo: 1_400) == nil)
        #expect(texts(&plan, upTo: 10_000, packedTo: 1_500) == nil)
        let drifted = texts(&plan, upTo: 10_000, packedTo: 1_600)
        #expect((drifted ?? 0) <= 2_048)
        #expect(drifted != nil)
    }

    @Test func `nothing is sampled while a training goes on`() {
        var plan = DictionaryPlan(dictionaryBytes: nil)
        #expect(texts(&plan, upTo: 1_000, packedTo: 2_000) == 64)
        for session in 5_000..<5_010 { #expect(plan.compressed(text, to: 1_000, session: session) == nil) }
        plan.trained()
        var samples: [TextSample] = []
        for session in 0..<1_024 { samples = plan.compressed(text, to: 1_000, session: session) ?? samples }
        #expect(!samples.isEmpty && samples.allSatisfy { $0.session < 5_000 })
    }

    @Test func `what is held of texts is bounded`() {
        var plan = DictionaryPlan(dictionaryBytes: nil)
        _ = texts(&plan, upTo: 64, packedTo: 2_000)
        plan.trained()
        var samples: [TextSample] = []
        for session in 0..<1_024 { samples = plan.compressed(text, to: 1_000, session: session) ?? samples }
        #expect(samples.reduce(0) { $0 + $1.bytes.count } <= DictionaryPlan.sampleBytes)
        #expect(samples.count > 100)
        // The newest are among them.
        #expect(samples.last?.session == 1_023)
    }
}
