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
        for (cue, list) in exclusive {
            for hash in wordHashes(list) where cues[hash] == nil { cues[hash] = cue.rawValue }
        }
        for (cue, list) in lists {
            for hash in wordHashes(list) { cues[hash, default: 0] |= cue.rawValue }
        }
        for hash in InjectionPhrases.attacks.firstWords { cues[hash, default: 0] |= Self.attack.rawValue }
        return CountTable(cues)
    }()

    private static let lists: [(PromptCues, String)] = [
        (.and, "and plus also y además et und sowie e também anche en ook"),
        (.why, "why"),
        (.how, "how"),
        (.past, "did was were has have had does"),
        (.should, "should"),
        (.praise, "right justified good best better superior"),
        (.what, "what define explain qué que qu'est was wat o cos'è cosa che"),
        (
            .being,
            """
            is are does do kind constitutes was were es significa son ce ist sind bedeutet é è zijn betekent cos'è
            """
        ),
        (
            .ways,
            """
            way ways best good perfect plan method process step steps strategy easiest i i'd my weg manera forma façon modo jeito
            """
        ),
        (
            .requests,
            """
            can could will would puedes podrías peux pourrais pouvez kannst können kun kunt pode podes puoi può
            """
        ),
        (.addressed, "you u tu vous du sie je me você mi"),
        (
            .whether,
            """
            is are was were am does do did has have can could may might should will would why \
            es son está están puedo puede se debo debería hay tiene por \
            est c'est est-ce puis-je peut-on dois-je pourquoi faut-il ai-je \
            ist sind darf kann muss soll sollte warum wieso hat gibt stimmt \
            é são está posso pode devo há tem porque \
            è sono può c'è perché si \
            mag zijn kan moet waarom heeft klopt
            """
        ),
        (
            .consequences,
            """
            happens penalty punishment sentence legal allowed pasa strafe passiert risque peine acontece pena succede straf \
            gebeurt
            """
        ),
    ]

    private static let exclusive: [(PromptCues, String)] = [
        (
            .writing,
            """
            write draft compose email letter reply message poem story scene dialogue script monologue song lyrics speech tweet \
            caption pretend roleplay act play imagine character redacta redactar escribe escribir escríbeme poema cuento escena \
            diálogo guion canción haz actúa finge personaje decirle contestarle mensaje carta correo écris écrire rédige rédiger \
            poème histoire scène dialogue chanson joue imagine personnage lettre mensagem schreibe schreib schreiben verfasse \
            gedicht geschichte szene dialog lied spiel spiele rolle brief nachricht escreva escreve escrever poema conto cena \
            diálogo música finja carta scrivi scrivere poesia racconto scena dialogo canzone fingi lettera messaggio schrijf \
            schrijven gedicht verhaal scène dialoog doe rol whatsapp sms haiku quatrain sonnet soneto sonetto limerick \
            vers verso verse rhyme toast tone tono
            """
        ),
        (
            .rewriting,
            "rewrite rephrase paraphrase correct proofread summarize summarise classify extract quote improve"
        ),
        (
            .language,
            """
            translate translation traduce traducir traducción traduis traduire traduction übersetze übersetzen \
            übersetzung traduza traduzir tradução traduci vertaal english spanish french german portuguese italian dutch \
            chinese japanese korean russian arabic hindi polish turkish swedish translating translated vertalen engels \
            inglese spagnolo francese tedesco translator übersetz traduzca traducción traducteur sprachen idiomas inglés español \
            francés alemán portugués anglais espagnol \
            français allemand portugais englisch englische spanisch spanische französisch deutsch deutsche \
            portugiesisch italienisch inglês espanhol francês alemão português italiano language idioma langue sprache
            """
        ),
    ]
}
