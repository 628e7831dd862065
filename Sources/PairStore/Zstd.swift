/// zstd, level 3: the text of a pair shrinks to about a third for some 20 µs.
///
/// Each frame carries a checksum, as a SQLite page does not: a flipped bit in a text is found when it is read. The size
/// is kept in a column beside the frame, so the frame leaves it out, and a frame can never expand beyond it.

import CZstd
import Foundation

/// A compressed text and its size before.
struct CompressedText: Sendable, Equatable {
    var bytes: Data
    var sizeBytes: Int
}

enum ZstdError: Error, CustomStringConvertible {
    case failed(name: String)
    case outOfMemory
    case wrongSize(expected: Int, found: Int)

    var description: String {
        switch self {
        case .failed(let name): "zstd: \(name)"
        case .outOfMemory: "zstd could not get memory"
        case .wrongSize(let expected, let found): "\(found) bytes where \(expected) were stored"
        }
    }
}

/// A compression context, kept because making one costs more than compressing a short text.
final class ZstdCompressor {
    private let context: OpaquePointer

    init(level: Int32 = 3) throws {
        guard let context = ZSTD_createCCtx() else { throw ZstdError.outOfMemory }
        self.context = context
        try Self.check(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level))
        try Self.check(ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1))
        try Self.check(ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0))
    }

    deinit {
        ZSTD_freeCCtx(context)
    }

    func compress(_ bytes: [UInt8]) throws -> CompressedText {
        var frame = Data(count: ZSTD_compressBound(bytes.count))
        let size = try frame.withUnsafeMutableBytes { target in
            try bytes.withUnsafeBytes { source in
                try Self.check(
                    ZSTD_compress2(context, target.baseAddress, target.count, source.baseAddress, source.count)
                )
            }
        }
        return CompressedText(bytes: Data(frame.prefix(size)), sizeBytes: bytes.count)
    }

    @discardableResult
    fileprivate static func check(_ result: Int) throws -> Int {
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

    /// - Parameters:
    ///   - frame: one zstd frame.
    ///   - sizeBytes: the size that was stored beside it; anything else is an error.
    /// - Returns: the bytes before compression.
    /// - Throws: `ZstdError` for a damaged frame or another size.
    func decompress(_ frame: Data, sizeBytes: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: max(1, sizeBytes)) { target, count in
            count = 0
            let found = try frame.withUnsafeBytes { source in
                try ZstdCompressor.check(
                    ZSTD_decompressDCtx(context, target.baseAddress, sizeBytes, source.baseAddress, source.count)
                )
            }
            guard found == sizeBytes else { throw ZstdError.wrongSize(expected: sizeBytes, found: found) }
            count = found
        }
    }
}
