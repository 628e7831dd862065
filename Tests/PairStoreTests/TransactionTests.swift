import Foundation
import PairStore
import Testing
import Vocabulary

/// Several tables in one transaction.
struct TransactionTests {
    private struct Stop: Error {}

    private let change: Funnel = {
        var change = Funnel()
        (change.seen, change.notSampled) = (1, 1)
        return change
    }()

    @Test func `what several tables were given in a transaction is there together`() async throws {
        try await withStore { store, _ in
            let id = try store.transaction { transaction in
                let id = try transaction.experiments.declare(.example(name: "second"), by: "a test", at: .example)
                try transaction.funnel.add([FunnelMinute(minute: 1, intent: nil, change: change)], experiment: id)
                let counts = try transaction.pairs.add([ImportedPair(pair: .example("a"))], into: id, policy: .full)
                #expect(counts == ImportCounts(added: 1))
                // What was written so far is read within the transaction.
                #expect(try transaction.experiments.newest()?.id == id)
                #expect(try transaction.funnel.sum(experiment: id) == change)
                #expect(try transaction.pairs.load(uid: "a")?.experiment == id)
                return id
            }
            #expect(try store.experiments.named("second")?.id == id)
            #expect(try store.experiments.numbered(id)?.declaration == .example(name: "second"))
            #expect(try store.funnel.sum(experiment: id) == change)
            #expect(try store.pairs.load(uid: "a") != nil)
        }
    }

    @Test func `a transaction that throws leaves nothing of any table`() async throws {
        try await withStore { store, experiment in
            func fail() throws {
                try store.transaction { transaction in
                    _ = try transaction.experiments.declare(.example(name: "second"), by: "a test", at: .example)
                    let table = RateTable(day: 1, rates: [:], otherwise: 0.5)
                    try transaction.traffic.save(table, experiment: experiment)
                    _ = try transaction.pairs.add([ImportedPair(pair: .example("a"))], into: experiment, policy: .full)
                    throw Stop()
                }
            }
            #expect(throws: Stop.self) { try fail() }
            #expect(try store.experiments.all().map(\.id) == [experiment])
            let table = try store.traffic.rates(experiment: experiment, day: 1)
            #expect(table == nil)
            #expect(try store.pairs.isEmpty)
        }
    }

    @Test func `ratings of which some are unknown change nothing within a transaction either`() async throws {
        try await withStore { store, experiment in
            _ = try store.pairs.add([ImportedPair(pair: .example("a"))], into: experiment, policy: .full)
            let ratings = ["a", "b"].map { StoredRating(subject: .pair($0), rater: "r", choice: .tie) }
            let counts = try store.transaction { try $0.ratings.save(ratings, policy: .full) }
            #expect(counts.unknown == [.pair("b")])
            #expect(counts.added == 0)
            #expect(try store.ratings.ratedPairs().isEmpty)
        }
    }

    @Test func `a store that is only read has no transaction`() async throws {
        try await withStore { store, _ in
            let reading = try Store.open(path: store.path, access: .readOnly)
            #expect(throws: StoreError.readOnly(path: store.path)) { try reading.transaction { _ in } }
            try reading.close()
        }
    }
}
