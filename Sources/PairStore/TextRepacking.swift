/// Compresses texts again, with a dictionary that was not there when they were stored.
///
/// The first pairs of a store are compressed with nothing; once there is a dictionary they are done again, and
/// `store vacuum` does so with whatever is not in the newest one, at a level that a serving process has no time for.
/// A text is read back and compared with what is about to replace it: a text is never lost for the sake of its size.

import Foundation
import GRDB

struct TextRepacking: Sendable {
    /// The tables of texts, with their keys.
    private static let tables = [("content", "pair_id"), ("prompt", "id")]
    private static let stepCount = 200

    /// The last row of each table that is left alone.
    private let after: [Int64]
    private let level: Int32

    /// All rows of a store, at a level that takes its time.
    static let thorough = TextRepacking(after: tables.map { _ in 0 }, level: 9)

    /// Rows that are stored from now on.
    init(ofRowsAfterNow db: Database) throws {
        let after = try Self.tables.map { table, key in
            try Int64.fetchOne(db, sql: "SELECT max(\(key)) FROM \(table)") ?? 0
        }
        self.init(after: after, level: ZstdCompressor.level)
    }

    private init(after: [Int64], level: Int32) {
        self.after = after
        self.level = level
    }

    /// In small transactions, so that a serving process's batches get their turn.
    ///
    /// - Parameters:
    ///   - store: where.
    ///   - dictionary: what rows that do not name it are compressed with.
    ///   - progress: hears how many texts were looked at so far.
    /// - Throws: what the store says; what was done until then stays.
    func run(on store: PairStore, with dictionary: TextDictionary, progress: (Int) -> Void = { _ in }) throws {
        let compressor = try compressor(dictionary)
        var count = 0
        for (table, first) in zip(Self.tables, after) {
            var last: Int64? = first
            while let from = last {
                last = try store.write { db in
                    try step(table, after: from, compressor, dictionary, store.dictionaries, db, &count)
                }
                progress(count)
            }
        }
    }

    /// In the caller's transaction.
    func run(in db: Database, with dictionary: TextDictionary) throws {
        let compressor = try compressor(dictionary)
        let dictionaries = DictionaryCache()
        var count = 0
        for (table, first) in zip(Self.tables, after) {
            var last: Int64? = first
            while let from = last {
                last = try step(table, after: from, compressor, dictionary, dictionaries, db, &count)
            }
        }
    }

    private func compressor(_ dictionary: TextDictionary) throws -> ZstdCompressor {
        let compressor = try ZstdCompressor(level: level)
        try compressor.use(dictionary)
        return compressor
    }

    /// Some rows; the last of them, or nil after the end.
    private func step(
        _ table: (name: String, key: String),
        after: Int64,
        _ compressor: ZstdCompressor,
        _ dictionary: TextDictionary,
        _ dictionaries: DictionaryCache,
        _ db: Database,
        _ count: inout Int
    ) throws -> Int64? {
        let texts = try StoredTextReader(db, dictionaries)
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT \(table.key), bytes, size_bytes, dictionary_id FROM \(table.name)
                    WHERE \(table.key) > ? AND dictionary_id IS NOT ? ORDER BY \(table.key) LIMIT ?
                    """
            ),
            arguments: [after, dictionary.rowID, Self.stepCount]
        )
        for row in rows {
            // A damaged text stays as it is, for `store check` to tell of.
            guard let text = try? texts.read(row[1], sizeBytes: row[2], dictionary: row[3]) else { continue }
            let packed = try compressor.compress(text)
            guard packed.bytes.count < (row[1] as Data).count,
                try texts.read(packed.bytes, sizeBytes: packed.sizeBytes, dictionary: dictionary.rowID) == text
            else { continue }
            try db.cachedStatement(
                sql: "UPDATE \(table.name) SET bytes = ?, dictionary_id = ? WHERE \(table.key) = ?"
            ).execute(arguments: [packed.bytes, dictionary.rowID, row[0] as Int64])
        }
        count += rows.count
        return rows.last.map { $0[0] }
    }
}

extension PairStore {
    /// Compresses every text again that is not in the newest dictionary, which is trained first where there is none.
    ///
    /// - Parameter progress: hears how many texts were looked at so far.
    /// - Throws: what SQLite says; what was done until then stays.
    package func repackTexts(progress: (Int) -> Void = { _ in }) throws {
        guard let dictionary = try newestDictionary() ?? trainOnStored() else { return }
        try TextRepacking.thorough.run(on: self, with: dictionary, progress: progress)
    }

    /// A dictionary made of pairs from all over the store.
    private func trainOnStored() throws -> TextDictionary? {
        let samples = try read { db in
            let texts = try StoredTextReader(db, dictionaries)
            var samples: [TextSample] = []
            var bytes = 0
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT coalesce(p.session_id, 0), c.bytes, c.size_bytes, c.dictionary_id
                    FROM pair p JOIN content c ON c.pair_id = p.id
                    WHERE p.id % (1 + (SELECT max(id) FROM pair) / 2000) = 0
                    """
            )
            while bytes < DictionaryPlan.sampleBytes, let row = try rows.next() {
                guard let text = try? texts.read(row[1], sizeBytes: row[2], dictionary: row[3]) else { continue }
                samples.append(TextSample(session: row[0], bytes: Array(text.prefix(DictionaryPlan.textBytes))))
                bytes += text.count
            }
            return samples
        }
        guard let bytes = try TextDictionary.better(than: nil, for: samples) else { return nil }
        return try write { db in try Self.addDictionary(bytes, at: Date(), db) }
    }
}
