// Which language a text is in, roughly, for telling an answer in the wrong one.
//
// What: counts of function words for seven languages in Latin script, and the script itself for the rest. It answers
// only when it is sure (at least three function words and half as many again as the runner-up), so short texts,
// lists, code and tables have none. Limits: no distinction between languages of one other script (Russian, Ukrainian).

/// A language, or a family that one script stands for.
enum Language: UInt8, CaseIterable {
    case english
    case spanish
    case french
    case german
    case portuguese
    case italian
    case dutch
    case cyrillic
    case greek
    case hebrew
    case arabic
    case devanagari
    case thai
    case korean
    case japanese
    case chinese

    /// The language of a text; nil where it cannot be told.
    static func guess(words: [Word], bytes: UnsafeBufferPointer<UInt8>) -> Language? {
        if let language = byScript(bytes) { return language }
        let counts = FunctionWords.counts(words.prefix(300))
        guard let best = latin.max(by: { counts[$0] < counts[$1] }), counts[best] >= 3 else { return nil }
        // Sister languages share half of these words; those that they do not share decide.
        let isSure = latin.allSatisfy { other in
            guard other != best, counts[best] * 2 < counts[other] * 3 else { return true }
            let apart = FunctionWords.apart(best, other, in: words.prefix(300))
            return apart.first >= apart.second * 2 + 2
        }
        return isSure ? best : nil
    }

    /// The languages that are told by their function words.
    static let latin: [Language] = [.english, .spanish, .french, .german, .portuguese, .italian, .dutch]

    var isLatin: Bool { rawValue < 7 }

    /// How many characters of a language's own script stand in the beginning of a text; kana count eight.
    static func count(of language: Language, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        scripts(bytes)?.counts[Int(language.rawValue)] ?? 0
    }

    private static func byScript(_ bytes: UnsafeBufferPointer<UInt8>) -> Language? {
        guard let (counts, latin) = scripts(bytes), let best = counts.indices.max(by: { counts[$0] < counts[$1] }),
            counts[best] >= 8,
            counts[best] * 3 > latin
        else { return nil }
        return Language(rawValue: UInt8(best))
    }

    /// Characters of each language's own script, by its raw value, and Latin letters; nil where no other script is there.
    private static func scripts(_ bytes: UnsafeBufferPointer<UInt8>) -> (counts: [Int], latin: Int)? {
        let sample = bytes.prefix(2_000)
        // Nothing below is a letter of another script; the Latin ones only count beside those.
        guard !isASCII(sample), sample.contains(where: { $0 >= 0xCE }) else { return nil }
        var counts = Array(repeating: 0, count: Language.allCases.count)
        func add(_ language: Language, _ count: Int = 1) { counts[Int(language.rawValue)] += count }
        var latin = 0
        for index in sample.indices {
            let byte = bytes[index]
            switch byte {
            case 0x41...0x5A, 0x61...0x7A: latin += 1
            case 0xCE, 0xCF: add(.greek)
            case 0xD0, 0xD1: add(.cyrillic)
            case 0xD7: add(.hebrew)
            case 0xD8, 0xD9: add(.arabic)
            case 0xE0 where index + 1 < bytes.count:
                if bytes[index + 1] < 0xA8 { add(.devanagari) }
                if bytes[index + 1] == 0xB8 || bytes[index + 1] == 0xB9 { add(.thai) }
            case 0xE3 where index + 1 < bytes.count:
                // Hiragana and katakana tell Japanese from Chinese however few they are.
                if bytes[index + 1] >= 0x81, bytes[index + 1] <= 0x83 { add(.japanese, 8) }
            case 0xE4...0xE9: add(.chinese)
            case 0xEA...0xED: add(.korean)
            default: break
            }
        }
        return (counts, latin)
    }
}

/// Function words by hash, with the set of languages that have them.
struct FunctionWords: Sendable {
    static let shared = FunctionWords()

    /// In bytes; a longer word is none.
    static let longest = 8

    private let table: CountTable

    private init() {
        var sets: [UInt64: Int32] = [:]
        for (language, list) in Self.lists {
            for word in list.split(separator: " ") {
                sets[wordHash(String(word)), default: 0] |= 1 << Int32(language.rawValue)
            }
        }
        table = CountTable(sets)
    }

