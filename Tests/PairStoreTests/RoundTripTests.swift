import Foundation
import GRDB
import Statistics
import TestSupport
import Testing
import Vocabulary

@testable import PairStore

struct RoundTripTests {
    private func readAll(_ store: Store, batchCount: Int = 7) throws -> [StoredPair] {
        var pairs: [StoredPair] = []
        try store.pairs.forEachPair(batchCount: batchCount) { pair in
            pairs.append(pair)
            return true
        }
        return pairs
    }

    @Test func `a stored pair reads back equal in every field`() async throws {
        for seed in 0..<40 as Range<UInt64> {
            var random = SplitMix64(seed: seed)
            let imported = (0..<9).map { index in
                ImportedPair(
                    pair: random.pair(id: "pair-\(seed)-\(index)"),
                    pairScores: random.flip() ? [:] : ["rouge_l": 0.25, "length_ratio": 3.5]
                )
            }
            try await withStore { store, experiment in
                _ = try store.pairs.add(imported, into: experiment, policy: .full)
                let stored = try readAll(store)
                #expect(stored.map(\.pair) == imported.map(\.pair), "seed \(seed)")
                #expect(stored.map(\.pairScores) == imported.map(\.pairScores), "seed \(seed)")
                #expect(stored.allSatisfy { $0.experiment == experiment && !$0.isTextDeleted })
                for pair in stored {
                    #expect(try store.pairs.load(uid: pair.pair.id) == pair)
                }
                let reversed = Array(stored.reversed())
                #expect(try store.pairs.load(rowIDs: reversed.map(\.rowID)) == reversed)
                #expect(try store.pairs.load(uid: "none") == nil)
            }
        }
    }

    @Test func `the writer and the import leave the same`() async throws {
        var random = SplitMix64(seed: 7)
        let pairs = (0..<50).map { random.pair(id: "\($0)") }
        let imported = try await withStore { store, experiment in
            _ = try store.pairs.add(pairs.map { ImportedPair(pair: $0) }, into: experiment, policy: .full)
            return try readAll(store)
        }
        let written = try await withStore { store, experiment in
            let writer = try PairWriter(store: store, experiment: experiment, policy: .full)
            for pair in pairs { #expect(writer.append(pair) { _ in }) }
            await writer.close()
            return try readAll(store)
        }
        #expect(imported == written)
    }

    @Test func `figures are the pairs without their words`() async throws {
        for seed in 100..<110 as Range<UInt64> {
            var random = SplitMix64(seed: seed)
            let imported = (0..<30).map { ImportedPair(pair: random.pair(id: "\($0)"), pairScores: ["churn": 0.5]) }
            try await withStore { store, experiment in
                _ = try store.pairs.add(imported, into: experiment, policy: .full)
                var figures: [PairFigures] = []
                try store.pairs.forEachFigures(experiment: experiment) { figures.append($0) }
                try #require(figures.count == imported.count)
                for (figure, original) in zip(figures, imported.map(\.pair)) {
                    #expect(figure.time == original.time, "seed \(seed)")
                    #expect(figure.key == PairKey(original.id))
                    #expect(
                        figure.session
                            == original.session.map(SessionKey.init) ?? SessionKey(pairWithoutSession: original.id)
                    )
                    #expect(figure.intent == original.intent)
                    #expect(figure.samplingProbability == original.samplingProbability)
                    #expect(figure.isStreamed == original.request.stream)
                    #expect(figure.hasResponseFormat == (original.request.responseFormat != nil))
                    #expect(figure.hasTools == (original.request.tools != nil))
                    check(figure.stable, original.stable)
                    check(figure.shadow, original.shadow)
                    #expect((figure.control == nil) == (original.control == nil))
                    if let control = figure.control, let answer = original.control { check(control, answer) }
                    #expect(figure.score("judge", .leg(.stable)) == original.stable.scores["judge"])
                    #expect(figure.score("refusal", .leg(.shadow)) == original.shadow.scores["refusal"])
                    #expect(figure.score("churn", .pair) == 0.5)
                    #expect(figure.score("churn", .leg(.stable)) == nil)
                }
            }
        }
    }

