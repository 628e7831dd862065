/// What is wrong with a line of a file of phrases, told to whoever edits it.
extension PhraseBook {
    /// Longer gaps than any phrase has are taken for a slip.
    private static let longestGap = 20

    /// Why a phrase could not be found as it is meant.
    ///
    /// - Parameters:
    ///   - parts: a line's, between its blanks.
    ///   - lists: the words behind each `@NAME`.
    /// - Returns: a part of a sentence; nil where nothing is wrong.
    static func problem(ofPhrase parts: [Substring], lists: [String: [Substring]]) -> String? {
        guard let first = parts.first else { return "a line of blanks" }
        if first.first == "~" || first.last == "?" {
            return "\"\(first)\": a phrase begins with a word that must be there"
        }
        for part in parts {
            if let problem = problem(ofPart: part, lists: lists) { return problem }
        }
        return nil
    }

    private static func problem(ofPart part: Substring, lists: [String: [Substring]]) -> String? {
        if part.first == "~" {
            guard let most = Int(part.dropFirst()), 1...longestGap ~= most else {
                return "\"\(part)\": behind ~ stands a number from 1 to \(longestGap)"
            }
            return nil
        }
        let words = part.last == "?" ? part.dropLast() : part
        for word in words.split(separator: "|", omittingEmptySubsequences: false) {
            if word.first == "@" {
                if lists[String(word.dropFirst())] == nil { return "no [list \(word.dropFirst())] is there" }
            } else if let problem = problem(ofWord: word) {
                return problem
            }
        }
        return nil
    }

    /// Why a word would never be found in a text; nil where it could be.
    static func problem(ofWord word: Substring) -> String? {
        if word.isEmpty { return "an empty word" }
        if word.contains(where: { "|~?@#[]".contains($0) }) { return "\"\(word)\": a mark inside a word" }
        if word != word.lowercased()[...] { return "\"\(word)\" is not in lower case" }
        // Of words that a hyphen joins the first one is looked for.
        if plainWords(of: Array(word.prefix { $0 != "-" }.utf8)).count != 1 {
            return "\"\(word)\" is not one word; in scripts without blanks each character is one"
        }
        return nil
    }
}