    /// The languages that have a function word, bit n for `Language(rawValue: n)`; 0 for any other word.
    func languages(of word: UInt64) -> UInt8 {
        UInt8(truncatingIfNeeded: table.count(of: word))
    }

    /// How many function words a text has of each language in Latin script.
    struct Counts {
        /// By raw value; of the seven there is one for each bit of `Word.functionWordOf`.
        fileprivate var values = InlineArray<8, Int>(repeating: 0)

        /// 0 for the languages of other scripts.
        subscript(language: Language) -> Int { language.isLatin ? values[Int(language.rawValue)] : 0 }

        var total: Int { values.indices.reduce(0) { $0 + values[$1] } }
    }

    /// How many function words of one language and not of another a text has, and the other way round.
    static func apart(_ one: Language, _ other: Language, in words: ArraySlice<Word>) -> (first: Int, second: Int) {
        var apart = (first: 0, second: 0)
        for word in words {
            let set = word.functionWordOf
            let (isOne, isOther) = (set >> one.rawValue & 1, set >> other.rawValue & 1)
            if isOne > isOther { apart.first += 1 }
            if isOther > isOne { apart.second += 1 }
        }
        return apart
    }

    /// Articles, prepositions and conjunctions that names and titles have as well.
    static let ofNames = wordHashes(
        """
        the of and in on at to for el la los las de del y en le les du des et au aux à der die das und von zu im am o a os \
        as da do dos das e il lo gli di dei delle della al alla het een van op
        """
    )

    static func counts(_ words: ArraySlice<Word>) -> Counts {
        var counts = Counts()
        for word in words {
            var set = word.functionWordOf
            while set != 0 {
                counts.values[set.trailingZeroBitCount] += 1
                set &= set - 1
            }
        }
        return counts
    }

    private static let lists: [(Language, String)] = [
        (
            .english,
            """
            the of and to is in that it for was on are as with his they at be this have from or had by but what some we \
            can out other were all there when your how said each she which their will if would been has more these \
            you i my me do does not how where why who would should could about into than then them any it's i'm don't please our us
            """
        ),
        (
            .spanish,
            """
            el la de que y en un una los las del se por con para es lo como más pero sus le ya o este sí porque esta \
            son entre cuando muy sin sobre también me hasta hay donde quien desde todo nos durante su al puedo usted \
            está están qué cómo cuál dónde cuándo mi mis tu tus este estos estas esto al fue ser tiene hay he ha pero nada te puede puedes a les
            """
        ),
        (
            .french,
            """
            le la les de des du et un une est en que qui dans pour pas sur au aux avec ce cette il elle ne se plus par \
            vous nous je mais ou son ses sont être votre notre comme c'est d'un d'une l'on très été fait \
            où quel quelle comment pourquoi mon ma mes leur cet ces ai a avez avons suis êtes si tout peut n'est n'a j'ai qu'il
            """
        ),
        (
            .german,
            """
            der die das und ist in den von zu mit sich des auf für nicht ein eine im dem auch es an als er hat aus bei \
            wird sie nach war einer um am sind noch wie einem über einen so zum ich kann ihre wir oder \
            wo wer warum welche mein meine meinen mir mich du dir habe haben hatte kannst können bitte bei durch sein ihr ihren ihnen diese dieser aber wenn mehr
            """
        ),
        (
            .portuguese,
            """
            o a os as de que e do da em um uma para com não é por mais dos das como mas ao ele se na no foi à seu sua \
            ou quando muito nos já eu também só pelo pela até isso ela entre depois sem você \
            está estão qual onde meu minha meus minhas este esta tem ter pode são foi ser às aqui
            """
        ),
        (
            .italian,
            """
            il lo la i gli le di che e un una è in per non con del della da sono come ma anche più si al nel alla ho \
            questo questa dei delle se ci ha nella o sua suo essere molto dal \
            dove come quale mio mia tuo tua questi sei siamo hanno può non mi ti vi lei loro è stato
            """
        ),
        (
            .dutch,
            """
            de het een van en in is dat op te voor met niet zijn aan er om ook als dan maar bij door naar heeft uit nog \
            wordt over deze die je ik we worden kan dit hun mijn geen \
            waar wie wat waarom mijn uw je jij kunt kan heb hebben had zou deze ons onze bent
            """
        ),
    ]
}
