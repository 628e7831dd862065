import CZlib

/// Bytes as zlib compresses them.
///
/// - Parameters:
///   - bytes: of any number.
///   - windowBits: of deflateInit2 (zlib.h): 31 for gzip, 15 for zlib, -15 for neither's frame.
/// - Returns: the whole stream.
package func compressed(_ bytes: [UInt8], windowBits: Int32 = 31) -> [UInt8] {
    var stream = z_stream()
    guard understudy_deflate_init(&stream, 6, windowBits) == Z_OK else { return [] }
    defer { deflateEnd(&stream) }
    var output: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    var input = bytes
    input.withUnsafeMutableBufferPointer { source in
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(source.count)
        var code = Z_OK
        while code == Z_OK {
            let count = piece.withUnsafeMutableBufferPointer { target in
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                code = deflate(&stream, Z_FINISH)
                return target.count - Int(stream.avail_out)
            }
            output += piece[..<count]
        }
    }
    return output
}
