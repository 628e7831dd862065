// zstd dictionaries: what answers and prompts have in common is kept once.
//
// Texts of a pair are short, and a compressor that begins with nothing finds little in them. A dictionary that was
// trained on the store's own texts (as by `ZDICT_trainFromBuffer`, zdict.h) brings a third off. It holds only what several
// sessions share (see `SharedFragments`); its entropy tables, which hold no text, are made of the whole samples
// (`ZDICT_finalizeDictionary`).

import CZstd
import Foundation
import GRDB
import Threads

/// A dictionary as it stands in the store.
struct TextDictionary: Sendable, Equatable {
    var rowID: Int64
    var bytes: Data

    /// The most that is worth it (zdict.h: "a reasonable size, the default, is 110 KB").
    static let maximumBytes = 110 << 10
    /// Two trainings on the same texts differ by a fiftieth.
    private static let clearlyBetter = 0.97

    /// Trains a dictionary; nil where the texts share too little for one.
    static func train(_ samples: [TextSample]) -> Data? {
        train(samples, SharedFragments.of(samples), capacity: capacity(for: samples))
    }

    /// Of small samples a large dictionary would only be a copy.
    private static func capacity(for samples: [TextSample]) -> Int {
        min(maximumBytes, samples.byteCount / 8)
    }

    private static func train(_ samples: [TextSample], _ fragments: JoinedTexts, capacity: Int) -> Data? {
        guard capacity >= 1 << 10, let trained = trainedBytes(fragments, capacity: capacity) else { return nil }
        let header = trained.withUnsafeBytes { ZDICT_getDictHeaderSize($0.baseAddress, $0.count) }
        guard ZDICT_isError(header) == 0, header < trained.count else { return nil }
        return finalized(content: trained.dropFirst(header), samples: JoinedTexts(samples), capacity: capacity)
    }

    /// Trains a dictionary on three quarters of the samples; nil where it does not do clearly better on the rest than
    /// the one in use.
    static func better(than present: TextDictionary?, for samples: [TextSample]) throws -> Data? {
        let (taught, judged) = split(samples)
        guard !judged.isEmpty, let bytes = train(taught) else { return nil }
        let before = try size(of: judged, with: present)
        let after = try size(of: judged, with: TextDictionary(rowID: 0, bytes: bytes))
        return Double(after) < clearlyBetter * Double(before) ? bytes : nil
    }

    /// Trains dictionaries of several sizes and takes the one with which all texts and itself are smallest.
    ///
    /// - Parameters:
    ///   - present: the one in use.
    ///   - samples: texts from all over the store.
    ///   - totalBytes: how much text there is before compression.
    ///   - level: zstd's, at which the texts are going to be packed.
    /// - Returns: nil where the one in use does about as well.
    /// - Throws: where zstd has no memory.
    static func smallest(
        besides present: TextDictionary?,
        for samples: [TextSample],
        totalBytes: Int,
        level: Int32
    ) throws -> Data? {
        let (taught, judged) = split(samples)
        let judgedBytes = judged.reduce(0) { $0 + $1.count }
        guard judgedBytes > 0 else { return nil }
        func cost(_ dictionary: TextDictionary?) throws -> Double {
            let packed = try size(of: judged, with: dictionary, level: level)
            return Double(packed) * Double(totalBytes) / Double(judgedBytes) + Double(dictionary?.bytes.count ?? 0)
        }
        let fragments = SharedFragments.of(taught)
        let largest = capacity(for: taught)
        // A hundredth of so much text is more than the largest dictionary.
        let capacities = totalBytes > 100 * maximumBytes ? [largest] : (0..<4).map { largest >> $0 }
        var best: (bytes: Data, cost: Double)?
        for capacity in capacities {
            guard let bytes = train(taught, fragments, capacity: capacity) else { continue }
            let cost = try cost(TextDictionary(rowID: 0, bytes: bytes))
            if cost < best?.cost ?? .infinity { best = (bytes, cost) }
        }
        guard let best, best.cost < clearlyBetter * (try cost(present)) else { return nil }
        return best.bytes
    }

