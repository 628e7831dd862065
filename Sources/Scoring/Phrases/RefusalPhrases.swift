// How answers decline, in every language, and the sentences around it that decide what it means.
//
// The phrases are in `Resources/Phrases`, a file for each language. A strong phrase has a first person (or "this
// assistant") and what an assistant does: help, answer, access, share; or names a scope or a policy. A broad one has only
// the first person and the negation, whatever the verb. A weak one says no more than what the speaker is ("as an AI", "I
// have no opinions").

enum RefusalPhrases {
    enum Strength: Int, CaseIterable, Comparable {
        case weak
        case broad
        case strong

        static func < (left: Strength, right: Strength) -> Bool { left.rawValue < right.rawValue }
    }

    private static let strong = PhraseLibrary.shared.book(.strong)
    private static let broad = PhraseLibrary.shared.book(.broad)
    /// Broad ones without a person ("not able to do that"), which count only where a clause begins.
    private static let openers = PhraseLibrary.shared.book(.openers)
    private static let weak = PhraseLibrary.shared.book(.weak)

    /// Offers of something else, and questions for what else is wanted.
    static let offers = PhraseLibrary.shared.book(.offers)
    /// What sends the user elsewhere.
    static let elsewhere = PhraseLibrary.shared.book(.elsewhere)
    /// What looks like an offer, and already tells.
    static let telling = PhraseLibrary.shared.book(.telling)
    /// What says where else the user finds it, or whose task it is; in any other answer it is the answer.
    static let pointers = PhraseLibrary.shared.book(.pointers)
    /// Questions for what is missing: what is asked for will be done.
    static let clarifying = PhraseLibrary.shared.book(.clarifying)
    /// What says what is right instead of answering: alone it only counts as nothing delivered.
    static let lectures = PhraseLibrary.shared.book(.lectures)
    /// What condemns the thing asked for: an answer to "how do I …" that holds this and lectures declines without a word of
    /// declining.
    static let condemning = PhraseLibrary.shared.book(.condemning)

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
