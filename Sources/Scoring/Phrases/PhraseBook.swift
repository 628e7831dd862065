// Phrases over hashed words, and the machine that finds them.
//
// A phrase is a line of words: `a|b` is one of several, `?` behind a word makes it optional, `~3` stands for up to
// three words of the same sentence, `@NAME` for a named list of words. Phrases are found by their first word (never a
// gap or an optional one), so looking through a text costs one look-up a word.
//
// All phrases lie in three arrays of numbers. As arrays of enumerations, each with a table of its own, their reference
// counts took 9 % of an evaluation.

/// A set of phrases.
struct PhraseBook: Sendable {
    /// One of several words, or a gap.
    private struct Element {
        /// Where its words begin in `slots`; a table with open addressing, 0 where a slot is free.
        var firstSlot = 0
        /// The table's size − 1, a power of two less one.
        var mask = 0
        var isOptional = false
        /// Up to how many words it stands for; nil where it is one of its words.
        var gap: Int?
    }

    /// What follows the first word of a phrase.
    private struct Rest {
        /// In `elements`.
        var elements: Range<Int>
        /// By which words it can begin: bit h mod 64 for each one's hash h, all where it may be any or none.
        ///
        /// Most phrases that share a first word are ruled out by it, and their words never looked for.
        var beginnings: UInt64
    }

    /// By first word: 1 + the index into `firstPhrases`.
    private var index: CountTable
    /// Where the phrases of each first word begin in `phrases`, and the end.
    private var firstPhrases = [0]
    /// Each phrase behind its first word, those of one first word together.
    private var phrases: [Rest] = []
    private var elements: [Element] = []
    private var slots: [UInt64] = []
    /// The words with which phrases begin, so that a caller can tell them from others by a look-up of its own.
    private(set) var firstWords: [UInt64] = []

    /// - Parameters:
    ///   - phrases: the parts of each one, as they stand between blanks; what `problem(ofPhrase:lists:)` objects to is not found.
    ///   - lists: the words behind each `@NAME`.
    init(_ phrases: [[Substring]], lists: [String: [Substring]] = [:]) {
        var byFirstWord: [UInt64: [Rest]] = [:]
        index = CountTable(capacity: 0)
        for parts in phrases {
            guard let first = parts.first, first.utf8.first != UInt8(ascii: "~"), first.utf8.last != UInt8(ascii: "?")
            else { continue }
            let begin = elements.count
            for part in parts.dropFirst() { append(part, lists) }
            let range = begin..<elements.count
            let rest = Rest(elements: range, beginnings: beginnings(of: range))
            for hash in Self.hashes(first, lists) { byFirstWord[hash, default: []].append(rest) }
        }
        index = CountTable(capacity: byFirstWord.count)
        for (hash, list) in byFirstWord {
            firstWords.append(hash)
            self.phrases += list
            index.add(hash, Int32(firstPhrases.count))
            firstPhrases.append(self.phrases.count)
        }
    }

    private mutating func append(_ text: Substring, _ lists: [String: [Substring]]) {
        if text.utf8.first == UInt8(ascii: "~") {
            elements.append(Element(gap: Int(text.dropFirst()) ?? 0))
            return
        }
        let isOptional = text.utf8.last == UInt8(ascii: "?")
        let words = Self.hashes(isOptional ? text.dropLast() : text, lists)
        // At most half full, so that a search for an absent word ends soon.
        var size = 2
        while size < 2 * words.count { size *= 2 }
        let element = Element(firstSlot: slots.count, mask: size - 1, isOptional: isOptional)
        slots.append(contentsOf: repeatElement(0, count: size))
        for hash in words where hash != 0 {
            var slot = Int(truncatingIfNeeded: hash) & element.mask
            while slots[element.firstSlot + slot] != 0 { slot = (slot + 1) & element.mask }
            slots[element.firstSlot + slot] = hash
        }
        elements.append(element)
    }

    private func beginnings(of range: Range<Int>) -> UInt64 {
        var bits: UInt64 = 0
        for element in elements[range] {
            guard element.gap == nil else { return .max }
            for hash in slots[element.firstSlot...(element.firstSlot + element.mask)] where hash != 0 {
                bits |= Self.bit(of: hash)
            }
            if !element.isOptional { return bits }
        }
        return .max
    }

    private static func bit(of hash: UInt64) -> UInt64 { 1 << (hash & 63) }

    private static func hashes(_ text: Substring, _ lists: [String: [Substring]]) -> Set<UInt64> {
        let words = text.utf8.split(separator: UInt8(ascii: "|")).map { Substring($0) }.flatMap { name in
            name.utf8.first == UInt8(ascii: "@") ? lists[String(name.dropFirst())] ?? [] : [name]
        }
        return Set(words.map { wordHash(String($0)) })
    }

    /// Whether a phrase stands anywhere in a text.
    func isIn(_ words: [Word]) -> Bool {
        words.indices.contains { matchEnd(in: words, from: $0) != nil }
    }

    /// Where the first phrase that begins at a word ends; nil where none does.
    func matchEnd(in words: [Word], from start: Int) -> Int? {
        let entry = Int(index.count(of: words[start].hash))
        guard entry > 0 else { return nil }
        let next = start + 1 < words.count ? Self.bit(of: words[start + 1].hash) : 0
        return elements.withUnsafeBufferPointer { elements in
            slots.withUnsafeBufferPointer { slots in
                words.withUnsafeBufferPointer { words in
                    let search = Search(
                        elements: elements,
                        slots: slots,
                        words: words,
                        sentence: words[start].sentence
                    )
                    for phrase in firstPhrases[entry - 1]..<firstPhrases[entry] {
                        let rest = phrases[phrase]
                        guard rest.beginnings & next != 0 || rest.beginnings == .max else { continue }
                        if let end = search.end(of: rest.elements, from: start + 1) { return end }
                    }
                    return nil
                }
            }
        }
    }

    /// A search within a sentence.
    private struct Search {
        let elements: UnsafeBufferPointer<Element>
        let slots: UnsafeBufferPointer<UInt64>
        let words: UnsafeBufferPointer<Word>
        let sentence: UInt16

        /// Where the elements end if they stand at a position; nil where they do not.
        func end(of phrase: Range<Int>, from position: Int) -> Int? {
            guard let first = phrase.first else { return position }
            let element = elements[first]
            let rest = phrase.dropFirst()
            guard let most = element.gap else {
                if stands(element, at: position), let end = end(of: rest, from: position + 1) { return end }
                return element.isOptional ? end(of: rest, from: position) : nil
            }
            for skipped in 0...most {
                if skipped > 0, !isInSentence(position + skipped - 1) { return nil }
                if let end = end(of: rest, from: position + skipped) { return end }
            }
            return nil
        }

        private func isInSentence(_ position: Int) -> Bool {
            position < words.count && words[position].sentence == sentence
        }

        private func stands(_ element: Element, at position: Int) -> Bool {
            guard isInSentence(position) else { return false }
            let hash = words[position].hash
            var slot = Int(truncatingIfNeeded: hash) & element.mask
            while true {
                let found = slots[element.firstSlot + slot]
                if found == 0 { return false }
                if found == hash { return true }
                slot = (slot + 1) & element.mask
            }
        }
    }
}
