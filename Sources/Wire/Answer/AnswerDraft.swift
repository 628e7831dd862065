import Vocabulary

/// What has been read of an answer so far; the shapes of the four endpoints write into it.
struct AnswerDraft: Sendable {
    /// No server offers more choices, and none should make us keep more.
    private static let maximumChoices = 256
    private static let maximumToolCalls = 1_024

    private let maximumBytes: Int
    /// In order of their indices.
    private(set) var choices: [Choice] = []
    var usage = TokenUsage()
    /// Anthropic counts cached input apart from `input_tokens`; the prompt's length is the sum.
    var cachedInputTokens: Int?
    var model: String?
    /// Whether the protocol itself said that the answer is complete.
    var ended = false
    private(set) var failed = false
    private(set) var errorCode: String?
    /// Bytes kept of text, reasoning and tool calls.
    private var keptBytes = 0
    /// The part of the kept bytes that is text or a tool call, not reasoning or an id: grows with every token.
    private(set) var tokenBytes = 0
    private(set) var isOverLimit = false

    init(maximumBytes: Int) {
        self.maximumBytes = maximumBytes
    }

    var everyChoiceFinished: Bool {
        !choices.isEmpty && choices.allSatisfy { $0.finishReason != nil }
    }

    // MARK: Writing

    /// Marks the answer as failed by the server's own word, keeping a bounded code.
    mutating func fail(with error: JSON) {
        failed = true
        let candidates = [error["type"], error["code"], error["status"]]
        errorCode = candidates.lazy.compactMap { $0.flatMap(Self.boundedCode) }.first
    }

    /// A code as short as codes are and without anything that could be prose.
    private static func boundedCode(_ value: JSON) -> String? {
        let text = value.stringValue ?? value.intValue.map { String($0) }
        guard let text, !text.isEmpty, text.utf8.count <= 64, text != "error" else { return nil }
        let isCode = text.utf8.allSatisfy {
            ($0 >= 48 && $0 <= 57) || ($0 | 32 >= 97 && $0 | 32 <= 122) || $0 == 45 || $0 == 46 || $0 == 95
        }
        return isCode ? text : nil
    }

    /// The position of the choice of that index, which is added if need be; nil beyond the limits.
    mutating func position(ofChoice index: Int) -> Int? {
        if let position = choices.firstIndex(where: { $0.index == index }) { return position }
        guard choices.count < Self.maximumChoices else {
            isOverLimit = true
            return nil
        }
        let position = choices.firstIndex { $0.index > index } ?? choices.count
        choices.insert(Choice(index: index), at: position)
        return position
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
        choices[position].finishReason = reason
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
        let calls = choices[position].toolCalls
        let call: Int
        if let existing = calls.lastIndex(where: { $0.key == key }) {
            call = existing
        } else {
            guard calls.count < Self.maximumToolCalls else {
                isOverLimit = true
                return
            }
            call = calls.count
            choices[position].toolCalls.append(.init(key: key))
        }
        if let id, !id.isEmpty, choices[position].toolCalls[call].id == nil, take(id, isToken: false) {
            choices[position].toolCalls[call].id = id
        }
        if let name, !name.isEmpty, choices[position].toolCalls[call].name != name, take(name) {
            choices[position].toolCalls[call].name += name
        }
        if let arguments, !arguments.isEmpty, take(arguments) {
            choices[position].toolCalls[call].arguments += arguments
        }
    }

    /// Gives a tool call the arguments that its end states, where no pieces of them came.
    mutating func complete(toolCall key: Choice.ToolCallKey, arguments: String?, choice index: Int) {
        guard let arguments, let position = position(ofChoice: index),
            let call = choices[position].toolCalls.lastIndex(where: { $0.key == key }),
            choices[position].toolCalls[call].arguments.isEmpty, take(arguments)
        else { return }
        choices[position].toolCalls[call].arguments = arguments
    }

    /// Forgets the text and the tool calls of a choice, because a later statement of the whole replaces them.
    mutating func clear(choice index: Int) {
        guard let position = position(ofChoice: index) else { return }
        keptBytes -= choices[position].text.utf8.count
        for call in choices[position].toolCalls { keptBytes -= call.name.utf8.count + call.arguments.utf8.count }
        choices[position].text = ""
        choices[position].toolCalls = []
    }

    private mutating func take(_ addition: String, isToken: Bool = true) -> Bool {
        guard keptBytes + addition.utf8.count <= maximumBytes else {
            isOverLimit = true
            return false
        }
        keptBytes += addition.utf8.count
        if isToken { tokenBytes += addition.utf8.count }
        return true
    }
}

extension AnswerDraft {
    /// One choice of an answer.
    struct Choice: Sendable {
        /// What tells the tool calls of a choice apart while they come in pieces.
        enum ToolCallKey: Sendable, Equatable {
            case index(Int)
            case item(String)
        }

        struct ToolCallDraft: Sendable {
            let key: ToolCallKey
            var id: String?
            var name = ""
            var arguments = ""

            var toolCall: ToolCall { ToolCall(id: id, name: name, arguments: arguments) }
        }

        let index: Int
        var text = ""
        var reasoning = ""
        var toolCalls: [ToolCallDraft] = []
        var finishReason: String?
    }
}
