import JSON
import Vocabulary

/// The parts of an answer read so far; each API writes into it (`AnswerForm`).
struct AnswerDraft: Sendable {
    /// The most choices that are kept; no known server offers more.
    private static let maximumChoices = 256
    /// Of all choices together.
    private static let maximumToolCalls = 1_024

    private let maximumBytes: Int
    /// In order of their indices.
    private(set) var choices: [Choice] = []
    var usage = TokenUsage()
    /// Anthropic counts cached input apart from `input_tokens`; the prompt's length is the sum.
    var cachedInputTokens: Int?
    private(set) var model: String?
    /// Whether the protocol's own end of the answer was read.
    var ended = false
    private(set) var failed = false
    private(set) var errorCode: String?
    /// Bytes kept of text, reasoning and tool calls.
    private(set) var keptBytes = 0
    /// The kept bytes of text and tool calls, without reasoning and ids: grows with every token.
    private(set) var tokenBytes = 0
    private(set) var isOverLimit = false
    private var toolCallCount = 0

    init(maximumBytes: Int) {
        self.maximumBytes = maximumBytes
    }

    /// Bytes of memory that are held: texts that grow by doubling, and the records around them.
    var heldByteCount: Int {
        2 * keptBytes + (model?.utf8.count ?? 0) + choices.count * Choice.recordBytes
            + toolCallCount * Choice.ToolCallDraft.recordBytes
    }

    var everyChoiceFinished: Bool {
        !choices.isEmpty && choices.allSatisfy { $0.finishReason != nil }
    }

    // MARK: Writing

    /// Marks the answer as failed by the server's own statement, keeping a bounded code.
    mutating func fail(with error: JSON) {
        failed = true
        let words = [error["type"], error["code"], error["status"]]
        errorCode = words.lazy.compactMap { $0.flatMap(Self.boundedCode) }.first
    }

    /// Reads an error in place of an answer; false where there is none.
    mutating func readError(_ value: JSON) -> Bool {
        guard let error = value["error"], !error.isNull else { return false }
        fail(with: error)
        return true
    }

    /// A code, if it is short and holds no character of prose.
    private static func boundedCode(_ value: JSON) -> String? {
        let text = value.stringValue ?? value.intValue.map { String($0) }
        guard let text, !text.isEmpty, text.utf8.count <= 64, text != "error" else { return nil }
        let isCode = text.utf8.allSatisfy {
            ($0 >= 48 && $0 <= 57) || ($0 | 32 >= 97 && $0 | 32 <= 122) || $0 == 45 || $0 == 46 || $0 == 95
        }
        return isCode ? text : nil
    }

    /// The position of the choice of that index, added if necessary; nil beyond the limits.
    mutating func position(ofChoice index: Int) -> Int? {
        guard !isOverLimit else { return nil }
        let position = firstPosition(ofChoicesFrom: index)
        if position < choices.count, choices[position].index == index { return position }
        guard choices.count < Self.maximumChoices else {
            isOverLimit = true
            return nil
        }
        choices.insert(Choice(index: index), at: position)
        return position
    }

