import Foundation
import GRDB
import TestSupport
import Testing
import Threads
import Vocabulary

@testable import PairStore

struct PairWriterTests {
    private func count(_ store: Store) throws -> Int {
        try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM pair") ?? 0 }
    }

    @Test(.hangLimit)
    func `a completion comes after the commit, with the row`() async throws {
        try await withStore { store, experiment in
            let reader = try Store.open(path: store.path, access: .readOnly)
            let writer = try PairWriter(store: store, experiment: experiment, policy: .full)
            let result = await withCheckedContinuation { continuation in
                let isTaken = writer.append(.example("p")) { continuation.resume(returning: $0) }
                #expect(isTaken)
            }
            // Seen by another connection, so it is committed; and without any flush, so the timer works.
            let row = try #require(try reader.pairs.load(uid: "p")).rowID
            #expect(result == .stored(rowID: row))
            await writer.close()
            try reader.close()
        }
    }

    @Test(.hangLimit)
    func `many pairs share few transactions and all are answered`() async throws {
        try await withStore { store, experiment in
            let limits = PairWriter.Limits(batchCount: 100, batchDelay: .seconds(30))
            let writer = try PairWriter(store: store, experiment: experiment, policy: .full, limits: limits)
            let results = Results()
            for index in 0..<1_000 { #expect(writer.append(.example("\(index)"), completion: results.add)) }
            await writer.close()
            #expect(results.storedCount == 1_000)
            #expect(try count(store) == 1_000)
            let counts = writer.counts
            #expect(counts.stored == 1_000)
            #expect(counts.batches <= 1_000 / 2)
            #expect(counts.pendingCount == 0 && counts.pendingBytes == 0)
        }
    }

    @Test(.hangLimit)
    func `a flush ends the wait for a batch that is not full`() async throws {
        try await withStore { store, experiment in
            let limits = PairWriter.Limits(batchDelay: .seconds(3_600))
            let writer = try PairWriter(store: store, experiment: experiment, policy: .full, limits: limits)
            #expect(writer.append(.example("p")) { _ in })
            await writer.flush()
            #expect(try count(store) == 1)
            #expect(writer.append(.example("q")) { _ in })
            await writer.close()
            #expect(try count(store) == 2)
            #expect(!writer.append(.example("r")) { _ in Issue.record("answered after closing") })
            await writer.close()
        }
    }

    @Test(.hangLimit)
    func `a full writer says no at once and takes again when it has room`() async throws {
        try await withStore { store, experiment in
            let limits = PairWriter.Limits(batchCount: 4, pendingCount: 10)
            let writer = try PairWriter(store: store, experiment: experiment, policy: .full, limits: limits)
            let results = Results()
            // Another writer holds the file, so nothing can be committed meanwhile.
            let other = try Store.open(path: store.path, access: .readWrite)
            try await other.run { other in
                try other.pool.writeWithoutTransaction { db in
                    try db.inTransaction(.immediate) {
                        var taken = 0
                        while writer.append(.example("\(taken)"), completion: results.add) { taken += 1 }
                        #expect(taken == 10)
                        #expect(results.all.isEmpty)
                        #expect(writer.counts.refused == 1)
                        return .commit
                    }
                }
            }
            await writer.flush()
            #expect(results.storedCount == 10)
            #expect(writer.append(.example("again"), completion: results.add))
            await writer.close()
            #expect(results.storedCount == 11)
            try other.close()
        }
    }

    @Test(.hangLimit)
    func `a pair that cannot be stored fails alone and says why without its words`() async throws {
        try await withStore { store, experiment in
            let writer = try PairWriter(
                store: store,
                experiment: experiment,
                policy: .full,
                limits: PairWriter.Limits(batchDelay: .seconds(3_600))
            )
            let results = Locked<[String: PairWriter.Result]>([:])
            func append(_ pair: Pair) {
                let id = pair.id
                #expect(writer.append(pair) { result in results.withLock { $0[id] = result } })
            }
            var impossible = Pair.example("impossible", prompt: "SECRET words")
            impossible.samplingProbability = 0
            var wrongScore = Pair.example("score")
            wrongScore.shadow.scores = ["judge": .nan]
            append(.example("before", session: "aa"))
            append(impossible)
            append(wrongScore)
            append(.example("after", session: "aa"))
            await writer.flush()
            append(.example("before"))
            await writer.close()
            #expect(try count(store) == 2)
            let found = results.withLock { $0 }
            for (id, result) in found {
                switch (id, result) {
                case ("after", .stored): break
                case (_, .failed(let reason)): #expect(!reason.contains("SECRET"), "\(id)")
                default: Issue.record("\(id): \(result)")
                }
            }
            #expect(found["before"] == .failed(reason: "a pair of the same id is already stored"))
            #expect(writer.counts.failed == 3)
            #expect(try store.upkeep.check().isEmpty)
        }
    }

    @Test(.hangLimit)
    func `a batch waits while another process writes, and is stored then`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/pairs.sqlite"
            let store = try Store.open(path: path, access: .createOrOpen, busyTimeout: .milliseconds(20))
            let experiment = try store.experiments.declare(.example(), by: "a test", at: .example)
            let outages = Outages()
            let writer = try PairWriter(store: store, experiment: experiment, policy: .full, onOutage: outages.add)
            let other = try await ForeignLock(onStoreAt: path)
            let results = Results()
            #expect(writer.append(.example("while locked"), completion: results.add))
            await outages.wait { $0 == [.locked] }
            try await other.release()
            await writer.flush()
            #expect(outages.all == [.locked, nil])
            #expect(writer.counts.retries > 0)
            #expect(results.storedCount == 1)
            #expect(try count(store) == 1)
            try store.close()
        }
    }

    @Test(.hangLimit)
    func `a writer that is closed waits for nobody's lock`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/pairs.sqlite"
            let store = try Store.open(path: path, access: .createOrOpen, busyTimeout: .milliseconds(20))
            let experiment = try store.experiments.declare(.example(), by: "a test", at: .example)
            let writer = try PairWriter(store: store, experiment: experiment, policy: .full)
            let other = try await ForeignLock(onStoreAt: path)
            let results = Results()
            #expect(writer.append(.example("while locked"), completion: results.add))
            await writer.close()
            try await other.release()
            #expect(results.all.count == 1)
            #expect(results.storedCount == 0)
            #expect(try count(store) == 0)
            try store.close()
        }
    }

    @Test(.hangLimit)
    func `another process reads and scores beside the writer`() async throws {
        try await withStore { store, experiment in
            let writer = try PairWriter(
                store: store,
                experiment: experiment,
                policy: .full,
                limits: PairWriter.Limits(batchCount: 20, batchDelay: .milliseconds(1))
            )
            let evaluator = try Store.open(path: store.path, access: .readWrite)
            let scorer = Scorer(name: "quality", version: "1")
            var appended = 0
            for _ in 0..<20 {
                for _ in 0..<25 {
                    #expect(writer.append(.example("\(appended)")) { _ in })
                    appended += 1
                }
                try await evaluator.run { evaluator in
                    let lacking = try evaluator.scores.lacking(of: [scorer], limit: 100)
                    try evaluator.scores.save(
                        lacking.map { PairScores(pairRowID: $0.rowID, scorer: scorer, stable: 1, shadow: 0.5) }
                    )
                }
            }
            await writer.close()
            #expect(writer.counts.stored == 500)
            while case let lacking = try evaluator.scores.lacking(of: [scorer], limit: 100), !lacking.isEmpty {
                try evaluator.scores.save(lacking.map { PairScores(pairRowID: $0.rowID, scorer: scorer, stable: 1) })
            }
            var scored = 0
            try evaluator.pairs.forEachFigures { if $0.score("quality", .leg(.stable)) == 1 { scored += 1 } }
            #expect(scored == 500)
            try evaluator.close()
        }
    }

    /// Holds up whoever prepares a pair.
    private final class StuckScoring: PairScoring {
        let begun = DispatchSemaphore(value: 0)
        let mayGoOn = DispatchSemaphore(value: 0)

        func scores(of pair: Pair) -> [ScorerValues] {
            begun.signal()
            mayGoOn.wait()
            return []
        }
    }

    @Test(.hangLimit)
    func `an abandoned writer stores nothing more, and answers all that it has`() async throws {
        try await withStore { store, experiment in
            let scoring = StuckScoring()
            let limits = PairWriter.Limits(batchDelay: .seconds(3_600))
            let writer = try PairWriter(
                store: store,
                experiment: experiment,
                policy: .full,
                scorer: scoring,
                limits: limits
            )
            let results = Results()
            for index in 0..<3 { #expect(writer.append(.example("\(index)"), completion: results.add)) }
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    scoring.begun.wait()
                    continuation.resume()
                }
            }
            writer.abandon()
            #expect(!writer.append(.example("late"), completion: results.add))
            scoring.mayGoOn.signal()
            await writer.close()
            #expect(results.all.count == 3)
            #expect(results.storedCount == 0)
            #expect(try count(store) == 0)
            #expect(writer.counts.failed == 3 && writer.counts.pendingCount == 0)
        }
    }
}

/// Another opener of a store that writes, and does not come to an end until it is told to.
private final class ForeignLock: Sendable {
    private let gate = DispatchSemaphore(value: 0)
    private let holder: Task<Void, any Error>

    init(onStoreAt path: String) async throws {
        let store = try Store.open(path: path, access: .readWrite)
        let (locked, isLocked) = AsyncStream<Void>.makeStream()
        holder = Task { [gate] in
            try await store.run { store in
                try store.pool.writeWithoutTransaction { db in
                    try db.inTransaction(.immediate) {
                        isLocked.finish()
                        gate.wait()
                        return .commit
                    }
                }
            }
            try store.close()
        }
        for await _ in locked {}
    }

    func release() async throws {
        gate.signal()
        try await holder.value
    }
}
