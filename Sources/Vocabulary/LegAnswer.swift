/// What one leg of a request came to: the answer of one model, how it ended, and when its parts came.
///
/// The request itself is in ``Pair``.
package struct LegAnswer: Sendable, Equatable {
    /// The version that was configured, or that an imported pair names.
    package var version: String
    /// The `model` that the answer itself names; nil where it names none.
    package var reportedModel: String?
    package var outcome: Outcome
    /// The HTTP status; nil where no head arrived.
    package var status: Int?
    /// The reason for the answer's end in the wire's own word, such as `stop`, `length`, `tool_calls` or `end_turn`.
    package var finishReason: String?
    /// The assembled text of the first choice; empty where there is none.
    package var text: String
    /// The texts of the further choices of `n > 1`.
    package var otherChoices: [String]
    package var toolCalls: [ToolCall]
    package var usage: TokenUsage
    package var timings: Timings
    /// Payload bytes of the answer as they came, before any content decoding.
    package var byteCount: Int
    /// Scores by name, each 0…1.
    ///
    /// Harms are 0 or 1. Imported, or computed and joined on reading.
    package var scores: [String: Double]

    package init(
        version: String,
        reportedModel: String? = nil,
        outcome: Outcome,
        status: Int? = nil,
        finishReason: String? = nil,
        text: String = "",
        otherChoices: [String] = [],
        toolCalls: [ToolCall] = [],
        usage: TokenUsage = TokenUsage(),
        timings: Timings = Timings(),
        byteCount: Int = 0,
        scores: [String: Double] = [:]
    ) {
        self.version = version
        self.reportedModel = reportedModel
        self.outcome = outcome
        self.status = status
        self.finishReason = finishReason
        self.text = text
        self.otherChoices = otherChoices
        self.toolCalls = toolCalls
        self.usage = usage
        self.timings = timings
        self.byteCount = byteCount
        self.scores = scores
    }
}

/// A call of a tool that an answer asks for; never executed, only compared.
package struct ToolCall: Sendable, Equatable {
    package var id: String?
    package var name: String
    /// The arguments as the model wrote them: usually, not surely, a JSON object.
    package var arguments: String

    package init(id: String? = nil, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}

/// Tokens as the server counted them; nil where it did not say.
package struct TokenUsage: Sendable, Equatable {
    package var inputTokens: Int?
    package var outputTokens: Int?

    package init(inputTokens: Int? = nil, outputTokens: Int? = nil) {
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
    }
}

/// When the parts of an answer came, on the monotonic clock, counted from the moment the request was complete.
package struct Timings: Sendable, Equatable {
    /// To the first byte of the answer's body.
    package var firstByte: Duration?
    /// To the first token: the first event that carries text or a tool call.
    ///
    /// nil for an answer that was not streamed.
    package var firstToken: Duration?
    /// To the last byte of the answer, or to its failure.
    package var total: Duration?
    /// Median of the gaps between events that carry content.
    ///
    /// nil below two such events.
    package var interTokenMedian: Duration?
    /// The longest of these gaps.
    package var interTokenMaximum: Duration?

    package init(
        firstByte: Duration? = nil,
        firstToken: Duration? = nil,
        total: Duration? = nil,
        interTokenMedian: Duration? = nil,
        interTokenMaximum: Duration? = nil
    ) {
        self.firstByte = firstByte
        self.firstToken = firstToken
        self.total = total
        self.interTokenMedian = interTokenMedian
        self.interTokenMaximum = interTokenMaximum
    }
}

extension Duration {
    /// This duration in milliseconds, for edges that need a number.
    package var milliseconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) * 1_000 + Double(attoseconds) / 1e15
    }

    /// A duration from a number of milliseconds, fractions included.
    package static func fractionalMilliseconds(_ milliseconds: Double) -> Duration {
        .nanoseconds(Int64((milliseconds * 1e6).rounded()))
    }
}
