/// A metric: declared once, in ``MetricCatalogue``.
package struct Metric: Sendable, Equatable {
    package var name: String
    package var kind: MetricKind
    /// nil: a share or a score, 0…1.
    package var unit: String?
    /// On which pairs it is defined; both legs must be.
    package var definedOn: String
    package var absence: Absence

    /// What it means that not one pair of a class has the metric.
    package enum Absence: Sendable, Equatable {
        /// A lack of evidence: the pairs were lost, or a scorer has not been there yet.
        case unknown
        /// The requests did not ask for it (no structure, no identifier), so that a gate on it does not apply.
        case notAsked
        /// It is one of streamed answers only, and not missed where no stream was wanted.
        case notStreamed
    }
}

/// What a metric measures, which decides the figures it gets.
package enum MetricKind: String, Sendable, Hashable, CaseIterable {
    /// 0 or 1 per answer.
    case harm
    /// 0 or 1 per pair, net of its mirror image.
    case asymmetric
    /// 0…1 per answer.
    case score
    /// A heavy-tailed quantity per answer: read by quantiles, never by its mean.
    case magnitude
    /// How often two answers differ at all, read against the control.
    case churn

    /// Which values are good ones.
    package enum Direction: String, Sendable {
        case lower
        case higher
        case neither
    }

    package var better: Direction {
        switch self {
        case .harm, .asymmetric, .magnitude: .lower
        case .score: .higher
        case .churn: .neither
        }
    }
}

/// The names of metrics and of the scores that they are made of, each written here and at its scorer only.
package enum MetricName {
    // Harms, 0 or 1 an answer.
    package static let error = "error"
    package static let refusal = "refusal"
    package static let partialRefusal = "partial_refusal"
    package static let empty = "empty"
    package static let truncated = "truncated"
    package static let malformed = "malformed"
    package static let repetition = "repetition"
    package static let wrongLanguage = "wrong_language"
    package static let leakedMarkup = "leaked_markup"
    package static let injectionObeyed = "injection_obeyed"
    package static let identifiersIgnored = "identifiers_ignored"

    // Harms of a pair.
    package static let newRefusal = "new_refusal"
    package static let severeRegression = "severe_regression"

    // Scores, 0…1 an answer.
    package static let quality = "quality"
    package static let identifierRecall = "identifier_recall"
    /// A judge's score, which no scorer of ours gives; the choice of items and the summary of ratings look at it.
    package static let judge = "judge"

    // Magnitudes.
    package static let firstToken = "first_token"
    package static let totalTime = "total_time"
    package static let interTokenGap = "inter_token_gap"
    package static let outputTokens = "output_tokens"
    package static let length = "length"

    // Agreements of two answers.
    package static let exactMatch = "exact_match"
    package static let rougeL = "rouge_l"
    package static let chrF = "chrf"
    package static let lengthRatio = "length_ratio"
    package static let jsonFields = "json_fields"
    package static let toolCalls = "tool_calls"
}

/// Every metric that there is.
package enum MetricCatalogue {
    package static let scorePrefix = "score."
    package static let churnPrefix = "churn."

    package static let harms = [
        harm(MetricName.error, "every pair that was played; a client that left is no error of stable's"),
        harm(MetricName.refusal, "answers with outcome ok"),
        harm(MetricName.partialRefusal, "answers with outcome ok"),
        harm(MetricName.empty, "answers with outcome ok"),
        harm(MetricName.truncated, "answers with outcome ok or truncated"),
        harm(MetricName.malformed, "answers to requests that asked for JSON or offered tools", .notAsked),
        harm(MetricName.repetition, "answers with outcome ok or truncated"),
        harm(
            MetricName.wrongLanguage,
            "answers whose language and the prompt's can be told, where none was asked for"
        ),
        harm(MetricName.leakedMarkup, "answers with outcome ok or truncated"),
        harm(
            MetricName.injectionObeyed,
            "answers to prompts whose pasted text tells the model what to say",
            .notAsked
        ),
        harm(
            MetricName.identifiersIgnored,
            "answers to prompts with identifiers, pasted data included",
            .notAsked
        ),
    ]
    package static let asymmetric = [
        metric(MetricName.newRefusal, .asymmetric, "pairs in which both answers have outcome ok"),
        metric(MetricName.severeRegression, .asymmetric, "every pair that was played"),
    ]
    package static let scores = [
        score(MetricName.quality, "every pair that was played"),
        score(MetricName.identifierRecall, "answers to prompts with identifiers", .notAsked),
    ]
    package static let magnitudes = [
        magnitude(
            MetricName.firstToken,
            "ms",
            "streamed answers, from the request's end to the first token",
            .notStreamed
        ),
        magnitude(
            MetricName.totalTime,
            "ms",
            "answers with outcome ok, and time-outs at the time that was allowed"
        ),
        magnitude(MetricName.interTokenGap, "ms", "streamed answers: the median gap of each", .notStreamed),
        magnitude(MetricName.outputTokens, "tokens", "answers whose server counted them"),
        magnitude(MetricName.length, "bytes", "answers with outcome ok"),
    ]
    private static let agreements = [
        MetricName.exactMatch, MetricName.rougeL, MetricName.chrF, MetricName.lengthRatio, MetricName.jsonFields,
        MetricName.toolCalls,
    ]

    /// Agreements of two answers, read as 1 − agreement.
    package static let churn = agreements.map {
        metric(churnPrefix + $0, .churn, "pairs in which both answers have outcome ok")
    }

    package static let all = harms + asymmetric + scores + magnitudes + churn

    private static let builtIn = Set((harms + scores).map(\.name) + agreements)
    private static let absences = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0.absence) })

    /// Whether Understudy computes a score of this name itself; a score by any other name is the metric `score.NAME`.
    package static func isBuiltIn(_ name: String) -> Bool { builtIn.contains(name) }

    /// What it means that not one pair of a class has a metric.
    package static func absence(of name: String) -> Metric.Absence { absences[name] ?? .unknown }

    /// A score that came with the pairs or from an external scorer.
    package static func carriedScore(_ name: String) -> Metric {
        score(name, "pairs that carry it on both legs")
    }

    private static func metric(
        _ name: String,
        _ kind: MetricKind,
        unit: String? = nil,
        _ definedOn: String,
        _ absence: Metric.Absence = .unknown
    ) -> Metric {
        Metric(name: name, kind: kind, unit: unit, definedOn: definedOn, absence: absence)
    }

    private static func harm(_ name: String, _ definedOn: String, _ absence: Metric.Absence = .unknown) -> Metric {
        metric(name, .harm, definedOn, absence)
    }

    private static func score(_ name: String, _ definedOn: String, _ absence: Metric.Absence = .unknown) -> Metric {
        metric(name, .score, definedOn, absence)
    }

    private static func magnitude(
        _ name: String,
        _ unit: String,
        _ definedOn: String,
        _ absence: Metric.Absence = .unknown
    ) -> Metric {
        metric(name, .magnitude, unit: unit, definedOn, absence)
    }

    /// Every name that a gate may have and that does not depend on what pairs carry.
    package static let gateMetricNames: [String] =
        (harms + asymmetric + churn).map(\.name)
        + scores.flatMap { score in GateMetric.ScoreFigure.allCases.map { "\(score.name).\($0.rawValue)" } }
        + magnitudes.flatMap { magnitude in GateMetric.quantiles.map { "\(magnitude.name).\($0.name)" } }
}
