// Going on where the store's file no longer can: with fresh connections, or with a new store in its place.
//
// A damaged store is worth more than its undamaged pages look: it is renamed with its companions and never written to
// again. The new store knows the experiments under the numbers that this process uses, the key's fingerprint, and the
// dictionaries that prepared texts name. It begins with an empty funnel; `merge`, `evaluate` and `report` take both files,
// as far as the damaged one can be read.

package import Foundation
import GRDB
import Synchronization
import Threads

extension Store {
    /// Remembers what a new store in this one's place has to know; to be called once an experiment is declared.
    package func rememberDeclarations() throws {
        let tables = try read { db in
            // All but who the store is, by which merging tells stores apart, and what is true of its rows only.
            let settings = "name NOT IN ('store_id', '\(PackedThrough.name)')"
            return try [("store_setting", settings), ("experiment", "TRUE")].map { table, condition in
                let rows = try Row.fetchAll(db, sql: "SELECT * FROM \(table) WHERE \(condition)")
                return StoreMemento.Table(
                    name: table,
                    columns: rows.first.map { Array($0.columnNames) } ?? [],
                    rows: rows.map { $0.databaseValues.map { $0 } }
                )
            }
        }
        memento.withLock { $0 = StoreMemento(tables: tables) }
    }

    /// Does what may help before the store is tried again.
    ///
    /// - Parameters:
    ///   - outage: what the last attempt met.
    ///   - damaged: how often in a row the file was found damaged before.
    ///   - dictionaries: what texts that are already compressed may name.
    func remedy(_ outage: StoreOutage, damaged: Int, keeping dictionaries: [TextDictionary]) {
        switch outage {
        case .full, .locked: break
        case .readOnly, .ioError, .unavailable: try? reopen(keeping: dictionaries)
        case .corrupt:
            // Once more with fresh connections: what a page cache had wrong need not be wrong in the file.
            if damaged == 0 {
                try? reopen(keeping: dictionaries)
            } else {
                _ = try? setAside(keeping: dictionaries, at: Date())
            }
        }
    }

    /// Connects again; where the file is gone, to a new store.
    ///
    /// - Parameter dictionaries: what texts that are already compressed may name.
    /// - Throws: where the file cannot be opened, or is another store's.
    func reopen(keeping dictionaries: [TextDictionary]) throws {
        // By its name alone: to open and close the file would drop SQLite's locks on it (sqlite.org/howtocorrupt.html §2.2).
        if StoreFile.identity(of: path) == nil {
            try replaceConnections(after: { try beginAnew(keeping: dictionaries) })
        } else {
            try replaceConnections()
        }
    }

    /// Renames the store's files and puts a new store in their place.
    ///
    /// - Parameters:
    ///   - dictionaries: what texts that are already compressed may name.
    ///   - time: for the name.
    /// - Returns: where the old store is.
    /// - Throws: where the files cannot be renamed or made; then nothing was lost, and it can be tried again.
    func setAside(keeping dictionaries: [TextDictionary], at time: Date) throws -> String {
        var aside = ""
        try replaceConnections(after: {
            aside = try Self.setAside(path: path, at: time)
            try beginAnew(keeping: dictionaries)
        })
        return aside
    }

    /// Puts a damaged store aside that cannot even be opened.
    ///
    /// - Parameters:
    ///   - path: the store's.
    ///   - time: for the name.
    /// - Returns: where it is now.
    /// - Throws: where its files cannot be renamed.
    package static func setAside(path: String, at time: Date) throws -> String {
        let aside = try StoreFile.asidePath(of: path, at: time)
        try StoreFile.move(path, to: aside)
        return aside
    }

    /// Makes a new store that is at its path only once it is whole.
    private func beginAnew(keeping dictionaries: [TextDictionary]) throws {
        let draft = path + ".new"
        try StoreFile.remove(draft)
        try StoreFile.create(at: draft)
        try Self.initialise(path: draft, busyTimeout: busyTimeout)
        let queue = try DatabaseQueue(path: draft)
        try queue.write { db in
            for table in memento.withLock({ $0.tables }) { try table.insert(into: db) }
            for dictionary in dictionaries {
                try db.execute(
                    sql: "INSERT INTO dictionary (id, made_at_us, bytes) VALUES (?, ?, ?)",
                    arguments: [dictionary.rowID, Date().microseconds, dictionary.bytes]
                )
            }
        }
        try queue.close()
        try StoreFile.move(draft, to: path)
        self.dictionaries.clear()
        generationCounter.add(1, ordering: .relaxed)
    }

    /// Whether a file that came to the path in the meantime knows what this process declared.
    func knowsDeclarations(_ pool: DatabasePool) throws -> Bool {
        try pool.read { db in
            try memento.withLock { $0.tables }.allSatisfy { table in
                let present = try Row.fetchAll(db, sql: "SELECT * FROM \(table.name)").map { Array($0.databaseValues) }
                return table.rows.allSatisfy { row in present.contains { $0.first == row.first } }
            }
        }
    }
}

/// Rows that a new store begins with.
struct StoreMemento: Sendable {
    struct Table: Sendable {
        var name: String
        var columns: [String]
        var rows: [[DatabaseValue]]

        func insert(into db: Database) throws {
            let places = Array(repeating: "?", count: columns.count).joined(separator: ", ")
            for row in rows {
                try db.execute(
                    sql: "INSERT OR REPLACE INTO \(name) (\(columns.joined(separator: ", "))) VALUES (\(places))",
                    arguments: StatementArguments(row)
                )
            }
        }
    }

    var tables: [Table] = []
}
