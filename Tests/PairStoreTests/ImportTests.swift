import Foundation
import Testing
import Vocabulary

@testable import PairStore

struct ImportTests {
    private func pairs(_ range: Range<Int>) -> [ImportedPair] {
        range.map { index in
            var pair = Pair.example("pair-\(index)", intent: index.isMultiple(of: 3) ? "math" : "payment")
            pair.stable.scores = ["correct": 1]
            return ImportedPair(pair: pair, pairScores: ["churn": 0.5])
        }
    }

    @Test func `importing the same pairs twice adds nothing`() async throws {
        try await withStore { store, experiment in
            let first = try store.pairs.add(pairs(0..<50), into: experiment, policy: .full)
            #expect(first == ImportCounts(added: 50))
            let before = try everyValue(of: store)
            let second = try store.pairs.add(pairs(0..<50), into: experiment, policy: .full)
            #expect(second == ImportCounts(alreadyThere: 50))
            #expect(try everyValue(of: store) == before)
            let third = try store.pairs.add(pairs(40..<60), into: experiment, policy: .full)
            #expect(third == ImportCounts(added: 10, alreadyThere: 10))
            #expect(try store.pairs.counts().reduce(0) { $0 + $1.pairs } == 60)
        }
    }

    @Test func `an import that fails leaves nothing`() async throws {
        struct BadLine: Error {}
        try await withStore { store, experiment in
            let before = try everyValue(of: store)
            var iterator = pairs(0..<30).makeIterator()
            #expect(throws: BadLine.self) {
                try store.pairs.add(into: experiment, policy: .full) {
                    guard let pair = iterator.next() else { throw BadLine() }
                    return pair
                }
            }
            #expect(try everyValue(of: store) == before)
            #expect(try store.pairs.isEmpty)

            var wrong = pairs(0..<3)
            wrong[2].pair.stable.scores["judge"] = 1.5
            #expect(throws: StoreError.invalidScore(scorer: "judge", value: 1.5)) {
                try store.pairs.add(wrong, into: experiment, policy: .full)
            }
            #expect(try store.pairs.isEmpty)
        }
    }

    @Test func `imported scores belong to the scorer of their name and the version imported`() async throws {
        try await withStore { store, experiment in
            _ = try store.pairs.add(pairs(0..<1), into: experiment, policy: .full)
            #expect(
                Set(try store.scores.scorers()) == [
                    Scorer(name: "correct", version: "imported"), Scorer(name: "churn", version: "imported"),
                ]
            )
        }
    }
}