    private func check(_ figures: LegFigures, _ answer: LegAnswer) {
        #expect(figures.version == answer.version)
        #expect(figures.reportedModel == answer.reportedModel)
        #expect(figures.outcome == answer.outcome)
        #expect(figures.status == answer.status)
        #expect(figures.finishReason == answer.finishReason)
        #expect(figures.usage == answer.usage)
        #expect(figures.timings == answer.timings)
        #expect(figures.byteCount == answer.byteCount)
        #expect(figures.textByteCount == answer.text.utf8.count)
        #expect(figures.toolCallCount == answer.toolCalls.count)
    }

    @Test func `a reader can begin after a row, end before a time and keep to one experiment`() async throws {
        try await withStore { store, experiment in
            let other = try store.experiments.declare(.example(name: "other"), by: "a test", at: .example)
            let pairs = (0..<20).map { Pair.example("\($0)", time: .example + Double($0)) }
            for (index, pair) in pairs.enumerated() {
                _ = try store.pairs.add(
                    [ImportedPair(pair: pair)],
                    into: index.isMultiple(of: 2) ? experiment : other,
                    policy: .full
                )
            }
            let rows = try readAll(store).map(\.rowID)
            #expect(rows == rows.sorted())
            var seen: [String] = []
            try store.pairs.forEachPair(
                experiment: experiment,
                afterRow: rows[4],
                until: .example + 15,
                batchCount: 2
            ) { pair in
                seen.append(pair.pair.id)
                return true
            }
            #expect(seen == ["6", "8", "10", "12", "14"])
            var figures: [Int64] = []
            try store.pairs.forEachFigures(experiment: experiment, until: .example + 15) {
                figures.append($0.rowID)
            }
            #expect(figures == [0, 2, 4, 6, 8, 10, 12, 14].map { rows[$0] })
            var few = 0
            try store.pairs.forEachPair { _ in
                few += 1
                return few < 3
            }
            #expect(few == 3)
        }
    }

    @Test func `sessions are the same in two replicas and apart from each other`() async throws {
        func keys(_ pairs: [Pair]) async throws -> [SessionKey] {
            try await withStore { store, experiment in
                _ = try store.pairs.add(pairs.map { ImportedPair(pair: $0) }, into: experiment, policy: .full)
                var keys: [SessionKey] = []
                try store.pairs.forEachFigures { keys.append($0.session) }
                return keys
            }
        }
        let hash = "00112233445566778899aabbccddeeff"
        let first = try await keys([.example("x", session: "ff"), .example("a", session: hash), .example("b")])
        let second = try await keys([.example("c", session: hash), .example("b"), .example("d")])
        #expect(first[1] == second[0])
        #expect(first[2] == second[1])
        #expect(Set(first + second).count == 4)
    }

    @Test func `equal prompts and equal request formats are stored once`() async throws {
        try await withStore { store, experiment in
            let writer = try PairWriter(store: store, experiment: experiment, policy: .full)
            for index in 0..<10 {
                var pair = Pair.example("\(index)", session: "aa", hash: "00ff")
                pair.request.tools = #"[{"name":"look"}]"#
                #expect(writer.append(pair) { _ in })
            }
            await writer.close()
            for (table, count) in [("pair", 10), ("prompt", 1), ("request_format", 1), ("session", 1), ("content", 10)]
            {
                let found = try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") }
                #expect(found == count, "\(table)")
            }
        }
    }

    @Test func `a damaged text is told by its row and not by its words`() async throws {
        try await withStore { store, experiment in
            _ = try store.pairs.add([ImportedPair(pair: .example("p"))], into: experiment, policy: .full)
            try store.write { try $0.execute(sql: "UPDATE content SET bytes = zeroblob(length(bytes))") }
            let error = #expect(throws: StoreError.self) { try store.pairs.load(uid: "p") }
            guard case .corruptText = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(try store.upkeep.check(texts: true).count == 1)
        }
    }

    @Test func `damaged scores are told by their row, and the check finds them`() async throws {
        try await withStore { store, experiment in
            _ = try store.pairs.add(
                [ImportedPair(pair: .example("p"), pairScores: ["judge": 0.25])],
                into: experiment,
                policy: .full
            )
            #expect(try store.upkeep.check(texts: true).isEmpty)
            try store.write { try $0.execute(sql: "UPDATE score_pack SET bytes = substr(bytes, 1, length(bytes) - 1)") }
            #expect(throws: StoreError.corruptText(pairRowID: 1, reason: "its scores cannot be read")) {
                try store.pairs.forEachFigures { _ in }
            }
            #expect(try store.upkeep.check(texts: true) == ["The scores of pair row 1 cannot be read back."])
        }
    }
}
