/// Some bytes of a text that stand for something else: an escape, a form of a character, a mark that cannot be seen.
struct Spelling {
    enum Meaning: Equatable {
        /// Nothing that is seen.
        case nothing
        /// A character, mostly of ASCII.
        case scalar(UInt32)
        /// What it is: nothing to read in another way, up to its end.
        case itself
    }

    var meaning: Meaning
    /// In bytes, at least 1.
    var length: Int
    /// How many bytes right before it belong to it.
    var blanksBefore = 0
    /// Whether it may hide something from the recognisers, so that the text has to be read as it is meant.
    ///
    /// Between ordinary words an invisible mark or a dash of typography hides nothing, and nearly every text has some.
    var isTelling = false

    /// What begins at a sign; nil where it is the byte that it is.
    init?(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) {
        let reader = SpellingReader(bytes: bytes)
        let spelling: Spelling? =
            switch bytes[index] {
            case UInt8(ascii: "%"): reader.percent(at: index)
            case UInt8(ascii: "&"): reader.entity(at: index)
            case UInt8(ascii: "\\"): reader.backslashes(at: index)
            case UInt8(ascii: "*"), UInt8(ascii: "`"), UInt8(ascii: "~"), UInt8(ascii: "|"): reader.emphasis(at: index)
            case UInt8(ascii: "<"): reader.tag(at: index)
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): reader.spelledOut(at: index)
            default: reader.character(at: index)
            }
        guard let spelling else { return nil }
        self = spelling
    }

    init(_ meaning: Meaning, length: Int, isTelling: Bool = false) {
        self.meaning = meaning
        self.length = length
        self.isTelling = isTelling
    }
}

/// Reads what stands at a place of a text; looks a few bytes ahead, and behind.
struct SpellingReader {
    let bytes: UnsafeBufferPointer<UInt8>

    func byte(_ index: Int) -> UInt8 { index >= 0 && index < bytes.count ? bytes[index] : 0 }

    /// The number that some digits at an index make, and its end; at most eight digits.
    func number(at start: Int, radix: UInt32, digits: ClosedRange<Int>) -> (value: UInt32, end: Int)? {
        var value: UInt32 = 0
        var end = start
        while end - start < min(digits.upperBound, 8), let digit = Self.value(of: byte(end)), digit < radix {
            value = value &* radix &+ digit
            end += 1
        }
        return end - start >= digits.lowerBound ? (value, end) : nil
    }

    private static func value(of byte: UInt8) -> UInt32? {
        if byte.isDigit { return UInt32(byte - 0x30) }
        return byte.isHexDigit ? UInt32((byte | 0x20) - 0x61) + 10 : nil
    }

    /// The character at an index and its length; nil in the middle of one.
    func scalar(at index: Int) -> (value: UInt32, length: Int)? {
        let lead = byte(index)
        let length =
            switch lead {
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 0
            }
        guard length > 0, index + length <= bytes.count else { return nil }
        var value = UInt32(lead) & (0x7F >> UInt32(length))
        for offset in 1..<length { value = value << 6 | UInt32(bytes[index + offset] & 0x3F) }
        return (value, length)
    }

    // MARK: Neighbours

    /// Whether two bytes can belong to one value, so that what stands between them may split it.
    func joins(_ before: Int, _ after: Int) -> Bool {
        let (left, right) = (byte(before), byte(after))
        guard Self.isOfValue(left), Self.isOfValue(right) else { return false }
        // `**Note**.` ends a sentence, `**jane**.roe` does not.
        if !left.isAlphanumeric, left != UInt8(ascii: "@"), !byte(before - 1).isAlphanumeric { return false }
        return right.isAlphanumeric || right == UInt8(ascii: "@") || byte(after + 1).isAlphanumeric
            || byte(after + 1) >= 0x80
    }

    private static func isOfValue(_ byte: UInt8) -> Bool {
        byte.isAlphanumeric || "@.-_+:=/".utf8.contains(byte)
    }

    /// Whether groups of digits stand on both sides.
    func isBetweenDigits(_ before: Int, _ after: Int) -> Bool { byte(before).isDigit && byte(after).isDigit }

    /// What an escape means, as far as a recogniser can read it; nil for what it must not, since JSON's structure
    /// hangs on it.
    func escaped(_ value: UInt32, from start: Int, to end: Int) -> Spelling? {
        let length = end - start
        guard value >= 0x80 else {
            guard let plain = Self.readable(UInt8(value)) else { return nil }
            let isTelling =
                plain.isAlphanumeric || "@._-+:=%".utf8.contains(plain) || value == 0x22
                || plain == 0x20 && byte(end).isAlphanumeric && byte(start - 1).isAlphanumeric
            return Spelling(.scalar(UInt32(plain)), length: length, isTelling: isTelling)
        }
        return Characters.meaning(of: value, from: start, to: end, in: self)
            ?? Unicode.Scalar(value).map { Spelling(.scalar($0.value), length: length) }
    }

    /// What stands for an escaped byte: itself, or something like it where it would count as JSON's own.
    private static func readable(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x09, 0x0A, 0x0D: 0x20
        case UInt8(ascii: "\""): UInt8(ascii: "'")
        case UInt8(ascii: "\\"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"): nil
        default: byte >= 0x20 && byte < 0x7F ? byte : nil
        }
    }
}
