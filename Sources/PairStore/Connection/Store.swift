import Dispatch
import Foundation
import GRDB
import Synchronization
import Threads

/// One store: a SQLite file in WAL mode, with one writing and several reading connections.
///
/// Design. One write closure is one transaction is one invariant. Readers never wait for the writer and never hold it
/// up (WAL), so `evaluate`, `report` and `queue` run beside `serve` on the same file; a second process's writes wait for
/// a busy time-out. The writer syncs at every commit (`synchronous = FULL`): what was reported as stored survives a loss
/// of power, and as pairs are written in batches the sync is paid once a batch (sqlite.org/pragma.html#pragma_synchronous:
/// in WAL mode NORMAL "might roll back following a power loss", FULL does not).
///
/// Limits. All calls block; in asynchronous code use `run`, which has threads of its own. One process serves per
/// file, which `ServingLock` sees to.
package final class Store: Sendable {
    /// What the opener means to do.
    package enum Access: Sendable, Equatable {
        /// Create the store where there is none, and write to it.
        case createOrOpen
        /// Write to a store that exists.
        case readWrite
        /// Read a store that exists and has the present schema; nothing is changed in it.
        case readOnly
    }

    package let path: String
    package let access: Access
    /// Whether this opening created the store.
    package let wasCreated: Bool

    let dictionaries = DictionaryCache()
    private let queue: DispatchQueue
    private let opened: Locked<Opened>
    let memento = Locked(StoreMemento())
    let generationCounter = Atomic<Int>(0)

    /// What a store is made of as long as its file stays the same one.
    private struct Opened {
        var pool: DatabasePool
        var identity: StoreFile.Identity?
        /// Copies the log into the file while the pool's writer goes on.
        var checkpointer: DatabaseQueue?
        var isClosed = false
    }

    let busyTimeout: Duration

    init(path: String, access: Access, wasCreated: Bool, pool: DatabasePool, busyTimeout: Duration) {
        self.busyTimeout = busyTimeout
        self.path = path
        self.access = access
        self.wasCreated = wasCreated
        opened = Locked(Opened(pool: pool, identity: StoreFile.identity(of: path)))
        queue = DispatchQueue(label: "understudy.store.calls", attributes: .concurrent)
    }

    /// How often a new store took this one's place at its path since it was opened.
    package var generation: Int { generationCounter.load(ordering: .relaxed) }

    /// The connections of now.
    var pool: DatabasePool { opened.withLock { $0.pool } }

    /// Copies what the log has into the file, beside a writer who goes on writing (a passive checkpoint, sqlite.org/wal.html).
    ///
    /// - Throws: what SQLite says; the log is then copied another time.
    func checkpoint() throws {
        let queue = try opened.withLock { opened in
            guard !opened.isClosed else { throw StoreError.closed(path: path) }
            if let known = opened.checkpointer { return known }
            let new = try DatabaseQueue(
                path: path,
                configuration: Self.configuration(access: access, busyTimeout: busyTimeout)
            )
            opened.checkpointer = new
            return new
        }
        try queue.writeWithoutTransaction { db in
            _ = try Row.fetchAll(db, sql: "PRAGMA wal_checkpoint(PASSIVE)")
        }
    }

    /// Whether the file that is open still stands at its path.
    ///
    /// SQLite itself looks for that only without a write-ahead log.
    var isInPlace: Bool { opened.withLock { $0.identity } == StoreFile.identity(of: path) }

    /// Ends what other threads are reading or writing now with an error, so that nobody has to wait for it at the end.
    package func interrupt() { pool.interrupt() }

    /// Closes all connections; the last process to do so folds the `-wal` into the file.
    package func close() throws {
        let (pool, checkpointer) = opened.withLock { opened in
            opened.isClosed = true
            return (opened.pool, opened.checkpointer)
        }
        try checkpointer?.close()
        try pool.close()
    }

    /// Replaces all connections by new ones, after `prepare` has done its part with nobody connected.
    ///
    /// - Throws: where the file cannot be opened; then the old connections stay, which may fail as before.
    func replaceConnections(after prepare: () throws -> Void = {}) throws {
        try opened.withLock { opened in
            guard !opened.isClosed else { throw StoreError.closed(path: path) }
            try prepare()
            let before = opened.pool
            let pool = try Self.openPool(path: path, access: access, busyTimeout: busyTimeout)
            try pool.read { db in try SchemaComparison.verify(db, version: Schema.version, path: path) }
            guard try knowsDeclarations(pool) else { throw StoreError.notAStore(path: path) }
            opened.pool = pool
            opened.identity = StoreFile.identity(of: path)
            opened.checkpointer = nil
            // Whoever is reading finishes with the old ones, which close themselves when they are let go.
            try? before.close()
        }
    }

    /// Runs store calls on a thread that may block, for asynchronous callers.
    package func run<Value: Sendable>(
        _ body: @escaping @Sendable (Store) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(with: Result { try body(self) })
            }
        }
    }

    /// Copies the store to a place where there is none, as one snapshot beside whoever writes to it.
    package func copy(to path: String) throws {
        try StoreFile.create(at: path)
        let target = try DatabaseQueue(path: path)
        try pool.backup(to: target)
        try target.close()
    }

    // MARK: - Transactions

    /// Reads from one snapshot.
    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try naming { try pool.read(body) }
    }

    /// Says of an error in what is read which store it is about.
    func naming<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch StoreError.brokenRow(var broken) {
            broken.path = path
            throw StoreError.brokenRow(broken)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
            throw StoreError.damaged(path: path)
        } catch let error as DatabaseError where error.message == "integer overflow" {
            throw StoreError.brokenSums(path: path)
        }
    }

    /// One transaction, rolled back whole where the body throws.
    func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
        guard access != .readOnly else { throw StoreError.readOnly(path: path) }
        return try pool.write(body)
    }
}
