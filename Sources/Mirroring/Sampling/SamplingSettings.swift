package import Vocabulary

/// The declared settings of sampling.
package struct SamplingSettings: Sendable, Equatable {
    /// The default sampling rate, 0…1.
    package var rate: Double
    /// Rates that are fixed for a class, each 0…1.
    package var fixedRates: [IntentClass: Double]
    package var unit: SamplingUnit
    /// Sessions to draw per class and UTC day; 0 keeps `rate`.
    package var targetPerDay: Int
    /// The share of the sampled sessions that stable answers a second time, 0…1.
    package var controlRate: Double
    /// The cap on the shadow's tokens, input and output; nil for none.
    ///
    /// A cap lowers the rates of the day; nothing is shed for it. It applies from the second day on, when the cost of a request
    /// is known.
    package var tokensPerMinute: Int?
    /// Places of a request's session; the first one present counts.
    package var sessionFrom: [RequestField]
    /// One per experiment, so that cohorts rotate.
    package var seed: String

    package init(
        rate: Double,
        fixedRates: [IntentClass: Double] = [:],
        unit: SamplingUnit,
        targetPerDay: Int,
        controlRate: Double,
        tokensPerMinute: Int? = nil,
        sessionFrom: [RequestField],
        seed: String
    ) {
        self.rate = rate
        self.fixedRates = fixedRates
        self.unit = unit
        self.targetPerDay = targetPerDay
        self.controlRate = controlRate
        self.tokensPerMinute = tokensPerMinute
        self.sessionFrom = sessionFrom
        self.seed = seed
    }
}
