import Dispatch
import Foundation
import GRDB
import Threads
package import Vocabulary

/// The batched writer: pairs in, one transaction per batch, an answer for each pair after its commit.
///
/// Why. A transaction of its own for every pair would cost a sync of the disk each; a batch shares one. Redaction, scoring
/// and compression cost more than the insert, so they run on a queue of their own while the batch before is being written.
///
/// Design. `append` only reserves room and hands over; it never waits. Two serial dispatch queues do the work, `prepare` and
/// `write`; `BatchState` decides. Nothing polls: a batch leaves by count, by size, or by one timer that is armed when a
/// batch gets its first pair.
///
/// Limits. What is pending is bounded by count and bytes; beyond that `append` says no and the caller sheds. (The mirror goes on
/// counting a pair in its own budget until it is answered for, so this bound is within that one.) A batch that
/// fails because of one pair is written again pair by pair, so the others are kept. A batch that the disk or another process
/// does not let in is kept and tried again until it is in, or until the writer is closed; meanwhile there is an outage, of
/// which `onOutage` hears. A damaged store is set aside and a new one takes its place (`Store.setAside`).
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
        /// Times that a batch was kept back because the store did not take it.
        package var retries = 0
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
        /// Closed, and an attempt failed since: what waits behind it is not tried.
        var hasGivenUp = false
        /// Nobody waits for it any longer: what is not being written now is answered as failed.
        var isAbandoned = false
    }

    private typealias Action = BatchState<Item, CheckedContinuation<Void, Never>>.Action

    private let store: Store
    private let experiment: ExperimentID
    private let onCommit: @Sendable (Int, Duration) -> Void
    private let outages: OutageNotice
    private let log: LogCopier
    private let state: Locked<State>
    private let preparer: Locked<PairPreparer>
    /// Of the prepare queue.
    private let turns = Locked(Turns())
    private let inserter = Locked(PairInserter())
    private let prepareQueue = DispatchQueue(label: "understudy.store.prepare", qos: .utility)
    private let writeQueue = DispatchQueue(label: "understudy.store.write", qos: .utility)
    private let trainQueue = DispatchQueue(label: "understudy.store.train", qos: .background)
    private let repacking: TextRepacking

    /// A writer of one experiment's pairs.
    ///
    /// - Parameters:
    ///   - store: a writable store.
    ///   - experiment: whose pairs they are.
    ///   - policy: what of their texts is kept.
    ///   - scorer: scores each pair; nil leaves that to a later pass.
    ///   - limits: how much may wait, and for how long.
    ///   - onCommit: hears of each transaction: how many pairs, and how long it took, the sync included.
    ///   - onOutage: hears when an outage begins, changes, or is over (nil); called where the writer writes.
    /// - Throws: `StoreError.readOnly`, or where zstd has no memory.
    package init(
        store: Store,
        experiment: ExperimentID,
        policy: TextPolicy,
        scorer: (any PairScoring)? = nil,
        limits: Limits = Limits(),
        onCommit: @escaping @Sendable (Int, Duration) -> Void = { _, _ in },
        onOutage: @escaping @Sendable (StoreOutage?) -> Void = { _ in }
    ) throws {
        guard store.access != .readOnly else { throw StoreError.readOnly(path: store.path) }
        self.store = store
        self.experiment = experiment
        self.onCommit = onCommit
        outages = OutageNotice(onChange: onOutage)
        log = LogCopier(store: store)
        state = Locked(State(batches: BatchState(limits: limits)))
        preparer = Locked(
            try PairPreparer(policy: policy, scorer: scorer, dictionary: try store.newestDictionary())
        )
        repacking = try store.read { db in try TextRepacking(ofRowsAfterNow: db) }
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
            guard !self.isAbandoned else { return self.drop(bytes: bytes, Self.abandoned, completion) }
            self.turns.withLock { $0.workBegins() }
            self.prepare(pair, bytes: bytes, completion)
            self.turns.withLock { $0.pieceDone() }
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

    /// Waits until the dictionary of the pairs that were answered is trained, where one is being trained.
    package func trained() async {
        await withCheckedContinuation { continuation in
            trainQueue.async { continuation.resume() }
        }
    }

    /// Takes nothing more, and waits until everything that was taken has been answered.
    package func close() async {
        state.withLock { $0.batches.close() }
        await flush()
    }

    /// Takes nothing more, and answers what it still has as failed: for an end that does not wait.
    ///
    /// A transaction that is under way is finished, and so is a pair that is being prepared before others are answered.
    package func abandon() {
        state.withLock { state in
            state.batches.close()
            state.isAbandoned = true
        }
        // Makes a batch leave that waits for others or for its time.
        Task { await flush() }
    }

    private var isAbandoned: Bool { state.withLock { $0.isAbandoned } }

    private static let abandoned = "the process ended before it could be stored"

    /// Why the store takes nothing now; nil where it does.
    package var outage: StoreOutage? { outages.outage }

    /// Says from outside that nothing more is to be stored, or that it is again; pairs that wait are still written.
    package func hold(_ outage: StoreOutage?) { outages.hold(outage) }

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
            let (prepared, samples) = try preparer.withLock { (try $0.prepare(pair), $0.takeTraining()) }
            if let samples { trainQueue.async { self.train(samples) } }
            let item = Item(pair: prepared, completion: completion)
            perform(state.withLock { $0.batches.prepared(item, bytes: bytes, now: .now) })
        } catch {
            drop(bytes: bytes, "\(error)", completion)
        }
    }

    private func drop(bytes: Int, _ reason: String, _ completion: @escaping @Sendable (Result) -> Void) {
        completion(.failed(reason: reason))
        let waiters = state.withLock { state in
            state.counts.failed += 1
            return state.batches.dropped(bytes: bytes)
        }
        for waiter in waiters { waiter.resume() }
    }

    // MARK: - On the train queue

    /// Takes a better dictionary into use where there is one; meanwhile pairs are compressed as before.
    private func train(_ samples: [TextSample]) {
        giveWayToUsers()
        let present = preparer.withLock { $0.dictionary }
        // A store that takes no dictionary now takes none of its pairs either, which the writer tells.
        let generation = store.generation
        let bytes = inSpareTime { try? TextDictionary.better(than: present, for: samples) }
        let better = try? bytes.map { bytes in
            try store.write { db in try TextDictionary.add(bytes, at: Date(), db) }
        }
        // A store that took the place of the one that has the dictionary does not know it.
        try? preparer.withLock { try $0.trained(generation == store.generation ? better : nil) }
        if present == nil, let better { try? repacking.run(on: store, with: better) }
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

    private func write(_ items: [Item], attempt: Int = 0, damaged: Int = 0) {
        guard !isAbandoned else { return answer(items, with: items.map { _ in .failed(reason: Self.abandoned) }) }
        let results: [Result]
        switch state.withLock({ $0.hasGivenUp }) ? .failure(.unavailable) : commit(items) {
        case .success(let answers):
            outages.met(nil)
            // Figures and indexes take about a kibibyte of a pair.
            log.grew(by: items.reduce(0) { $0 + $1.pair.packedByteCount + 1_024 })
            results = answers
        case .failure(let outage):
            outages.met(outage)
            guard !givesUp() else {
                results = items.map { _ in .failed(reason: outage.sentence) }
                break
            }
            store.remedy(outage, damaged: damaged, keeping: preparer.withLock { $0.dictionaries })
            // The batch keeps its place, so nothing overtakes it, and what comes meanwhile waits or is refused.
            return writeQueue.asyncAfter(deadline: .now() + Self.delay(after: attempt)) {
                self.write(items, attempt: attempt + 1, damaged: outage == .corrupt ? damaged + 1 : 0)
            }
        }
        answer(items, with: results)
    }

    private func answer(_ items: [Item], with results: [Result]) {
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

    /// Seconds until the next attempt: a lock that is let go is seen soon, and a disk that is full is not asked in vain often.
    private static func delay(after attempt: Int) -> Double {
        min(2, 0.125 * Double(1 << min(attempt, 6)))
    }

    /// An attempt failed; whether it was the last.
    private func givesUp() -> Bool {
        state.withLock { state in
            state.counts.retries += 1
            state.hasGivenUp = state.batches.isClosed
            return state.hasGivenUp
        }
    }

    private func commit(_ items: [Item]) -> Swift.Result<[Result], StoreOutage> {
        inserter.withLock { inserter in
            guard store.isInPlace else {
                // What it remembers are numbers of the file that is gone.
                inserter.forget()
                return .failure(.unavailable)
            }
            let started = ContinuousClock.now
            do {
                let results = try insertAll(items, with: inserter)
                onCommit(results.count, started.duration(to: .now))
                return .success(results)
            } catch {
                // What the inserter remembers may have been rolled back, or deleted by another process.
                inserter.forget()
                if let outage = StoreOutage(error) { return .failure(outage) }
                return .success(items.map { _ in .failed(reason: Self.reason(error)) })
            }
        }
    }

    /// One transaction; where a pair in it breaks a rule, another in which that pair fails alone.
    private func insertAll(_ items: [Item], with inserter: PairInserter) throws -> [Result] {
        do {
            return try insert(items, with: inserter, isolating: false)
        } catch  where StoreOutage(error) == nil {
            inserter.forget()
            return try insert(items, with: inserter, isolating: true)
        }
    }

    /// One transaction; where `isolating`, a pair that cannot be stored fails alone.
    private func insert(_ items: [Item], with inserter: PairInserter, isolating: Bool) throws -> [Result] {
        try store.write { db in
            var turns = Turns()
            let results = try items.map { item in
                turns.pieceDone()
                guard isolating else { return try insert(item, with: inserter, db) }
                var result = Result.failed(reason: "it was not stored")
                do {
                    try db.inSavepoint {
                        result = try insert(item, with: inserter, db)
                        return .commit
                    }
                } catch  where StoreOutage(error) == nil {
                    inserter.forget()
                    result = .failed(reason: Self.reason(error))
                }
                return result
            }
            try inserter.countStored(
                zip(items, results).compactMap { item, result in
                    if case .stored = result { item.pair.intent } else { nil }
                },
                experiment: experiment,
                db
            )
            return results
        }
    }

    private func insert(_ item: Item, with inserter: PairInserter, _ db: Database) throws -> Result {
        guard let rowID = try inserter.insert(item.pair, experiment: experiment, db) else {
            return .failed(reason: "a pair of the same id is already stored")
        }
        return .stored(rowID: rowID)
    }

    /// SQLite's own words, which name tables and columns and never values.
    private static func reason(_ error: any Error) -> String {
        (error as? DatabaseError).map { $0.message ?? "\($0.resultCode)" } ?? "\(error)"
    }
}
