/// What a word says of the sentence that it stands in, as bits, so that one look-up a word answers all questions.
struct RefusalCues: OptionSet {
    let rawValue: Int32

    /// Words of sentences that greet, thank, apologise or say that they understand.
    static let preamble = RefusalCues(rawValue: 1 << 0)
    /// Words of sentences that say why: harm, law, rights, policy, what the speaker is.
    static let reasons = RefusalCues(rawValue: 1 << 1)
    /// Words of answers that decline because of the harm in it, and so may say at length what is wrong with it.
    static let harm = RefusalCues(rawValue: 1 << 2)
    /// Words behind which a sentence turns to the opposite.
    static let contrasts = RefusalCues(rawValue: 1 << 3)
    /// Words before a phrase that make it someone else's, or a condition.
    static let reporting = RefusalCues(rawValue: 1 << 4)
    /// Words right behind a phrase that make it an idiom, or a caveat.
    static let idiomatic = RefusalCues(rawValue: 1 << 5)
    /// Words within a phrase that make it one of understanding, or of a condition.
    static let understanding = RefusalCues(rawValue: 1 << 6)
    /// Answers of one word, or a few, that decline what was no question.
    static let bareNo = RefusalCues(rawValue: 1 << 7)
    /// Words that may stand beside such a no.
    static let besideNo = RefusalCues(rawValue: 1 << 8)
    /// First words of answers that comply.
    static let compliance = RefusalCues(rawValue: 1 << 9)
    /// Words that turn a first word of compliance.
    static let negations = RefusalCues(rawValue: 1 << 10)
    /// First words of letters.
    static let letter = RefusalCues(rawValue: 1 << 11)
    /// First words of messages, which are letters where one was asked for.
    static let greeting = RefusalCues(rawValue: 1 << 12)
    /// Words behind "enough" that make it a want of information.
    static let enoughOfWhat = RefusalCues(rawValue: 1 << 13)
    /// "Enough", which turns "I cannot recommend it" to praise.
    static let enough = RefusalCues(rawValue: 1 << 14)
    /// What an answer that finds nothing wrong does not see.
    static let faultless = RefusalCues(rawValue: 1 << 15)
    /// What introduces a list of reasons.
    static let whyNot = RefusalCues(rawValue: 1 << 16)
    /// Who speaks, or what he could do.
    static let speaker = RefusalCues(rawValue: 1 << 17)

    // The words with which phrases of each kind begin.

    static let pointer = RefusalCues(rawValue: 1 << 18)
    static let telling = RefusalCues(rawValue: 1 << 19)
    static let strong = RefusalCues(rawValue: 1 << 20)
    static let broad = RefusalCues(rawValue: 1 << 21)
    static let opener = RefusalCues(rawValue: 1 << 22)
    static let weak = RefusalCues(rawValue: 1 << 23)
    static let offers = RefusalCues(rawValue: 1 << 24)
    static let elsewhere = RefusalCues(rawValue: 1 << 25)
    static let clarifying = RefusalCues(rawValue: 1 << 26)
    static let lecture = RefusalCues(rawValue: 1 << 27)
    static let condemning = RefusalCues(rawValue: 1 << 28)

    /// The words that begin a phrase with which one declines.
    static let declining: RefusalCues = [.strong, .broad, .opener, .weak]

    /// The cues of a word.
    static func of(_ word: Word) -> RefusalCues { RefusalCues(rawValue: table.count(of: word.hash)) }

    /// The cues of some words, in their order.
    static func of(_ words: [Word]) -> [RefusalCues] {
        let table = Self.table
        return words.map { RefusalCues(rawValue: table.count(of: $0.hash)) }
    }

    private static let table: CountTable = {
        var cues: [UInt64: Int32] = [:]
        for (cue, section) in words {
            for hash in PhraseLibrary.shared.hashes(section) { cues[hash, default: 0] |= cue.rawValue }
        }
        for (cue, book) in RefusalPhrases.books {
            for hash in book.firstWords { cues[hash, default: 0] |= cue.rawValue }
        }
        return CountTable(cues)
    }()

    private static let words: [(RefusalCues, PhraseSection)] = [
        (.preamble, .answerPreamble),
        (.reasons, .answerReasons),
        (.harm, .answerHarm),
        (.contrasts, .answerContrasts),
        (.reporting, .answerReporting),
        (.idiomatic, .answerIdiomatic),
        (.understanding, .answerUnderstanding),
        (.bareNo, .answerBareNo),
        (.besideNo, .answerBesideNo),
        (.compliance, .answerCompliance),
        (.negations, .answerNegations),
        (.letter, .answerLetter),
        (.greeting, .answerGreeting),
        (.enoughOfWhat, .answerEnoughOfWhat),
        (.whyNot, .answerWhyNot),
        (.speaker, .answerSpeaker),
        (.enough, .answerEnough),
        (.faultless, .answerFaultless),
    ]
}
