/// The metric names that a gate may use, and which kind of tolerance each takes.
///
/// - harms by their name: `error`, `refusal`, …, `new_refusal`;
/// - scores with a figure: `quality.mean`, `quality.tail_mass`, `quality.severe`, and `score.NAME.…` for a score that
///   pairs carry;
/// - how often two answers differ, in excess of the control: `churn.exact_match`, `churn.rouge_l`, …;
/// - magnitudes with a quantile: `total_time.p50`, `.p95`, `.p99`, `.p999`.
package enum KnownMetrics {
    /// Which tolerance a metric takes.
    package enum Kind: Sendable, Equatable {
        /// A difference: `margin`.
        case difference
        /// A quotient: `ratio`.
        case quotient
    }

    package static let harms = [
        "error", "refusal", "partial_refusal", "empty", "truncated", "malformed", "repetition", "wrong_language",
        "leaked_markup", "injection_obeyed", "identifiers_ignored", "new_refusal", "severe_regression",
    ]
    package static let scores = ["quality", "identifier_recall"]
    package static let churns = [
        "churn.exact_match", "churn.rouge_l", "churn.chrf", "churn.length_ratio", "churn.json_fields",
        "churn.tool_calls",
    ]
    package static let scoreFigures = ["mean", "tail_mass", "severe"]
    package static let magnitudes = ["first_token", "total_time", "inter_token_gap", "output_tokens", "length"]
    package static let quantiles = ["p50", "p95", "p99", "p999"]

    /// Every name that does not depend on what pairs carry.
    package static let names: [String] =
        harms + churns
        + scores.flatMap { score in scoreFigures.map { "\(score).\($0)" } }
        + magnitudes.flatMap { magnitude in quantiles.map { "\(magnitude).\($0)" } }

    /// The kind of a metric, or nil where there is none of that name.
    package static func kind(of name: String) -> Kind? {
        if harms.contains(name) || churns.contains(name) { return .difference }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let figure = parts.last, parts.count >= 2 else { return nil }
        let stem = parts.dropLast()
        if stem.count == 1, let only = stem.first {
            if scores.contains(only) { return scoreFigures.contains(figure) ? .difference : nil }
            if magnitudes.contains(only) { return quantiles.contains(figure) ? .quotient : nil }
        }
        let carried = stem.dropFirst()
        guard stem.first == "score", !carried.isEmpty, carried.allSatisfy({ !$0.isEmpty }) else { return nil }
        return scoreFigures.contains(figure) ? .difference : nil
    }
}
