package import Vocabulary
package import Wire

/// The configuration of mirroring; `Serving` makes it from the configuration file.
package struct MirroringConfiguration: Sendable {
    /// A model server that a leg is played to.
    package struct Target: Sendable, Equatable {
        package var version: String
        /// The server's name for its model; nil leaves the request's own.
        package var model: String?
        /// Its path, where there is one, is put before the endpoint's.
        package var url: ServerURL
        /// The operator's credential for this server; nil for none.
        package var apiKey: String?

        package init(version: String, model: String?, url: ServerURL, apiKey: String? = nil) {
            self.version = version
            self.model = model
            self.url = url
            self.apiKey = apiKey
        }
    }

    package var stable: Target
    package var shadow: Target
    package var sampling: SamplingSettings
    package var intents: IntentClassifier
    package var limits: MirroringLimits
    /// The APIs whose requests are mirrored.
    package var shapes = APIShapes.provided
    /// The largest decoded body of a request, in bytes.
    package var maximumBodyBytes: Int
    /// The content of `key_file`.
    package var key: [UInt8]
    /// Whether pairs carry the prompt's text at all; the store redacts it.
    package var keepsPrompts: Bool
    /// Fields of the client's head that a leg carries besides `ForwardedHeaders.always`; credentials never pass to
    /// the shadow.
    package var additionalHeaders: [String]
    /// A PEM file of authorities to trust for both targets instead of the system's.
    package var certificateAuthorities: String?
    /// The traffic of earlier days, if a store has it.
    package var earlierTraffic: [DayTraffic]
    /// The table in force when the process ended, used again if its day is still today.
    package var restoredRates: RateTable?

    package init(
        stable: Target,
        shadow: Target,
        sampling: SamplingSettings,
        intents: IntentClassifier = IntentClassifier(),
        limits: MirroringLimits,
        maximumBodyBytes: Int,
        key: [UInt8],
        keepsPrompts: Bool = true,
        additionalHeaders: [String] = [],
        certificateAuthorities: String? = nil,
        earlierTraffic: [DayTraffic] = [],
        restoredRates: RateTable? = nil
    ) {
        self.stable = stable
        self.shadow = shadow
        self.sampling = sampling
        self.intents = intents
        self.limits = limits
        self.maximumBodyBytes = maximumBodyBytes
        self.key = key
        self.keepsPrompts = keepsPrompts
        self.additionalHeaders = additionalHeaders
        self.certificateAuthorities = certificateAuthorities
        self.earlierTraffic = earlierTraffic
        self.restoredRates = restoredRates
    }
}

/// The limits of the shadow and the control.
package struct MirroringLimits: Sendable, Equatable {
    /// How long a leg may take in all; also the longest wait for a first byte.
    package var timeout: Duration
    package var connectTimeout: Duration
    /// The longest silence within an answer.
    package var stallTimeout: Duration
    /// Shadow requests that are played at the same time.
    package var maximumInFlight: Int
    /// Shadow requests that wait for their turn.
    package var maximumQueued: Int
    /// Bytes of everything in memory: requests, bodies, answers until their pair is stored.
    package var maximumBufferedBytes: Int
    /// Control requests that are played at the same time; further ones are shed, and their pairs are stored without a
    /// control's answer.
    package var maximumControlsInFlight: Int
    /// The longest answer of a leg, in payload bytes.
    package var maximumAnswerBytes: Int
    package var breaker: CircuitBreaker.Settings

    package init(
        timeout: Duration,
        connectTimeout: Duration = .seconds(5),
        stallTimeout: Duration = .seconds(60),
        maximumInFlight: Int,
        maximumQueued: Int,
        maximumBufferedBytes: Int,
        maximumControlsInFlight: Int = 8,
        maximumAnswerBytes: Int = 32 << 20,
        breaker: CircuitBreaker.Settings
    ) {
        self.timeout = timeout
        self.connectTimeout = connectTimeout
        self.stallTimeout = stallTimeout
        self.maximumInFlight = maximumInFlight
        self.maximumQueued = maximumQueued
        self.maximumBufferedBytes = maximumBufferedBytes
        self.maximumControlsInFlight = maximumControlsInFlight
        self.maximumAnswerBytes = maximumAnswerBytes
        self.breaker = breaker
    }

    /// Lowers the calls at a time to this, controls included, but not below one of each.
    package mutating func lower(toCallsInFlight calls: Int) {
        let wanted = maximumInFlight + maximumControlsInFlight
        guard calls < wanted else { return }
        maximumControlsInFlight = min(maximumControlsInFlight, max(1, calls * maximumControlsInFlight / wanted))
        maximumInFlight = min(maximumInFlight, max(1, calls - maximumControlsInFlight))
    }
}