    /// The position of the first choice at or above an index.
    ///
    /// By binary search: an answer may name its choices a million times.
    private func firstPosition(ofChoicesFrom index: Int) -> Int {
        var (low, high) = (0, choices.count)
        while low < high {
            let middle = (low + high) / 2
            if choices[middle].index < index { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The key of the call that a choice began last.
    func lastToolCallKey(ofChoice index: Int) -> Choice.ToolCallKey? {
        let position = firstPosition(ofChoicesFrom: index)
        guard position < choices.count, choices[position].index == index else { return nil }
        return choices[position].toolCalls.last?.key
    }

    mutating func append(text: String?, toChoice index: Int) {
        guard let text, !text.isEmpty, let position = position(ofChoice: index), take(text) else { return }
        choices[position].text += text
    }

    mutating func append(reasoning: String?, toChoice index: Int) {
        guard let reasoning, !reasoning.isEmpty, let position = position(ofChoice: index),
            take(reasoning, isToken: false)
        else {
            return
        }
        choices[position].reasoning += reasoning
    }

    mutating func finish(choice index: Int, reason: String?) {
        guard let reason, let position = position(ofChoice: index) else { return }
        choices[position].finishReason = ForeignWord.cut(reason, toBytes: ForeignWord.finishReasonBytes)
    }

    /// Takes the server's name for its model; an empty one is ignored.
    mutating func name(model name: String?) {
        guard let name, !name.isEmpty, name != model else { return }
        model = ForeignWord.cut(name, toBytes: ForeignWord.modelBytes)
    }

    /// Adds to the tool call of that key, or begins it.
    ///
    /// An id or a name that is repeated with every piece, as some servers do, is not taken twice.
    mutating func append(
        toolCall key: Choice.ToolCallKey,
        id: String? = nil,
        name: String? = nil,
        arguments: String? = nil,
        toChoice index: Int
    ) {
        guard let position = position(ofChoice: index) else { return }
        let call: Int
        if let existing = choices[position].position(ofToolCall: key) {
            call = existing
        } else {
            guard toolCallCount < Self.maximumToolCalls else {
                isOverLimit = true
                return
            }
            toolCallCount += 1
            call = choices[position].begin(toolCall: key)
        }
        if let id, !id.isEmpty, choices[position].toolCalls[call].id == nil {
            let id = ForeignWord.cut(id, toBytes: ForeignWord.toolCallIDBytes)
            if take(id, isToken: false) { choices[position].toolCalls[call].id = id }
        }
        if let name, !name.isEmpty { append(name: name, toCall: call, ofChoiceAt: position) }
        if let arguments, !arguments.isEmpty, take(arguments) {
            choices[position].toolCalls[call].arguments += arguments
        }
    }

    /// Adds a piece of a tool's name, up to its limit.
    private mutating func append(name: String, toCall call: Int, ofChoiceAt position: Int) {
        let present = choices[position].toolCalls[call].name
        guard present != name, present.utf8.count < ForeignWord.toolNameBytes else { return }
        let whole = ForeignWord.cut(present + name, toBytes: ForeignWord.toolNameBytes)
        // A cut word may be shorter than the present one.
        guard whole != present, take(addedBytes: max(0, whole.utf8.count - present.utf8.count)) else { return }
        choices[position].toolCalls[call].name = whole
    }

    /// Gives a tool call the arguments of its final event, if no pieces came.
    mutating func complete(toolCall key: Choice.ToolCallKey, arguments: String?, choice index: Int) {
        guard let arguments, let position = position(ofChoice: index),
            let call = choices[position].position(ofToolCall: key),
            choices[position].toolCalls[call].arguments.isEmpty, take(arguments)
        else { return }
        choices[position].toolCalls[call].arguments = arguments
    }

    /// Drops the text and the tool calls of a choice, because a later event with the whole replaces them.
    mutating func clear(choice index: Int) {
        guard let position = position(ofChoice: index) else { return }
        keptBytes -= choices[position].text.utf8.count
        for call in choices[position].toolCalls {
            keptBytes -= call.name.utf8.count + call.arguments.utf8.count + (call.id?.utf8.count ?? 0)
        }
        toolCallCount -= choices[position].toolCalls.count
        choices[position].text = ""
        choices[position].clearToolCalls()
    }

    private mutating func take(_ addition: String, isToken: Bool = true) -> Bool {
        take(addedBytes: addition.utf8.count, isToken: isToken)
    }

    private mutating func take(addedBytes: Int, isToken: Bool = true) -> Bool {
        guard keptBytes + addedBytes <= maximumBytes else {
            isOverLimit = true
            return false
        }
        keptBytes += addedBytes
        if isToken { tokenBytes += addedBytes }
        return true
    }
}

extension AnswerDraft {
    /// One choice of an answer.
    struct Choice: Sendable {
        /// The key of a tool call while its pieces come.
        enum ToolCallKey: Sendable, Hashable {
            case index(Int)
            /// Bytes, because strings are compared and hashed by Unicode equivalence, which is expensive.
            case item([UInt8])

            /// By the server's id, which is kept as long as the call.
            static func item(id: String) -> ToolCallKey {
                .item(Array(ForeignWord.cut(id, toBytes: ForeignWord.toolCallIDBytes).utf8))
            }
        }

        struct ToolCallDraft: Sendable {
            let key: ToolCallKey
            var id: String?
            var name = ""
            var arguments = ""

            /// Its size in a list that grows by doubling, with the heads of its texts' blocks, and a place in a table.
            static let recordBytes =
                2 * MemoryLayout<Self>.stride + 96 + 2 * (MemoryLayout<ToolCallKey>.stride + MemoryLayout<Int>.stride)

            var toolCall: ToolCall { ToolCall(id: id, name: name, arguments: arguments) }
        }

        /// Its size in a list that grows by doubling, with the heads of its texts' blocks.
        static let recordBytes = 2 * MemoryLayout<Self>.stride + 160

        let index: Int
        var text = ""
        var reasoning = ""
        var finishReason: String?
        var toolCalls: [ToolCallDraft] = []
        private var toolCallPositions: [ToolCallKey: Int] = [:]

        init(index: Int) {
            self.index = index
        }

        func position(ofToolCall key: ToolCallKey) -> Int? { toolCallPositions[key] }

        /// Adds a tool call with a new key; returns its position.
        mutating func begin(toolCall key: ToolCallKey) -> Int {
            toolCallPositions[key] = toolCalls.count
            toolCalls.append(ToolCallDraft(key: key))
            return toolCalls.count - 1
        }

        mutating func clearToolCalls() {
            toolCalls = []
            toolCallPositions = [:]
        }
    }
}
