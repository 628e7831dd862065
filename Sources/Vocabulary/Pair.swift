package import Foundation

/// The answers of both models to one request, with what is needed to weigh and to class them.
package struct Pair: Sendable, Equatable {
    /// Unique in a store; an import's own `id`, else a hash of its line; for mirrored pairs a time and
    /// random bits in 16 characters.
    package var id: String
    /// When the request was complete (wall clock, for days and horizons only; never for durations).
    package var time: Date
    /// nil: the pair is a session of its own.
    package var session: SessionHash?
    package var intent: IntentClass
    package var intentSource: IntentSource
    /// One of `Endpoint`'s paths, or whatever an imported pair says.
    package var endpoint: String
    package var promptHash: PromptHash
    /// What the user asked, as text to show; nil where prompts are not kept.
    package var prompt: String?
    package var request: RequestParameters
    /// The probability with which the pair's session was drawn, above 0 and at most 1.
    package var samplingProbability: Double
    package var stable: LegAnswer
    package var shadow: LegAnswer
    /// Stable's second answer, where one was drawn.
    package var control: LegAnswer?

    package init(
        id: String,
        time: Date,
        session: SessionHash?,
        intent: IntentClass,
        intentSource: IntentSource,
        endpoint: String,
        promptHash: PromptHash,
        prompt: String?,
        request: RequestParameters,
        samplingProbability: Double,
        stable: LegAnswer,
        shadow: LegAnswer,
        control: LegAnswer?
    ) {
        self.id = id
        self.time = time
        self.session = session
        self.intent = intent
        self.intentSource = intentSource
        self.endpoint = endpoint
        self.promptHash = promptHash
        self.prompt = prompt
        self.request = request
        self.samplingProbability = samplingProbability
        self.stable = stable
        self.shadow = shadow
        self.control = control
    }
}

/// The parameters of a request that matter when two answers to it are compared.
package struct RequestParameters: Sendable, Equatable {
    package var temperature: Double?
    package var maximumTokens: Int?
    package var stream: Bool
    /// `response_format` (or its equivalent) as compact JSON text; nil where plain text was asked for.
    package var responseFormat: String?
    /// The request's `tools` as compact JSON text; nil where none were offered.
    package var tools: String?

    package init(
        temperature: Double? = nil,
        maximumTokens: Int? = nil,
        stream: Bool = false,
        responseFormat: String? = nil,
        tools: String? = nil
    ) {
        self.temperature = temperature
        self.maximumTokens = maximumTokens
        self.stream = stream
        self.responseFormat = responseFormat
        self.tools = tools
    }
}
