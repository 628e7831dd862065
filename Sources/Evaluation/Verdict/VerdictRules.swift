// From gates and circumstances to the three-way verdict with every reason.
//
// REJECT at any time: an e-process crossed its threshold in a class that counts, now or in an earlier evaluation.
// PROMOTE only at the horizon, when every gate passes wherever it must and nothing else holds.
// HOLD otherwise, with each reason: all of them are listed, because a person acts on them all.

import Foundation
import Statistics
import Vocabulary

struct VerdictRules {
    let input: EvaluationInput
    /// The rows that are compared, up to the look.
    let rows: [Int32]
    /// All rows up to now, for what must not have happened at all.
    let evidence: [Int32]
    /// The rate at which a class brings sessions; nil where time means nothing (imported pairs).
    let sessionsPerDay: (Int) -> Double?

    private static let lossLimit = 0.01
    private static let classLossLimit = 0.02

    func apply(to readiness: inout Readiness) {
        var scopes: [(intent: IntentClass?, gates: [GateResult], scope: ScopeReadiness)] = [
            (nil, readiness.overall.gates, readiness.overall)
        ]
        scopes += readiness.intents.filter(\.isGated).map { ($0.intent, $0.gates, $0.scope) }
        var rejected: [Reason] = []
        var failed: [Reason] = []
        var undecided: [Reason] = []
        for (intent, gates, scope) in scopes {
            for gate in gates {
                let sentence = GateSentence(gate: gate, intent: intent, scope: scope)
                if gate.rejects {
                    rejected.append(reason(.gateRejected, intent, gate, sentence.rejected))
                } else if gate.state == .fail {
                    failed.append(reason(.gateFailed, intent, gate, sentence.failed))
                } else if gate.state == .undecided {
                    undecided.append(
                        reason(.gateUndecided, intent, gate, sentence.undecided(perDay: sessionsPerDay(gate.sessions)))
                    )
                }
            }
        }
        // Once each: several stores of one experiment all keep it.
        var told: Set<String> = []
        let earlier = input.rejections.sorted { $0.time < $1.time }.filter { rejection in
            !rejected.contains { $0.intent == rejection.intent && $0.metric == rejection.metric }
                && told.insert("\(rejection.intent?.rawValue ?? "") \(rejection.metric)").inserted
        }.map { rejection in
            Reason(
                kind: .rejectedEarlier,
                intent: rejection.intent,
                metric: rejection.metric,
                text: "The evaluation of \(Wording.day(rejection.time)) rejected, and that stays: \(rejection.text)"
            )
        }
        let holds = circumstances(readiness)
        let all = rejected + earlier + failed + holds + undecided
        if !rejected.isEmpty || !earlier.isEmpty {
            readiness.verdict = .reject
            readiness.reasons = all
        } else if all.isEmpty {
            readiness.verdict = .promote
            readiness.reasons = [Reason(kind: .allGatesPass, text: promotion(readiness))]
        } else {
            readiness.verdict = .hold
            readiness.reasons = all
        }
    }

    private func reason(_ kind: Reason.Kind, _ intent: IntentClass?, _ gate: GateResult, _ text: String) -> Reason {
        Reason(kind: kind, intent: intent, metric: gate.metric, text: text)
    }

    private func promotion(_ readiness: Readiness) -> String {
        let gated = readiness.intents.filter(\.isGated)
        let accepted = gated.filter { $0.gates.contains { $0.state == .accepted } }
        let acceptance =
            accepted.isEmpty
            ? "" : " Accepted undecided: \(accepted.map(\.intent.rawValue).joined(separator: ", "))."
        return "Every gate passes in each of the \(gated.count) classes with at least "
            + "\(Wording.percent(input.declaration.minimumShare)) of the traffic, "
            + "on \(Wording.count(readiness.overall.sessions, "session"))." + acceptance
    }

    // MARK: Circumstances that hold

    private func circumstances(_ readiness: Readiness) -> [Reason] {
        nothingToJudge(readiness) + horizon(readiness) + strays() + drift() + loss(readiness) + degraded()
            + missingControl()
    }

    private func nothingToJudge(_ readiness: Readiness) -> [Reason] {
        if rows.isEmpty {
            let minutes = Int(Observations.idleSeconds / 60)
            let text = "There is no pair to judge by; a session counts once it has been idle for \(minutes) minutes."
            return [Reason(kind: .nothingToJudge, text: text)]
        }
        if input.declaration.gates.isEmpty {
            return [Reason(kind: .nothingToJudge, text: "No gate was declared, so nothing can pass.")]
        }
        let gates = readiness.overall.gates + readiness.intents.filter(\.isGated).flatMap(\.gates)
        if gates.allSatisfy({ $0.state == .notApplicable }) {
            return [
                Reason(
                    kind: .nothingToJudge,
                    text: "No gate applies to any class with enough of the traffic, so nothing was tested."
                )
            ]
        }
        return []
    }

