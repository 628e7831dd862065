// Does an answer show what only the server should have seen: template tokens, reasoning, raw tool calls, role headers?
//
// What: the text is searched for the few bytes with which such marks begin (`<`, `[`, `◁`, `assistant`, `### `, `User:`),
// which costs next to nothing where there are none. What is found counts as a leak unless it is spoken of: it stands in
// a code fence, in inline code, in quotes or in the middle of a sentence; or the prompt has the same mark; or the prompt
// asks about tokens, tags or templates, in which case only a mark at an end of the text counts.
// Limits: reasoning without any mark around it; marks that no list here has; a prompt that is not known excuses nothing.

import Vocabulary

/// Template tokens, reasoning or raw tool calls in the text that users see.
///
/// Defined on answers with outcome `ok` or `truncated`. Catches `<|im_end|>` and its like, `[INST]`, `<<SYS>>`, `</s>` at
/// the end, `<start_of_turn>`, `<think>` with or without its partner, `<tool_call>`, the channels of gpt-oss,
/// `### Assistant:`, and a user's next turn that the model writes itself. A `<think>` block in front, which the other
/// scorers look past, is a leak here. Misses: `LeakedMarkup`. Not defined where an answer speaks of so many different marks
/// that looking for all of them in the prompt takes more steps than there are.
struct LeakedMarkupScorer: ResponseScorer {
    let name = "leaked_markup"
    let version = 1

    func score(_ answer: AnswerFeatures) -> Double? {
        guard answer.legAnswer.outcome == .ok || answer.legAnswer.outcome == .truncated else { return nil }
        var text = answer.legAnswer.text
        return text.withUTF8 { LeakedMarkup.isIn($0, prompt: answer.prompt) }.map { $0 ? 1 : 0 }
    }
}

enum LeakedMarkup {
    /// Whether a text has marks that leaked; nil where the steps do not reach.
    static func isIn(_ text: UnsafeBufferPointer<UInt8>, prompt: PromptFeatures?) -> Bool? {
        var budget = StepBudget.search
        var scanner = MarkScanner(text)
        var marked = MarkedText(text, prompt: prompt)
        while let mark = scanner.next() {
            guard let isLeak = marked.isLeak(mark, &budget) else { return nil }
            if isLeak { return true }
        }
        return SpokenTurns.isIn(text, prompt: prompt)
    }
}

/// A mark that belongs into no text.
private struct Mark {
    var range: Range<Int>
    /// What of it is the same in the opening and the closing mark: `think>` of `</think>`.
    var stem: Range<Int>
    /// Whether it is only one at the very beginning or end of a text, as HTML has the same.
    var onlyAtEnds = false
    /// Whether no sentence speaks of it, so that it need not be looked at in its place.
    var isNeverMentioned = false
}

/// Finds the marks of a text, one kind after the other.
private struct MarkScanner {
    private let text: UnsafeBufferPointer<UInt8>
    private var search: ByteSearch
    private var stage = 0
    private var wordFrom = 0

    init(_ text: UnsafeBufferPointer<UInt8>) {
        self.text = text
        search = ByteSearch(text)
    }

    mutating func next() -> Mark? {
        while stage < 5 {
            while let index = nextStart() {
                if let mark = mark(at: index) { return mark }
            }
            stage += 1
            search = ByteSearch(text)
            wordFrom = 0
        }
        return nil
    }

    private mutating func nextStart() -> Int? {
        switch stage {
        case 0: return search.next(UInt8(ascii: "<"))
        case 1: return search.next(UInt8(ascii: "["))
        case 2: return search.next(UInt8(ascii: "#"))
        default:
            let found = text.firstIndex(of: stage == 3 ? "assistant" : "◁", from: wordFrom)
            wordFrom = (found ?? text.count) + 1
            return found
        }
    }

