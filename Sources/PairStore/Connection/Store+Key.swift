import GRDB

extension Store {
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
}
