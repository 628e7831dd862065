// `store vacuum`: the whole store as small as it gets.
//
// Why. A serving process compresses in microseconds, with a dictionary of what it had seen when it began. A store that
// is to be kept can be a fifth smaller.
//
// How. A dictionary is trained on texts from all over the store, and taken where it and all texts together come out
// smaller than now. Every text is packed in it at a level that takes its time; the store remembers how far it came, so
// a nightly run does the day's texts only. Dictionaries that no row names any more go, and the file is written anew.
//
// Limits. Packing goes in small transactions beside a serving process; writing the file anew keeps it waiting, so it
// belongs into a quiet hour. Rows of a serving process may name any dictionary that it knows, so none is deleted then.

import Foundation
import GRDB

extension StoreUpkeep {
    /// Some 350 µs a KiB at level 19 and 90 at level 12, for texts 3 % smaller (`../shared/data`, this project's machine).
    private static let patientLevel: Int32 = 19
    private static let thoroughLevel: Int32 = 12
    /// So much is packed in a minute or two.
    private static let patientBytes = 256 << 20
    private static let sampleBytes = 4 << 20

    /// Packs texts better and rewrites the file without free pages, which needs as much room again.
    ///
    /// - Parameter progress: hears how many texts were looked at so far.
    /// - Throws: what SQLite says; what was done until then stays.
    package func vacuum(progress: (Int) -> Void = { _ in }) throws {
        guard store.access != .readOnly else { throw StoreError.readOnly(path: store.path) }
        try repackTexts(progress: progress)
        try dropDictionaries()
        try store.pool.writeWithoutTransaction { db in try db.execute(sql: "VACUUM") }
        try emptyLog()
    }

    private func repackTexts(progress: (Int) -> Void) throws {
        let textBytes = try store.read { db in
            try ["content", "prompt"].reduce(0) { total, table in
                // As a real, which a sum of what cannot be does not overflow.
                let sum = try Double.fetchOne(db, sql: "SELECT total(size_bytes) FROM \(table)") ?? 0
                return total + Int(min(max(sum, 0), 1e15))
            }
        }
        let level = textBytes <= Self.patientBytes ? Self.patientLevel : Self.thoroughLevel
        let present = try store.newestDictionary()
        let samples = try store.read { db in try self.samples(of: textBytes, db) }
        let trained = try TextDictionary.smallest(
            besides: present,
            for: samples,
            totalBytes: textBytes,
            level: level
        )
        let dictionary = try trained.map { bytes in
            try store.write { db in try TextDictionary.add(bytes, at: Date(), db) }
        }
        guard let dictionary = dictionary ?? present else { return }
        let (packed, last) = try store.read { db in (try PackedThrough.load(db), try TextRepacking.lastRows(db)) }
        let done = packed.flatMap { $0.dictionary == dictionary.rowID ? $0.rows : nil }
        try TextRepacking(beyond: done, level: level).run(on: store, with: dictionary, progress: progress)
        try store.write { db in try PackedThrough(dictionary: dictionary.rowID, rows: last).save(db) }
    }

    /// Texts of pairs from all over the store, the prompt's and the answers'.
    private func samples(of textBytes: Int, _ db: Database) throws -> [TextSample] {
        let texts = try StoredTextReader(db, store.dictionaries)
        var samples: [TextSample] = []
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT p.session_id, c.bytes, c.size_bytes, c.dictionary_id, t.bytes, t.size_bytes, t.dictionary_id
                FROM pair p LEFT JOIN content c ON c.pair_id = p.id
                LEFT JOIN prompt t ON \(Schema.sameHash("t.hash", "p.prompt_hash")) WHERE p.id % ? = 0
                """,
            arguments: [1 + textBytes / Self.sampleBytes]
        )
        while let row = try rows.next() {
            let row = StoredRow(row, of: "pair")
            func text(_ column: Int) -> [UInt8]? {
                // What cannot be read is no sample; `store check` tells of it.
                try? row.withBytes(column) { bytes in bytes.flatMap { try? texts.read($0, row, sizeAt: column + 1) } }
            }
            let prompt = text(4)
            let session = TextSample.session(try row.optionalInteger(0, "session_id"), prompt: prompt)
            for text in [text(1), prompt] {
                guard let text else { continue }
                samples.append(TextSample(session: session, bytes: Array(text.prefix(DictionaryPlan.textBytes))))
            }
        }
        return samples
    }

    /// Deletes the dictionaries that no row names.
    private func dropDictionaries() throws {
        guard let lock = try? ServingLock(store: store.path) else { return }
        try withExtendedLifetime(lock) {
            try store.write { db in
                try db.execute(
                    sql: """
                        DELETE FROM dictionary WHERE id < (SELECT max(id) FROM dictionary) AND id NOT IN (
                            SELECT dictionary_id FROM content WHERE dictionary_id IS NOT NULL
                            UNION SELECT dictionary_id FROM prompt WHERE dictionary_id IS NOT NULL
                            UNION SELECT dictionary_id FROM request_format WHERE dictionary_id IS NOT NULL)
                        """
                )
            }
        }
    }
}

/// How far the texts are packed as well as they can be, as a setting of the store.
struct PackedThrough: Codable {
    var dictionary: Int64
    /// As `TextRepacking.lastRows`.
    var rows: [Int64]

    static let name = "packed_through"

    static func load(_ db: Database) throws -> PackedThrough? {
        let text = try String.fetchOne(db, sql: "SELECT value FROM store_setting WHERE name = ?", arguments: [name])
        // One that cannot be read only means that all is packed again.
        return text.flatMap { try? JSONDecoder().decode(PackedThrough.self, from: Data($0.utf8)) }
    }

    func save(_ db: Database) throws {
        let text = String(decoding: try JSONEncoder().encode(self), as: UTF8.self)
        try db.execute(
            sql: """
                INSERT INTO store_setting (name, value) VALUES (?, ?)
                ON CONFLICT (name) DO UPDATE SET value = excluded.value
                """,
            arguments: [Self.name, text]
        )
    }
}