    private func mark(at index: Int) -> Mark? {
        switch text[index] {
        case UInt8(ascii: "<"): tokenMark(at: index) ?? tagMark(at: index)
        case UInt8(ascii: "["): Self.brackets.first { text.holds($0, at: index) }.map { mark(index, $0, stem: 1) }
        case UInt8(ascii: "#"): headingMark(at: index)
        default: assistantMark(at: index)
        }
    }

    private func mark(_ index: Int, _ word: StaticString, stem: Int) -> Mark {
        let end = index + word.utf8CodeUnitCount
        return Mark(range: index..<end, stem: (index + stem)..<end)
    }

    /// `<|name|>`, and DeepSeek's `<｜name｜>` with full-width bars.
    private func tokenMark(at index: Int) -> Mark? {
        let isWide = text.holds("｜", at: index + 1)
        guard isWide || text.holds("|", at: index + 1) else { return nil }
        let start = index + (isWide ? 4 : 2)
        var end = start
        while end < text.count, end - start < 60, Self.isNameByte(text[end]) || (isWide && text[end] >= 0x80) {
            if isWide, text.holds("｜>", at: end) { break }
            end += 1
        }
        guard end > start else { return nil }
        let closing: StaticString = isWide ? "｜>" : "|>"
        guard text.holds(closing, at: end) else { return nil }
        return Mark(range: index..<(end + closing.utf8CodeUnitCount), stem: index..<end)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z") || byte &- 48 < 10
            || byte == UInt8(ascii: "_")
    }

    private static let tags: [StaticString] = [
        "think>", "thinking>", "thought>", "reasoning>", "scratchpad>", "start_of_turn>", "end_of_turn>", "tool_call>",
        "tool_calls>", "tool_response>", "function_calls>", "function=", "invoke name=", "<SYS>>", "</SYS>>",
    ]
    private static let endTags: [StaticString] = ["s>", "bos>", "eos>", "pad>"]
    private static let brackets: [StaticString] = [
        "[INST]", "[/INST]", "[TOOL_CALLS]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]", "[TOOL_RESULTS]",
    ]

    private func tagMark(at index: Int) -> Mark? {
        let name = index + (text.holds("/", at: index + 1) ? 2 : 1)
        if let tag = Self.tags.first(where: { text.holds($0, at: name) }) {
            return mark(index, tag, stem: name - index, from: name)
        }
        guard let tag = Self.endTags.first(where: { text.holds($0, at: name) }) else { return nil }
        var mark = mark(index, tag, stem: 0, from: name)
        mark.onlyAtEnds = true
        return mark
    }

    private func mark(_ index: Int, _ tag: StaticString, stem: Int, from name: Int) -> Mark {
        let end = name + tag.utf8CodeUnitCount
        return Mark(range: index..<end, stem: (index + stem)..<end)
    }

    private static let headings: [StaticString] = [
        "### Assistant:", "### Instruction:", "### Response:", "### Human:", "### User:", "###Assistant:",
        "###Instruction:", "###Response:", "###Human:", "###User:",
    ]

    private func headingMark(at index: Int) -> Mark? {
        guard index == 0 || text[index - 1] == 0x0A,
            let word = Self.headings.first(where: { text.holds($0, at: index) })
        else { return nil }
        return mark(index, word, stem: 0)
    }

    /// `assistantfinal` of gpt-oss, whose tokens were dropped; the header `assistant` of Llama 3, alone on its line.
    private func assistantMark(at index: Int) -> Mark? {
        if text[index] != UInt8(ascii: "a") {
            return ["◁think▷", "◁/think▷"].first { text.holds($0, at: index) }.map { mark(index, $0, stem: 0) }
        }
        let rest = index + 9
        for word in ["final", "analysis", "commentary"] as [StaticString] where text.holds(word, at: rest) {
            return Mark(
                range: index..<(rest + word.utf8CodeUnitCount),
                stem: index..<(rest + word.utf8CodeUnitCount),
                isNeverMentioned: true
            )
        }
        guard text.holds("\n\n", at: rest), index == 0 || ".!?)\n".utf8.contains(text[index - 1]) else { return nil }
        return Mark(range: index..<rest, stem: index..<rest, isNeverMentioned: true)
    }
}

