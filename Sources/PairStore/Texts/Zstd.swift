// zstd, level 3: the text of a pair shrinks to about a half, with a dictionary to about a third, for some 20 µs.
//
// Each frame carries a checksum, as a SQLite page does not: a flipped bit in a text is found when it is read. The size
// is kept in a column beside the frame, so the frame leaves it out, and a frame can never expand beyond it. So is the
// number of its dictionary.

import CZstd
import Foundation

/// A compressed text and its size before.
struct CompressedText: Sendable, Equatable {
    var bytes: Data
    var sizeBytes: Int
    /// The row of the dictionary that it was compressed with, and needs to be read.
    var dictionary: Int64?
}

enum ZstdError: Error, CustomStringConvertible {
    case failed(name: String)
    case outOfMemory
    case wrongSize(expected: Int, found: Int)
    case missingDictionary(rowID: Int64)
    case badDictionary(rowID: Int64)
    case impossibleSize(claimed: Int, frame: Int)

    var description: String {
        switch self {
        case .failed(let name): "zstd: \(name)"
        case .outOfMemory: "zstd could not get memory"
        case .missingDictionary(let rowID): "its dictionary, row \(rowID), is not there"
        case .badDictionary(let rowID): "its dictionary, row \(rowID), is none"
        case .impossibleSize(let claimed, let frame): "size_bytes is \(claimed), more than \(frame) bytes can hold"
        case .wrongSize(let expected, let found): "\(found) bytes where \(expected) were stored"
        }
    }
}

/// A compression context, kept because making one costs more than compressing a short text.
final class ZstdCompressor {
    private let context: OpaquePointer
    private var dictionary: Int64?
    /// Where frames are made; of a frame only its own bytes are kept.
    private var scratch: [UInt8] = []

    static let level: Int32 = 3

    init(level: Int32 = ZstdCompressor.level) throws {
        guard let context = ZSTD_createCCtx() else { throw ZstdError.outOfMemory }
        self.context = context
        try Self.check(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level))
        try Self.check(ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1))
        try Self.check(ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0))
        try Self.check(ZSTD_CCtx_setParameter(context, ZSTD_c_dictIDFlag, 0))
    }

    /// Compresses with a dictionary from now on.
    func use(_ dictionary: TextDictionary?) throws {
        let bytes = dictionary?.bytes ?? Data()
        try bytes.withUnsafeBytes { bytes in
            _ = try Self.check(ZSTD_CCtx_loadDictionary(context, bytes.baseAddress, bytes.count))
        }
        self.dictionary = dictionary?.rowID
    }

    deinit {
        ZSTD_freeCCtx(context)
    }

    func compress(_ bytes: [UInt8]) throws -> CompressedText {
        let bound = ZSTD_compressBound(bytes.count)
        if scratch.count < bound { scratch = [UInt8](repeating: 0, count: bound) }
        let frame = try scratch.withUnsafeMutableBytes { target in
            try bytes.withUnsafeBytes { source in
                let size = try Self.check(
                    ZSTD_compress2(context, target.baseAddress, target.count, source.baseAddress, source.count)
                )
                return Data(target.prefix(size))
            }
        }
        return CompressedText(bytes: frame, sizeBytes: bytes.count, dictionary: dictionary)
    }

    @discardableResult
    static func check(_ result: Int) throws -> Int {
        guard ZSTD_isError(result) == 0 else {
            throw ZstdError.failed(name: String(cString: ZSTD_getErrorName(result)))
        }
        return result
    }
}

/// A decompression context.
final class ZstdDecompressor {
    private let context: OpaquePointer

    init() throws {
        guard let context = ZSTD_createDCtx() else { throw ZstdError.outOfMemory }
        self.context = context
    }

    deinit {
        ZSTD_freeDCtx(context)
    }

    /// What so many bytes can become: a block is at most 128 KiB, and takes a header of three bytes and one more
    /// (RFC 8878, §3.1.1.2).
    static func mostBytes(of frameBytes: Int) -> Int {
        min(Int(StoredRange.textBytes.upperBound), (frameBytes / 4 + 1) << 17)
    }

    /// - Parameters:
    ///   - frame: one zstd frame.
    ///   - sizeBytes: the size that was stored beside it; anything else is an error.
    ///   - dictionary: what it was compressed with; nil where that was none.
    /// - Returns: the bytes before compression.
    /// - Throws: `ZstdError` for a damaged frame or another size.
    func decompress(
        _ frame: Data,
        sizeBytes: Int,
        dictionary: ReadyDictionary? = nil
    ) throws -> [UInt8] {
        // No more memory than the frame can fill, and none before that is known.
        guard sizeBytes >= 0, sizeBytes <= Self.mostBytes(of: frame.count) else {
            throw ZstdError.impossibleSize(claimed: sizeBytes, frame: frame.count)
        }
        return try [UInt8](unsafeUninitializedCapacity: max(1, sizeBytes)) { target, count in
            count = 0
            let found = try frame.withUnsafeBytes { source in
                let (to, from) = (target.baseAddress, source.baseAddress)
                return try ZstdCompressor.check(
                    dictionary.map {
                        ZSTD_decompress_usingDDict(context, to, sizeBytes, from, source.count, $0.prepared)
                    } ?? ZSTD_decompressDCtx(context, to, sizeBytes, from, source.count)
                )
            }
            guard found == sizeBytes else { throw ZstdError.wrongSize(expected: sizeBytes, found: found) }
            count = found
        }
    }
}

/// A dictionary made ready for decompression, which every reader may share.
final class ReadyDictionary: @unchecked Sendable {
    // Read only after it was made: "a DDict can be used by multiple threads" (zstd.h).
    fileprivate let prepared: OpaquePointer

    init(_ bytes: Data, rowID: Int64) throws {
        let prepared = bytes.withUnsafeBytes { ZSTD_createDDict($0.baseAddress, $0.count) }
        guard let prepared else { throw ZstdError.badDictionary(rowID: rowID) }
        self.prepared = prepared
    }

    deinit {
        ZSTD_freeDDict(prepared)
    }
}
