// How answers decline, by language, and the words around it that decide what it means.
//
// `PhraseBook` says how phrases are written. A strong phrase has a first person (or "this assistant") and what an
// assistant does: help, answer, access, share; or names a scope or a policy. A broad one has only the first person and
// the negation, whatever the verb. A weak one says no more than what the speaker is ("as an AI", "I have no opinions").

enum RefusalPhrases {
    /// The phrases of one or several languages.
    struct Language {
        var strong: String
        var broad: String
        /// Broad ones without a person ("not able to do that"), which count only where a clause begins.
        var openers: String
        var weak: String
        /// The words behind each `@NAME`.
        var lists: [String: String]
    }

    enum Strength: Int, CaseIterable, Comparable {
        case weak
        case broad
        case strong

        static func < (left: Strength, right: Strength) -> Bool { left.rawValue < right.rawValue }
    }

    private static let languages = [english, romance, germanic]
    private static let lists = languages.reduce(into: [:]) { $0.merge($1.lists) { first, _ in first } }
    private static let strong = PhraseBook(languages.map(\.strong).joined(separator: "\n"), lists: lists)
    private static let broad = PhraseBook(languages.map(\.broad).joined(separator: "\n"), lists: lists)
    private static let openers = PhraseBook(languages.map(\.openers).joined(separator: "\n"), lists: lists)
    private static let weak = PhraseBook(languages.map(\.weak).joined(separator: "\n"), lists: lists)

    /// The phrases of each kind, told apart by how they begin.
    static let books: [(RefusalCues, PhraseBook)] = [
        (.strong, strong), (.broad, broad), (.opener, openers), (.weak, weak), (.offers, offers),
        (.elsewhere, elsewhere), (.clarifying, clarifying), (.lecture, lectures), (.condemning, condemning),
        (.pointer, pointers), (.telling, telling),
    ]

    /// The strongest phrase that begins at a word, and where it ends.
    ///
    /// - Parameters:
    ///   - words: the words of an answer.
    ///   - start: where the phrase begins.
    ///   - cues: those of the word there.
    ///   - opens: whether nothing but apologies stands before it in its clause.
    /// - Returns: nil where no phrase begins there.
    static func match(
        in words: [Word],
        at start: Int,
        _ cues: RefusalCues,
        opens: Bool
    ) -> (strength: Strength, end: Int)? {
        if cues.contains(.strong), let end = strong.matchEnd(in: words, from: start) { return (.strong, end) }
        if cues.contains(.broad), let end = broad.matchEnd(in: words, from: start) { return (.broad, end) }
        if opens, cues.contains(.opener), let end = openers.matchEnd(in: words, from: start) { return (.broad, end) }
        if cues.contains(.weak), let end = weak.matchEnd(in: words, from: start) { return (.weak, end) }
        return nil
    }

    /// Whether a strong phrase stands anywhere in a text.
    static func isIn(_ words: [Word]) -> Bool { strong.isIn(words) }

    /// Whether a strong or broad phrase stands anywhere in a text.
    static func isInBroadly(_ words: [Word]) -> Bool { strong.isIn(words) || broad.isIn(words) }
}
