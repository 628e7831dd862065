import GRDB
import Threads

/// Whether an opened store has our schema and nothing else.
///
/// Why. A schema is a program: a view in a table's place can run for ever, a trigger can delete what is being written, an
/// index can call functions. Our statements are harmless only on our own tables, so nothing is asked of a store before its
/// tables and indexes are those that this program makes in a new one of the same version, word for word.
///
/// How. The schema of each version is made once in memory by the migrations themselves, so there is no second list to keep.
/// Blanks and comments may differ, as a later release may have set them otherwise. What `ANALYZE` and Litestream leave is no
/// harm.
///
/// Limits. SQLite's DEFENSIVE mode guards against hostile statements, of which there are none here, and is set by a function
/// that Swift cannot call. `trusted_schema`, `cell_size_check` and a limit on the length of values are set for every
/// connection (sqlite.org/security.html, "Untrusted SQLite Database Files").
enum SchemaComparison {
    /// Compares the store of an open connection with a new one of its version.
    ///
    /// - Parameters:
    ///   - db: the connection; nothing but the schema is read.
    ///   - version: what `user_version` says, one that there is.
    ///   - path: the store's name in messages.
    /// - Throws: `StoreError.foreignSchema` for the first object that is not ours, or is missing.
    static func verify(_ db: Database, version: Int, path: String) throws {
        let expected = try schema(ofVersion: version)
        var missing = expected
        for object in try objects(db) {
            if object.isHarmless { continue }
            guard let ours = missing.removeValue(forKey: object.name), ours == object else {
                throw StoreError.foreignSchema(
                    path: path,
                    object: "the \(object.type) \(object.name)",
                    removal: expected[object.name] == nil ? object.removal : nil
                )
            }
        }
        if let first = missing.keys.min() {
            throw StoreError.foreignSchema(
                path: path,
                object: "no \(missing[first]?.type ?? "table") \(first) of ours",
                removal: nil
            )
        }
        let shared = try Int.fetchOne(
            db,
            sql: "SELECT count(rootpage) - count(DISTINCT rootpage) FROM sqlite_schema WHERE rootpage > 0"
        )
        guard shared == 0 else {
            throw StoreError.foreignSchema(path: path, object: "tables that share their pages", removal: nil)
        }
        guard try Schema.migrator.appliedIdentifiers(db) == Set((1...version).map(String.init)) else {
            throw StoreError.foreignSchema(path: path, object: "other migrations than its version has", removal: nil)
        }
    }

    private struct Object: Equatable {
        var type: String
        var name: String
        var table: String
        /// Without what does not matter; empty for the index that SQLite makes for a UNIQUE rule.
        var sql: String

        /// Tables that SQLite's ANALYZE leaves, and Litestream in the store that it replicates (its `db.go`).
        private static let harmless = [
            "sqlite_stat1": "(tbl,idx,stat)", "sqlite_stat4": "(tbl,idx,neq,nlt,ndlt,sample)",
            "_litestream_seq": " (id INTEGER PRIMARY KEY, seq INTEGER)", "_litestream_lock": " (id INTEGER)",
        ]

        var isHarmless: Bool {
            type == "table" && Self.harmless[name].map { sql == "CREATE TABLE \(name)\($0)" } ?? false
        }

        /// The statement that takes it away; nil where its name may do something to a shell, or it cannot be dropped.
        var removal: String? {
            let isPlain = name.utf8.allSatisfy {
                $0 == UInt8(ascii: "_") || (0x30...0x39).contains($0) || (0x41...0x5A).contains($0 & 0xDF)
            }
            guard isPlain, !name.isEmpty, !name.lowercased().hasPrefix("sqlite_"),
                ["table", "index", "view", "trigger"].contains(type)
            else { return nil }
            return "DROP \(type.uppercased()) \"\(name)\""
        }
    }

    private static let known = Locked<[Int: [String: Object]]>([:])

    private static func schema(ofVersion version: Int) throws -> [String: Object] {
        if let schema = known.withLock({ $0[version] }) { return schema }
        let queue = try DatabaseQueue()
        try Schema.migrator.migrate(queue, upTo: String(version))
        let schema = try queue.read { db in
            try objects(db).reduce(into: [:]) { $0[$1.name] = $1 }
        }
        known.withLock { $0[version] = schema }
        return schema
    }

    private static func objects(_ db: Database) throws -> [Object] {
        try Row.fetchAll(db, sql: "SELECT type, name, tbl_name, sql FROM sqlite_schema").map { row in
            let row = StoredRow(row, of: "sqlite_schema")
            return Object(
                type: try row.text(0, "type"),
                name: try row.text(1, "name"),
                table: try row.text(2, "tbl_name"),
                sql: significant(try row.optionalText(3, "sql") ?? "")
            )
        }
    }

    /// A statement without its comments, and with one blank for each run of them.
    ///
    /// Comments and blanks are told as SQLite tells them (sqlite.org/lang_comment.html): not within quotes.
    static func significant(_ sql: String) -> String {
        var result: [UInt8] = []
        let bytes = Array(sql.utf8)
        var index = 0
        func starts(_ text: String, at place: Int) -> Bool { bytes[place...].starts(with: text.utf8) }
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"), UInt8(ascii: "["):
                let close = byte == UInt8(ascii: "[") ? UInt8(ascii: "]") : byte
                let end = bytes[(index + 1)...].firstIndex(of: close) ?? bytes.count - 1
                result += bytes[index...end]
                index = end + 1
                continue
            case UInt8(ascii: "-") where starts("--", at: index):
                index = bytes[index...].firstIndex(of: 0x0A) ?? bytes.count
            case UInt8(ascii: "/") where starts("/*", at: index):
                var end = index + 2
                while end < bytes.count, !starts("*/", at: end) { end += 1 }
                index = end + 2
            case 0x20, 0x09, 0x0A, 0x0C, 0x0D:
                index += 1
            default:
                result.append(byte)
                index += 1
                continue
            }
            if result.last != 0x20 { result.append(0x20) }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
