/// A metric: declared once, here.
struct Metric: Sendable, Equatable {
    var name: String
    var kind: MetricKind
    var unit: String?
    /// What the gate on it allows unless the configuration says otherwise.
    var defaultMargin: Margin
    /// On which pairs it is defined; both legs must be.
    var definedOn: String
}

/// Every metric that there is.
///
/// Direction follows from the kind: harms and magnitudes are better when lower, scores when higher.
package enum MetricCatalogue {
    static let scorePrefix = "score."
    static let churnPrefix = "churn."

    static let harms = [
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
    static let asymmetric = [
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
    static let scores = [
        score("quality", "every pair that was played"),
        score("identifier_recall", "answers to prompts with identifiers"),
    ]
    static let magnitudes = [
        magnitude("first_token", "ms", "streamed answers, from the request's end to the first token"),
        magnitude("total_time", "ms", "answers with outcome ok, and time-outs at the time that was allowed"),
        magnitude("inter_token_gap", "ms", "streamed answers: the median gap of each"),
        magnitude("output_tokens", "tokens", "answers whose server counted them"),
        magnitude("length", "bytes", "answers with outcome ok"),
    ]
    private static let agreements = ["exact_match", "rouge_l", "chrf", "length_ratio", "json_fields", "tool_calls"]

    /// Agreements of two answers, read as 1 − agreement.
    static let churn = agreements.map {
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
    static func isBuiltIn(_ name: String) -> Bool { builtIn.contains(name) }

    private static func harm(_ name: String, _ margin: Double, _ definedOn: String) -> Metric {
        Metric(name: name, kind: .harm, unit: nil, defaultMargin: .absolute(margin), definedOn: definedOn)
    }

    static func score(_ name: String, _ definedOn: String = "pairs that carry it on both legs") -> Metric {
        Metric(name: name, kind: .score, unit: nil, defaultMargin: .absolute(0.03), definedOn: definedOn)
    }

    private static func magnitude(_ name: String, _ unit: String, _ definedOn: String) -> Metric {
        Metric(name: name, kind: .magnitude, unit: unit, defaultMargin: .ratio(1.2), definedOn: definedOn)
    }

    /// Whether a gate can be put on a metric of this name.
    package static func knows(gateMetric name: String) -> Bool {
        GateMetric(name) != nil
    }

    /// Names for a sentence that says which gates there are.
    package static var gateMetricExamples: [String] {
        (harms + asymmetric).map(\.name) + scores.flatMap { ["\($0.name).mean", "\($0.name).tail_mass"] }
            + magnitudes.map { "\($0.name).p95" } + churn.map(\.name) + ["score.NAME.mean"]
    }
}

/// What a gate's metric name refers to.
enum GateMetric: Equatable {
    case harm(String)
    case newRefusal
    /// A score lower by 0.5 or more, net of the mirror image.
    case severe(score: String)
    case mean(score: String)
    case tailMass(score: String)
    case quantile(magnitude: String, probability: Double)
    case churn(agreement: String)

    /// nil where there is no such metric.
    init?(_ name: String) {
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
            let probabilities = ["p50": 0.5, "p95": 0.95, "p99": 0.99, "p999": 0.999]
            guard let probability = probabilities[figure] else { return nil }
            self = .quantile(magnitude: base, probability: probability)
            return
        }
        let isOutside = base.hasPrefix(MetricCatalogue.scorePrefix) && base.count > MetricCatalogue.scorePrefix.count
        guard isOutside || MetricCatalogue.scores.contains(where: { $0.name == base }) else { return nil }
        switch figure {
        case "mean": self = .mean(score: base)
        case "tail_mass": self = .tailMass(score: base)
        case "severe": self = .severe(score: base)
        default: return nil
        }
    }

    /// Whether an e-process runs on it: quantile, tail-mass and churn gates can hold, not reject.
    var hasEProcess: Bool {
        switch self {
        case .harm, .newRefusal, .severe, .mean: true
        case .tailMass, .quantile, .churn: false
        }
    }

    var needsControl: Bool {
        if case .churn = self { true } else { false }
    }
}