/// A text with a mark in it, which is spoken of there or leaked.
private struct MarkedText {
    private let text: UnsafeBufferPointer<UInt8>
    private let prompt: PromptFeatures?
    /// What is between them is all that is not white space.
    private let (firstVisible, endOfVisible): (Int, Int)
    private var code: CodePlaces
    private var promptAsksAboutMarkup: Bool?
    /// Whether the prompt has a mark, by the mark's hash.
    private var promptMarks: [UInt64: Bool] = [:]

    init(_ text: UnsafeBufferPointer<UInt8>, prompt: PromptFeatures?) {
        self.text = text
        self.prompt = prompt
        firstVisible = text.firstIndex { !Self.isSpace($0) } ?? text.count
        endOfVisible = text.lastIndex { !Self.isSpace($0) }.map { $0 + 1 } ?? 0
        code = CodePlaces(text)
    }

    /// Whether a mark has leaked; nil where the steps do not reach.
    mutating func isLeak(_ mark: Mark, _ budget: inout StepBudget) -> Bool? {
        let isAtEnd = endOfVisible <= mark.range.upperBound
        let isAtStart = firstVisible >= mark.range.lowerBound
        if mark.onlyAtEnds, !(isAtStart || isAtEnd) || isStruckThrough(mark, isAtStart: isAtStart) { return false }
        if !mark.isNeverMentioned,
            code.contains(mark.range.lowerBound) || isQuoted(mark.range) || isInSentence(mark.range)
        {
            return false
        }
        guard let prompt else { return true }
        if !isAtStart, !isAtEnd {
            let asks = promptAsksAboutMarkup ?? prompt.asksAboutMarkup
            promptAsksAboutMarkup = asks
            if asks { return false }
        }
        let stem = text.part(mark.stem)
        var hash = TextHash()
        for byte in stem { hash.add(byte) }
        if let isKnown = promptMarks[hash.value] { return !isKnown }
        guard budget.pay(2 * prompt.text.utf8.count) else { return nil }
        let isKnown = prompt.holds(stem)
        promptMarks[hash.value] = isKnown
        return !isKnown
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }

    /// `<s>49 €</s> 39 €`: HTML that begins or ends a text, and is closed or opened within it.
    private func isStruckThrough(_ mark: Mark, isAtStart: Bool) -> Bool {
        guard text.holds("s>", at: mark.range.upperBound - 2), mark.range.count <= 4 else { return false }
        if isAtStart {
            guard let closing = text.firstIndex(of: "</s>", from: mark.range.upperBound) else { return false }
            return !text[(closing + 4)...].allSatisfy(Self.isSpace)
        }
        guard let opening = text.firstIndex(of: "<s>") else { return false }
        return !text[..<opening].allSatisfy(Self.isSpace)
    }

    private func isQuoted(_ range: Range<Int>) -> Bool {
        guard range.lowerBound > 0, range.upperBound < text.count else { return false }
        switch text[range.lowerBound - 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return text[range.upperBound] == text[range.lowerBound - 1]
        case UInt8(ascii: "("): return text[range.upperBound] == UInt8(ascii: ")")
        default:
            return ["“", "‘", "«", "„"].contains { text.holds($0, at: range.lowerBound - $0.utf8CodeUnitCount) }
        }
    }

    /// "The <think> tag holds …": a space before it, and a word in lower case or a comma behind it.
    private func isInSentence(_ range: Range<Int>) -> Bool {
        guard range.lowerBound > 0, text[range.lowerBound - 1] == 0x20, range.upperBound < text.count else {
            return false
        }
        switch text[range.upperBound] {
        case UInt8(ascii: ","), UInt8(ascii: ";"): return true
        case UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "?"):
            return range.upperBound + 1 == text.count || Self.isSpace(text[range.upperBound + 1])
        case 0x20:
            guard range.upperBound + 1 < text.count else { return false }
            let next = text[range.upperBound + 1]
            return next >= UInt8(ascii: "a") && next <= UInt8(ascii: "z") || next == UInt8(ascii: "(")
        default: return false
        }
    }
}

