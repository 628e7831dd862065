/// The bytes that a spelling can begin with: ``%&(*<[\`{|~`` and the first byte of the characters that ``Characters`` knows.
enum Signs {
    /// The index of the first one from an index on, or the end.
    ///
    /// Eight bytes are looked at together: it is asked of every text, and most hold few.
    static func first(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let raw = UnsafeRawBufferPointer(bytes)
        let count = bytes.count
        var index = start
        while index < count {
            let end: Int
            if index + 8 <= count {
                let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                end = index + 8
                guard mayHoldSign(word) else {
                    index = end
                    continue
                }
            } else {
                end = count
            }
            while index < end {
                if isSign(bytes[index]), mayBegin(bytes, at: index) { return index }
                index += 1
            }
        }
        return count
    }

    private static let each: UInt64 = 0x0101_0101_0101_0101

    /// Whether any of eight bytes may be one; also where one is `)`, `@`, `]`, `}` or `^`, or is not ASCII.
    @inline(__always)
    private static func mayHoldSign(_ word: UInt64) -> Bool {
        let high = each &* 0x80
        if word & high != 0 { return true }
        // Small and capital letters, `[` and `{`, `\` and `|` differ in one bit.
        let folded = word | each &* 0x20
        let found =
            between(word, 0x25, 0x26) | between(word, 0x28, 0x2A) | between(word, 0x3C, 0x3C)
            | between(folded, 0x60, 0x60) | between(folded, 0x7B, 0x7E)
        return found & high != 0
    }

    /// Sets the highest bit of each byte that lies in a range; all bytes are below 0x80, so that no sum carries over.
    @inline(__always)
    private static func between(_ word: UInt64, _ low: UInt64, _ high: UInt64) -> UInt64 {
        (word &+ each &* (0x80 &- low)) & ~(word &+ each &* (0x7F &- high))
    }

    /// A bit for each byte.
    static func isSign(_ byte: UInt8) -> Bool {
        let set: UInt64 =
            switch byte >> 6 {
            case 0: 0x1000_0560_0000_0000
            case 1: 0x5800_0001_1800_0000
            case 2: 0
            // Of two bytes: U+00A0…, U+0300…, U+0600…, U+0640…, U+06C0…, U+07C0…; of three: U+0800…U+3FFF, U+A000…, U+F000…;
            // of four: U+10000…, U+E0000…
            default: 0x0009_840F_8B00_3004
            }
        return set &>> UInt64(byte & 0x3F) & 1 != 0
    }

    /// Whether the bytes behind a sign, or before it, let a spelling begin there: most signs are those of JSON and code.
    @inline(__always)
    private static func mayBegin(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        let next = index + 1 < bytes.count ? bytes[index + 1] : 0
        let third = index + 2 < bytes.count ? bytes[index + 2] : 0
        switch bytes[index] {
        case UInt8(ascii: "\\"):
            // `\"` and `\n` are all that most JSON has.
            return next != UInt8(ascii: "\"")
                && (!next.isLower || next == UInt8(ascii: "u") || next == UInt8(ascii: "x"))
        case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
            let first = next | 0x20
            return first == UInt8(ascii: "a") || first == UInt8(ascii: "d") || first == UInt8(ascii: "p")
                || next == UInt8(ascii: ".") || next == UInt8(ascii: "@")
        case UInt8(ascii: "%"): return next.isHexDigit
        case UInt8(ascii: "&"): return next.isLetter || next == UInt8(ascii: "#")
        // U+2000 to U+20FF but for quotation marks and their like, the minus sign, numbers in circles.
        case 0xE2:
            return next < 0x84 && !(next == 0x80 && (0x96...0xA6).contains(third) && third != 0xA2 && third != 0xA4)
                || next == 0x88
                || (0x91...0x93).contains(next)
        // The full stop, the blank, the long sound and the middle dot of Japanese.
        case 0xE3:
            return next == 0x80 && (third == 0x80 || third == 0x82) || next == 0x83 && third >= 0xBB
                || next == 0x85 && third == 0xA4
        // Not the emoji.
        case 0xF0: return next != 0x9F || third == 0xAF
        default: return true
        }
    }
}
