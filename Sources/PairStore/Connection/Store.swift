import Dispatch
import Foundation
import GRDB
import GRDBSQLite
import Synchronization
import Threads
import Vocabulary

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

    private init(path: String, access: Access, wasCreated: Bool, pool: DatabasePool, busyTimeout: Duration) {
        self.busyTimeout = busyTimeout
        self.path = path
        self.access = access
        self.wasCreated = wasCreated
        opened = Locked(Opened(pool: pool, identity: StoreFile.identity(of: path)))
        queue = DispatchQueue(label: "understudy.store.calls", attributes: .concurrent)
    }

    /// Opens a store, brings it to the present schema, and makes sure that only its owner can read it.
    ///
    /// - Parameters:
    ///   - path: the file; `-wal` and `-shm` lie beside it.
    ///   - access: what the caller means to do.
    ///   - busyTimeout: how long a write waits for another process's write.
    /// - Returns: the store, with the present schema.
    /// - Throws: `StoreError` for a file that is absent, is not a store, or has a newer schema.
    package static func open(
        path: String,
        access: Access,
        busyTimeout: Duration = .seconds(10)
    ) throws -> Store {
        let kind = try StoreFile.kind(of: path)
        try StoreFile.refuseOtherCompanions(of: path)
        var wasCreated = false
        switch (kind, access) {
        case (.foreign, _):
            throw StoreError.notAStore(path: path)
        case (.absent, .readWrite), (.absent, .readOnly), (.empty, .readWrite), (.empty, .readOnly):
            throw StoreError.missing(path: path)
        case (.absent, .createOrOpen), (.empty, .createOrOpen):
            try StoreFile.create(at: path)
            wasCreated = true
        case (.database, _):
            break
        }
        do {
            if access != .readOnly { try StoreFile.restrict(path) }
            if wasCreated {
                try initialise(path: path, busyTimeout: busyTimeout)
            } else {
                wasCreated = try recognise(path: path, access: access, busyTimeout: busyTimeout)
            }
            let pool = try openPool(path: path, access: access, busyTimeout: busyTimeout)
            if access != .readOnly { try StoreFile.restrict(path) }
            return Store(path: path, access: access, wasCreated: wasCreated, pool: pool, busyTimeout: busyTimeout)
        } catch let error as DatabaseError {
            if error.resultCode == .SQLITE_NOTADB { throw StoreError.notAStore(path: path) }
            if error.resultCode == .SQLITE_CORRUPT { throw StoreError.damaged(path: path) }
            throw StoreError.notReadable(path: path, reason: error.message ?? "\(error.resultCode)")
        }
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

    /// Remembers which key the store's hashes are made with, and refuses another.
    ///
    /// - Parameter fingerprint: a digest of the key from which the key cannot be found, such as its HMAC of a constant.
    /// - Throws: `StoreError.otherKey` where the store remembers a different one.
    package func bindKey(fingerprint: String) throws {
        let bound = try setting("key_fingerprint", default: fingerprint)
        guard bound == fingerprint else { throw StoreError.otherKey(path: path) }
    }

    /// Refuses a key with which the store's hashes were not made; nothing is remembered.
    ///
    /// - Parameter fingerprint: as for `bindKey`.
    /// - Throws: `StoreError.otherKey` where the store remembers a different one.
    package func checkKey(fingerprint: String) throws {
        let sql = "SELECT value FROM store_setting WHERE name = 'key_fingerprint'"
        let bound = try read { db in try String.fetchOne(db, sql: sql) }
        guard bound == nil || bound == fingerprint else { throw StoreError.otherKey(path: path) }
    }

    /// A setting of the store; the default is kept where there is none yet and the store is writable.
    private func setting(_ name: String, default value: String) throws -> String {
        let sql = "SELECT value FROM store_setting WHERE name = ?"
        if let present = try read({ db in try String.fetchOne(db, sql: sql, arguments: [name]) }) { return present }
        guard access != .readOnly else { return value }
        return try write { db in
            try db.execute(
                sql: "INSERT INTO store_setting (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING",
                arguments: [name, value]
            )
            return try String.fetchOne(db, sql: sql, arguments: [name]) ?? value
        }
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

    // MARK: - Opening

    private static func configuration(access: Access, busyTimeout: Duration) -> GRDB.Configuration {
        var configuration = GRDB.Configuration()
        configuration.readonly = access == .readOnly
        configuration.busyMode = .timeout(busyTimeout.milliseconds / 1_000)
        configuration.label = "understudy.store"
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { db in
            // A forgotten row is overwritten, not only unlinked. Debian's SQLite does so by default, others do not.
            // Views, triggers and checks of a file from elsewhere call no function that could do harm, its pages are
            // looked at before they are used, and no value is longer than any that is written
            // (sqlite.org/security.html, "Untrusted SQLite Database Files").
            try db.execute(
                sql: "PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON"
            )
            sqlite3_limit(db.sqliteConnection, SQLITE_LIMIT_LENGTH, CInt(StoredRange.textBytes.upperBound) + (1 << 20))
        }
        return configuration
    }

    /// What has to be set before the first table is there, while the file is not yet in WAL mode.
    static func initialise(path: String, busyTimeout: Duration) throws {
        let queue = try DatabaseQueue(
            path: path,
            configuration: configuration(access: .createOrOpen, busyTimeout: busyTimeout)
        )
        try queue.writeWithoutTransaction { db in
            // Pages are given back in small steps (`PRAGMA incremental_vacuum`), never by rewriting the file.
            try db.execute(
                sql: """
                    PRAGMA auto_vacuum = INCREMENTAL;
                    PRAGMA application_id = \(StoreFile.applicationID);
                    """
            )
        }
        try Schema.migrator.migrate(queue)
        try queue.close()
    }

    /// Looks at an existing database without changing it.
    ///
    /// - Returns: whether it was an empty database, which has been made a store.
    private static func recognise(path: String, access: Access, busyTimeout: Duration) throws -> Bool {
        let look = try DatabaseQueue(
            path: path,
            configuration: configuration(access: .readOnly, busyTimeout: busyTimeout)
        )
        let (applicationID, version, isEmpty) = try look.read { db in
            let applicationID = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
            let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
            if applicationID == StoreFile.applicationID, (1...Schema.version).contains(version) {
                try SchemaComparison.verify(db, version: version, path: path)
            }
            let isEmpty = try Bool.fetchOne(db, sql: "SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)") ?? false
            return (applicationID, version, isEmpty)
        }
        try look.close()
        if isEmpty, version == 0, applicationID == 0 || applicationID == StoreFile.applicationID {
            guard access == .createOrOpen else { throw StoreError.notAStore(path: path) }
            // A creation that was cut short.
            try initialise(path: path, busyTimeout: busyTimeout)
            return true
        }
        guard applicationID == StoreFile.applicationID, version > 0 else { throw StoreError.notAStore(path: path) }
        guard version <= Schema.version else {
            throw StoreError.newerSchema(path: path, found: version, supported: Schema.version)
        }
        if version < Schema.version, access == .readOnly {
            throw StoreError.olderSchema(path: path, found: version, supported: Schema.version)
        }
        return false
    }

    private static func openPool(path: String, access: Access, busyTimeout: Duration) throws -> DatabasePool {
        let pool = try DatabasePool(
            path: path,
            configuration: configuration(access: access, busyTimeout: busyTimeout)
        )
        guard access != .readOnly else { return pool }
        try pool.writeWithoutTransaction { db in
            // After the pool has switched to WAL, at which it sets NORMAL.
            try db.execute(sql: "PRAGMA synchronous = FULL")
            // The pair writer has the log copied by another connection; this is for when nothing does, and bounds the log.
            _ = try Row.fetchAll(db, sql: "PRAGMA wal_autocheckpoint = 16384")
            // A log that a long reader let grow is cut at the next checkpoint.
            _ = try Row.fetchAll(db, sql: "PRAGMA journal_size_limit = 67108864")
        }
        try Schema.migrator.migrate(pool)
        return pool
    }
}
