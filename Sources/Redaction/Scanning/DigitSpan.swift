/// A run of digit groups, as people write long numbers: `4111 1111 1111 1111`, `(0151) 123-4567`.
///
/// Everything has a fixed size: a text may be full of digits, and none of them should cost an allocation.
struct DigitSpan {
    static let maxDigits = 24
    static let maxGroups = 10

    /// Values 0…9.
    private(set) var digits = InlineArray<24, UInt8>(repeating: 0)
    private(set) var count = 0
    private(set) var groups = 0
    private var sizes = InlineArray<10, Int>(repeating: 0)
    /// The offset after each group.
    private var ends = InlineArray<10, Int>(repeating: 0)
    /// What stands before each group: 0 nothing, the byte itself for one byte, `p` with a parenthesis, `m` for more.
    private var separators = InlineArray<10, UInt8>(repeating: 0)

    static let parenthesis = UInt8(ascii: "p")
    static let mixed = UInt8(ascii: "m")

    /// Reads groups from a digit on, as far as they go.
    init(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) {
        var index = start
        var separator: UInt8 = 0
        while groups < Self.maxGroups {
            let group = index
            while index < bytes.count, bytes[index].isDigit, count < Self.maxDigits {
                digits[count] = bytes[index] - 0x30
                count += 1
                index += 1
            }
            sizes[groups] = index - group
            ends[groups] = index
            separators[groups] = separator
            groups += 1
            guard count < Self.maxDigits, let next = Self.separator(bytes, at: index) else { return }
            (separator, index) = next
        }
    }

    /// The separator at an index, if a digit follows it.
    private static func separator(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> (UInt8, Int)? {
        var index = start
        var kind: UInt8 = 0
        // Mostly it is one byte.
        if start + 1 < bytes.count, bytes[start + 1].isDigit, isPlain(bytes[start]) { return (bytes[start], start + 1) }
        while index < bytes.count, index - start < 4, !bytes[index].isDigit {
            var byte = bytes[index]
            var length = 1
            if byte == 0xC2, index + 1 < bytes.count, bytes[index + 1] == 0xA0 {
                // U+00A0 NO-BREAK SPACE.
                (byte, length) = (0x20, 2)
            } else if byte == 0xE2, index + 2 < bytes.count, bytes[index + 1] == 0x80,
                (0x90...0x93).contains(bytes[index + 2])
            {
                // U+2010 to U+2013, hyphens and the dash.
                (byte, length) = (0x2D, 3)
            }
            switch byte {
            case UInt8(ascii: "("), UInt8(ascii: ")"): kind = parenthesis
            case _ where isPlain(byte):
                let isSlash = byte == UInt8(ascii: "/") && kind == 0x20 || byte == 0x20 && kind == UInt8(ascii: "/")
                // "040 / 123 45 67"
                kind = isSlash ? UInt8(ascii: "/") : kind == 0 ? byte : kind == parenthesis ? kind : mixed
            default: return nil
            }
            index += length
        }
        guard kind != 0, index < bytes.count, bytes[index].isDigit else { return nil }
        return (kind, index)
    }

    /// Whether a byte alone can stand between two groups.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/")
    }

    /// Whether a ``mixed`` separator of ASCII's marks and a digit begin at an index: what a list (`1. 2. 3.`) or a sum has.
    static func isMixed(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        guard index + 3 < bytes.count, isPlain(bytes[index]), isPlain(bytes[index + 1]) else { return false }
        // "040 / 123 45 67"
        let isSlash = bytes[index] ^ bytes[index + 1] == 0x20 ^ UInt8(ascii: "/")
        return !isSlash && (bytes[index + 2].isDigit || isPlain(bytes[index + 2]) && bytes[index + 3].isDigit)
    }

    /// Whether a number can go on with a byte.
    static func mayGoOn(_ byte: UInt8) -> Bool {
        isPlain(byte) || byte == UInt8(ascii: ")") || byte >= 0x80 || byte == UInt8(ascii: "+") || byte.isUpper
    }

    /// `2024-01-15`, `15.01.2024`, whatever follows.
    var isDate: Bool {
        guard groups >= 3, separators[1] == separators[2], separators[1] != 0x20, count >= 8 else { return false }
        let century =
            switch (sizes[0], sizes[1], sizes[2]) {
            case (4, 2, 2): number(0..<2)
            case (2, 2, 4): number(4..<6)
            default: 0
            }
        return century == 19 || century == 20
    }

    /// Whether the first groups are one number as people write it, and not a sum, a decimal or a list: one separator
    /// throughout (but for a parenthesis around an area code), no lone digits, dots only between three groups or more.
    func isWritten(first count: Int) -> Bool {
        var plain: UInt8 = 0
        for group in 1..<max(1, count) {
            let separator = separators[group]
            if sizes[group] < 2 || separator == Self.mixed { return false }
            if separator == Self.parenthesis {
                if group > 2 { return false }
            } else {
                // "0151/123 45 67": the first may differ.
                if plain != 0, plain != separator, group > 2 { return false }
                plain = separator
            }
        }
        return plain != UInt8(ascii: ".") || count >= 3
    }

    func size(_ group: Int) -> Int { sizes[group] }

    func leadingDigit(_ group: Int) -> UInt8 { digits[total(group)] }
    func end(_ group: Int) -> Int { ends[group] }
    /// What stands before a group; 0 for the first and after the last.
    func separator(_ group: Int) -> UInt8 { group < groups ? separators[group] : 0 }

    /// The number of digits in the first groups.
    func total(_ count: Int) -> Int {
        var total = 0
        for group in 0..<count { total += sizes[group] }
        return total
    }

    /// Whether the first groups have these sizes.
    func hasSizes(_ expected: [Int], first count: Int) -> Bool {
        guard count == expected.count, count <= groups else { return false }
        for group in 0..<count where sizes[group] != expected[group] { return false }
        return true
    }

    /// The one separator of the first groups; 0 for a single group, nil where they differ.
    func uniformSeparator(first count: Int) -> UInt8? {
        guard count > 1 else { return 0 }
        for group in 2..<max(2, count) where separators[group] != separators[1] { return nil }
        return separators[1]
    }

    func values(_ range: Range<Int>) -> [UInt8] { range.map { digits[$0] } }

    /// The value of some digits, at most 18.
    func number(_ range: Range<Int>) -> Int { range.reduce(0) { $0 * 10 + Int(digits[$1]) } }
}
