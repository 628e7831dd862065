import JSON
package import Vocabulary

/// How the transport of an answer ended, as the transport reported it.
package enum TransportEnd: String, Sendable, CaseIterable {
    /// The whole answer arrived, by its framing.
    case complete
    /// The connection closed, was reset or broke its framing before the answer was complete.
    case cut
    /// The time allowed ran out.
    case timedOut
    /// There was no connection, or none was tried (an open breaker).
    case unreachable
    /// The client left before the answer was complete.
    case clientCancelled
}

/// Why an answer is `malformed`; a bounded set, used as a label.
package enum MalformedReason: String, Sendable, Hashable, CaseIterable {
    /// A body or an event is not JSON.
    case notJSON = "not_json"
    /// JSON holds a string that is not UTF-8.
    case invalidUTF8 = "invalid_utf8"
    /// JSON, but not in the endpoint's shape.
    case unexpectedShape = "unexpected_shape"
    /// A 200 without a body where the endpoint promises one.
    case emptyBody = "empty_body"
    /// More text, or a larger body or event, than the limits allow.
    case tooLarge = "too_large"
    /// A content coding other than gzip and deflate.
    case unknownContentCoding = "unknown_content_coding"
    /// The content coding's own data is broken.
    case brokenContentCoding = "broken_content_coding"
}

/// The answer of one leg, read to the end.
package struct AssembledAnswer: Sendable, Equatable {
    package var outcome: Outcome
    /// nil where no head arrived.
    package var status: Int?
    /// Set when the outcome is `malformed`.
    package var malformedReason: MalformedReason?
    /// The server's own code or type of its error when the outcome is `http_error`.
    ///
    /// At most 64 of `A–Z a–z 0–9 . _ -`; never the message, which may quote the prompt.
    package var errorCode: String?
    /// The API's term: `finish_reason`, `stop_reason`, or for `/v1/responses` the status (`completed`) or the reason why it is
    /// incomplete (`max_output_tokens`).
    package var finishReason: String?
    /// The text of the first choice, a refusal included.
    package var text: String
    /// The texts of the further choices by index.
    package var otherChoices: [String]
    /// The reasoning before the answer, of the first choice; not part of `text`.
    package var reasoning: String
    /// The tool calls of the first choice.
    package var toolCalls: [ToolCall]
    package var usage: TokenUsage
    package var reportedModel: String?
    package var timings: Timings
    /// Payload bytes as they came, before any content decoding.
    package var byteCount: Int
    /// Whether the answer came as events.
    package var streamed: Bool

    /// The answer as one side of a pair, of the version that was asked, without scores.
    package func legAnswer(version: String) -> LegAnswer {
        LegAnswer(
            version: version,
            reportedModel: reportedModel,
            outcome: outcome,
            status: status,
            finishReason: finishReason,
            text: text,
            otherChoices: otherChoices,
            toolCalls: toolCalls,
            usage: usage,
            timings: timings,
            byteCount: byteCount
        )
    }
}

extension MalformedReason {
    /// Why an invalid JSON body or event is malformed.
    init(_ error: JSONError) {
        switch error.reason {
        case .invalidUTF8: self = .invalidUTF8
        case .tooManyValues: self = .tooLarge
        default: self = .notJSON
        }
    }
}
