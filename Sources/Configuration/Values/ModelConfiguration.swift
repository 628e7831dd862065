package import Vocabulary

/// The comparison that the pairs belong to.
package struct ExperimentConfiguration: Sendable, Equatable {
    package var name: String
    package var horizon: Duration
    /// Longer than ``horizon``; nil: one look.
    package var extendedHorizon: Duration?

    package init(
        name: String = ConfigurationKeys.keys.experiment.name.builtIn,
        horizon: Duration = ConfigurationKeys.keys.experiment.horizon.builtIn,
        extendedHorizon: Duration? = nil
    ) {
        self.name = name
        self.horizon = horizon
        self.extendedHorizon = extendedHorizon
    }
}

/// The model that users are answered by.
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
        maxErrorRate: Double = ConfigurationKeys.keys.stable.maxErrorRate.builtIn,
        connectTimeout: Duration = ConfigurationKeys.keys.stable.connectTimeout.builtIn,
        timeout: Duration = ConfigurationKeys.keys.stable.timeout.builtIn,
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
        timeout: Duration = ConfigurationKeys.keys.shadow.timeout.builtIn,
        maxInFlight: Int = ConfigurationKeys.keys.shadow.maxInFlight.builtIn,
        maxQueue: Int = ConfigurationKeys.keys.shadow.maxQueue.builtIn,
        maxBuffered: ByteSize = ConfigurationKeys.keys.shadow.maxBuffered.builtIn,
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
package struct BreakerConfiguration: Sendable, Equatable {
    package var failures: Int
    package var probeEvery: Duration

    package init(
        failures: Int = ConfigurationKeys.keys.shadow.breaker.failures.builtIn,
        probeEvery: Duration = ConfigurationKeys.keys.shadow.breaker.probeEvery.builtIn
    ) {
        self.failures = failures
        self.probeEvery = probeEvery
    }
}
