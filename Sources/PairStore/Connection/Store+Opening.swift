import Foundation
import GRDB
import GRDBSQLite
import Vocabulary

extension Store {
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

    static func configuration(access: Access, busyTimeout: Duration) -> GRDB.Configuration {
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

    static func openPool(path: String, access: Access, busyTimeout: Duration) throws -> DatabasePool {
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
