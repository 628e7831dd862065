import Foundation
import GRDB

/// Compresses texts again, with a dictionary that was not there when they were stored.
///
/// The first pairs of a store are compressed with nothing; once there is a dictionary they are done again, and
/// `store vacuum` does so with all that it has not done yet (`StoreUpkeep.vacuum`). A text is read back and compared with
/// what is about to replace it: a text is never lost for the sake of its size.
struct TextRepacking: Sendable {
    /// The tables of texts, with their keys.
    private static let tables = [("content", "pair_id"), ("prompt", "id")]
    private static let stepCount = 200
    /// Half a second's work where it takes longest.
    private static let stepBytes = 1 << 20

    /// The last row of each table that is left alone.
    private let after: [Int64]
    /// The last row of each table that is left alone if it is in the dictionary; those after it may be better packed.
    private let done: [Int64]
    /// Whether a text goes into the dictionary even where that does not make it smaller, so that others are not needed.
    private let leavesNone: Bool
    private let level: Int32

    /// Rows that are stored from now on and are not in the dictionary.
    init(ofRowsAfterNow db: Database) throws {
        let done = Self.tables.map { _ in Int64.max }
        self.init(after: try Self.lastRows(db), done: done, leavesNone: false, level: ZstdCompressor.level)
    }

    /// All rows.
    ///
    /// - Parameters:
    ///   - done: `lastRows` of the time when all of them were packed in this dictionary and at this level; nil for never.
    ///   - level: zstd's.
    init(beyond done: [Int64]?, level: Int32) {
        let none = Self.tables.map { _ in Int64(0) }
        self.init(after: none, done: done ?? none, leavesNone: true, level: level)
    }

    private init(after: [Int64], done: [Int64], leavesNone: Bool, level: Int32) {
        self.after = after
        self.done = done
        self.leavesNone = leavesNone
        self.level = level
    }

    /// The last row of each table.
    static func lastRows(_ db: Database) throws -> [Int64] {
        try tables.map { table, key in
            try Int64.fetchOne(db, sql: "SELECT max(\(key)) FROM \(table)") ?? 0
        }
    }

    /// In small transactions, so that a serving process's batches get their turn.
    ///
    /// - Parameters:
    ///   - store: where.
    ///   - dictionary: what rows that do not name it are compressed with.
    ///   - progress: hears how many texts were looked at so far.
    /// - Throws: what the store says; what was done until then stays.
    func run(on store: Store, with dictionary: TextDictionary, progress: (Int) -> Void = { _ in }) throws {
        try run(with: dictionary, store.dictionaries, progress: progress) { step in try store.write(step) }
    }

    /// In the caller's transaction.
    func run(in db: Database, with dictionary: TextDictionary) throws {
        try run(with: dictionary, DictionaryCache()) { step in try step(db) }
    }

    private func run(
        with dictionary: TextDictionary,
        _ dictionaries: DictionaryCache,
        progress: (Int) -> Void = { _ in },
        transaction: ((Database) throws -> Int64?) throws -> Int64?
    ) throws {
        let compressor = try ZstdCompressor(level: level)
        try compressor.use(dictionary)
        var count = 0
        for (index, table) in Self.tables.enumerated() {
            var last: Int64? = after[index]
            while let from = last {
                last = try transaction { db in
                    let rows = try rows(of: table, after: from, done: done[index], dictionary, db)
                    let texts = try StoredTextReader(db, dictionaries)
                    var step: (last: Int64?, bytes: Int) = (nil, 0)
                    for row in rows where step.bytes < Self.stepBytes {
                        let key = try StoredRow(row, of: "texts").integer(0, "id")
                        let size = try pack(
                            StoredRow(row, of: "texts", number: key),
                            of: table,
                            compressor,
                            dictionary,
                            texts,
                            db
                        )
                        step = (key, step.bytes + size)
                        count += 1
                    }
                    return step.last
                }
                progress(count)
            }
        }
    }

    private func rows(
        of table: (name: String, key: String),
        after: Int64,
        done: Int64,
        _ dictionary: TextDictionary,
        _ db: Database
    ) throws -> [Row] {
        try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT \(table.key), bytes, size_bytes, dictionary_id FROM \(table.name)
                    WHERE \(table.key) > ? AND (dictionary_id IS NOT ? OR \(table.key) > ?) ORDER BY \(table.key) LIMIT ?
                    """
            ),
            arguments: [after, dictionary.rowID, done, Self.stepCount]
        )
    }

    /// - Returns: the text's size in bytes; 1 for one that cannot be read.
    private func pack(
        _ row: StoredRow,
        of table: (name: String, key: String),
        _ compressor: ZstdCompressor,
        _ dictionary: TextDictionary,
        _ texts: StoredTextReader,
        _ db: Database
    ) throws -> Int {
        // A damaged text stays as it is, for `store check` to tell of.
        guard let bytes = try? row.bytes(1, "bytes"), let text = try? texts.read(bytes, row, sizeAt: 2) else {
            return 1
        }
        let packed = try compressor.compress(text)
        guard leavesNone || packed.bytes.count < bytes.count,
            try texts.read(packed.bytes, sizeBytes: packed.sizeBytes, dictionary: dictionary.rowID) == text
        else { return text.count }
        try db.cachedStatement(
            sql: "UPDATE \(table.name) SET bytes = ?, dictionary_id = ? WHERE \(table.key) = ?"
        ).execute(arguments: [packed.bytes, dictionary.rowID, row.number])
        return text.count
    }
}
