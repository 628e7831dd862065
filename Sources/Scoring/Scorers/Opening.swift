/// The beginning of an answer without quoted text, block quotes, lines of dialogue and a leading block of reasoning.
struct Opening {
    private(set) var bytes: [UInt8] = []
    /// Whether it begins with JSON, markup or a code fence.
    private(set) var isStructured = false
    /// Whether it begins with words set in italics, as what an actor does is.
    private(set) var beginsWithStageDirection = false

    init(of text: UnsafeBufferPointer<UInt8>, limit: Int) {
        var index = Reasoning.end(in: text)
        if let first = text[index...].first(where: { $0 != 0x20 && !($0 >= 0x09 && $0 <= 0x0D) }) {
            isStructured = "{[<`".utf8.contains(first)
            beginsWithStageDirection = first == UInt8(ascii: "*")
        }
        var listed = false
        var unclosed = UnclosedQuotes()
        var atLineStart = true
        bytes.reserveCapacity(min(limit, text.count))
        while index < text.count, bytes.count < limit {
            if !atLineStart {
                // Most of a text is what none of the rules below looks at.
                let end = min(text.count, index + limit - bytes.count)
                var next = index
                while next < end, Self.isPlain(text[next]) { next += 1 }
                if next > index {
                    bytes.append(contentsOf: text[index..<next])
                    index = next
                    continue
                }
            }
            let byte = text[index]
            if let mark = Self.quote(text, index) {
                // An opening mark hides everything up to its partner on the same line.
                if let end = unclosed.partner(of: mark, in: text, from: index + mark.size) {
                    bytes.append(0x20)
                    index = end
                    continue
                }
                index += mark.size
                continue
            }
            if atLineStart, byte == UInt8(ascii: ">") || text.holds("—", at: index) || text.holds("– ", at: index) {
                while index < text.count, text[index] != 0x0A { index += 1 }
                continue
            }
            if byte == UInt8(ascii: ";") || (byte == UInt8(ascii: ",") && Self.turns(text, after: index)) {
                // To the words, this is where another sentence begins.
                bytes.append(UInt8(ascii: "."))
                index += 1
                continue
            }
            if byte == 0x0A, listed || bytes.last == UInt8(ascii: ":"), let item = Self.item(in: text, behind: index) {
                // To the words, a list is one sentence with the line that introduces it.
                listed = true
                bytes.append(0x20)
                index = item
                continue
            }
            if byte == 0x0A { listed = false }
            atLineStart = byte == 0x0A || (atLineStart && byte == 0x20)
            bytes.append(byte)
            index += 1
        }
    }

    /// Letters, digits, spaces and such marks as mean nothing here wherever they stand within a line.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte > UInt8(ascii: ",") && byte < 0x80 && byte != UInt8(ascii: ";")
            || byte == UInt8(ascii: "'")
    }

    private static let turningWords: [StaticString] = [
        " but ", " pero ", " aunque ", " mais ", " aber ", " mas ", " ma ", " maar ", " though ", " although ",
        " sondern ",
    ]

    /// Whether a clause behind a comma turns to the opposite.
    private static func turns(_ text: UnsafeBufferPointer<UInt8>, after comma: Int) -> Bool {
        turningWords.contains { text.holds($0, at: comma + 1) }
    }

    /// Where the text of a list item begins whose line follows a line's end; nil where another line follows.
    private static func item(in text: UnsafeBufferPointer<UInt8>, behind end: Int) -> Int? {
        guard let start = text[end...].firstIndex(where: { $0 != 0x20 && $0 != 0x0A }), start + 2 < text.count else {
            return nil
        }
        let isBullet = (text[start] == UInt8(ascii: "-") || text[start] == UInt8(ascii: "*")) && text[start + 1] == 0x20
        return isBullet ? start + 2 : nil
    }

    private struct Quote {
        var size: Int
        var closing: StaticString
        /// Another one for each closing mark, below 8.
        var kind: Int
    }

    /// Looks for closing marks, and remembers where none is: a line of opening ones would be gone through for each of them.
    private struct UnclosedQuotes {
        /// By kind: up to where a line is known to have no closing mark of it.
        private var ends = InlineArray<8, Int>(repeating: 0)

        mutating func partner(of quote: Quote, in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
            guard start >= ends[quote.kind] else { return nil }
            let (size, first) = (quote.closing.utf8CodeUnitCount, quote.closing.utf8Start.pointee)
            var index = start
            while index < text.count, text[index] != 0x0A {
                if text[index] == first, text.holds(quote.closing, at: index) { return index + size }
                index += 1
            }
            ends[quote.kind] = index
            return nil
        }
    }

    private static func quote(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Quote? {
        switch text[index] {
        case UInt8(ascii: "\""): return Quote(size: 1, closing: "\"", kind: 0)
        case 0xC2 where index + 1 < text.count && text[index + 1] == 0xAB: return Quote(size: 2, closing: "»", kind: 1)
        case 0xC2 where index + 1 < text.count && text[index + 1] == 0xBB: return Quote(size: 2, closing: "«", kind: 2)
        // Stage directions, titles and foreign words, but not what is set in bold.
        case UInt8(ascii: "*") where index + 1 < text.count && !"* ".utf8.contains(text[index + 1]):
            if index > 0, text[index - 1] == UInt8(ascii: "*") { return nil }
            return Quote(size: 1, closing: "*", kind: 3)
        case 0xE2 where index + 2 < text.count && text[index + 1] == 0x80 && text[index + 2] == 0x9C:
            return Quote(size: 3, closing: "\u{201D}", kind: 4)
        case 0xE2 where index + 2 < text.count && text[index + 1] == 0x80 && text[index + 2] == 0x9E:
            return Quote(size: 3, closing: "\u{201C}", kind: 5)
        default: return nil
        }
    }
}

/// A leading block of reasoning, `<think>…</think>`, which some servers leave in the text.
enum Reasoning {
    /// Where the answer proper begins; 0 without such a block, the end of the text where the block is never closed.
    static func end(in text: UnsafeBufferPointer<UInt8>) -> Int {
        var start = 0
        while start < text.count, text[start] == 0x20 || (text[start] >= 0x09 && text[start] <= 0x0D) { start += 1 }
        guard text.holds("<think>", at: start) else { return 0 }
        return text.firstIndex(of: "</think>", from: start + 7).map { $0 + 8 } ?? text.count
    }
}
