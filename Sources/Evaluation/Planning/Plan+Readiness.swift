// A plan from what an evaluation has seen.

import Foundation
import Statistics
package import Vocabulary

extension Plan {
    /// What a store knows beside its evaluation.
    package struct Traffic: Sendable {
        /// The present sampling probabilities, 0…1.
        package var rates: [IntentClass: Double]
        /// For classes without a rate of their own.
        package var otherwise: Double?
        /// Of the shadow, input and output, a day.
        package var tokensPerDay: Double?

        package init(rates: [IntentClass: Double] = [:], otherwise: Double? = nil, tokensPerDay: Double? = nil) {
            self.rates = rates
            self.otherwise = otherwise
            self.tokensPerDay = tokensPerDay
        }
    }

    /// A plan for the rest of a run.
    ///
    /// The spread of each gate is read off its interval, so it has what clusters, weights and pairing make of it. A class
    /// without a pair of its own is expected to be as `PlanAssumptions` says.
    ///
    /// - Parameters:
    ///   - readiness: what was seen up to now.
    ///   - traffic: what comes.
    package init(_ readiness: Readiness, traffic: Traffic = Traffic()) {
        let elapsed = readiness.horizon.elapsed.milliseconds / 86_400_000
        let isRunning = readiness.experiment.startedAt != nil && elapsed > 1.0 / 24
        let declared = readiness.horizon.declared.map { $0.milliseconds / 86_400_000 }
        var gates: [PlannedGate] = []
        func plan(_ result: GateResult, _ intent: IntentClass?, _ scope: Gate.Scope, share: Double) {
            guard result.state != .notApplicable else { return }
            let perDay = isRunning && result.sessions > 0 ? Double(result.sessions) / elapsed : nil
            gates.append(
                PlannedGate(
                    intent: intent,
                    gate: Gate(metric: result.metric, margin: result.margin, scope: scope),
                    spread: GateSpread(result, alpha: readiness.horizon.alpha),
                    sessions: result.sessions,
                    sessionsPerDay: perDay,
                    rate: intent.flatMap { traffic.rates[$0] ?? traffic.otherwise },
                    share: share
                )
            )
        }
        for gate in readiness.overall.gates { plan(gate, nil, .overall, share: 1) }
        for intent in readiness.intents where intent.isGated {
            for gate in intent.gates where gate.state != .accepted {
                plan(gate, intent.intent, .everyIntent, share: intent.share)
            }
        }
        self.init(
            gates: gates,
            horizonDays: declared,
            daysLeft: max(0, (declared ?? elapsed) - elapsed),
            alpha: readiness.horizon.alpha,
            tokensPerDay: traffic.tokensPerDay
        )
    }
}

extension GateSpread {
    /// The spread that a gate's one-sided interval shows.
    ///
    /// From the lower bound, which the rule for few worse sessions does not move.
    init(_ result: GateResult, alpha: Double) {
        let isHarm = GateMetric(result.metric)?.isMean ?? true
        guard let estimate = result.estimate, let lower = result.lower, result.sessions > 1,
            let z = NormalDistribution.quantile(1 - alpha), z > 0
        else {
            self = PlanAssumptions.spread(of: result.metric)
            return
        }
        let root = Double(result.sessions).squareRoot()
        if isHarm {
            let deviation = max(0, estimate - lower) / z * root
            // Where nothing differed yet, something may: as if half a session had.
            self = .harm(variance: max(deviation * deviation, 0.5 / Double(result.sessions + 1)))
        } else if case .ratio = result.margin, 1 + lower > 0, 1 + estimate > 0 {
            let deviation = Foundation.log((1 + estimate) / (1 + lower)) / z * root
            self = .normal(deviation: deviation, least: PlanAssumptions.leastSessions(of: result.metric))
        } else {
            let least = PlanAssumptions.leastSessions(of: result.metric)
            self = .normal(deviation: (estimate - lower) / z * root, least: least)
        }
    }
}

extension GateMetric {
    /// Whether it is judged as a mean over sessions: a net harm, a score's mean or a churn.
    var isMean: Bool {
        switch self {
        case .harm, .newRefusal, .severe, .mean, .churn: true
        case .tailMass, .quantile: false
        }
    }
}
