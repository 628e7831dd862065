import Foundation
import GRDB
import Testing
import Vocabulary

@testable import PairStore

struct ScoresTests {
    private let quality = Scorer(name: "quality", version: "1")
    private let refusal = Scorer(name: "refusal", version: "1")

    private func fill(_ store: Store, _ experiment: ExperimentID, _ range: Range<Int>) throws -> [Int64] {
        _ = try store.pairs.add(
            range.map { ImportedPair(pair: .example("\($0)")) },
            into: experiment,
            policy: .full
        )
        var rows: [Int64] = []
        try store.pairs.forEachFigures { rows.append($0.rowID) }
        return rows
    }

    private func watermark(_ store: Store, _ scorer: Scorer) throws -> Int64? {
        try store.read {
            try Int64.fetchOne(
                $0,
                sql: "SELECT scored_through_pair_id FROM scorer WHERE name = ? AND version = ?",
                arguments: [scorer.name, scorer.version]
            )
        }
    }

    @Test func `every pair is scored once per scorer and version`() async throws {
        try await withStore { store, experiment in
            let rows = try fill(store, experiment, 0..<25)
            var scored = 0
            while true {
                let lacking = try store.scores.lacking(of: [quality, refusal], limit: 10)
                if lacking.isEmpty { break }
                #expect(lacking.allSatisfy { $0.missing == [quality, refusal] })
                scored += lacking.count
                let saved = try store.scores.save(
                    lacking.flatMap {
                        [
                            PairScores(pairRowID: $0.rowID, scorer: quality, stable: 1, shadow: 0.25, pair: -3),
                            // Not defined on any answer of this pair: that is remembered too.
                            PairScores(pairRowID: $0.rowID, scorer: refusal),
                        ]
                    }
                )
                #expect(saved == lacking.count * 2)
            }
            #expect(scored == 25)
            #expect(try watermark(store, quality) == rows.last)
            #expect(try store.scores.save([PairScores(pairRowID: rows[0], scorer: quality, control: 1)]) == 0)
            let first = try #require(try store.pairs.load(rowIDs: [rows[0]]).first)
            #expect(first.pair.stable.scores == ["quality": 1])
            #expect(first.pair.shadow.scores == ["quality": 0.25])
            #expect(first.pairScores == ["quality": -3])

            // What comes later is found, and only that.
            let more = try fill(store, experiment, 25..<28)
            #expect(try store.scores.lacking(of: [quality], limit: 10).map(\.rowID) == Array(more.suffix(3)))
            // Another version has seen nothing yet.
            let newer = Scorer(name: "quality", version: "2")
            #expect(try store.scores.lacking(of: [newer], limit: 100).count == 28)
        }
    }

    @Test func `a pair that a scorer gave up on can be passed over`() async throws {
        try await withStore { store, experiment in
            let rows = try fill(store, experiment, 0..<6)
            try store.scores.save([PairScores(pairRowID: rows[0], scorer: quality, stable: 1)])
            #expect(try store.scores.lacking(of: [quality], limit: 1).map(\.rowID) == [rows[1]])
            #expect(
                try store.scores.lacking(of: [quality], afterRow: rows[1], limit: 9).map(\.rowID)
                    == Array(rows[2...])
            )
            // The one passed over is not forgotten.
            for row in rows[2...] {
                try store.scores.save([PairScores(pairRowID: row, scorer: quality, stable: 1)])
            }
            #expect(try store.scores.lacking(of: [quality], afterRow: rows[1], limit: 9).isEmpty)
            #expect(try store.scores.lacking(of: [quality], limit: 9).map(\.rowID) == [rows[1]])
        }
    }

    @Test func `a scorer that joins others is missing alone`() async throws {
        try await withStore { store, experiment in
            let rows = try fill(store, experiment, 0..<3)
            try store.scores.save(rows.map { PairScores(pairRowID: $0, scorer: quality, stable: 1) })
            let lacking = try store.scores.lacking(of: [quality, refusal], limit: 10)
            #expect(lacking.map(\.missing) == [[refusal], [refusal], [refusal]])
        }
    }

    @Test func `of several versions the latest is read, or the one that is asked for`() async throws {
        try await withStore { store, experiment in
            let rows = try fill(store, experiment, 0..<2)
            let newer = Scorer(name: "quality", version: "2")
            try store.scores.save([
                PairScores(pairRowID: rows[0], scorer: quality, stable: 0.1, shadow: 0.2),
                PairScores(pairRowID: rows[1], scorer: quality, stable: 0.3),
                PairScores(pairRowID: rows[0], scorer: refusal, stable: 1),
                PairScores(pairRowID: rows[0], scorer: newer, stable: 0.9),
            ])
            func scores(_ selection: ScoreSelection) throws -> [[Score]] {
                var all: [[Score]] = []
                try store.pairs.forEachFigures(scores: selection) { all.append($0.scores) }
                return all
            }
            let latest = try scores(.latest)
            // The newer version is not defined on the shadow's answer, and the older one does not fill the gap.
            #expect(Set(latest[0].map(\.value)) == [0.9, 1])
            #expect(latest[1].map(\.value) == [0.3])
            #expect(Set(try scores(ScoreSelection(preferring: [quality]))[0].map(\.value)) == [0.1, 0.2, 1])
            #expect(try scores(ScoreSelection(preferring: [newer]))[1].isEmpty)
        }
    }

    @Test func `a score out of its range is refused and nothing is kept`() async throws {
        try await withStore { store, experiment in
            let rows = try fill(store, experiment, 0..<2)
            for value in [-0.01, 1.01, .nan, .infinity] {
                #expect(throws: StoreError.self, "\(value)") {
                    try store.scores.save([
                        PairScores(pairRowID: rows[0], scorer: quality, stable: 0.5),
                        PairScores(pairRowID: rows[1], scorer: quality, stable: value),
                    ])
                }
            }
            #expect(throws: StoreError.self) {
                try store.scores.save([PairScores(pairRowID: rows[1], scorer: quality, pair: .infinity)])
            }
            #expect(try store.scores.scorers().isEmpty)
            // A pair that was deleted meanwhile is passed over.
            #expect(try store.scores.save([PairScores(pairRowID: 999, scorer: quality, stable: 0.5)]) == 0)
        }
    }
}
