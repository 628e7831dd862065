import Foundation

/// How much worse the shadow may be.
package enum Margin: Sendable, Equatable {
    /// The greatest harm accepted, as a difference in 0…1.
    case absolute(Double)
    /// The greatest shadow ÷ stable accepted, above 1.
    case ratio(Double)

    /// The margin on the scale of the gate's harm: the difference, or the ratio − 1.
    package var harm: Double {
        switch self {
        case .absolute(let margin): margin
        case .ratio(let ratio): ratio - 1
        }
    }
}

/// A promise that was made before the data came in: this metric, in this scope, at most this much worse.
package struct Gate: Sendable, Equatable {
    /// Such as `new_refusal`, `quality.tail_mass`, `score.correct.mean`, `total_time.p99` or `churn.rouge_l`.
    package var metric: String
    package var margin: Margin
    package var scope: Scope

    /// Where the gate is judged.
    package enum Scope: String, Sendable, Hashable, CaseIterable, Codable {
        case everyIntent = "every_intent"
        case overall
    }

    package init(metric: String, margin: Margin, scope: Scope) {
        self.metric = metric
        self.margin = margin
        self.scope = scope
    }

    /// The gates that hold where the configuration names none.
    package static let defaults = [
        Gate(.newRefusal, .absolute(0.02), .everyIntent),
        Gate(.harm(MetricName.error), .absolute(0.01), .everyIntent),
        Gate(.harm(MetricName.malformed), .absolute(0.02), .everyIntent),
        Gate(.severe(score: MetricName.quality), .absolute(0.03), .everyIntent),
        Gate(.tailMass(score: MetricName.quality), .absolute(0.05), .everyIntent),
        Gate(.quantile(magnitude: MetricName.totalTime, probability: 0.99), .ratio(1.20), .overall),
        Gate(.quantile(magnitude: MetricName.firstToken, probability: 0.95), .ratio(1.20), .overall),
    ]

    private init(_ metric: GateMetric, _ margin: Margin, _ scope: Scope) {
        self.init(metric: metric.name, margin: margin, scope: scope)
    }
}

/// An undecided class that the operator takes as it is, with the reason that is printed.
package struct Acceptance: Sendable, Equatable, Codable {
    package var intent: String
    package var reason: String

    package init(intent: String, reason: String) {
        self.intent = intent
        self.reason = reason
    }

    private enum CodingKeys: String, CodingKey {
        case intent = "class"
        case reason
    }
}

/// What was promised when the experiment began, and is kept with it as text.
package struct Declaration: Sendable, Equatable {
    package var gates: [Gate]
    /// Classes with less of the traffic are listed; they neither hold nor reject.
    package var minimumShare: Double
    package var accept: [Acceptance]
    /// nil: none was declared, the newest pair's time is the look.
    package var horizon: Duration?
    /// A second and last look, counted from the start, which splits α into 0.04 and 0.01.
    ///
    /// nil: there is one look.
    package var extendedHorizon: Duration?
    /// The configured classes, without `other`; empty where none were configured (imported pairs).
    package var classes: [IntentClass]
    /// Stable's own error rate above which nothing can be compared with it.
    package var stableMaximumErrorRate: Double

    package init(
        gates: [Gate] = Gate.defaults,
        minimumShare: Double = 0.02,
        accept: [Acceptance] = [],
        horizon: Duration? = nil,
        extendedHorizon: Duration? = nil,
        classes: [IntentClass] = [],
        stableMaximumErrorRate: Double = 0.05
    ) {
        self.gates = gates
        self.minimumShare = minimumShare
        self.accept = accept
        self.horizon = horizon
        self.extendedHorizon = extendedHorizon
        self.classes = classes
        self.stableMaximumErrorRate = stableMaximumErrorRate
    }
}

// MARK: - As text, for the store

extension Declaration {
    /// This declaration as one line of JSON with sorted keys, as the store keeps it.
    package func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// A declaration from its text.
    ///
    /// Absent keys have their defaults, so that a later version reads what an earlier one wrote.
    ///
    /// - Throws: `DecodingError` where the text is not such a declaration.
    package init(json: String) throws {
        self = try JSONDecoder().decode(Declaration.self, from: Data(json.utf8))
    }
}

extension Declaration: Codable {
    private enum CodingKeys: String, CodingKey {
        case gates
        case minimumShare = "min_share"
        case accept
        case horizonSeconds = "horizon_seconds"
        case extendedHorizonSeconds = "extended_horizon_seconds"
        case classes
        case stableMaximumErrorRate = "stable_max_error_rate"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        gates = try container.decodeIfPresent([Gate].self, forKey: .gates) ?? gates
        minimumShare = try container.decodeIfPresent(Double.self, forKey: .minimumShare) ?? minimumShare
        accept = try container.decodeIfPresent([Acceptance].self, forKey: .accept) ?? accept
        horizon = try container.decodeIfPresent(Double.self, forKey: .horizonSeconds).map { .seconds($0) }
        extendedHorizon = try container.decodeIfPresent(Double.self, forKey: .extendedHorizonSeconds)
            .map { .seconds($0) }
        classes = (try container.decodeIfPresent([String].self, forKey: .classes) ?? [])
            .map(IntentClass.init(rawValue:))
        stableMaximumErrorRate =
            try container.decodeIfPresent(Double.self, forKey: .stableMaximumErrorRate) ?? stableMaximumErrorRate
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(gates, forKey: .gates)
        try container.encode(minimumShare, forKey: .minimumShare)
        try container.encode(accept, forKey: .accept)
        try container.encodeIfPresent(horizon.map { $0.milliseconds / 1_000 }, forKey: .horizonSeconds)
        try container.encodeIfPresent(
            extendedHorizon.map { $0.milliseconds / 1_000 },
            forKey: .extendedHorizonSeconds
        )
        try container.encode(classes.map(\.rawValue), forKey: .classes)
        try container.encode(stableMaximumErrorRate, forKey: .stableMaximumErrorRate)
    }
}

extension Gate: Codable {
    private enum CodingKeys: String, CodingKey {
        case metric
        case margin
        case ratio
        case scope
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        metric = try container.decode(String.self, forKey: .metric)
        scope = try container.decodeIfPresent(Scope.self, forKey: .scope) ?? .everyIntent
        if let ratio = try container.decodeIfPresent(Double.self, forKey: .ratio) {
            margin = .ratio(ratio)
        } else {
            margin = .absolute(try container.decode(Double.self, forKey: .margin))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(metric, forKey: .metric)
        try container.encode(scope, forKey: .scope)
        switch margin {
        case .absolute(let margin): try container.encode(margin, forKey: .margin)
        case .ratio(let ratio): try container.encode(ratio, forKey: .ratio)
        }
    }
}