    private static func split(_ samples: [TextSample]) -> (taught: [TextSample], judged: [[UInt8]]) {
        (
            samples.indices.filter { $0 % 4 != 3 }.map { samples[$0] },
            samples.indices.filter { $0 % 4 == 3 }.map { samples[$0].bytes }
        )
    }

    private static func size(
        of texts: [[UInt8]],
        with dictionary: TextDictionary?,
        level: Int32 = ZstdCompressor.level
    ) throws -> Int {
        let compressor = try ZstdCompressor(level: level)
        try compressor.use(dictionary)
        return try texts.reduce(0) { $0 + (try compressor.compress($1)).bytes.count }
    }

    private static func trainedBytes(_ fragments: JoinedTexts, capacity: Int) -> Data? {
        filled(capacity) { target in
            fragments.bytes.withUnsafeBytes { all in
                understudy_zdict_train(
                    target.baseAddress,
                    target.count,
                    all.baseAddress,
                    fragments.sizes,
                    UInt32(fragments.sizes.count)
                )
            }
        }
    }

    private static func finalized(content: Data, samples: JoinedTexts, capacity: Int) -> Data? {
        filled(capacity) { target in
            content.withUnsafeBytes { content in
                samples.bytes.withUnsafeBytes { all in
                    ZDICT_finalizeDictionary(
                        target.baseAddress,
                        target.count,
                        content.baseAddress,
                        content.count,
                        all.baseAddress,
                        samples.sizes,
                        UInt32(samples.sizes.count),
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

extension Store {
    /// The dictionary that new texts are compressed with; nil before there is one.
    func newestDictionary() throws -> TextDictionary? {
        try read { db in try TextDictionary.newest(db) }
    }
}

extension TextDictionary {
    static func newest(_ db: Database) throws -> TextDictionary? {
        try Row.fetchOne(db, sql: "SELECT id, bytes FROM dictionary ORDER BY id DESC LIMIT 1")
            .map { row in
                let row = try StoredRow(numbered: row, of: "dictionary")
                return TextDictionary(rowID: row.number ?? 0, bytes: try row.bytes(1, "bytes"))
            }
    }

    /// Keeps a dictionary, as long as rows need it.
    static func add(_ bytes: Data, at time: Date, _ db: Database) throws -> TextDictionary {
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

    /// A text of a row whose size stands in one column and whose dictionary in the next.
    ///
    /// - Throws: `StoreError.brokenRow` for a size that no text has, and `ZstdError`.
    func read(_ frame: Data, _ row: StoredRow, sizeAt column: Int) throws -> [UInt8] {
        try read(
            frame,
            sizeBytes: try row.count(column, "size_bytes", in: StoredRange.textBytes),
            dictionary: try row.optionalInteger(column + 1, "dictionary_id")
        )
    }

    func read(_ frame: Data, sizeBytes: Int, dictionary: Int64?) throws -> [UInt8] {
        try decompressor.decompress(frame, sizeBytes: sizeBytes, dictionary: dictionary.map { try known.ready($0, db) })
    }
}

/// The dictionaries that a store's readers have needed so far; there are few.
final class DictionaryCache: Sendable {
    private let ready = Locked<[Int64: ReadyDictionary]>([:])
    private static let capacity = 32

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
        guard StoredRange.dictionaryBytes.contains(bytes.count) else { throw ZstdError.badDictionary(rowID: rowID) }
        let dictionary = try ReadyDictionary(bytes, rowID: rowID)
        ready.withLock { ready in
            // A store of ours has a handful; one with thousands is not to take memory for each.
            if ready.count >= Self.capacity { ready = [:] }
            ready[rowID] = dictionary
        }
        return dictionary
    }
}
