/// Escapes of URLs, HTML, JSON and programming languages.
///
/// What was escaped again (`%2540`, `&amp;#64;`, `\\\\u0040`) is read at once, however often.
extension SpellingReader {
    /// RFC 3986 §2.1, `%40`; with UTF-8 (RFC 3629) in several of them.
    func percent(at start: Int) -> Spelling? {
        guard let (first, end) = octet(at: start) else { return nil }
        let count =
            switch first {
            case ..<0x80: 1
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 0
            }
        guard count > 1 else { return count == 0 ? nil : escaped(UInt32(first), from: start, to: end) }
        var value = UInt32(first) & (0x7F >> UInt32(count))
        var index = end
        for _ in 1..<count {
            guard let (next, end) = octet(at: index), next & 0xC0 == 0x80 else { return nil }
            value = value << 6 | UInt32(next & 0x3F)
            index = end
        }
        return escaped(value, from: start, to: index)
    }

    private func octet(at start: Int) -> (UInt8, end: Int)? {
        guard byte(start) == UInt8(ascii: "%") else { return nil }
        var index = start + 1
        // At most sixteen times, so that a text of nothing else is read in linear time.
        while index - start < 33, byte(index) == UInt8(ascii: "2"), byte(index + 1) == UInt8(ascii: "5"),
            byte(index + 2).isHexDigit, byte(index + 3).isHexDigit
        {
            index += 2
        }
        return number(at: index, radix: 16, digits: 2...2).map { (UInt8($0.value), $0.end) }
    }

    /// A character reference of HTML (its standard, 13.2.5.72 to 80): `&#64;`, `&#x40;`, `&commat;`.
    func entity(at start: Int) -> Spelling? {
        var index = start + 1
        while index - start < 33, byte(index) == UInt8(ascii: "a"), byte(index + 1) == UInt8(ascii: "m"),
            byte(index + 2) == UInt8(ascii: "p"), byte(index + 3) == UInt8(ascii: ";")
        {
            index += 4
        }
        if byte(index) == UInt8(ascii: "#") {
            let isHex = byte(index + 1) | 0x20 == UInt8(ascii: "x")
            let first = index + (isHex ? 2 : 1)
            let zeros = leadingZeros(at: first)
            guard
                let (value, end) = number(
                    at: first + zeros,
                    radix: isHex ? 16 : 10,
                    digits: (zeros > 0 ? 1 : 2)...8
                ),
                value <= 0x10_FFFF
            else { return nil }
            return escaped(value, from: start, to: byte(end) == UInt8(ascii: ";") ? end + 1 : end)
        }
        var end = index
        while end - index < 16, byte(end).isAlphanumeric { end += 1 }
        guard end > index, byte(end) == UInt8(ascii: ";"), let value = Self.entities[hash(index..<end)] else {
            return index > start + 1 ? Spelling(.scalar(0x26), length: index - start) : nil
        }
        return escaped(value, from: start, to: end + 1)
    }

    /// FNV-1a; two of the names below do not share one, and a stranger's that does would only be read as another sign.
    private func hash(_ range: Range<Int>) -> UInt64 { Self.hash(UnsafeBufferPointer(rebasing: bytes[range])) }

    private static func hash(_ name: some Sequence<UInt8>) -> UInt64 {
        name.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }

    /// The names that a value may be written with, of the 2,231 that HTML has.
    private static let entities: [UInt64: UInt32] = {
        let names: [(String, UInt32)] = [
            ("commat", 0x40), ("period", 0x2E), ("lowbar", 0x5F), ("UnderBar", 0x5F), ("plus", 0x2B), ("colon", 0x3A),
            ("sol", 0x2F), ("equals", 0x3D), ("num", 0x23), ("percnt", 0x25), ("excl", 0x21), ("dollar", 0x24),
            ("ast", 0x2A), ("midast", 0x2A), ("comma", 0x2C), ("semi", 0x3B), ("quest", 0x3F), ("lpar", 0x28),
            ("rpar", 0x29), ("amp", 0x26), ("AMP", 0x26), ("lt", 0x3C), ("gt", 0x3E), ("LT", 0x3C), ("GT", 0x3E),
            ("quot", 0x22), ("QUOT", 0x22), ("apos", 0x27), ("Tab", 0x09), ("NewLine", 0x0A), ("nbsp", 0xA0),
            ("ensp", 0x2002), ("emsp", 0x2003), ("thinsp", 0x2009), ("numsp", 0x2007), ("hairsp", 0x200A),
            ("hyphen", 0x2010), ("dash", 0x2010), ("ndash", 0x2013), ("mdash", 0x2014), ("minus", 0x2212),
            ("middot", 0xB7), ("shy", 0xAD), ("zwnj", 0x200C), ("zwj", 0x200D), ("lrm", 0x200E), ("rlm", 0x200F),
            ("ZeroWidthSpace", 0x200B), ("NoBreak", 0x2060),
        ]
        return Dictionary(names.map { (hash($0.0.utf8), $0.1) }, uniquingKeysWith: { first, _ in first })
    }()

    /// JSON's `\u0040` (RFC 8259 §7), `\x40`, `\u{40}` and `\U00000040` of programming languages, and the escapes of
    /// Markdown, `\_`; a run of backslashes is taken together with what it escapes.
    func backslashes(at start: Int) -> Spelling {
        var index = start
        while byte(index) == UInt8(ascii: "\\") { index += 1 }
        let asItIs = Spelling(.itself, length: index - start)
        let mark = byte(index)
        switch mark {
        case UInt8(ascii: "u"), UInt8(ascii: "U"), UInt8(ascii: "x"):
            guard var (value, end) = codePoint(at: index) else { return asItIs }
            if (0xD800...0xDBFF).contains(value) {
                // RFC 8259 §7: a pair of surrogates.
                var second = end
                while byte(second) == UInt8(ascii: "\\"), second - end < 16 { second += 1 }
                guard second > end, let (low, last) = codePoint(at: second), (0xDC00...0xDFFF).contains(low) else {
                    return asItIs
                }
                value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
                end = last
            }
            guard value <= 0x10_FFFF, var spelling = escaped(value, from: start, to: end) else { return asItIs }
            // JSON made safe for HTML writes these so, and they hide nothing.
            if value == 0x26 || value == 0x27 || value == 0x3C || value == 0x3E { spelling.isTelling = false }
            return spelling
        default:
            guard "_.-@*+()#~!/".utf8.contains(mark) else { return asItIs }
            let isTelling = mark != UInt8(ascii: "/") && joins(start - 1, index + 1)
            return Spelling(.scalar(UInt32(mark)), length: index + 1 - start, isTelling: isTelling)
        }
    }

    /// What follows the backslash.
    private func codePoint(at index: Int) -> (value: UInt32, end: Int)? {
        switch byte(index) {
        case UInt8(ascii: "x"): return number(at: index + 1, radix: 16, digits: 2...2)
        case UInt8(ascii: "U"): return number(at: index + 1, radix: 16, digits: 8...8)
        default:
            guard byte(index) == UInt8(ascii: "u") else { return nil }
            guard byte(index + 1) == UInt8(ascii: "{") else { return number(at: index + 1, radix: 16, digits: 4...4) }
            let first = index + 2 + leadingZeros(at: index + 2)
            guard let (value, end) = number(at: first, radix: 16, digits: 1...6), byte(end) == UInt8(ascii: "}")
            else { return nil }
            return (value, end + 1)
        }
    }

    /// How many zeros stand before a number's first digit: HTML and JavaScript allow any number of them, and here at most
    /// 32 are read, so that a text of nothing else is read in linear time.
    private func leadingZeros(at start: Int) -> Int {
        var index = start
        while index - start < 32, byte(index) == UInt8(ascii: "0") { index += 1 }
        return index - start
    }
}