/// Turns of a conversation that the model goes on to write itself.
private enum SpokenTurns {
    static func isIn(_ text: UnsafeBufferPointer<UInt8>, prompt: PromptFeatures?) -> Bool {
        var answerers: Int?
        for word in ["User:", "Human:"] as [StaticString] {
            var from = 0
            while let index = text.firstIndex(of: word, from: from) {
                from = index + 1
                guard index > 0, text[index - 1] == 0x0A else { continue }
                let last = answerers ?? lastAnswerer(in: text)
                answerers = last
                guard begins(at: index, end: index + word.utf8CodeUnitCount, text, lastAnswerer: last) else { continue }
                if let prompt, prompt.asksForDialogue || prompt.holds(text.part(index..<(index + 4))) { return false }
                return true
            }
        }
        // What gpt-oss thinks, with its tokens dropped: "analysisThe user asks …".
        guard text.holds("analysis", at: 0), text.count > 8 else { return false }
        return text[8] >= UInt8(ascii: "A") && text[8] <= UInt8(ascii: "Z")
    }

    /// Whether a line `User: …` is a turn: an assistant answers it, or nothing is behind it, or it is a paragraph of
    /// its own that is no field of a form ("User: postgres").
    private static func begins(
        at index: Int,
        end: Int,
        _ text: UnsafeBufferPointer<UInt8>,
        lastAnswerer: Int
    ) -> Bool {
        if lastAnswerer >= end { return true }
        let rest = text.part(end..<text.count)
        if rest.allSatisfy({ $0 == 0x20 || $0 == 0x0A }) { return true }
        let isParagraph = index > 1 && text[index - 2] == 0x0A
        return isParagraph && !rest.contains(0x0A) && rest.split(separator: 0x20).count >= 3
    }

    /// Where the last line begins, with the end of the line before it, that an assistant speaks; −1 where none does.
    private static func lastAnswerer(in text: UnsafeBufferPointer<UInt8>) -> Int {
        var last = -1
        var search = ByteSearch(text)
        while let newline = search.next(0x0A) {
            let speaks = answerers.contains { text.holds($0, at: newline) }
            if speaks { last = newline }
        }
        return last
    }

    private static let answerers: [StaticString] = ["\nAssistant:", "\nAI:", "\nBot:", "\nModel:"]
}

extension PromptFeatures {
    /// Whether a prompt asks about tokens, tags or templates, so that an answer may speak of them.
    fileprivate var asksAboutMarkup: Bool { holds(oneOf: Self.markupWords) }

    /// Whether a prompt asks for a conversation, so that an answer may have turns.
    fileprivate var asksForDialogue: Bool { holds(oneOf: Self.dialogueWords) }

    private static let markupWords = wordHashes(
        """
        token tokens tokenizer tokeniser tokenization template templates chatml delimiter delimiters tag tags xml html \
        markup jinja etiqueta etiquetas plantilla balise balises vorlage marcador marcadores
        """
    )
    private static let dialogueWords = wordHashes(
        """
        dialogue dialog dialogues transcript transcripts script screenplay interview roleplay role example examples \
        shot scenario conversation conversations diálogo diálogos conversación conversaciones guion entrevista ejemplo \
        ejemplos dialogues conversation entretien exemple exemples gespräch dialoge beispiel beispiele conversa conversas \
        exemplo exemplos gesprek dialogo conversazione
        """
    )

    /// Whether a text stands in the prompt, but for what the assistant said earlier.
    fileprivate func holds(_ mark: UnsafeBufferPointer<UInt8>) -> Bool {
        var text = text
        return text.withUTF8 { text in
            PromptPart.parts(of: text).contains {
                $0.role != .assistant && text.part($0.range).firstIndex(of: mark) != nil
            }
        }
    }
}
