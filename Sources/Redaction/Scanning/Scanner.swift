/// The single pass over a text's UTF-8 bytes.
///
/// Every byte is classed once, by arithmetic. Most are letters, and whole words are skipped after a look at their
/// length and the byte behind them; only what something can begin with (a digit, `@`, `:`, `+`, `(`, a word that may be
/// a key or announce one) wakes one of the recognisers, which lie in extensions. A recogniser never looks back beyond `floor`, the end of the last match or
/// escape, so that nothing is matched twice and no escape is torn.
struct Scanner {
    let bytes: UnsafeBufferPointer<UInt8>
    var floor = 0
    /// The kind and end of the last match, or of a placeholder that was there: what follows closely is often alike.
    var last: (kind: RedactionKind, end: Int)?
    /// The end of the header or string of cookies that the pass is in.
    var cookiesEnd = 0
    private var json = JSONPosition()
    private var found: [Match] = []
    /// How many bytes are read between two looks at the clock.
    private static let stride = 1 << 16

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// What is found from left to right; where time is over (by ``ThreadTime``), all that was not read is one match.
    mutating func matches(until deadline: Duration = .seconds(Int64.max)) -> [Match] {
        var index = 0
        while index < bytes.count {
            index = read(from: index, to: min(bytes.count, index + Self.stride))
            if index < bytes.count, ThreadTime.now > deadline {
                var start = index
                while start > floor, bytes[start] & 0xC0 == 0x80 { start -= 1 }
                found.append(Match(range: start..<bytes.count, kind: .notScanned))
                break
            }
        }
        return found
    }

    /// Reads on from an index to another, or to the end of what began before it.
    private mutating func read(from start: Int, to stop: Int) -> Int {
        var index = start
        while index < stop {
            let byte = bytes[index]
            if byte.isLetter || byte == UInt8(ascii: "_") {
                let end = endOfWord(index)
                index = mayTell(index, end) ? take(word(index, end), from: index) ?? end : end
            } else if byte.isDigit {
                index = take(number(at: index), from: index) ?? endOfWord(index)
            } else if byte.isBracketOrQuote {
                json.see(byte, at: index, in: bytes)
                index += 1
            } else if byte.isMark {
                index = take(mark(byte, at: index), from: index) ?? next(byte, index)
            } else {
                index += 1
            }
        }
        return index
    }

    /// The recognisers that a punctuation mark wakes.
    private mutating func mark(_ byte: UInt8, at index: Int) -> Match? {
        switch byte {
        case UInt8(ascii: "@"): email(at: index, separator: 1)
        case UInt8(ascii: "%"): bytes[index...].starts(with: "%40".utf8) ? email(at: index, separator: 3) : nil
        case UInt8(ascii: ":"):
            credentials(at: index) ?? ipv6(at: index) ?? mac(at: index) ?? announcedInOtherScript(at: index, width: 1)
        case 0xEF: has("\u{FF1A}", at: index) ? announcedInOtherScript(at: index, width: 3) : nil
        case UInt8(ascii: "+"), UInt8(ascii: "("): phone(at: index)
        case UInt8(ascii: "-"): privateKey(at: index) ?? mac(at: index)
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
            // JSON's escapes, RFC 8259 §7: what follows one begins anew. In JSON inside JSON a line break is `\\n`, so
            // that a run of backslashes is taken together with what it escapes.
            var end = index + 1
            while self.byte(end) == UInt8(ascii: "\\") { end += 1 }
            let escaped = self.byte(end)
            if escaped == UInt8(ascii: "u"), end + 4 < bytes.count,
                bytes[(end + 1)...(end + 4)].allSatisfy(\.isHexDigit)
            {
                floor = end + 5
            } else if "nrtbf".utf8.contains(escaped) || (end - index) % 2 == 1 && "\"/".utf8.contains(escaped) {
                floor = end + 1
            } else if end - index > 1 {
                floor = end
            } else {
                return end
            }
            return floor
        default: return index + 1
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
