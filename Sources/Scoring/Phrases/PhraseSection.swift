/// The sections of a language's file in `Resources/Phrases`, by their headings.
///
/// What belongs into each is said below its heading in `en.txt`, which has all of them.
enum PhraseSection: String, CaseIterable {
    // How an answer declines.
    case strong = "refusal strong"
    case broad = "refusal broad"
    case openers = "refusal openers"
    case weak = "refusal weak"

    // The sentences around the one that declines.
    case offers = "around offers"
    case elsewhere = "around elsewhere"
    case telling = "around telling"
    case pointers = "around pointers"
    case clarifying = "around clarifying"
    case lectures = "around lectures"
    case condemning = "around condemning"

    // Single words of an answer: `RefusalCues`.
    case answerPreamble = "answer preamble"
    case answerReasons = "answer reasons"
    case answerHarm = "answer harm"
    case answerContrasts = "answer contrasts"
    case answerReporting = "answer reporting"
    case answerIdiomatic = "answer idiomatic"
    case answerUnderstanding = "answer understanding"
    case answerBareNo = "answer bare no"
    case answerBesideNo = "answer beside no"
    case answerCompliance = "answer compliance"
    case answerNegations = "answer negations"
    case answerLetter = "answer letter"
    case answerGreeting = "answer greeting"
    case answerEnough = "answer enough"
    case answerEnoughOfWhat = "answer enough of what"
    case answerFaultless = "answer faultless"
    case answerWhyNot = "answer why not"
    case answerSpeaker = "answer speaker"

    // Single words of a prompt: `PromptCues`.
    case promptAnd = "prompt and"
    case promptWhy = "prompt why"
    case promptHow = "prompt how"
    case promptPast = "prompt past"
    case promptShould = "prompt should"
    case promptPraise = "prompt praise"
    case promptWhat = "prompt what"
    case promptBeing = "prompt being"
    case promptWays = "prompt ways"
    case promptRequests = "prompt requests"
    case promptAddressed = "prompt addressed"
    case promptWhether = "prompt whether"
    case promptConsequences = "prompt consequences"
    case promptWriting = "prompt writing"
    case promptRewriting = "prompt rewriting"
    case promptLanguage = "prompt language"

    // Instructions in pasted text: `InjectionPhrases`.
    case injectionAttacks = "injection attacks"
    case injectionRevealing = "injection revealing"
    case injectionRevealed = "injection revealed"
    case injectionSaying = "injection saying"
    case injectionIncluding = "injection including"
    case injectionReporting = "injection reporting"
    case injectionPasted = "injection pasted"

    /// Whether each line is a phrase; otherwise a line holds single words.
    var holdsPhrases: Bool {
        switch self {
        case .strong, .broad, .openers, .weak, .offers, .elsewhere, .telling, .pointers, .clarifying, .lectures,
            .condemning,
            .injectionAttacks, .injectionRevealing, .injectionRevealed:
            true
        default: false
        }
    }
}
