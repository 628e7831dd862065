import CZstd
import Files

/// Files that may be compressed.
enum FileText {
    private static let largestBytes = 4 << 30

    /// The bytes of a file, decompressed where it begins as a zstd frame does (RFC 8878 §3.1.1).
    ///
    /// - Throws: `FileError` where the file cannot be read, `AnswerFileError` where it is damaged.
    static func bytes(atPath path: String) throws -> [UInt8] {
        let data = try InputFile(path: path, allowsPipe: true).whole(limitBytes: largestBytes)
        guard data.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) else { return data }
        guard let text = decompressed(data) else {
            throw AnswerFileError(place: path, problem: "the zstd data is damaged or cut off")
        }
        return text
    }

    /// The contents of all frames of some zstd data; nil if it is damaged or cut off.
    private static func decompressed(_ data: [UInt8]) -> [UInt8]? {
        guard let stream = ZSTD_createDStream() else { return nil }
        defer { ZSTD_freeDStream(stream) }
        // Files made with `zstd --long` need a window beyond the default of 128 MiB's log.
        ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, 31)
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: ZSTD_DStreamOutSize())
        let isWhole = data.withUnsafeBytes { source -> Bool in
            var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
            var remaining = 1
            while input.pos < input.size || remaining != 0 {
                let before = input.pos
                let written = chunk.withUnsafeMutableBytes { target -> Int? in
                    var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
                    remaining = ZSTD_decompressStream(stream, &output, &input)
                    return ZSTD_isError(remaining) == 0 ? output.pos : nil
                }
                guard let written else { return false }
                text.append(contentsOf: chunk[..<written])
                if written == 0, input.pos == before { return remaining == 0 && input.pos == input.size }
            }
            return true
        }
        return isWhole ? text : nil
    }
}
