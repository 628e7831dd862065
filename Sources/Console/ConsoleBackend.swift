package import JSON
package import Vocabulary

/// The data that the console shows and the changes that it makes; implemented by the serving process.
package protocol ConsoleBackend: Sendable {
    /// The funnel at this moment; both its laws hold in every value returned.
    func funnel() -> Funnel

    /// Whether user traffic can be served; if not, one sentence with the reason, without foreign text.
    func servingState() -> ServingState

    /// The lines of the live page beside the funnel, in order.
    func status() -> [StatusRow]

    /// An evaluation made now, as the JSON document of `evaluate --format json`.
    ///
    /// Called for one evaluation at a time (`ReadinessDesk`). It must record nothing.
    ///
    /// - Throws: `EvaluationUnavailable` with a sentence for the client.
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
    /// Starting or stopping: no traffic should be sent.
    case notReady(String)
}

/// One line of the live page.
package struct StatusRow: Sendable, Equatable {
    package var name: String
    package var value: String
    /// Whether it needs an operator's attention.
    package var isAlarming: Bool

    package init(name: String, value: String, isAlarming: Bool = false) {
        self.name = name
        self.value = value
        self.isAlarming = isAlarming
    }
}

/// A change that was understood and cannot be made, with a sentence that gives the remedy.
package struct ChangeRefused: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

/// The body of `PUT /api/v1/sampling`; nil members stay unchanged.
package struct SamplingChange: Sendable, Equatable {
    /// The overall rate, 0…1.
    package var rate: Double?
    /// The share of sampled requests that stable answers a second time, 0…1.
    package var controlRate: Double?
    package var isPaused: Bool?

    package init(rate: Double? = nil, controlRate: Double? = nil, isPaused: Bool? = nil) {
        self.rate = rate
        self.controlRate = controlRate
        self.isPaused = isPaused
    }
}

/// The body of `PUT /api/v1/shadow`; nil members stay unchanged.
package struct ShadowLimitsChange: Sendable, Equatable {
    /// Requests in progress at the shadow, 1 or more.
    package var maximumInFlight: Int?
    /// Requests that wait for the shadow, 0 or more.
    package var maximumQueue: Int?
    /// Bytes of all buffered requests and answers.
    package var maximumBufferedBytes: Int?
    /// The longest time that the shadow may take for one answer.
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
