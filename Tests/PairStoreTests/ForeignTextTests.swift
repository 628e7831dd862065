import Foundation
import GRDB
import Statistics
import Testing
import Vocabulary

@testable import PairStore

/// What strangers choose does not decide how much memory or how many rows it takes.
struct ForeignTextTests {
    @Test func `short texts are their own digests, and no two texts have the same`() {
        var random = SplitMix64(seed: 3)
        var seen: [TextDigest: String] = [:]
        for length in 0...80 {
            for _ in 0..<20 {
                let text = String(
                    decoding: (0..<length).map { _ in UInt8.random(in: 97...98, using: &random) },
                    as: UTF8.self
                )
                #expect(seen.updateValue(text, forKey: TextDigest(text)).map { $0 == text } ?? true)
            }
        }
        #expect(TextDigest("a") != TextDigest("a\0") && TextDigest("") != TextDigest("\0"))
    }

    @Test func `a cache keeps what is asked for and stays within its bytes`() {
        var cache = DigestCache<String>(maximumBytes: 40_000)
        let wanted = TextDigest("wanted")
        cache.remember("kept", of: wanted)
        for number in 0..<10_000 {
            cache.remember(String(repeating: "x", count: 100), of: TextDigest("\(number)"), extraBytes: 100)
            #expect(cache.value(of: wanted) == "kept")
            #expect(cache.byteCount <= 40_000)
        }
        #expect(
            cache.count > 20 && cache.value(of: TextDigest("9999")) != nil && cache.value(of: TextDigest("1")) == nil
        )
        cache.remember("too large for any", of: TextDigest("large"), extraBytes: 1 << 20)
        #expect(cache.value(of: TextDigest("large")) == nil)
        cache.forgetAll()
        #expect(cache.byteCount == 0 && cache.value(of: wanted) == nil)
    }

    /// F3: each of them was kept whole, up to a thousand of them.
    @Test func `requests whose tools are all different leave next to nothing behind`() async throws {
        try await withStore { store, experiment in
            let preparer = try PairPreparer(policy: .full, scorer: nil, dictionary: nil)
            let inserter = PairInserter()
            for number in 0..<40 {
                var pair = Pair.example("pair \(number)")
                pair.request.tools = "[\(number),\"" + String(repeating: "tool ", count: 20_000) + "\"]"
                let prepared = try preparer.prepare(pair)
                try store.write { db in _ = try inserter.insert(prepared, experiment: experiment, db) }
            }
            #expect(inserter.rememberedByteCount < 40_000)
            let formats = try store.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM request_format") }
            #expect(formats == 40)
            #expect(try store.pairs.load(uid: "pair 39")?.pair.request.tools?.hasPrefix("[39,") == true)
        }
    }

    /// F4: a server that makes up a word for each answer.
    @Test func `a store takes so many of a server's words, and counts the rest as one`() async throws {
        try await withStore { store, experiment in
            let preparer = try PairPreparer(policy: .full, scorer: nil, dictionary: nil)
            let inserter = PairInserter(maximumWords: 20)
            for number in 0..<60 {
                var pair = Pair.example("pair \(number)")
                pair.shadow.finishReason = "reason \(number)"
                pair.shadow.reportedModel = "model \(number)"
                let prepared = try preparer.prepare(pair)
                try store.write { db in _ = try inserter.insert(prepared, experiment: experiment, db) }
            }
            let words = try store.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM word") }
            #expect(words == 21)
            let first = try #require(try store.pairs.load(uid: "pair 0")?.pair)
            #expect(first.shadow.finishReason == "reason 0" && first.shadow.reportedModel == "model 0")
            let last = try #require(try store.pairs.load(uid: "pair 59")?.pair)
            #expect(last.shadow.finishReason == ForeignWord.other && last.shadow.reportedModel == ForeignWord.other)
            // Our own words are taken, and those that are known still are.
            #expect(last.stable.finishReason == "stop" && last.shadow.version == "v1.2.0")
        }
    }

    @Test func `a word that came over the wire is cut before it is kept`() async throws {
        let preparer = try PairPreparer(policy: .full, scorer: nil, dictionary: nil)
        var pair = Pair.example("pair")
        // One character, as the eye counts.
        pair.shadow.reportedModel = "m" + String(repeating: "\u{301}", count: 100_000)
        let prepared = try preparer.prepare(pair)
        #expect(prepared.answers[1].reportedModel?.utf8.count ?? 0 <= ForeignWord.wordBytes)
    }
}
