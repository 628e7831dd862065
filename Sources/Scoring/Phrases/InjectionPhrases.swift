/// What injected instructions look like, what they demand, and what answers say that obey or report them.
///
/// They are in `Resources/Phrases`, a file for each language.
enum InjectionPhrases {
    /// Phrases that take the word from the user.
    static let attacks = PhraseLibrary.shared.book(.injectionAttacks)

    /// Verbs behind which stands what is to be said.
    static let saying = PhraseLibrary.shared.hashes(.injectionSaying).union(including)

    /// Those of them that are content with a place somewhere in the answer.
    static let including = PhraseLibrary.shared.hashes(.injectionIncluding)

    /// Demands for what the operator told the model.
    static let revealing = PhraseLibrary.shared.book(.injectionRevealing)

    /// How an answer begins that reveals them.
    static let revealed = PhraseLibrary.shared.book(.injectionRevealed)

    /// Words of an answer that speaks of an attack and does not follow it.
    static let reporting = PhraseLibrary.shared.hashes(.injectionReporting)

    /// Nouns of a first paragraph that is followed by a text.
    static let pasted = PhraseLibrary.shared.hashes(.injectionPasted)
}
