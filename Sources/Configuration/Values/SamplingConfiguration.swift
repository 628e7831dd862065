package import Vocabulary

/// Which requests are mirrored.
///
/// - `rate` (probability 0…1, optional, default 0.10): share of requests mirrored. With
///   `target_per_day` > 0 (the default) it holds for the first UTC day only.
/// - `unit` (`session` or `request`, optional, default session): what is drawn.
/// - `session_from` (list of `header:NAME` or `body:PATH`, optional, default header:x-session-id,
///   body:metadata.session_id, body:user): where a session's id is looked for, in this order.
/// - `control_rate` (probability 0…1, optional, default 0.1): of the sampled requests, those that go to stable twice.
/// - `target_per_day` (whole number, optional, default 600): sessions per class and UTC day; 0 keeps the rate fixed.
/// - `rates` (mapping from class to probability, optional, default empty): fixes the rate of a class.
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
        rate: Double = 0.10,
        unit: SamplingUnit = .session,
        sessionFrom: [RequestField] = RequestField.defaultSessionFields,
        controlRate: Double = 0.1,
        targetPerDay: Int = 600,
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
///
/// - `text` (`off`, `redacted` or `full`, optional, default redacted).
/// - `retention` (duration, optional, default 30d): prompt texts are deleted after it.
/// - `redact` (list of `name`, `matches`, optional, default empty): what is replaced besides the built-in kinds.
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

    package init(text: Text = .redacted, retention: Duration = .seconds(30 * 86_400), redact: [RedactionRule] = []) {
        self.text = text
        self.retention = retention
        self.redact = redact
    }
}

/// One of the operator's own kinds of text to be replaced.
///
/// - `name` (capitals, digits and `_`, required): `TICKET` gives the placeholder `<TICKET_1>`.
/// - `matches` (ICU regular expression, required).
package struct RedactionRule: Sendable, Equatable {
    package var name: String
    package var matches: String

    package init(name: String, matches: String) {
        self.name = name
        self.matches = matches
    }
}
