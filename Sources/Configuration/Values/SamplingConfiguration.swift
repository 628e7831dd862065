/// Which requests are mirrored.
///
/// - `rate` (probability 0…1, optional, default 0.10): of the traffic; where rates are set per class, the first day's.
/// - `unit` (`session` or `request`, optional, default session): what is drawn.
/// - `session_from` (list of `header:NAME` or `body:PATH`, optional, default header:x-session-id,
///   body:metadata.session_id, body:user): where a session's id is looked for, in this order.
/// - `control_rate` (probability 0…1, optional, default 0.1): of the sampled requests, those that go to stable twice.
/// - `target_per_day` (whole number, optional, default 600): sessions per class and UTC day; 0 keeps the rate fixed.
/// - `rates` (mapping from class to probability, optional, default empty): fixes the rate of a class.
package struct SamplingConfiguration: Sendable, Equatable {
    /// What is drawn: whole sessions, or each request by itself.
    package enum Unit: String, Sendable, CaseIterable {
        case session
        case request
    }

    /// Probability, 0…1.
    package var rate: Double
    package var unit: Unit
    package var sessionFrom: [RequestField]
    /// Probability, 0…1.
    package var controlRate: Double
    /// Sessions per class and UTC day; 0 keeps the rate fixed.
    package var targetPerDay: Int
    /// Fixed rates by class, probabilities 0…1.
    package var rates: [String: Double]

    package init(
        rate: Double = 0.10,
        unit: Unit = .session,
        sessionFrom: [RequestField] = Self.defaultSessionFrom,
        controlRate: Double = 0.1,
        targetPerDay: Int = 600,
        rates: [String: Double] = [:]
    ) {
        self.rate = rate
        self.unit = unit
        self.sessionFrom = sessionFrom
        self.controlRate = controlRate
        self.targetPerDay = targetPerDay
        self.rates = rates
    }

    /// Where a session's id is looked for unless the file says otherwise.
    package static let defaultSessionFrom: [RequestField] = [
        .header("x-session-id"), .body(["metadata", "session_id"]), .body(["user"]),
    ]
}

/// A place in a request: a header, or a field of its JSON body.
package enum RequestField: Sendable, Equatable, Hashable, CustomStringConvertible {
    /// The header's name in lower case.
    case header(String)
    /// The path from the body's top level.
    case body([String])

    package var description: String {
        switch self {
        case .header(let name): "header:\(name)"
        case .body(let path): "body:\(path.joined(separator: "."))"
        }
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
