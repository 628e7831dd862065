import Vocabulary

/// The comparison that the pairs belong to.
struct ExperimentKeys: Sendable {
    private static let lengths = Duration.seconds(1) ... .seconds(366 * 86_400)

    let name = DefaultedKey<String>(
        "experiment.name",
        .text("a name", example: "v1.2.0-week"),
        default: "unnamed",
        shownAs: "the two versions, as in v1.1.0-to-v1.2.0",
        "The name of the comparison that the pairs belong to."
    )
    let horizon = DefaultedKey<Duration>(
        "experiment.horizon",
        .duration(in: lengths, example: "7d"),
        default: .seconds(7 * 86_400),
        "The declared length of the run; PROMOTE is judged once, at its end."
    )
    let extendedHorizon = Key<Duration>(
        "experiment.extended_horizon",
        .duration(in: lengths, example: "14d"),
        "A second and last look, counted from the start and longer than `horizon`; declared beforehand, it splits α into "
            + "0.04 and 0.01."
    )
}

private let waits = Duration.milliseconds(10) ... .seconds(86_400)

/// A model server's name, version and place.
struct ModelIdentityKeys: Sendable {
    /// `stable` or `shadow`.
    let section: String
    let versionExample: String
    let urlExample: String
    let model: Key<String>
    let version: Key<String>
    /// The version where pairs bring their own, which may be any text.
    let anyVersion: ScalarKind<String>
    let url: Key<ServerURL>

    init(
        _ section: String,
        versionExample: String,
        urlExample: String,
        model modelMeaning: String,
        version versionMeaning: String
    ) {
        self.section = section
        self.versionExample = versionExample
        self.urlExample = urlExample
        model = Key(
            "\(section).model",
            .text("a model name", example: "llama-3-8b-chat"),
            fix: "give the name that its server knows, as in model: llama-3-8b-chat",
            modelMeaning
        )
        version = Key(
            "\(section).version",
            .semanticVersion(example: versionExample),
            fix: "give the semantic version of the model, as in version: \(versionExample)",
            versionMeaning
        )
        anyVersion = .text("a version", example: versionExample)
        url = Key(
            "\(section).url",
            .url(example: urlExample),
            fix: "say where the model server is, as in url: \(urlExample)",
            "The model server's base URL without `/v1`; the client's path is appended to it."
        )
    }
}

/// The model that users are answered by.
struct StableKeys: Sendable {
    let identity = ModelIdentityKeys(
        "stable",
        versionExample: "v1.1.0",
        urlExample: "http://llm-stable:8000",
        model: "The name that clients send as `model`.",
        version: "Sent to clients as `X-Model-Version`."
    )
    let maxErrorRate = DefaultedKey<Double>(
        "stable.max_error_rate",
        .number("an error rate", example: "0.05"),
        default: Declaration().stableMaximumErrorRate,
        "Stable's own share of errors above which the verdict is HOLD."
    )
    let connectTimeout = DefaultedKey<Duration>(
        "stable.connect_timeout",
        .duration(in: waits, example: "5s"),
        default: .seconds(5),
        "Stable has to accept a connection within it, else the client is answered 504."
    )
    let timeout = DefaultedKey<Duration>(
        "stable.timeout",
        .duration(in: waits, example: "600s"),
        default: .seconds(600),
        "The longest silence of stable while an answer is awaited."
    )
    let apiKeyVariable = Key<String>(
        "stable.api_key_env",
        .variableName,
        "The variable that holds the key for calls that Understudy itself makes to stable; a user's request carries the "
            + "user's own."
    )
}

/// The candidate that no user hears, and what it may cost.
struct ShadowKeys: Sendable {
    let identity = ModelIdentityKeys(
        "shadow",
        versionExample: "v1.2.0",
        urlExample: "http://llm-shadow:8000",
        model: "Written into the mirrored request.",
        version: "The candidate's version."
    )
    let apiKeyVariable = Key<String>(
        "shadow.api_key_env",
        .variableName,
        "The variable that holds the shadow's own key; the client's never goes there."
    )
    let timeout = DefaultedKey<Duration>(
        "shadow.timeout",
        .duration(in: waits, example: "120s"),
        default: .seconds(120),
        effect: .live,
        "How long a whole call may take."
    )
    let maxInFlight = DefaultedKey<Int>(
        "shadow.max_in_flight",
        .whole("the number of calls at a time", in: 1...10_000, example: 32),
        default: 32,
        unit: "calls",
        effect: .live,
        "Calls at a time."
    )
    let maxQueue = DefaultedKey<Int>(
        "shadow.max_queue",
        .whole("the length of the queue", in: 0...1_000_000, example: 256),
        default: 256,
        unit: "requests",
        effect: .live,
        "Requests that wait for a call; more are shed."
    )
    let maxBuffered = DefaultedKey<ByteSize>(
        "shadow.max_buffered",
        .size(in: .mebibytes(1)...ByteSize(bytes: 1 << 40), example: "256MiB"),
        default: .mebibytes(256),
        effect: .live,
        "Memory for mirrored requests and answers; at least `limits.body`."
    )
    let tokensPerMinute = DefaultedKey<Int>(
        "shadow.tokens_per_minute",
        .whole("a token budget, 0 for no cap,", in: 0...1_000_000_000_000, example: 200_000),
        default: 0,
        unit: "tokens a minute",
        effect: .live,
        "Lowers the sampling rates, 0 for no cap; it does not shed."
    )
    let breaker = BreakerKeys()
}

/// When the shadow is left alone because it does not answer.
struct BreakerKeys: Sendable {
    let failures = DefaultedKey<Int>(
        "shadow.breaker.failures",
        .whole("the number of failures in a row", in: 1...1_000_000, example: 20),
        default: 20,
        unit: "failures",
        effect: .live,
        "Failures in a row after which the shadow is left alone."
    )
    let probeEvery = DefaultedKey<Duration>(
        "shadow.breaker.probe_every",
        .duration(in: .milliseconds(10) ... .seconds(86_400), example: "5s"),
        default: .seconds(5),
        effect: .live,
        "One request is let through after it, to see whether the shadow is back."
    )
}
