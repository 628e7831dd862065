/// zstd dictionaries: what answers and prompts have in common is kept once.
///
/// Texts of a pair are short, and a compressor that begins with nothing finds little in them. A dictionary that was
/// trained on the store's own texts (`ZDICT_trainFromBuffer`, zdict.h) brings a third off. It holds only what several
/// sessions share (see `SharedFragments`); its entropy tables, which hold no text, are made of the whole samples
/// (`ZDICT_finalizeDictionary`).

import CZstd
import Foundation
import GRDB
import Locking

/// A dictionary as it stands in the store.
struct TextDictionary: Sendable, Equatable {
    var rowID: Int64
    var bytes: Data

    /// The most that is worth it (zdict.h: "a reasonable size, the default, is 110 KB").
    static let maximumBytes = 110 << 10

    /// Trains a dictionary; nil where the texts share too little for one.
    static func train(_ samples: [TextSample]) -> Data? {
        let sampleBytes = samples.reduce(0) { $0 + $1.bytes.count }
        // Of small samples a large dictionary would only be a copy.
        let capacity = min(maximumBytes, sampleBytes / 8)
        let fragments = SharedFragments.of(samples)
        guard capacity >= 1 << 10, let trained = trainedBytes(fragments, capacity: capacity) else { return nil }
        let header = trained.withUnsafeBytes { ZDICT_getDictHeaderSize($0.baseAddress, $0.count) }
        guard ZDICT_isError(header) == 0, header < trained.count else { return nil }
        return finalized(content: trained.dropFirst(header), samples: samples.map(\.bytes), capacity: capacity)
    }

    /// Trains a dictionary on three quarters of the samples; nil where it does not do clearly better on the rest than
    /// the one in use.
    static func better(than present: TextDictionary?, for samples: [TextSample]) throws -> Data? {
        let taught = samples.indices.filter { $0 % 4 != 3 }.map { samples[$0] }
        let judged = samples.indices.filter { $0 % 4 == 3 }.map { samples[$0].bytes }
        guard !judged.isEmpty, let bytes = train(taught) else { return nil }
        let before = try size(of: judged, with: present)
        let after = try size(of: judged, with: TextDictionary(rowID: 0, bytes: bytes))
        return Double(after) < 0.97 * Double(before) ? bytes : nil
    }

    private static func size(of texts: [[UInt8]], with dictionary: TextDictionary?) throws -> Int {
        let compressor = try ZstdCompressor()
        try compressor.use(dictionary)
        return try texts.reduce(0) { $0 + (try compressor.compress($1)).bytes.count }
    }

    private static func trainedBytes(_ fragments: [[UInt8]], capacity: Int) -> Data? {
        filled(capacity) { target in
            fragments.flatMap { $0 }.withUnsafeBytes { all in
                ZDICT_trainFromBuffer(
                    target.baseAddress,
                    target.count,
                    all.baseAddress,
                    fragments.map(\.count),
                    UInt32(fragments.count)
                )
            }
        }
    }

    private static func finalized(content: Data, samples: [[UInt8]], capacity: Int) -> Data? {
        filled(capacity) { target in
            content.withUnsafeBytes { content in
                samples.flatMap { $0 }.withUnsafeBytes { all in
                    ZDICT_finalizeDictionary(
                        target.baseAddress,
                        target.count,
                        content.baseAddress,
                        content.count,
                        all.baseAddress,
                        samples.map(\.count),
                        UInt32(samples.count),
                        ZDICT_params_t(compressionLevel: ZstdCompressor.level, notificationLevel: 0, dictID: 0)
                    )
                }
            }
        }
    }

    private static func filled(_ capacity: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int) -> Data? {
        var bytes = Data(count: capacity)
        let size = bytes.withUnsafeMutableBytes(body)
        return ZDICT_isError(size) == 0 && size > 0 ? Data(bytes.prefix(size)) : nil
    }
}

extension PairStore {
    /// The dictionary that new texts are compressed with; nil before there is one.
    func newestDictionary() throws -> TextDictionary? {
        try read { db in try Self.newestDictionary(db) }
    }

    static func newestDictionary(_ db: Database) throws -> TextDictionary? {
        try Row.fetchOne(db, sql: "SELECT id, bytes FROM dictionary ORDER BY id DESC LIMIT 1")
            .map { TextDictionary(rowID: $0[0], bytes: $0[1]) }
    }

    /// Keeps a dictionary; it is never deleted, as rows need it.
    static func addDictionary(_ bytes: Data, at time: Date, _ db: Database) throws -> TextDictionary {
        try db.execute(
            sql: "INSERT INTO dictionary (made_at_us, bytes) VALUES (?, ?)",
            arguments: [time.microseconds, bytes]
        )
        return TextDictionary(rowID: db.lastInsertedRowID, bytes: bytes)
    }
}

/// Decompresses texts of a store, each with the dictionary that it names.
final class StoredTextReader {
    private let db: Database
    private let decompressor: ZstdDecompressor
    private let known: DictionaryCache

    init(_ db: Database, _ known: DictionaryCache) throws {
        self.db = db
        self.known = known
        decompressor = try ZstdDecompressor()
    }

    func read(_ frame: Data, sizeBytes: Int, dictionary: Int64?) throws -> [UInt8] {
        try decompressor.decompress(frame, sizeBytes: sizeBytes, dictionary: dictionary.map { try known.ready($0, db) })
    }
}

/// The dictionaries that a store's readers have needed so far; there are few.
final class DictionaryCache: Sendable {
    private let ready = Locked<[Int64: ReadyDictionary]>([:])

    /// Forgets all: another store is at the path, and numbers its dictionaries by itself.
    func clear() {
        ready.withLock { $0 = [:] }
    }

    func ready(_ rowID: Int64, _ db: Database) throws -> ReadyDictionary {
        if let known = ready.withLock({ $0[rowID] }) { return known }
        let find = try db.cachedStatement(sql: "SELECT bytes FROM dictionary WHERE id = ?")
        guard let bytes = try Data.fetchOne(find, arguments: [rowID]) else {
            throw ZstdError.missingDictionary(rowID: rowID)
        }
        let dictionary = try ReadyDictionary(bytes)
        ready.withLock { $0[rowID] = dictionary }
        return dictionary
    }
}
