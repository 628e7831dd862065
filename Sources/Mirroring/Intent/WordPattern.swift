#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A text in lower case with every run of white space as one space, as UTF-8.
struct FoldedText {
    let bytes: [UInt8]

    init(_ original: String) {
        var original = original
        bytes = original.withUTF8(Self.foldedASCII) ?? Array(Self.folded(original).utf8)
    }

    /// The folded bytes; nil where one is not ASCII.
    ///
    /// Every request is folded and most are ASCII; working by graphemes is many times slower.
    private static func foldedASCII(_ utf8: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var isASCII = true
        let folded = [UInt8](unsafeUninitializedCapacity: utf8.count) { buffer, count in
            var isAfterSpace = false
            for byte in utf8 {
                switch byte {
                case 0x80...:
                    isASCII = false
                    count = 0
                    return
                case 0x09...0x0d, 0x20:
                    if isAfterSpace { continue }
                    isAfterSpace = true
                    buffer[count] = 0x20
                case 0x41...0x5a:
                    isAfterSpace = false
                    buffer[count] = byte | 0x20
                default:
                    isAfterSpace = false
                    buffer[count] = byte
                }
                count += 1
            }
        }
        return isASCII ? folded : nil
    }

    private static func folded(_ original: String) -> String {
        var folded = ""
        folded.reserveCapacity(original.utf8.count)
        var isAfterSpace = false
        for character in original.lowercased() {
            if character.isWhitespace {
                if !isAfterSpace { folded.append(" ") }
                isAfterSpace = true
            } else {
                folded.append(character)
                isAfterSpace = false
            }
        }
        return folded
    }
}

/// A word or phrase to look for.
struct WordPattern: Sendable {
    private let bytes: [UInt8]
    private let needsBoundaryBefore: Bool
    private let needsBoundaryAfter: Bool

    init(_ phrase: String) {
        bytes = FoldedText(phrase).bytes
        needsBoundaryBefore = bytes.isEmpty ? false : isWordScalar(at: 0, of: bytes)
        needsBoundaryAfter = bytes.isEmpty ? false : isWordScalar(endingAt: bytes.count, of: bytes)
    }

    func isIn(_ folded: FoldedText) -> Bool {
        guard let first = bytes.first else { return false }
        return folded.bytes.withUnsafeBytes { text in
            var start = 0
            while start + bytes.count <= text.count, let base = text.baseAddress,
                let found = memchr(base + start, Int32(first), text.count - bytes.count - start + 1)
            {
                let place = UnsafeRawPointer(found) - base
                if memcmp(found, bytes, bytes.count) == 0, hasBoundaries(in: folded.bytes, at: place) { return true }
                start = place + 1
            }
            return false
        }
    }

    private func hasBoundaries(in text: [UInt8], at start: Int) -> Bool {
        if needsBoundaryBefore, start > 0, isWordScalar(endingAt: start, of: text) { return false }
        let end = start + bytes.count
        return !(needsBoundaryAfter && end < text.count && isWordScalar(at: end, of: text))
    }
}

/// Whether the scalar that ends before an index is a letter or a digit.
private func isWordScalar(endingAt end: Int, of bytes: [UInt8]) -> Bool {
    var start = end - 1
    while start > 0, bytes[start] & 0xc0 == 0x80 { start -= 1 }
    return isWordScalar(at: start, of: bytes)
}

/// Whether the scalar that begins at an index is a letter or a digit.
private func isWordScalar(at start: Int, of bytes: [UInt8]) -> Bool {
    switch bytes[start] {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: return true
    case 0..<0x80: return false
    default:
        let scalar = String(decoding: bytes[start..<min(start + 4, bytes.count)], as: UTF8.self).unicodeScalars.first
        return scalar.map { $0.properties.isAlphabetic || $0.properties.numericType != nil } ?? false
    }
}
