package import Vocabulary

/// The comparison that the pairs belong to.
///
/// - `name` (text, optional, default: the two versions, as in `v1.1.0-to-v1.2.0`).
/// - `horizon` (duration, optional, default 7d): the declared length of the run; PROMOTE is judged once, at its end.
/// - `extended_horizon` (duration, optional, default none): a second and last look, counted from the start; declared
///   beforehand, it splits α into 0.04 and 0.01.
package struct ExperimentConfiguration: Sendable, Equatable {
    package var name: String
    package var horizon: Duration
    /// Longer than ``horizon``; nil: one look.
    package var extendedHorizon: Duration?

    package init(
        name: String = "unnamed",
        horizon: Duration = .seconds(7 * 86_400),
        extendedHorizon: Duration? = nil
    ) {
        self.name = name
        self.horizon = horizon
        self.extendedHorizon = extendedHorizon
    }
}

/// The model that users are answered by.
///
/// - `model` (text, required): the name that clients send as `model`.
/// - `version` (semantic version, required): sent to clients as `X-Model-Version`.
/// - `url` (http or https URL without `/v1`, required): the client's path is appended to it.
/// - `max_error_rate` (probability 0…1, optional, default 0.05): above it the verdict is HOLD.
/// - `connect_timeout` (duration, optional, default 5s): stable has to accept a connection within it, else 504.
/// - `timeout` (duration, optional, default 600s): the longest silence of stable while an answer is awaited.
/// - `api_key_env` (name of an environment variable, optional): the key for calls that Understudy itself makes to
///   stable (the control leg, `replay`); a user's request carries the user's own.
package struct StableConfiguration: Sendable, Equatable {
    package var model: String
    package var version: String
    package var url: ServerURL
    /// Probability, 0…1.
    package var maxErrorRate: Double
    package var connectTimeout: Duration
    package var timeout: Duration
    /// The variable that holds the key, not the key.
    package var apiKeyEnvironmentVariable: String?

    package init(
        model: String,
        version: String,
        url: ServerURL,
        maxErrorRate: Double = 0.05,
        connectTimeout: Duration = .seconds(5),
        timeout: Duration = .seconds(600),
        apiKeyEnvironmentVariable: String? = nil
    ) {
        self.model = model
        self.version = version
        self.url = url
        self.maxErrorRate = maxErrorRate
        self.connectTimeout = connectTimeout
        self.timeout = timeout
        self.apiKeyEnvironmentVariable = apiKeyEnvironmentVariable
    }
}

/// The candidate that no user hears, and what it may cost.
///
/// - `model` (text, required): written into the mirrored request.
/// - `version` (semantic version, required).
/// - `url` (http or https URL without `/v1`, required).
/// - `api_key_env` (name of an environment variable, optional): the shadow's own key; the client's never goes there.
/// - `timeout` (duration, optional, default 120s): the whole call.
/// - `max_in_flight` (whole number, optional, default 32): calls at a time.
/// - `max_queue` (whole number, optional, default 256): requests that wait for a call; more are shed.
/// - `max_buffered` (size, optional, default 256MiB): memory for mirrored requests and answers.
/// - `tokens_per_minute` (whole number, optional, default 0 = no cap): lowers the sampling rates; it does not shed.
/// - `breaker`: see ``BreakerConfiguration``.
package struct ShadowConfiguration: Sendable, Equatable {
    package var model: String
    package var version: String
    package var url: ServerURL
    /// The variable that holds the key, not the key.
    package var apiKeyEnvironmentVariable: String?
    package var timeout: Duration
    package var maxInFlight: Int
    package var maxQueue: Int
    package var maxBuffered: ByteSize
    /// Nil: no cap.
    package var tokensPerMinute: Int?
    package var breaker: BreakerConfiguration

    package init(
        model: String,
        version: String,
        url: ServerURL,
        apiKeyEnvironmentVariable: String? = nil,
        timeout: Duration = .seconds(120),
        maxInFlight: Int = 32,
        maxQueue: Int = 256,
        maxBuffered: ByteSize = .mebibytes(256),
        tokensPerMinute: Int? = nil,
        breaker: BreakerConfiguration = BreakerConfiguration()
    ) {
        self.model = model
        self.version = version
        self.url = url
        self.apiKeyEnvironmentVariable = apiKeyEnvironmentVariable
        self.timeout = timeout
        self.maxInFlight = maxInFlight
        self.maxQueue = maxQueue
        self.maxBuffered = maxBuffered
        self.tokensPerMinute = tokensPerMinute
        self.breaker = breaker
    }
}

/// When the shadow is left alone because it does not answer.
///
/// - `failures` (whole number, optional, default 20): failures in a row that open the breaker.
/// - `probe_every` (duration, optional, default 5s): one request is let through after it, to see whether it is back.
package struct BreakerConfiguration: Sendable, Equatable {
    package var failures: Int
    package var probeEvery: Duration

    package init(failures: Int = 20, probeEvery: Duration = .seconds(5)) {
        self.failures = failures
        self.probeEvery = probeEvery
    }
}
