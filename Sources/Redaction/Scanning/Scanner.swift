/// The single pass over a text's UTF-8 bytes.
///
/// Every byte is looked at once in a small table. Most are letters, and whole words are skipped after a look at their
/// first bytes; only a byte that something can begin with (a digit, `@`, `:`, `+`, `(`, a known prefix) wakes one of the
/// recognisers, which lie in extensions. A recogniser never looks back beyond `floor`, the end of the last match or
/// escape, so that nothing is matched twice and no escape is torn.
struct Scanner {
    let bytes: UnsafeBufferPointer<UInt8>
    var floor = 0
    /// The kind and end of the last match, or of a placeholder that was there: what follows closely is often alike.
    var last: (kind: RedactionKind, end: Int)?
    private var json = JSONPosition()
    private var found: [Match] = []

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    mutating func matches() -> [Match] {
        var index = 0
        let count = bytes.count
        while index < count {
            let byte = bytes[index]
            switch ByteClass.table[byte] {
            case ByteClass.plain: index += 1
            case ByteClass.letter: index = take(word(at: index), from: index) ?? endOfWord(index)
            case ByteClass.digit: index = take(number(at: index), from: index) ?? endOfWord(index)
            default: index = take(mark(byte, at: index), from: index) ?? next(byte, index)
            }
        }
        return found
    }

    /// The recognisers that a punctuation mark wakes.
    private mutating func mark(_ byte: UInt8, at index: Int) -> Match? {
        switch byte {
        case UInt8(ascii: "@"): email(at: index, separator: 1)
        case UInt8(ascii: "%"): bytes[index...].starts(with: "%40".utf8) ? email(at: index, separator: 3) : nil
        case UInt8(ascii: ":"): credentials(at: index) ?? ipv6(at: index)
        case UInt8(ascii: "+"), UInt8(ascii: "("): phone(at: index)
        case UInt8(ascii: "-"): privateKey(at: index)
        default: nil
        }
    }

    /// Where to go on after a mark that began nothing.
    private mutating func next(_ byte: UInt8, _ index: Int) -> Int {
        switch byte {
        case UInt8(ascii: "<"):
            guard let placeholder = Placeholder.parse(bytes, at: index) else { return index + 1 }
            let name = String(decoding: bytes[placeholder.name], as: UTF8.self)
            last = (RedactionKind(rawValue: name), placeholder.end)
            floor = placeholder.end
            return placeholder.end
        case UInt8(ascii: "\\"):
            // JSON's escapes, RFC 8259 §7: what follows one begins anew.
            guard index + 1 < bytes.count else { return index + 1 }
            let escaped = bytes[index + 1]
            if escaped == UInt8(ascii: "u"), index + 5 < bytes.count,
                bytes[(index + 2)...(index + 5)].allSatisfy(\.isHexDigit)
            {
                floor = index + 6
            } else if "nrtbf\"\\/".utf8.contains(escaped) {
                floor = index + 2
            } else {
                return index + 1
            }
            return floor
        default:
            json.see(byte, at: index, in: bytes)
            return index + 1
        }
    }

    /// Keeps a match, which may begin behind the index that woke its recogniser, and gives its end.
    private mutating func take(_ match: Match?, from index: Int) -> Int? {
        guard var match else { return nil }
        var index = index
        while index < match.range.lowerBound {
            if bytes[index] == UInt8(ascii: "\\") { index += 1 } else { json.see(bytes[index], at: index, in: bytes) }
            index += 1
        }
        match.quoting = json.quoting(of: match.range, in: bytes)
        found.append(match)
        floor = match.range.upperBound
        last = (match.kind, floor)
        return floor
    }

    // MARK: Boundaries

    /// The end of the letters, digits and `_` that go on from an index.
    func endOfWord(_ index: Int) -> Int {
        var end = index + 1
        while end < bytes.count, bytes[end].isWord { end += 1 }
        return end
    }

    func byte(_ index: Int) -> UInt8 {
        index >= 0 && index < bytes.count ? bytes[index] : 0
    }

    /// Whether nothing before an index belongs to the same token.
    func startsToken(_ index: Int) -> Bool {
        index <= floor || !bytes[index - 1].isWord
    }

    /// Whether a text begins at an index, whatever its case where `folded` (then the text is in lower case).
    func has(_ text: StaticString, at index: Int, folded: Bool = false) -> Bool {
        let count = text.utf8CodeUnitCount
        guard index >= 0, index + count <= bytes.count else { return false }
        let start = text.utf8Start
        for offset in 0..<count {
            let byte = bytes[index + offset]
            if (folded ? byte.lowercased : byte) != start[offset] { return false }
        }
        return true
    }

    func skipBlanks(_ index: Int, atMost limit: Int = 8) -> Int {
        var end = index
        while end < bytes.count, end - index < limit, bytes[end] == 0x20 || bytes[end] == 0x09 { end += 1 }
        return end
    }
}

/// What the pass does with a byte.
enum ByteClass {
    static let plain: UInt8 = 0
    static let letter: UInt8 = 1
    static let digit: UInt8 = 2
    static let mark: UInt8 = 3

    /// By byte; a value of a fixed size, so that a look into it costs no check and no reference.
    struct Table {
        private var storage: InlineArray<256, UInt8>

        init() {
            storage = InlineArray { index in
                let byte = UInt8(index)
                if byte.isLetter || byte == UInt8(ascii: "_") { return ByteClass.letter }
                if byte.isDigit { return ByteClass.digit }
                return "@%:+(-<\\\"{}[]".utf8.contains(byte) ? ByteClass.mark : ByteClass.plain
            }
        }

        subscript(byte: UInt8) -> UInt8 { storage[Int(byte)] }
    }

    static let table = Table()
}
