// One gate in one scope: its harm, its bounds, its e-process, its state.
//
// pass where the upper bound is below the margin, fail where the lower bound is above it, not applicable where no pair is
// defined for it, undecided otherwise. Bounds are one-sided at 1 − α of the look. "Cannot tell" always lands in
// `undecided`, with the sessions that would decide where there is no difference.

import Foundation
import Statistics
import Vocabulary

struct GateJudge {
    /// The one-sided error of the look: 0.05, or what was declared for two looks.
    let alpha: Double
    /// How many e-processes were declared: T.
    let hypotheses: Int

    private static let power = 0.8
    /// α of the e-processes, whatever the looks spend.
    private static let sequentialAlpha = 0.05

    /// - Parameters:
    ///   - gate: what was promised.
    ///   - scope: the pairs up to the look.
    ///   - evidence: the pairs up to now, for the e-process.
    /// - Returns: the gate's state with its figures.
    func judge(_ gate: Gate, scope: Scope, evidence: Scope) -> GateResult {
        guard let metric = GateMetric(gate.metric) else {
            return GateResult(metric: gate.metric, margin: gate.margin, state: .undecided)
        }
        var result: GateResult
        switch metric {
        case .harm(let name):
            result = harmGate(gate, scope.values(name), isNotApplicable: absenceMeansNotApplicable(name, scope)) {
                $1 - $0
            }
        case .newRefusal:
            result = harmGate(
                gate,
                scope.values(MetricName.refusal),
                isNotApplicable: absenceMeansNotApplicable(MetricName.refusal, scope),
                Scope.newHarm
            )
        case .severe(let name):
            result = harmGate(
                gate,
                scope.values(name),
                isNotApplicable: absenceMeansNotApplicable(name, scope),
                Scope.severeHarm
            )
        case .mean(let name):
            result = harmGate(gate, scope.values(name), isNotApplicable: absenceMeansNotApplicable(name, scope)) {
                $0 - $1
            }
        case .tailMass(let name): result = tailGate(gate, scope, name)
        case .quantile(let name, let probability): result = quantileGate(gate, scope, name, probability)
        case .churn(let agreement):
            // Without a control nothing is known of the excess, so the gate is never "not applicable" for want of one.
            result = harmGate(gate, scope.churnValues(agreement), isNotApplicable: false, Scope.excess)
        }
        if metric.hasEProcess {
            result.eThreshold = GridMixtureEProcess.threshold(hypotheses: hypotheses, alpha: Self.sequentialAlpha)
            result.eValue = eValue(metric, gate, evidence)
        }
        return result
    }

    /// Whether missing values mean *not applicable* rather than *not enough evidence*, as the catalogue says.
    private func absenceMeansNotApplicable(_ name: String, _ scope: Scope) -> Bool {
        switch MetricCatalogue.absence(of: name) {
        case .notAsked: true
        case .notStreamed:
            scope.observations.column(name, .shadow) != nil && scope.observations.column(name, .stable) != nil
        case .unknown: false
        }
    }

    private func state(_ gate: Gate, lower: Double?, upper: Double?) -> GateResult.State {
        if let upper, upper < gate.margin.harm { return .pass }
        if let lower, lower > gate.margin.harm { return .fail }
        return .undecided
    }

    private func result(
        _ gate: Gate,
        estimate: Double?,
        lower: Double?,
        upper: Double?,
        sessions: Int,
        needed: () -> Int?
    ) -> GateResult {
        let state = state(gate, lower: lower, upper: upper)
        return GateResult(
            metric: gate.metric,
            margin: gate.margin,
            state: state,
            worse: lower.map { $0 > 0 && $0 <= gate.margin.harm } ?? false,
            estimate: estimate,
            lower: lower,
            upper: upper,
            neededSessions: state == .undecided ? needed() : nil,
            sessions: sessions
        )
    }

    private func absent(_ gate: Gate, isNotApplicable: Bool, needed: Int) -> GateResult {
        GateResult(
            metric: gate.metric,
            margin: gate.margin,
            state: isNotApplicable ? .notApplicable : .undecided,
            neededSessions: isNotApplicable ? nil : needed
        )
    }

    // MARK: Harms, net harms, means, churn

    private func harmGate(
        _ gate: Gate,
        _ values: PairedValues,
        isNotApplicable: Bool,
        _ value: (Double, Double) -> Double
    ) -> GateResult {
        let margin = gate.margin.harm
        let least = margin > 0 && margin < 1 ? SampleSize.zeroEvents(margin: margin) : 2
        guard values.pairs > 0 else { return absent(gate, isNotApplicable: isNotApplicable, needed: least) }
        let harm = values.harm(value)
        let scores = values.scores(value)
        return result(
            gate,
            estimate: harm.estimate,
            lower: harm.lowerBound(confidence: 1 - alpha, of: scores).value,
            upper: upperBound(harm, scores, values.sessionMeans(value)),
            sessions: values.sessions
        ) {
            guard margin > 0, margin < 1 else { return nil }
            return harm.neededSessions(margin: margin, power: Self.power, confidence: 1 - alpha) ?? least
        }
    }

