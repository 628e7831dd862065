package import Vocabulary

/// Which requests are mirrored.
package struct SamplingConfiguration: Sendable, Equatable {
    /// Share of requests mirrored.
    ///
    /// With `target_per_day` > 0 (the default) it holds for the first UTC day only.
    package var rate: Double
    /// What is drawn: whole sessions, or each request by itself.
    package var unit: SamplingUnit
    package var sessionFrom: [RequestField]
    /// Probability, 0…1.
    package var controlRate: Double
    /// Sessions per class and UTC day; 0 keeps the rate fixed.
    package var targetPerDay: Int
    /// Fixed rates by class, probabilities 0…1.
    package var rates: [IntentClass: Double]

    package init(
        rate: Double = ConfigurationKeys.keys.sampling.rate.builtIn,
        unit: SamplingUnit = ConfigurationKeys.keys.sampling.unit.builtIn,
        sessionFrom: [RequestField] = RequestField.defaultSessionFields,
        controlRate: Double = ConfigurationKeys.keys.sampling.controlRate.builtIn,
        targetPerDay: Int = ConfigurationKeys.keys.sampling.targetPerDay.builtIn,
        rates: [IntentClass: Double] = [:]
    ) {
        self.rate = rate
        self.unit = unit
        self.sessionFrom = sessionFrom
        self.controlRate = controlRate
        self.targetPerDay = targetPerDay
        self.rates = rates
    }
}

/// What is kept of other people's words.
package struct PromptsConfiguration: Sendable, Equatable {
    /// Whether, and in what form, texts are stored.
    package enum Text: String, Sendable, CaseIterable {
        case off
        case redacted
        case full
    }

    package var text: Text
    package var retention: Duration
    package var redact: [RedactionRule]

    package init(
        text: Text = ConfigurationKeys.keys.prompts.text.builtIn,
        retention: Duration = ConfigurationKeys.keys.prompts.retention.builtIn,
        redact: [RedactionRule] = []
    ) {
        self.text = text
        self.retention = retention
        self.redact = redact
    }
}

/// One of the operator's own kinds of text to be replaced.
package struct RedactionRule: Sendable, Equatable {
    package var name: String
    package var matches: String

    package init(name: String, matches: String) {
        self.name = name
        self.matches = matches
    }
}
