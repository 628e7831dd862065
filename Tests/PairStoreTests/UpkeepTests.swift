import Foundation
import GRDB
import Statistics
import Testing
import Vocabulary

@testable import PairStore

struct UpkeepTests {
    private func fill(_ store: Store, _ experiment: ExperimentID, _ pairs: [Pair]) throws {
        _ = try store.pairs.add(pairs.map { ImportedPair(pair: $0) }, into: experiment, policy: .full)
    }

    @Test func `a sound store has no findings and tells what it holds`() async throws {
        try await withStore { store, experiment in
            try fill(store, experiment, (0..<40).map { .example("\($0)", session: "\($0 % 4)\($0 % 4)") })
            #expect(try store.upkeep.check(texts: true).isEmpty)
            let info = try store.upkeep.info()
            #expect(info.schemaVersion == Schema.version)
            #expect(info.pairs == 40 && info.sessions == 4 && info.prompts == 40 && info.contents == 40)
            #expect(info.fileBytes > 0)
            let hasSizes = try store.read {
                try Bool.fetchOne($0, sql: "SELECT sqlite_compileoption_used('ENABLE_DBSTAT_VTAB')") ?? false
            }
            let (pair, whole) = (info.tableBytes["pair"] ?? 0, info.tableBytes.values.reduce(0, +))
            #expect(hasSizes ? pair > 0 && pair < whole && whole <= info.fileBytes : whole == 0)
        }
    }

    @Test func `a row without its parent is found`() async throws {
        try await withStore { store, experiment in
            try fill(store, experiment, [.example("p")])
            try store.pool.writeWithoutTransaction { db in
                try db.execute(
                    sql: "PRAGMA foreign_keys = OFF; DELETE FROM word; PRAGMA foreign_keys = ON;"
                )
            }
            #expect(try !store.upkeep.check().isEmpty)
        }
    }

    @Test func `retention takes texts and leaves figures and scores`() async throws {
        try await withStore { store, experiment in
            let old = (0..<700).map { Pair.example("old-\($0)", time: .example - 86_400 * 40, hash: "aa\($0 % 10)0") }
            let new = (0..<3).map { Pair.example("new-\($0)", hash: "bb") }
            // A prompt that was asked again stays with its newest pair.
            try fill(store, experiment, old + new + [.example("again", hash: "aa00")])
            let row = try #require(try store.pairs.load(uid: "old-5")).rowID
            try store.scores.save([
                PairScores(pairRowID: row, scorer: Scorer(name: "quality", version: "1"), stable: 0.5)
            ])
            #expect(try store.upkeep.prune(Retention(), now: .example) == PruneCounts())
            let retention = Retention(prompts: .seconds(86_400 * 30), texts: .seconds(86_400 * 35))
            let counts = try store.upkeep.prune(retention, now: .example)
            #expect(counts == PruneCounts(prompts: 9, texts: 700))
            let stored = try #require(try store.pairs.load(uid: "old-5"))
            #expect(stored.isTextDeleted)
            #expect(stored.pair.prompt == nil)
            #expect(stored.pair.stable.text == "")
            #expect(stored.pair.stable.scores == ["quality": 0.5])
            #expect(try store.pairs.load(uid: "again")?.pair.prompt == "a question")
            #expect(try store.pairs.load(uid: "new-1")?.isTextDeleted == false)
            var bytes = 0
            try store.pairs.forEachFigures { bytes += $0.stable.textByteCount }
            #expect(bytes == 704 * "an answer".utf8.count)
            #expect(try store.upkeep.info().freeBytes == 0)
            #expect(try store.upkeep.check(texts: true).isEmpty)
            try store.upkeep.vacuum()
            #expect(try store.upkeep.info().pairs == 704)
        }
    }

    @Test func `whole pairs go when their figures are old`() async throws {
        try await withStore { store, experiment in
            let old = (0..<700).map { Pair.example("old-\($0)", time: .example - 86_400 * 40) }
            try fill(store, experiment, old + [.example("new")])
            let counts = try store.upkeep.prune(Retention(figures: .seconds(86_400 * 30)), now: .example)
            #expect(counts == PruneCounts(pairs: 700))
            let info = try store.upkeep.info()
            #expect(info.pairs == 1 && info.contents == 1)
            #expect(try store.upkeep.check(texts: true).isEmpty)
        }
    }

