package import JSON
package import Vocabulary

/// What the console shows and changes; the process that mirrors stands behind it.
package protocol ConsoleBackend: Sendable {
    /// The funnel at this moment; both its laws hold in every value returned.
    func funnel() -> Funnel

    /// Whether user traffic can be served, and if not, why, in one sentence without anybody's words.
    func servingState() -> ServingState

    /// What the live page shows beside the funnel, in the order of the page.
    func status() -> [StatusRow]

    /// An evaluation made now, as the JSON document of `evaluate --format json`.
    ///
    /// Called for one at a time (`ReadinessDesk`), and never for more than is asked: nothing may be recorded by it.
    ///
    /// - Throws: `EvaluationUnavailable` with a sentence for whoever asked.
    func readiness() async throws -> JSON

    /// Changes what is sampled, records the change, and returns what is in force now.
    ///
    /// - Throws: `ChangeRefused`.
    func apply(_ change: SamplingChange) async throws -> JSON

    /// Changes the shadow's limits, records the change, and returns what is in force now.
    ///
    /// - Throws: `ChangeRefused`.
    func apply(_ change: ShadowLimitsChange) async throws -> JSON
}

/// Whether user traffic can be served.
package enum ServingState: Sendable, Equatable {
    case ready
    /// Started or stopping: not to be sent traffic.
    case notReady(String)
}

/// One line of the live page.
package struct StatusRow: Sendable, Equatable {
    package var name: String
    package var value: String
    /// Whether an operator should look at it.
    package var isAlarming: Bool

    package init(name: String, value: String, isAlarming: Bool = false) {
        self.name = name
        self.value = value
        self.isAlarming = isAlarming
    }
}

/// A change that was understood and cannot be made; the sentence says what would be right.
package struct ChangeRefused: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

/// The body of `PUT /api/v1/sampling`; what is nil stays as it is.
package struct SamplingChange: Sendable, Equatable {
    /// The overall rate, 0…1.
    package var rate: Double?
    /// The share of the sampled requests that stable answers a second time, 0…1.
    package var controlRate: Double?
    package var isPaused: Bool?

    package init(rate: Double? = nil, controlRate: Double? = nil, isPaused: Bool? = nil) {
        self.rate = rate
        self.controlRate = controlRate
        self.isPaused = isPaused
    }
}

/// The body of `PUT /api/v1/shadow`; what is nil stays as it is.
package struct ShadowLimitsChange: Sendable, Equatable {
    /// Requests under way at the shadow, 1 or more.
    package var maximumInFlight: Int?
    /// Requests that wait for the shadow, 0 or more.
    package var maximumQueue: Int?
    /// Bytes of everything that waits.
    package var maximumBufferedBytes: Int?
    /// The longest that the shadow may take for one answer.
    package var timeout: Duration?

    package init(
        maximumInFlight: Int? = nil,
        maximumQueue: Int? = nil,
        maximumBufferedBytes: Int? = nil,
        timeout: Duration? = nil
    ) {
        self.maximumInFlight = maximumInFlight
        self.maximumQueue = maximumQueue
        self.maximumBufferedBytes = maximumBufferedBytes
        self.timeout = timeout
    }
}
