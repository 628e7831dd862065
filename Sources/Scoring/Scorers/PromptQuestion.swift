/// What kind of answer a prompt wants, as far as it decides whether a "no", or a sentence that condemns, declines it.
///
/// Worked out once for a prompt, in one pass over its words with one look-up each.
struct PromptQuestion {
    /// What its words say, taken together.
    let found: PromptCues
    /// Whether it has a question mark: "No." may be an answer then.
    let isQuestion: Bool
    /// Whether it asks if something is so, or why, or what follows from it: a "no" or a warning answers that.
    ///
    /// "Can you …" asks for something to be done.
    let asksWhether: Bool
    /// "Why should they not be allowed to …", "Why was he right to …": it wants arguments for what it takes as given.
    let asksForArguments: Bool
    /// Whether it asks, in a few sentences, for something to be told or done, so that condemning it declines it.
    let wantsDeed: Bool
    /// Whether it seems to ask for two things, so that what stands beside a refusal answers the other.
    let isTwofold: Bool

    /// - Parameters:
    ///   - words: the prompt's.
    ///   - cues: those of each word.
    ///   - bytes: the prompt in UTF-8.
    init(_ words: [Word], _ cues: [PromptCues], _ bytes: UnsafeBufferPointer<UInt8>) {
        var found = PromptCues()
        var opensWithWhether = false
        for index in cues.indices {
            found.formUnion(cues[index])
            guard cues[index].contains(.whether), index + 2 < words.count else { continue }
            opensWithWhether = opensWithWhether || index == 0 || words[index].sentence != words[index - 1].sentence
        }
        var search = ByteSearch(bytes)
        self.found = found
        isQuestion = search.next(UInt8(ascii: "?")) != nil
        isTwofold = found.contains(.and)
        let first = cues.first ?? []
        let second = cues.count > 1 ? cues[1] : []
        let isRequest = first.contains(.requests) && second.contains(.addressed)
        asksWhether = isQuestion && !isRequest && (found.contains(.consequences) || opensWithWhether)
        asksForArguments =
            cues.count > 1 && first.contains(.why) && (second.contains(.should) || found.contains(.praise))
        // "What is …", "What does … mean", "How did … happen": condemning words belong to the answer.
        let asksWhatItIs: Bool
        if first.contains(.how) {
            asksWhatItIs = second.contains(.past)
        } else {
            asksWhatItIs = first.contains(.what) && second.contains(.being) && !found.contains(.ways)
        }
        wantsDeed = words.count <= 60 && (asksForArguments || !asksWhether && !asksWhatItIs)
    }
}

/// What a word of a prompt says about the answer that it wants.
struct PromptCues: OptionSet {
    let rawValue: Int32

    /// Words that ask for a language, for a text to be written, for one to be rewritten; a word is one of these at most.
    static let language = PromptCues(rawValue: 1)
    static let writing = PromptCues(rawValue: 1 << 1)
    static let rewriting = PromptCues(rawValue: 1 << 2)

    static let and = PromptCues(rawValue: 1 << 3)
    static let why = PromptCues(rawValue: 1 << 4)
    static let how = PromptCues(rawValue: 1 << 5)
    static let past = PromptCues(rawValue: 1 << 6)
    static let should = PromptCues(rawValue: 1 << 7)
    static let praise = PromptCues(rawValue: 1 << 8)
    static let what = PromptCues(rawValue: 1 << 9)
    static let being = PromptCues(rawValue: 1 << 10)
    static let ways = PromptCues(rawValue: 1 << 11)
    static let requests = PromptCues(rawValue: 1 << 12)
    static let addressed = PromptCues(rawValue: 1 << 13)
    static let whether = PromptCues(rawValue: 1 << 14)
    static let consequences = PromptCues(rawValue: 1 << 15)
    /// Words that begin a phrase of an attack.
    static let attack = PromptCues(rawValue: 1 << 16)

    /// The cues of some words, in their order.
    static func of(_ words: [Word]) -> [PromptCues] {
        let table = Self.table
        return words.map { PromptCues(rawValue: table.count(of: $0.hash)) }
    }

    private static let table: CountTable = {
        var cues: [UInt64: Int32] = [:]
        for (cue, section) in exclusive {
            for hash in PhraseLibrary.shared.hashes(section) where cues[hash] == nil { cues[hash] = cue.rawValue }
        }
        for (cue, section) in words {
            for hash in PhraseLibrary.shared.hashes(section) { cues[hash, default: 0] |= cue.rawValue }
        }
        for hash in InjectionPhrases.attacks.firstWords { cues[hash, default: 0] |= Self.attack.rawValue }
        return CountTable(cues)
    }()

    private static let words: [(PromptCues, PhraseSection)] = [
        (.and, .promptAnd),
        (.why, .promptWhy),
        (.how, .promptHow),
        (.past, .promptPast),
        (.should, .promptShould),
        (.praise, .promptPraise),
        (.what, .promptWhat),
        (.being, .promptBeing),
        (.ways, .promptWays),
        (.requests, .promptRequests),
        (.addressed, .promptAddressed),
        (.whether, .promptWhether),
        (.consequences, .promptConsequences),
    ]

    /// A word of several of these is one of the first.
    private static let exclusive: [(PromptCues, PhraseSection)] = [
        (.writing, .promptWriting),
        (.rewriting, .promptRewriting),
        (.language, .promptLanguage),
    ]
}