    private func horizon(_ readiness: Readiness) -> [Reason] {
        guard !readiness.horizon.isReached else { return [] }
        guard let declared = readiness.horizon.declared else {
            return [
                Reason(
                    kind: .horizonNotReached,
                    text: "No horizon was declared, so there is no day on which PROMOTE may be judged; declare one."
                )
            ]
        }
        let left = declared - readiness.horizon.elapsed
        return [
            Reason(
                kind: .horizonNotReached,
                text: "The horizon of \(Wording.duration(declared)) is reached in \(Wording.duration(left)); "
                    + "PROMOTE is judged then, REJECT at any time."
            )
        ]
    }

    private func strays() -> [Reason] {
        let (strays, all) = (input.observations.strays, input.observations.count)
        guard strays > Observations.toleratedStrays(of: all) else { return [] }
        return [
            Reason(
                kind: .strays,
                text:
                    "\(strays) of \(all) pairs have times outside of the experiment and are set aside, more than 3 and 0.1 %: "
                    + "set the clock right that gave them."
            )
        ]
    }

    private func drift() -> [Reason] {
        var reasons: [Reason] = []
        for leg in [Leg.stable, .shadow] {
            for models in [false, true] {
                let names = input.observations.names(of: leg, models: models, rows: evidence)
                guard names.count > 1 else { continue }
                let what = models ? "The model that \(leg.rawValue)'s answers name" : "The version of \(leg.rawValue)"
                let listed = names.prefix(4).joined(separator: ", ") + (names.count > 4 ? ", …" : "")
                reasons.append(
                    Reason(
                        kind: .versionDrift,
                        text: "\(what) changed within the run (\(listed)): begin an experiment for each."
                    )
                )
            }
        }
        return reasons
    }

    private func loss(_ readiness: Readiness) -> [Reason] {
        var reasons: [Reason] = []
        func check(_ funnel: Funnel, _ limit: Double, _ intent: IntentClass?) {
            let lost = funnel.shedTotal + funnel.failedTotal
            guard funnel.sampled > 0, Double(lost) > limit * Double(funnel.sampled) else { return }
            let share = Wording.percent(Double(lost) / Double(funnel.sampled))
            let causes =
                funnel.shed.map { ("shed: \($0.key.rawValue)", $0.value) }
                + funnel.failed.map { ("failed: \($0.key.rawValue)", $0.value) }
            let main = causes.max { ($0.1, $1.0) < ($1.1, $0.0) }?.0 ?? ""
            let prefix = intent.map { "\($0): " } ?? ""
            reasons.append(
                Reason(
                    kind: .funnelLoss,
                    intent: intent,
                    text:
                        "\(prefix)\(lost) of \(funnel.sampled) sampled requests were lost (\(share), mostly \(main)), "
                        + "more than \(Wording.percent(limit)): what is missing may be what fails."
                )
            )
        }
        check(input.funnel, Self.lossLimit, nil)
        // By the traffic that came, not by the pairs that are there: a class that lost most has few of those.
        let passed = input.funnelByIntent.mapValues { $0.notSampled + $0.sampled }
        let all = passed.values.reduce(0, +)
        for (intent, funnel) in input.funnelByIntent.sorted(by: { $0.key < $1.key }) {
            let isGated = readiness.intents.contains { $0.intent == intent && $0.isGated }
            let share = Double(passed[intent] ?? 0) / Double(max(1, all))
            if isGated || share >= input.declaration.minimumShare { check(funnel, Self.classLossLimit, intent) }
        }
        return reasons
    }

    private func degraded() -> [Reason] {
        let scope = Scope(rows, of: input.observations)
        let values = scope.values(MetricName.error, .stable, .stable)
        guard let rate = values.rate({ values.left[$0] > 0.5 }).rate,
            rate > input.declaration.stableMaximumErrorRate
        else { return [] }
        return [
            Reason(
                kind: .stableDegraded,
                text: "Stable itself failed in \(Wording.percent(rate)) of its answers, more than "
                    + "\(Wording.percent(input.declaration.stableMaximumErrorRate)): "
                    + "a comparison with it would flatter the shadow."
            )
        ]
    }

    private func missingControl() -> [Reason] {
        let wanting = input.declaration.gates.filter { GateMetric($0.metric)?.needsControl == true }
        guard !wanting.isEmpty, input.observations.column(MetricName.error, .control) == nil else { return [] }
        return [
            Reason(
                kind: .controlMissing,
                metric: wanting[0].metric,
                text: "The gate on \(wanting[0].metric) is read against the control, and no control was drawn: "
                    + "set sampling.control_rate above 0."
            )
        ]
    }
}
