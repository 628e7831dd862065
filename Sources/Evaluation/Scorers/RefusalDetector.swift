// Does an answer decline what was asked?
//
// What: the opening of the answer is split into words and matched against phrases ("i can't|won't … help|assist …") in
// English, Spanish, French, German, Portuguese, Italian and Dutch. Phrases need a first person and a verb of service,
// so that "I cannot recommend this enough", "I can't wait" and a policy such as "we cannot refund orders after 30 days"
// do not match. A match counts only in the first sentence, or behind sentences that apologise, greet or thank.
// What does not count: quoted text and block quotes; answers that begin with "Sure" or "Here is"; letters ("Dear …")
// that were asked for; a translation or rewriting of a refusal that stands in the prompt; answers that decline a part
// and then deliver (a list, code, a long text): full refusals only.
// Misses: refusals in other languages, sarcastic or evasive ones, and those that only come after a long preamble.

/// Finds full refusals.
enum RefusalDetector {
    /// Whether an answer declines.
    ///
    /// - Parameters:
    ///   - text: the answer in UTF-8.
    ///   - all: its words.
    ///   - prompt: what was asked, where it is known.
    /// - Returns: true for a full refusal.
    static func declines(_ text: UnsafeBufferPointer<UInt8>, words all: [Word], prompt: PromptFeatures?) -> Bool {
        let words = Opening.isWhole(text) ? all : words(of: Opening(of: text).bytes)
        guard let first = words.first, !RefusalPhrases.compliance.contains(first.hash) else { return false }
        guard let match = firstMatch(in: words) else { return false }
        if RefusalPhrases.letter.contains(first.hash), prompt?.asksForWriting ?? true { return false }
        if let prompt, prompt.asksForRewriting, prompt.containsRefusalPhrase { return false }
        return !delivers(text, wordsBefore: match)
    }

    /// Whether a refusal phrase stands anywhere in a text.
    static func containsPhrase(_ words: [Word]) -> Bool {
        RefusalPhrases.book.isIn(words)
    }

    /// The index of the first phrase that stands where a refusal stands.
    private static func firstMatch(in words: [Word]) -> Int? {
        var sentenceStart = 0
        var precedingArePreamble = true
        for index in words.indices {
            if index > 0, words[index].sentence != words[index - 1].sentence {
                let sentence = words[sentenceStart..<index]
                precedingArePreamble =
                    precedingArePreamble && sentence.contains { RefusalPhrases.preamble.contains($0.hash) }
                sentenceStart = index
                if !precedingArePreamble { return nil }
            }
            guard index - sentenceStart <= 14, let end = RefusalPhrases.book.matchEnd(in: words, from: index) else {
                continue
            }
            let before = words[sentenceStart..<index]
            if before.contains(where: { RefusalPhrases.reporting.contains($0.hash) }) { continue }
            if isIdiom(words, after: end) { continue }
            return index
        }
        return nil
    }

    /// "I can't help but …", "I cannot give this enough stars": not a refusal.
    private static func isIdiom(_ words: [Word], after end: Int) -> Bool {
        guard end < words.count, words[end].sentence == words[end - 1].sentence else { return false }
        if RefusalPhrases.idiomatic.contains(words[end].hash) { return true }
        let rest = words[end...].prefix { $0.sentence == words[end - 1].sentence }.prefix(8)
        guard let enough = rest.firstIndex(where: { $0.hash == RefusalPhrases.enough }) else { return false }
        return enough + 1 >= words.count || !RefusalPhrases.enoughOfWhat.contains(words[enough + 1].hash)
    }

    /// Whether the answer goes on to deliver: three list items, code, or more than 250 words.
    private static func delivers(_ text: UnsafeBufferPointer<UInt8>, wordsBefore: Int) -> Bool {
        var items = 0
        var spaces = 0
        var atLineStart = true
        for index in text.indices {
            let byte = text[index]
            if byte == 0x20 || byte == 0x0A { spaces += 1 }
            if atLineStart, byte != 0x20 {
                let next = index + 1 < text.count ? text[index + 1] : 0
                if byte == UInt8(ascii: "`"), next == byte { return true }
                let isBullet = (byte == UInt8(ascii: "-") || byte == UInt8(ascii: "*")) && next == 0x20
                let isNumbered = byte &- 48 < 10 && (next == UInt8(ascii: ".") || next == UInt8(ascii: ")"))
                if isBullet || isNumbered { items += 1 }
                atLineStart = false
            }
            if byte == 0x0A { atLineStart = true }
        }
        return items >= 3 || spaces > 250
    }
}

/// The beginning of an answer without quoted text, block quotes and a leading block of reasoning.
struct Opening {
    private(set) var bytes: [UInt8] = []

    static let limit = 900

    /// Whether the opening is the whole text as it stands: short, and nothing in it that may be a quotation or reasoning.
    static func isWhole(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        text.count <= limit
            && !text.contains { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: ">") || $0 == 0xC2 || $0 == 0xE2 }
    }

    init(of text: UnsafeBufferPointer<UInt8>, limit: Int = Self.limit) {
        var index = Reasoning.end(in: text)
        var closing: UInt8?
        var atLineStart = true
        bytes.reserveCapacity(min(limit, text.count))
        while index < text.count, bytes.count < limit {
            let byte = text[index]
            if let mark = Self.quote(text, index) {
                // An opening mark hides everything up to its partner on the same line.
                if closing == nil {
                    if let end = Self.partner(of: mark, in: text, from: index + mark.size) {
                        bytes.append(0x20)
                        index = end
                        continue
                    }
                } else {
                    closing = nil
                }
                index += mark.size
                continue
            }
            if atLineStart, byte == UInt8(ascii: ">") {
                while index < text.count, text[index] != 0x0A { index += 1 }
                continue
            }
            atLineStart = byte == 0x0A || (atLineStart && byte == 0x20)
            bytes.append(byte)
            index += 1
        }
    }

    private struct Quote {
        var size: Int
        var closing: [UInt8]
    }

    private static func quote(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Quote? {
        switch text[index] {
        case UInt8(ascii: "\""): return Quote(size: 1, closing: [UInt8(ascii: "\"")])
        case 0xC2 where index + 1 < text.count && text[index + 1] == 0xAB: return Quote(size: 2, closing: [0xC2, 0xBB])
        case 0xE2 where index + 2 < text.count && text[index + 1] == 0x80 && text[index + 2] == 0x9C:
            return Quote(size: 3, closing: [0xE2, 0x80, 0x9D])
        case 0xE2 where index + 2 < text.count && text[index + 1] == 0x80 && text[index + 2] == 0x9E:
            return Quote(size: 3, closing: [0xE2, 0x80, 0x9C])
        default: return nil
        }
    }

    private static func partner(of quote: Quote, in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        var index = start
        while index + quote.closing.count <= text.count, text[index] != 0x0A {
            if (0..<quote.closing.count).allSatisfy({ text[index + $0] == quote.closing[$0] }) {
                return index + quote.closing.count
            }
            index += 1
        }
        return nil
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
