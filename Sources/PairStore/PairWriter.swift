/// The batched writer: pairs in, one transaction per batch, an answer for each pair after its commit.
///
/// Why. A transaction of its own for every pair would cost a sync of the disk each; a batch shares one. Redaction, scoring
/// and compression cost more than the insert, so they run on a queue of their own while the batch before is being written.
///
/// Design. `append` only reserves room and hands over; it never waits. Two serial dispatch queues do the work, `prepare` and
/// `write`; `BatchState` decides. Nothing polls: a batch leaves by count, by size, or by one timer that is armed when a
/// batch gets its first pair.
///
/// Limits. What is pending is bounded by count and bytes; beyond that `append` says no and the caller sheds. A batch that
/// fails because of one pair is written again pair by pair, so the others are kept; a batch that fails because of the disk
/// fails whole.

import Dispatch
import Foundation
import GRDB
import Locking
package import Vocabulary

package final class PairWriter: Sendable {
    /// How much may wait, and for how long.
    package struct Limits: Sendable, Equatable {
        /// Pairs in one transaction at most.
        package var batchCount: Int
        /// Bytes of text after which a batch leaves.
        package var batchBytes: Int
        /// How long a pair waits for others at most.
        package var batchDelay: Duration
        /// Pairs that wait or are being written at most.
        package var pendingCount: Int
        /// Bytes of text that wait or are being written at most; a single larger pair is taken when nothing waits.
        package var pendingBytes: Int

        package init(
            batchCount: Int = 512,
            batchBytes: Int = 8 << 20,
            batchDelay: Duration = .milliseconds(50),
            pendingCount: Int = 8_192,
            pendingBytes: Int = 64 << 20
        ) {
            self.batchCount = batchCount
            self.batchBytes = batchBytes
            self.batchDelay = batchDelay
            self.pendingCount = pendingCount
            self.pendingBytes = pendingBytes
        }
    }

    /// What became of a pair.
    package enum Result: Sendable, Equatable {
        /// Committed and synced.
        case stored(rowID: Int64)
        /// Not in the store; the reason carries nothing of the pair's texts.
        case failed(reason: String)
    }

    /// What the writer has done so far.
    package struct Counts: Sendable, Equatable {
        package var stored = 0
        package var failed = 0
        /// Transactions committed.
        package var batches = 0
        /// Times that `append` said no.
        package var refused = 0
        /// Times that a batch was kept back because another process was writing.
        package var busy = 0
        /// Pairs that wait or are being written now.
        package var pendingCount = 0
        /// Bytes of text that wait or are being written now.
        package var pendingBytes = 0
    }

    private struct Item: Sendable {
        var pair: PreparedPair
        var completion: @Sendable (Result) -> Void
    }

    private struct State {
        var batches: BatchState<Item, CheckedContinuation<Void, Never>>
        var counts = Counts()
    }

    private typealias Action = BatchState<Item, CheckedContinuation<Void, Never>>.Action

    private let store: PairStore
    private let experiment: ExperimentID
    private let state: Locked<State>
    private let preparer: Locked<PairPreparer>
    private let inserter = Locked(PairInserter())
    private let prepareQueue = DispatchQueue(label: "understudy.store.prepare", qos: .utility)
    private let writeQueue = DispatchQueue(label: "understudy.store.write", qos: .utility)

    /// A writer of one experiment's pairs.
    ///
    /// - Parameters:
    ///   - store: a writable store.
    ///   - experiment: whose pairs they are.
    ///   - policy: what of their texts is kept.
    ///   - scorer: scores each pair; nil leaves that to a later pass.
    ///   - limits: how much may wait, and for how long.
    /// - Throws: `StoreError.readOnly`, or where zstd has no memory.
    package init(
        store: PairStore,
        experiment: ExperimentID,
        policy: TextPolicy,
        scorer: (any PairScoring)? = nil,
        limits: Limits = Limits()
    ) throws {
        guard store.access != .readOnly else { throw StoreError.readOnly(path: store.path) }
        self.store = store
        self.experiment = experiment
        state = Locked(State(batches: BatchState(limits: limits)))
        preparer = Locked(try PairPreparer(policy: policy, scorer: scorer))
    }

    /// Hands a pair over; never waits.
    ///
    /// - Parameters:
    ///   - pair: scores that it carries are stored as imported ones.
    ///   - completion: called once, on the writer's own thread, after the pair's transaction has been committed or has
    ///     failed; it must be quick, as the next batch waits for it.
    /// - Returns: false where the writer is full or closed; then the completion is never called.
    package func append(_ pair: Pair, completion: @escaping @Sendable (Result) -> Void) -> Bool {
        let bytes = pair.textByteCount
        let isAdmitted = state.withLock { state in
            guard state.batches.admit(bytes: bytes) else {
                state.counts.refused += 1
                return false
            }
            return true
        }
        guard isAdmitted else { return false }
        prepareQueue.async {
            giveWayToUsers()
            self.prepare(pair, bytes: bytes, completion)
        }
        return true
    }

    /// Waits until every pair that was appended before has been answered.
    package func flush() async {
        await withCheckedContinuation { continuation in
            let (isWaiting, action) = state.withLock { $0.batches.flush(continuation, now: .now) }
            if !isWaiting { continuation.resume() }
            perform(action)
        }
    }

    /// Takes nothing more, and waits until everything that was taken has been answered.
    package func close() async {
        state.withLock { $0.batches.close() }
        await flush()
    }

    package var counts: Counts {
        state.withLock { state in
            var counts = state.counts
            counts.pendingCount = state.batches.pendingCount
            counts.pendingBytes = state.batches.pendingBytes
            return counts
        }
    }

    // MARK: - On the prepare queue

    private func prepare(_ pair: Pair, bytes: Int, _ completion: @escaping @Sendable (Result) -> Void) {
        do {
            let prepared = try preparer.withLock { try $0.prepare(pair) }
            let item = Item(pair: prepared, completion: completion)
            perform(state.withLock { $0.batches.prepared(item, bytes: bytes, now: .now) })
        } catch {
            completion(.failed(reason: "\(error)"))
            let waiters = state.withLock { state in
                state.counts.failed += 1
                return state.batches.dropped(bytes: bytes)
            }
            for waiter in waiters { waiter.resume() }
        }
    }

    // MARK: - On the write queue

    private func perform(_ action: Action) {
        switch action {
        case .none:
            break
        case .arm(let deadline):
            let delay = max(0, ContinuousClock.now.duration(to: deadline).milliseconds)
            writeQueue.asyncAfter(deadline: .now() + delay / 1_000) {
                self.perform(self.state.withLock { $0.batches.timerFired(now: .now) })
            }
        case .write(let items):
            writeQueue.async {
                giveWayToUsers()
                self.write(items)
            }
        }
    }

    private func write(_ items: [Item]) {
        let results = commit(items)
        for (item, result) in zip(items, results) { item.completion(result) }
        let stored = results.count { if case .stored = $0 { true } else { false } }
        let (action, finished) = state.withLock { state in
            state.counts.batches += 1
            state.counts.stored += stored
            state.counts.failed += results.count - stored
            return state.batches.written(count: items.count, now: .now)
        }
        for waiter in finished { waiter.resume() }
        perform(action)
    }

    /// Notes that another process is writing; false where the writer is closed and waits for nobody any more.
    private func waitsOn() -> Bool {
        state.withLock { state in
            state.counts.busy += 1
            return !state.batches.isClosed
        }
    }

    private func commit(_ items: [Item]) -> [Result] {
        inserter.withLock { inserter in
            while true {
                do {
                    return try insert(items, with: inserter, isolating: false)
                } catch {
                    // What the inserter remembers may have been rolled back, or deleted by another process.
                    inserter.forget()
                    // An import or a vacuum beside us ends some time; until then the batch waits, and what comes meanwhile
                    // is refused when the limits are reached. SQLite has waited its busy time-out before it says so.
                    if Self.isBusy(error), waitsOn() { continue }
                    guard Self.isOfARow(error) else { return failure(error, of: items) }
                    break
                }
            }
            do {
                return try insert(items, with: inserter, isolating: true)
            } catch {
                inserter.forget()
                return failure(error, of: items)
            }
        }
    }

    /// One transaction; where `isolating`, a pair that cannot be stored fails alone.
    private func insert(_ items: [Item], with inserter: PairInserter, isolating: Bool) throws -> [Result] {
        try store.write { db in
            try items.map { item in
                guard isolating else { return try insert(item, with: inserter, db) }
                var result = Result.failed(reason: "it was not stored")
                do {
                    try db.inSavepoint {
                        result = try insert(item, with: inserter, db)
                        return .commit
                    }
                } catch  where Self.isOfARow(error) {
                    inserter.forget()
                    result = .failed(reason: Self.reason(error))
                }
                return result
            }
        }
    }

    private func insert(_ item: Item, with inserter: PairInserter, _ db: Database) throws -> Result {
        guard let rowID = try inserter.insert(item.pair, experiment: experiment, db) else {
            return .failed(reason: "a pair of the same id is already stored")
        }
        return .stored(rowID: rowID)
    }

    private func failure(_ error: any Error, of items: [Item]) -> [Result] {
        items.map { _ in .failed(reason: Self.reason(error)) }
    }

    /// Whether another process holds the store.
    private static func isBusy(_ error: any Error) -> Bool {
        guard let error = error as? DatabaseError else { return false }
        return [.SQLITE_BUSY, .SQLITE_LOCKED].contains(error.resultCode)
    }

    /// Whether the error is about what a row says, and not about the disk or another process.
    private static func isOfARow(_ error: any Error) -> Bool {
        guard let error = error as? DatabaseError else { return false }
        return [.SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_TOOBIG, .SQLITE_RANGE].contains(error.resultCode)
    }

    /// SQLite's own words, which name tables and columns and never values.
    private static func reason(_ error: any Error) -> String {
        (error as? DatabaseError).map { $0.message ?? "\($0.resultCode)" } ?? "\(error)"
    }
}
