import Vocabulary

/// What the scorers need to know of a prompt, worked out once for all legs of a pair.
struct PromptFeatures {
    /// The prompt itself, for what is only looked at where an answer gives cause.
    let text: String
    /// Distinct words that carry content (four bytes or more, or digits, and no function words).
    private(set) var contentWords: CountTable
    private(set) var identifiers: Identifiers
    private(set) var language: Language?
    /// Whether the prompt asks for another language, so that answering in one is no fault.
    let asksForLanguage: Bool
    /// Whether it asks for a letter or message to be written.
    let asksForWriting: Bool
    /// Whether it asks to translate, rewrite or correct a text.
    let asksForRewriting: Bool
    /// What others than the user tell the model to do, in text that was pasted or that a tool returned.
    let injection: Injection?
    /// What kind of answer it wants.
    let question: PromptQuestion
    let words: [Word]

    /// Whether one of some words stands in the prompt.
    func holds(oneOf hashes: Set<UInt64>) -> Bool { words.contains { hashes.contains($0.hash) } }

    /// Whether a refusal phrase stands in the prompt itself.
    var containsRefusalPhrase: Bool { RefusalPhrases.isIn(words) }

    /// - Parameters:
    ///   - text: the prompt.
    ///   - bytes: the same in UTF-8.
    init(_ text: String, _ bytes: UnsafeBufferPointer<UInt8>) {
        self.text = text
        words = Scoring.words(of: bytes)
        identifiers = Identifiers(inPrompt: bytes)
        language = Self.language(words: words, bytes: bytes)
        let cues = PromptCues.of(words)
        injection = Injection(inPrompt: bytes, words: words, cues: cues)
        contentWords = CountTable(capacity: words.count)
        for word in words where Self.isContent(word) { contentWords.add(word.hash) }
        question = PromptQuestion(words, cues, bytes)
        asksForLanguage = question.found.contains(.language)
        asksForWriting = question.found.contains(.writing)
        asksForRewriting = !question.found.isDisjoint(with: [.language, .rewriting])
    }

    static func isContent(_ word: Word) -> Bool {
        word.length >= 4 && word.functionWordOf == 0
    }
}

/// What the scorers read of one answer, worked out once.
struct AnswerFeatures {
    let legAnswer: LegAnswer
    /// What was asked, where it is known.
    let prompt: PromptFeatures?
    let words: [Word]
    /// Whether nothing is left to show: no text but whitespace and reasoning, and no tool call.
    let isEmpty: Bool
    /// Whether it declines the whole request.
    let declines: Bool
    /// Whether it declines a part of it, and delivers the rest.
    let declinesPart: Bool
    let repetition: RepetitionDetector
    /// What became of the structure that was asked for; nil where none was.
    let structure: RequestShape.Finding?
    /// How many of the prompt's identifiers the answer has, and of how many; nil where it has none to take up.
    let identifiers: (found: Int, of: Int)?
    let language: Language?
    /// Whether it is in another language than it should be; nil where that cannot be told.
    let isInWrongLanguage: Bool?
    let relevance: Double?
    /// Whether the text stops in the middle of a sentence.
    let stopsShort: Bool

    init(_ answer: LegAnswer, shape: RequestShape, prompt: PromptFeatures?) {
        legAnswer = answer
        self.prompt = prompt
        var text = answer.text
        let isOK = answer.outcome == .ok
        // `withUTF8` may make the text contiguous first; after that no byte is copied.
        let read = text.withUTF8 { text in
            // What the model thought before it answered is shown to nobody and judged by no scorer.
            let bytes = UnsafeBufferPointer(rebasing: text[Reasoning.end(in: text)...])
            let words = Scoring.words(of: bytes)
            let isEmpty = answer.toolCalls.isEmpty && Self.isBlank(bytes)
            let isFiltered = answer.finishReason.map { Self.refusalReasons.contains($0) } ?? false
            let refusal =
                isOK && answer.toolCalls.isEmpty ? RefusalDetector.finding(in: bytes, prompt: prompt) : .none
            var identifiers: (found: Int, of: Int)?
            if let prompt, !prompt.identifiers.isEmpty, answer.toolCalls.isEmpty {
                identifiers = (prompt.identifiers.found(in: bytes), prompt.identifiers.hashes.count)
            }
            let language = Language.guess(words: words, bytes: bytes)
            return (
                words: words,
                isEmpty: isEmpty,
                declines: isOK && answer.toolCalls.isEmpty && (isFiltered || refusal == .full),
                declinesPart: refusal == .partial,
                repetition: RepetitionDetector(words: words, bytes: bytes),
                identifiers: identifiers,
                language: language,
                isInWrongLanguage: isOK && !shape.wantsJSON
                    ? prompt.flatMap { WrongLanguage.isIn(bytes, language: language, prompt: $0) } : nil,
                stopsShort: Self.stopsShort(bytes, words: words.count)
            )
        }
        words = read.words
        isEmpty = isOK && read.isEmpty
        declines = read.declines
        declinesPart = read.declinesPart && !read.declines
        repetition = read.repetition
        identifiers = isOK ? read.identifiers : nil
        language = read.language
        isInWrongLanguage = read.isInWrongLanguage
        stopsShort = read.stopsShort
        structure = isOK ? shape.finding(in: answer) : nil
        relevance = prompt.flatMap { Self.relevance(of: read.words, to: $0) }
    }

    /// Finish reasons by which a server says that the model, or its filter, declined.
    private static let refusalReasons: Set<String> = ["refusal", "content_filter", "safety", "SAFETY"]

    private static func isBlank(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var index = Reasoning.end(in: bytes)
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09...0x0D: index += 1
            // U+200B ZERO WIDTH SPACE, U+00A0 NO-BREAK SPACE, U+FEFF BYTE ORDER MARK.
            case 0xE2 where index + 2 < bytes.count && bytes[index + 1] == 0x80 && bytes[index + 2] == 0x8B: index += 3
            case 0xC2 where index + 1 < bytes.count && bytes[index + 1] == 0xA0: index += 2
            case 0xEF where index + 2 < bytes.count && bytes[index + 1] == 0xBB && bytes[index + 2] == 0xBF: index += 3
            default: return false
            }
        }
        return true
    }

    /// A long text whose last character is a letter, a comma or an opening bracket.
    private static func stopsShort(_ bytes: UnsafeBufferPointer<UInt8>, words: Int) -> Bool {
        guard words >= 25, let last = bytes.last(where: { $0 != 0x20 && !($0 >= 0x09 && $0 <= 0x0D) }) else {
            return false
        }
        switch last {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): return true
        case UInt8(ascii: ","), UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "-"): return true
        default: return false
        }
    }

    /// How much of the prompt's content the answer takes up, 0…1; nil where one of them has no content words.
    ///
    /// The larger of: distinct shared words out of eight (or all there are), and the share of the answer's own
    /// content words that are the prompt's, so that one-word answers are not at a loss.
    private static func relevance(of words: [Word], to prompt: PromptFeatures) -> Double? {
        guard prompt.contentWords.distinct > 0 else { return nil }
        var seen = CountTable(capacity: min(words.count, 2_000))
        var shared = 0
        for word in words.prefix(2_000) where PromptFeatures.isContent(word) {
            guard seen.add(word.hash) == 0 else { continue }
            if prompt.contentWords.contains(word.hash) { shared += 1 }
        }
        guard seen.distinct > 0 else { return nil }
        let recall = Double(shared) / Double(min(8, prompt.contentWords.distinct))
        let precision = seen.distinct <= 5 ? Double(shared) / Double(seen.distinct) : 0
        return min(1, max(recall, precision))
    }
}