    /// The upper bound of θ, with the rule for few worse sessions read net of the sessions in which the shadow was better.
    ///
    /// θ = E[x⁺] − E[x⁻], and with fewer than 5 worse sessions E[x⁺] is only known to be at most the exact bound of their
    /// rate. That alone would hold a shadow that is better in half of 120 sessions and worse in two. Where 5 sessions or
    /// more are better, the lower bound of E[x⁻] is taken off; each part is then held to half the error (Bonferroni). With
    /// fewer better sessions the exact bound stands alone: zero events pass 0.01 / 0.02 / 0.03 from 299 / 149 / 99 sessions.
    private func upperBound(_ harm: PairedHarm, _ scores: SessionScores, _ means: [Double]) -> Double? {
        let few = PairedHarm.fewWorseSessions
        guard harm.worseSessions < few, harm.betterSessions >= few, harm.mean.isEquallyWeighted else {
            return harm.upperBound(confidence: 1 - alpha, of: scores).value
        }
        let plain = harm.plainUpperBound(confidence: 1 - alpha, of: scores).value
        // Student's t here: gains are mostly 0 and rarely large, where it ends lower than the score bound, on the safe side.
        var gain = ClusterMean()
        for mean in means { gain.add(max(0, -mean)) }
        let part = 1 - alpha / 2
        guard
            let worse = Proportion(events: harm.worseSessions, trials: harm.sessions).upperBound(confidence: part).value
        else { return nil }
        let rare = worse - max(0, gain.lowerBound(confidence: part).value ?? 0)
        return plain.map { max($0, rare) } ?? rare
    }

    private func eValue(_ metric: GateMetric, _ gate: Gate, _ scope: Scope) -> Double? {
        let margin = gate.margin.harm
        guard margin > -1, margin < 1 else { return nil }
        let means: [Double]
        let values: PairedValues
        switch metric {
        case .harm(let name):
            values = scope.values(name)
            means = values.sessionMeans { $1 - $0 }
        case .newRefusal:
            values = scope.values(MetricName.refusal)
            means = values.sessionMeans(Scope.newHarm)
        case .severe(let name):
            values = scope.values(name)
            means = values.sessionMeans(Scope.severeHarm)
        case .mean(let name):
            values = scope.values(name)
            means = values.sessionMeans { $0 - $1 }
        case .tailMass, .quantile, .churn: return nil
        }
        guard !means.isEmpty else { return 1 }
        var process = GridMixtureEProcess(margin: margin)
        let heaviest = values.weights.max() ?? 1
        for (session, mean) in means.enumerated() {
            // Within a class rates are constant within a day and sessions count alike. Overall, classes are drawn at
            // different rates: the stake on a session is scaled by its weight, which leaves E[w(x − margin)] ≤ 0 as the
            // null hypothesis, that is the traffic's mean harm.
            let share = gate.scope == .overall ? values.weights[session] / heaviest : 1
            process.add(margin + share * (mean - margin))
        }
        return process.eValue
    }

    // MARK: Tails and quantiles

    private func tailGate(_ gate: Gate, _ scope: Scope, _ name: String) -> GateResult {
        let values = scope.values(name)
        let least = PairedSamples.minimumSessionsForTails
        guard let samples = values.samples(isWeighted: scope.isWeighted) else {
            return absent(gate, isNotApplicable: absenceMeansNotApplicable(name, scope), needed: least)
        }
        let found = samples.tailMass(confidence: 1 - 2 * alpha)
        let interval = found.value?.interval.value
        return result(
            gate,
            estimate: found.value.map { $0.estimate - 0.05 },
            lower: interval.map { $0.lower - 0.05 },
            upper: interval.map { $0.upper - 0.05 },
            sessions: values.sessions
        ) {
            guard let interval else { return found.neededSessions ?? least }
            return needed(width: interval.width, sessions: values.sessions, margin: gate.margin.harm, least: least)
        }
    }

    private func quantileGate(_ gate: Gate, _ scope: Scope, _ name: String, _ probability: Double) -> GateResult {
        let values = scope.values(name)
        let least = Quantile.minimumSessions(probability)
        guard let samples = values.samples(isWeighted: scope.isWeighted) else {
            return absent(gate, isNotApplicable: !isExpected(name, scope), needed: least)
        }
        let found = samples.quantileRatio(probability, confidence: 1 - 2 * alpha)
        let interval = found.value?.interval.value
        return result(
            gate,
            estimate: found.value.map { $0.estimate - 1 },
            lower: interval.map { $0.lower - 1 },
            upper: interval.map { $0.upper - 1 },
            sessions: values.sessions
        ) {
            guard let interval, interval.lower > 0 else { return found.neededSessions ?? least }
            // On the logarithmic scale, on which the interval is built.
            return needed(
                width: log(interval.upper / interval.lower),
                sessions: values.sessions,
                margin: log(1 + gate.margin.harm),
                least: least
            )
        }
    }

    /// Whether the pairs of a scope ought to have a magnitude: what only a stream has is not missed where none was asked.
    private func isExpected(_ name: String, _ scope: Scope) -> Bool {
        guard MetricCatalogue.absence(of: name) == .notStreamed else { return true }
        return scope.rows.rows.contains { scope.observations.isStreamed[Int($0)] }
    }

    /// The sessions at which an interval of this width, at θ = 0, ends below the margin with 80 % power.
    private func needed(width: Double, sessions: Int, margin: Double, least: Int) -> Int? {
        guard width > 0, margin > 0, let z = NormalDistribution.quantile(1 - alpha),
            let powerQuantile = NormalDistribution.quantile(Self.power)
        else { return nil }
        let deviation = width / (2 * z) * Double(sessions).squareRoot()
        let root = (z + powerQuantile) * deviation / margin
        return max(least, Int(min(root * root, 1e12).rounded(.up)))
    }
}