    @Test func `a store that is too large loses its oldest texts, and no figures`() async throws {
        try await withStore { store, experiment in
            var random = SplitMix64(seed: 3)
            let pairs = (0..<3_000).map { number in
                var pair = Pair.example("\(number)", time: .example + Double(number))
                pair.stable.text = random.hex(bytes: 400)
                pair.prompt = random.hex(bytes: 200)
                return pair
            }
            try fill(store, experiment, pairs)
            let before = try store.upkeep.usedBytes()
            #expect(try store.upkeep.pruneOldestTexts(toFit: before) == PruneCounts())
            let counts = try store.upkeep.pruneOldestTexts(toFit: before * 2 / 3)
            #expect(try store.upkeep.usedBytes() <= before * 2 / 3)
            #expect(counts.texts == counts.prompts && (500...2_500).contains(counts.texts))
            #expect(try store.pairs.load(uid: "\(counts.texts - 1)")?.isTextDeleted == true)
            let first = try #require(try store.pairs.load(uid: "\(counts.texts)"))
            #expect(
                first.pair.prompt == pairs[counts.texts].prompt
                    && first.pair.stable.text == pairs[counts.texts].stable.text
            )
            let info = try store.upkeep.info()
            #expect(info.pairs == 3_000 && info.freeBytes == 0)
            // With nothing left to delete it ends, whatever was asked for.
            let rest = try store.upkeep.pruneOldestTexts(toFit: 1)
            #expect(counts.texts + rest.texts == 3_000)
            #expect(try store.upkeep.info().prompts == 0)
            #expect(try store.upkeep.check(texts: true).isEmpty)
        }
    }

    @Test func `a session is forgotten everywhere`() async throws {
        try await withStore { store, experiment in
            let session = "00112233445566778899aabbccddeeff"
            var mine = Pair.example("mine", session: session, prompt: "CANARY prompt", hash: "0a")
            mine.stable.text = "CANARY answer"
            let shared = Pair.example("shared", session: session, hash: "0b")
            try fill(store, experiment, [mine, shared, .example("other", hash: "0b"), .example("last", session: "aa")])
            let row = try #require(try store.pairs.load(uid: "mine")).rowID
            _ = try store.ratings.saveRound(
                RatingRound(name: "r", seed: 1, exportedAt: .example),
                items: [
                    RatingItem(
                        id: "i",
                        pairRowID: row,
                        sideA: .stable,
                        sideB: .shadow,
                        inclusionProbability: 1,
                        reason: "s"
                    )
                ]
            )
            _ = try store.ratings.save(
                [StoredRating(subject: .item("i"), rater: "r1", choice: .sideA, comment: "CANARY")],
                policy: .full
            )
            #expect(try store.upkeep.forget(session: SessionHash(hex: session)) == 2)
            #expect(try store.pairs.load(uid: "mine") == nil)
            #expect(try store.ratings.ratedPairs().isEmpty)
            // The other person's pair with the same prompt keeps it.
            #expect(try store.pairs.load(uid: "other")?.pair.prompt == "a question")
            #expect(try store.upkeep.info().sessions == 1)
            let values = try everyValue(of: store)
            #expect(!values.contains(text: "CANARY"))
            let hash = Data(decodeHexadecimal(session) ?? [])
            for file in try files(of: store) + values { #expect(Data(file).range(of: hash) == nil) }
            #expect(try store.upkeep.check(texts: true).isEmpty)
            #expect(try store.upkeep.forget(promptHash: PromptHash(hex: "0b")) == 1)
            #expect(try store.pairs.load(uid: "other") == nil)
            #expect(try store.upkeep.info().prompts == 1)
            #expect(try store.upkeep.forget(promptHash: PromptHash(hex: "0b")) == 0)
        }
    }

    @Test func `a row's number is never used again`() async throws {
        try await withStore { store, experiment in
            try fill(store, experiment, [.example("a"), .example("b", session: "aa")])
            let row = try #require(try store.pairs.load(uid: "b")).rowID
            _ = try store.upkeep.forget(session: SessionHash(hex: "aa"))
            try fill(store, experiment, [.example("c")])
            #expect(try #require(try store.pairs.load(uid: "c")).rowID > row)
        }
    }
}
