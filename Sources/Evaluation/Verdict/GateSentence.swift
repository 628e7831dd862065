import Vocabulary

/// What a gate's outcome is in words that a person can act on.
struct GateSentence {
    let gate: GateResult
    let intent: IntentClass?
    let scope: ScopeReadiness

    private var prefix: String { "\(intent?.rawValue ?? "overall"): " }

    /// Such as "math: score.correct is 8.2 points lower (67.3 → 59.1), at least 5, margin 3; 900 sessions".
    var failed: String {
        "\(prefix)\(difference), at least \(amount(gate.lower)), margin \(amount(gate.margin.harm)); "
            + "\(Wording.count(gate.sessions, "session"))."
    }

    var rejected: String {
        let evidence =
            "the evidence against the margin is \(Wording.significant(gate.eValue ?? 0)), "
            + "and \(Wording.significant(gate.eThreshold ?? 0)) is enough at any time"
        let bound = gate.lower.map { ", at least \(amount($0))" } ?? ""
        return "\(prefix)\(difference)\(bound), margin \(amount(gate.margin.harm)); "
            + "\(Wording.count(gate.sessions, "session")); \(evidence)."
    }

    func undecided(perDay: Double?) -> String {
        guard gate.sessions > 0 else {
            return
                "\(prefix)\(gate.metric) is undecided: no pair carries it\(needed(perDay: nil, have: "; it needs")) sessions."
        }
        guard let lower = gate.lower, let upper = gate.upper else {
            return "\(prefix)\(gate.metric) is undecided: \(Wording.count(gate.sessions, "session"))"
                + "\(needed(perDay: perDay, have: " of"))."
        }
        return "\(prefix)\(gate.metric) is undecided: the harm lies between \(amount(lower)) and \(amount(upper))"
            + "\(isRatio ? "" : " points") with a margin of \(amount(gate.margin.harm)); "
            + "\(Wording.count(gate.sessions, "session"))\(needed(perDay: perDay, have: " of"))."
    }

    private func needed(perDay: Double?, have: String) -> String {
        guard let needed = gate.neededSessions else { return "" }
        if needed <= gate.sessions {
            return ", more than the \(Wording.grouped(needed)) that decide where nothing differs: "
                + "the difference lies near the margin"
        }
        let days: String
        if let perDay, perDay > 0 {
            let count = Int((Double(needed - gate.sessions) / perDay).rounded(.up))
            days = ", about \(Wording.count(count, "day")) at the present rate"
        } else {
            days = ""
        }
        return "\(have) about \(Wording.grouped(needed))\(days)"
    }

    private var isRatio: Bool {
        if case .ratio = gate.margin { true } else { false }
    }

    private func amount(_ harm: Double?) -> String {
        guard let harm else { return "unknown" }
        return isRatio ? Wording.percent(harm) : Wording.points(harm)
    }

    /// What differs, by how much, and both figures.
    private var difference: String {
        let harm = gate.estimate ?? 0
        guard let metric = GateMetric(gate.metric) else { return "\(gate.metric) differs" }
        switch metric {
        case .harm(let name):
            return "\(name) is \(amount(abs(harm))) points \(harm < 0 ? "lower" : "higher")\(rates(name))"
        case .newRefusal:
            return "the shadow refuses \(amount(abs(harm))) points \(harm < 0 ? "less" : "more") often"
                + counts(MetricName.newRefusal, "only the shadow", "only stable")
        case .severe(let name):
            let base = name == MetricName.quality ? MetricName.severeRegression : name
            return "\(gate.metric) is net \(amount(harm)) points\(counts(base, "the shadow", "stable"))"
        case .mean(let name):
            return "\(name) is \(amount(abs(harm))) points \(harm > 0 ? "lower" : "higher")\(means(name))"
        case .tailMass(let name):
            return "\(amount(harm + 0.05)) % of the shadow's answers lie in what is stable's worst 5 % of \(name), "
                + "\(amount(abs(harm))) points \(harm < 0 ? "fewer" : "more")"
        case .quantile(let name, let probability):
            return
                "\(gate.metric) is \(amount(abs(harm))) \(harm < 0 ? "lower" : "higher")\(quantiles(name, probability))"
        case .churn(let agreement):
            return
                "the shadow differs from stable by \(amount(harm)) points of \(agreement) more than stable from itself"
        }
    }

    private func rates(_ name: String) -> String {
        guard case .harm(let figures, _)? = scope.figures(of: name)?.body, let stable = figures.stable.value,
            let shadow = figures.shadow.value
        else { return "" }
        return " (\(Wording.percent(stable)) → \(Wording.percent(shadow)))"
    }

    private func counts(_ name: String, _ worse: String, _ better: String) -> String {
        guard let metric = scope.figures(of: name) else { return "" }
        let (shadow, stable): (Int, Int)
        switch metric.body {
        case .harm(let figures, _): (shadow, stable) = (figures.shadowOnly, figures.stableOnly)
        case .score(let figures): (shadow, stable) = (figures.severeShadow, figures.severeStable)
        case .magnitude, .churn: return ""
        }
        return " (\(worse) in \(Wording.grouped(shadow)), \(better) in \(Wording.grouped(stable)) of "
            + "\(Wording.count(metric.pairs, "pair")))"
    }

    private func means(_ name: String) -> String {
        guard case .score(let figures)? = scope.figures(of: name)?.body, let stable = figures.stable.mean.value,
            let shadow = figures.shadow.mean.value
        else { return "" }
        return " (\(Wording.points(stable)) → \(Wording.points(shadow)))"
    }

    private func quantiles(_ name: String, _ probability: Double) -> String {
        guard let metric = scope.figures(of: name), case .magnitude(let figures) = metric.body else { return "" }
        let side: (MagnitudeSide) -> Estimate = {
            switch probability {
            case 0.5: $0.p50
            case 0.95: $0.p95
            case 0.99: $0.p99
            default: $0.p999
            }
        }
        guard let stable = side(figures.stable).value, let shadow = side(figures.shadow).value else { return "" }
        let unit = metric.unit.map { " \($0)" } ?? ""
        return " (\(Wording.significant(stable)) → \(Wording.significant(shadow))\(unit))"
    }
}
