// Answers as a model server would send them: the stand-in's default answers, and material for tests.
//
// The shapes are those that the official clients read (`AnswerForm`); `AnswerAssembler` reads the output back.

import JSON
package import Vocabulary

/// Renders an answer in the shape of an API, as one document or as events.
package struct AnswerWriter: Sendable {
    package var shape: APIShape
    package var model: String
    /// The id without a prefix; each API adds its own.
    package var id: String
    /// Seconds since 1970.
    package var created: Int
    package var text: String
    package var toolCalls: [ToolCall]
    /// The API's term for the end of the answer; nil for the ordinary end.
    package var finishReason: String?
    package var usage: TokenUsage
    /// Whether a stream of `/v1/chat/completions` or `/v1/completions` ends with a usage event, which clients ask for
    /// by `stream_options.include_usage`.
    package var includesUsageEvent: Bool

    package init(
        shape: APIShape,
        model: String,
        id: String,
        created: Int,
        text: String,
        toolCalls: [ToolCall] = [],
        finishReason: String? = nil,
        usage: TokenUsage = TokenUsage(),
        includesUsageEvent: Bool = false
    ) {
        self.shape = shape
        self.model = model
        self.id = id
        self.created = created
        self.text = text
        self.toolCalls = toolCalls
        self.finishReason = finishReason
        self.usage = usage
        self.includesUsageEvent = includesUsageEvent
    }

    /// The media type of `events(pieces:)`.
    package static let eventStreamContentType = "text/event-stream"
    /// The media type of `document()`.
    package static let documentContentType = "application/json"

    /// The whole answer as one JSON body.
    ///
    /// Empty for an API whose answers are not text.
    package func document() -> [UInt8] { shape.answer?.document(self).bytes() ?? [] }

    /// The answer as events, the protocol's own end included; each element is one event, to be sent as one write.
    ///
    /// `pieces` is the text in the parts to send; nil stands for `pieces(of:)`.
    package func events(pieces: [String]? = nil) -> [[UInt8]] {
        shape.answer?.events(self, pieces ?? Self.pieces(of: text)) ?? []
    }

    /// A text cut before each space that follows a word, about as tokenisers cut it.
    package static func pieces(of text: String) -> [String] {
        var pieces: [String] = []
        var current = ""
        for character in text {
            if character == " ", !current.isEmpty, current != " " {
                pieces.append(current)
                current = ""
            }
            current.append(character)
        }
        if !current.isEmpty { pieces.append(current) }
        return pieces
    }

    /// An error body in the API's shape.
    ///
    /// `type` is the API's term, such as `invalid_request_error` or `server_error`; `code` is OpenAI's second term.
    package static func error(shape: APIShape, type: String, message: String, code: String? = nil) -> [UInt8] {
        shape.error.document(type, message, code).bytes()
    }

    /// One event of a stream; data that holds line ends is written as several `data:` lines.
    package static func event(type: String? = nil, data: some Sequence<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        if let type { output += Array("event: \(type)\n".utf8) }
        output += Array("data: ".utf8)
        for byte in data {
            output.append(byte)
            if byte == 0x0A { output += Array("data: ".utf8) }
        }
        output += Array("\n\n".utf8)
        return output
    }

    static let done = event(data: "[DONE]".utf8)

    func total(_ input: String, _ output: String) -> JSON {
        [
            input: .number(.init(usage.inputTokens ?? 0)), output: .number(.init(usage.outputTokens ?? 0)),
            "total_tokens": .number(.init((usage.inputTokens ?? 0) + (usage.outputTokens ?? 0))),
        ]
    }

    func callID(_ index: Int) -> String { toolCalls[index].id ?? "call_\(id)_\(index)" }
}
