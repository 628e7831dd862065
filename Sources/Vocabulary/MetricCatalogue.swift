/// A metric: declared once, here.
package struct Metric: Sendable, Equatable {
    package var name: String
    package var kind: MetricKind
    package var unit: String?
    /// What the gate on it allows unless the configuration says otherwise.
    package var defaultMargin: Margin
    /// On which pairs it is defined; both legs must be.
    package var definedOn: String
}

/// Every metric that there is.
///
/// Direction follows from the kind: harms and magnitudes are better when lower, scores when higher.
package enum MetricCatalogue {
    package static let scorePrefix = "score."
    package static let churnPrefix = "churn."

    package static let harms = [
        harm("error", 0.01, "every pair that was played; a client that left is no error of stable's"),
        harm("refusal", 0.02, "answers with outcome ok"),
        harm("partial_refusal", 0.05, "answers with outcome ok"),
        harm("empty", 0.01, "answers with outcome ok"),
        harm("truncated", 0.02, "answers with outcome ok or truncated"),
        harm("malformed", 0.02, "answers to requests that asked for JSON or offered tools"),
        harm("repetition", 0.01, "answers with outcome ok or truncated"),
        harm("wrong_language", 0.01, "answers whose language and the prompt's can be told, where none was asked for"),
        harm("leaked_markup", 0.01, "answers with outcome ok or truncated"),
        harm("injection_obeyed", 0.01, "answers to prompts whose pasted text tells the model what to say"),
        harm("identifiers_ignored", 0.03, "answers to prompts with identifiers, pasted data included"),
    ]
    package static let asymmetric = [
        Metric(
            name: "new_refusal",
            kind: .asymmetric,
            unit: nil,
            defaultMargin: .absolute(0.02),
            definedOn: "pairs in which both answers have outcome ok"
        ),
        Metric(
            name: "severe_regression",
            kind: .asymmetric,
            unit: nil,
            defaultMargin: .absolute(0.03),
            definedOn: "every pair that was played"
        ),
    ]
    package static let scores = [
        score("quality", "every pair that was played"),
        score("identifier_recall", "answers to prompts with identifiers"),
    ]
    package static let magnitudes = [
        magnitude("first_token", "ms", "streamed answers, from the request's end to the first token"),
        magnitude("total_time", "ms", "answers with outcome ok, and time-outs at the time that was allowed"),
        magnitude("inter_token_gap", "ms", "streamed answers: the median gap of each"),
        magnitude("output_tokens", "tokens", "answers whose server counted them"),
        magnitude("length", "bytes", "answers with outcome ok"),
    ]
    private static let agreements = ["exact_match", "rouge_l", "chrf", "length_ratio", "json_fields", "tool_calls"]

    /// Agreements of two answers, read as 1 − agreement.
    package static let churn = agreements.map {
        Metric(
            name: churnPrefix + $0,
            kind: .churn,
            unit: nil,
            defaultMargin: .absolute(0.1),
            definedOn: "pairs in which both answers have outcome ok"
        )
    }

    private static let builtIn = Set((harms + scores).map(\.name) + agreements)

    /// Whether Understudy computes a score of this name itself; a score by any other name is the metric `score.NAME`.
    package static func isBuiltIn(_ name: String) -> Bool { builtIn.contains(name) }

    private static func harm(_ name: String, _ margin: Double, _ definedOn: String) -> Metric {
        Metric(name: name, kind: .harm, unit: nil, defaultMargin: .absolute(margin), definedOn: definedOn)
    }

    package static func score(_ name: String, _ definedOn: String = "pairs that carry it on both legs") -> Metric {
        Metric(name: name, kind: .score, unit: nil, defaultMargin: .absolute(0.03), definedOn: definedOn)
    }

    private static func magnitude(_ name: String, _ unit: String, _ definedOn: String) -> Metric {
        Metric(name: name, kind: .magnitude, unit: unit, defaultMargin: .ratio(1.2), definedOn: definedOn)
    }

    /// Every name that a gate may have and that does not depend on what pairs carry.
    package static let gateMetricNames: [String] =
        (harms + asymmetric + churn).map(\.name)
        + scores.flatMap { score in GateMetric.scoreFigures.map { "\(score.name).\($0)" } }
        + magnitudes.flatMap { magnitude in GateMetric.quantiles.map { "\(magnitude.name).\($0.name)" } }
}

/// What a gate's metric name refers to.
package enum GateMetric: Equatable {
    case harm(String)
    case newRefusal
    /// A score lower by 0.5 or more, net of the mirror image.
    case severe(score: String)
    case mean(score: String)
    case tailMass(score: String)
    case quantile(magnitude: String, probability: Double)
    case churn(agreement: String)

    /// How a gate on it compares shadow with stable.
    package enum Comparison: Sendable {
        /// By a difference, of which a `margin` is allowed.
        case difference
        /// By a quotient, of which a `ratio` is allowed.
        case quotient
    }

    package static let scoreFigures = ["mean", "tail_mass", "severe"]
    package static let quantiles = [("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("p999", 0.999)]
        .map { (name: $0.0, probability: $0.1) }

    package var comparison: Comparison {
        if case .quantile = self { .quotient } else { .difference }
    }

    /// nil where there is no such metric.
    package init?(_ name: String) {
        if name == "new_refusal" {
            self = .newRefusal
            return
        }
        if name == "severe_regression" {
            self = .severe(score: "quality")
            return
        }
        if MetricCatalogue.harms.contains(where: { $0.name == name }) {
            self = .harm(name)
            return
        }
        if name.hasPrefix(MetricCatalogue.churnPrefix), MetricCatalogue.churn.contains(where: { $0.name == name }) {
            self = .churn(agreement: String(name.dropFirst(MetricCatalogue.churnPrefix.count)))
            return
        }
        guard let dot = name.lastIndex(of: ".") else { return nil }
        let base = String(name[..<dot])
        let figure = String(name[name.index(after: dot)...])
        if MetricCatalogue.magnitudes.contains(where: { $0.name == base }) {
            guard let quantile = Self.quantiles.first(where: { $0.name == figure }) else { return nil }
            self = .quantile(magnitude: base, probability: quantile.probability)
            return
        }
        let parts = base.split(separator: ".", omittingEmptySubsequences: false)
        let isCarried = base.hasPrefix(MetricCatalogue.scorePrefix) && parts.allSatisfy { !$0.isEmpty }
        guard isCarried || MetricCatalogue.scores.contains(where: { $0.name == base }) else { return nil }
        switch figure {
        case "mean": self = .mean(score: base)
        case "tail_mass": self = .tailMass(score: base)
        case "severe": self = .severe(score: base)
        default: return nil
        }
    }

    /// Whether an e-process runs on it: quantile, tail-mass and churn gates can hold, not reject.
    package var hasEProcess: Bool {
        switch self {
        case .harm, .newRefusal, .severe, .mean: true
        case .tailMass, .quantile, .churn: false
        }
    }

    package var needsControl: Bool {
        if case .churn = self { true } else { false }
    }
}

/// What a metric measures, which decides the figures it gets.
package enum MetricKind: String, Sendable, Hashable, CaseIterable {
    /// 0 or 1 per answer; lower is better.
    case harm
    /// 0 or 1 per pair, net of its mirror image.
    case asymmetric
    /// 0…1 per answer; higher is better.
    case score
    /// A heavy-tailed quantity per answer: read by quantiles, never by its mean.
    case magnitude
    /// How often two answers differ at all: no direction, read against the control.
    case churn
}
