// Is an answer in another language than its prompt?
//
// What: the language of the user's last message against the answer's, as `Language.guess` tells them. Where they differ,
// which is rare, both are looked at again: the answer without code, quoted text and tables, and the prompt sentence by
// sentence, because "Resume este texto:" in front of an English article may be answered in either language.
// Limits: languages that `Language` does not know; short answers and lists, which have no function words; a language
// that was asked for in words that `PromptFeatures` does not know ("in Dante's own tongue").

/// The answer is in another language than the prompt, although none was asked for.
///
/// Defined on answers with outcome `ok` where both languages can be told, unless the request wants JSON or the prompt
/// names a language or asks for a translation. Catches a model that falls back to English, or drifts into Chinese.
/// Misses: `WrongLanguage`; also an answer that changes its language half-way.
struct WrongLanguageScorer: ResponseScorer {
    let name = "wrong_language"
    let version = 1

    func score(_ answer: AnswerFeatures) -> Double? {
        answer.isInWrongLanguage.map { $0 ? 1 : 0 }
    }
}

enum WrongLanguage {
    /// Whether an answer is in a language that its prompt does not speak.
    ///
    /// - Parameters:
    ///   - answer: the text in UTF-8.
    ///   - language: its language, taken as a whole.
    ///   - prompt: what was asked.
    /// - Returns: nil where that cannot be told, or another language was asked for.
    static func isIn(_ answer: UnsafeBufferPointer<UInt8>, language: Language?, prompt: PromptFeatures) -> Bool? {
        guard !prompt.asksForLanguage, let asked = prompt.language, let language else { return nil }
        // Keywords of code pass for English words.
        var code = ByteSearch(answer)
        if language == asked, code.next(UInt8(ascii: "`")) == nil { return false }
        let prose = Prose(of: answer)
        guard let spoken = prose.language(besides: asked) else { return language == asked ? false : nil }
        return spoken == asked ? false : prompt.isSpoken(spoken).map { !$0 }
    }
}

/// What a text says in its own words: no code, no quoted text, no tables.
private struct Prose {
    private let bytes: [UInt8]

    init(of text: UnsafeBufferPointer<UInt8>) {
        var own: [UInt8] = []
        var isFenced = false
        for line in text.prefix(16_000).split(separator: 0x0A) {
            let line = line.drop { $0 == 0x20 || $0 == 0x09 }
            if line.starts(with: "```".utf8) || line.starts(with: "~~~".utf8) {
                isFenced.toggle()
            } else if !isFenced, !Self.isCode(line) {
                own.append(contentsOf: Self.withoutInlineCode(line))
                own.append(0x0A)
            }
        }
        bytes = own.withUnsafeBufferPointer { Opening(of: $0, limit: 4_000).bytes }
    }

    /// Whether a line is more marks than prose has: code, a table's row, an assignment.
    private static func isCode(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        if let last = line.last, ";{}".utf8.contains(last) { return true }
        if line.contains(UInt8(ascii: "{")), line.contains(UInt8(ascii: ";")) { return true }
        let marks = line.count { codeMarks.contains($0) }
        return marks * 12 > line.count
    }

    private static let codeMarks = Set("(){}[]<>=;_\\|&$".utf8)

    private static func withoutInlineCode(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8] {
        var isCode = false
        return line.filter { byte in
            if byte == UInt8(ascii: "`") { isCode.toggle() }
            return !isCode
        }
    }

    /// The language of it; nil where that is not beyond doubt, or the other language is mixed in.
    func language(besides other: Language) -> Language? {
        bytes.withUnsafeBufferPointer { bytes in
            let words = Scoring.words(of: bytes)
            guard let language = Language.guess(words: words, bytes: bytes) else { return nil }
            if language == other { return language }
            let counts = FunctionWords.counts(words.prefix(300))
            // Japanese without kana looks Chinese: addresses, headings.
            if language == .chinese, other == .japanese, bytes.count < 60 { return nil }
            guard language.isLatin else { return other.isLatin && counts[other] >= 3 ? nil : language }
            // A language that is not known shares a few function words with those that are, and names have some.
            let telling = words.prefix(300).count { word in
                word.functionWordOf >> language.rawValue & 1 == 1
                    && !FunctionWords.ofNames.contains(word.hash)
            }
            let isSure = counts[language] >= 4 && telling >= 2 && counts[language] * 8 >= min(words.count, 300)
            return isSure && (!other.isLatin || counts[language] >= counts[other] * 2) ? language : nil
        }
    }
}

extension PromptFeatures {
    /// Whether the user's last message has a sentence in a language; nil where its first line cannot be told, because a
    /// short line in front of a text is what asks for something.
    fileprivate func isSpoken(_ language: Language) -> Bool? {
        var text = text
        return text.withUTF8 { text in
            let bytes = Self.lastUserMessage(text)
            if !language.isLatin {
                // Kanji are no Chinese.
                return self.language != .japanese && Language.count(of: language, in: bytes) >= 4
            }
            let sentences = bytes.split { ":.?!\n".utf8.contains($0) }
                .map { Scoring.words(of: UnsafeBufferPointer(rebasing: $0)) }.filter { !$0.isEmpty }
            for (index, sentence) in sentences.enumerated() {
                let counts = FunctionWords.counts(sentence.prefix(100))
                let others = Language.latin.filter { $0 != language }.map { counts[$0] }.max() ?? 0
                let isEdge = index == 0 || index == sentences.count - 1
                if counts[language] > others, counts[language] >= (isEdge ? 1 : 3) { return true }
                let isUnknown = self.language?.isLatin == true && counts.total == 0
                if index == 0, sentences.count > 1, sentence.count <= 12, isUnknown { return nil }
            }
            return false
        }
    }

    /// The text of the user's last message; all of it where there is none.
    private static func lastUserMessage(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        let part = PromptPart.parts(of: bytes).last { $0.role == .user && !$0.range.isEmpty }
        return part.map { bytes.part($0.range) } ?? bytes
    }

    /// The language that an answer is expected in: that of the user's last message, or else of the whole prompt.
    ///
    /// Instructions of the operator are often in English whatever the user speaks.
    static func language(words: [Word], bytes: UnsafeBufferPointer<UInt8>) -> Language? {
        let message = lastUserMessage(bytes)
        if message.count < bytes.count {
            let start = message.part(0..<min(message.count, 2_000))
            if let language = Language.guess(words: Scoring.words(of: start), bytes: start) { return language }
        }
        return Language.guess(words: words, bytes: bytes)
    }
}
