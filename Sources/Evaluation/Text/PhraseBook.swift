// Phrases over hashed words, and the machine that finds them.
//
// A phrase is a line of words: `a|b` is one of several, `?` behind a word makes it optional, `~3` stands for up to
// three words of the same sentence, `@NAME` for a named list of words. Phrases are found by their first word (never a
// gap or an optional one), so looking through a text costs one look-up a word.

/// A set of phrases.
struct PhraseBook: Sendable {
    private enum Element {
        case oneOf(CountTable, optional: Bool)
        case gap(Int)
    }

    /// By first word: 1 + the index into `candidates`.
    private var index: CountTable
    private var candidates: [[[Element]]] = []
    /// The words with which phrases begin, so that a caller can tell them from others by a look-up of its own.
    private(set) var firstWords: [UInt64] = []

    /// - Parameters:
    ///   - phrases: one phrase a line.
    ///   - lists: the words behind each `@NAME`, parted by spaces.
    init(_ phrases: String, lists: [String: String] = [:]) {
        var byFirstWord: [UInt64: [[Element]]] = [:]
        for line in phrases.split(separator: "\n") {
            let elements = line.split(separator: " ").map { Self.element($0, lists) }
            guard case .oneOf(_, false) = elements.first, let first = line.split(separator: " ").first else { continue }
            for hash in Self.hashes(first, lists) { byFirstWord[hash, default: []].append(elements) }
        }
        index = CountTable(capacity: byFirstWord.count)
        for (hash, list) in byFirstWord {
            firstWords.append(hash)
            candidates.append(list)
            index.add(hash, Int32(candidates.count))
        }
    }

    private static func element(_ text: Substring, _ lists: [String: String]) -> Element {
        if text.first == "~" { return .gap(Int(text.dropFirst()) ?? 0) }
        let optional = text.last == "?"
        let words = hashes(optional ? text.dropLast() : text, lists)
        var table = CountTable(capacity: words.count)
        for hash in words { table.add(hash) }
        return .oneOf(table, optional: optional)
    }

    private static func hashes(_ text: Substring, _ lists: [String: String]) -> Set<UInt64> {
        let words = text.split(separator: "|").flatMap { name in
            name.first == "@"
                ? (lists[String(name.dropFirst())] ?? "").split(separator: " ").map(String.init) : [String(name)]
        }
        return Set(words.map(wordHash))
    }

    /// Whether a phrase stands anywhere in a text.
    func isIn(_ words: [Word]) -> Bool {
        words.indices.contains { matchEnd(in: words, from: $0) != nil }
    }

    /// Where the first phrase that begins at a word ends; nil where none does.
    func matchEnd(in words: [Word], from start: Int) -> Int? {
        let entry = Int(index.count(of: words[start].hash))
        guard entry > 0 else { return nil }
        for candidate in candidates[entry - 1] {
            if let end = Self.end(of: candidate[...], words, start, sentence: words[start].sentence) { return end }
        }
        return nil
    }

    private static func end(
        of elements: ArraySlice<Element>,
        _ words: [Word],
        _ position: Int,
        sentence: UInt16
    ) -> Int? {
        guard let element = elements.first else { return position }
        let rest = elements.dropFirst()
        switch element {
        case .oneOf(let hashes, let optional):
            if position < words.count, words[position].sentence == sentence, hashes.contains(words[position].hash),
                let end = end(of: rest, words, position + 1, sentence: sentence)
            {
                return end
            }
            return optional ? end(of: rest, words, position, sentence: sentence) : nil
        case .gap(let most):
            for skipped in 0...most {
                if skipped > 0 {
                    guard position + skipped <= words.count, words[position + skipped - 1].sentence == sentence else {
                        return nil
                    }
                }
                if let end = end(of: rest, words, position + skipped, sentence: sentence) { return end }
            }
            return nil
        }
    }
}

/// The hashes of a list of words that are parted by spaces.
func wordHashes(_ list: String) -> Set<UInt64> {
    Set(list.split(whereSeparator: \.isWhitespace).map { wordHash(String($0)) })
}
