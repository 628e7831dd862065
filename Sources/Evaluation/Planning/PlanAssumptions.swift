// The assumptions about a gate without pairs, for simulating the joint power of a plan.
//
// Two equal, independent models: errors 1 %, refusals 3 %, broken structure 2 %, any other harm 3 %, severe regressions
// 3 %; scores vary by 0.2 from session to session; times are log-normal with σ = 0.5. Independent is the worst case: two
// models that fail on the same requests need fewer sessions.

import Foundation
import Statistics
package import Vocabulary

/// The variation that is expected where none was seen.
package enum PlanAssumptions {
    private static let rates = [MetricName.error: 0.01, MetricName.malformed: 0.02]
    private static let otherRate = 0.03
    private static let scoreDeviation = 0.2
    private static let timeDeviation = 0.5

    /// As sentences.
    package static let sentences = [
        "Assumed where nothing was seen: equal, independent models; errors 1 %, malformed 2 %, refusals, severe regressions "
            + "and any other harm 3 % each; a score's mean varies by 0.2, times are log-normal with σ = 0.5.",
        "Models that fail on the same requests need fewer sessions.",
    ]

    /// The spread of a metric, for models that are equal and independent.
    static func spread(of metric: String) -> GateSpread {
        switch GateMetric(metric) {
        case .mean, .churn: return .harm(variance: 2 * scoreDeviation * scoreDeviation)
        case .harm(let name): return harm(rates[name] ?? otherRate)
        case .newRefusal, .severe, nil: return harm(otherRate)
        case .tailMass:
            // Half of the variance of two independent shares of 5 % each.
            return .normal(deviation: (2 * 0.05 * 0.95).squareRoot(), least: leastSessions(of: metric))
        case .quantile(_, let probability):
            // A quantile's standard error is √(p(1−p)) ÷ f; on the logarithmic scale f is the normal density ÷ σ.
            let z = NormalDistribution.quantile(probability) ?? 0
            let density = exp(-z * z / 2) / (2 * Double.pi).squareRoot()
            let deviation = timeDeviation * (probability * (1 - probability)).squareRoot() / density
            return .normal(deviation: deviation * 2.0.squareRoot(), least: leastSessions(of: metric))
        }
    }

    private static func harm(_ rate: Double) -> GateSpread { .harm(variance: 2 * rate * (1 - rate)) }

    /// The sessions below which a gate says nothing.
    static func leastSessions(of metric: String) -> Int {
        switch GateMetric(metric) {
        case .tailMass: PairedSamples.minimumSessionsForTails
        case .quantile(_, let probability): Quantile.minimumSessions(probability)
        default: 2
        }
    }
}

extension Plan {
    /// A plan before anything was seen.
    ///
    /// - Parameters:
    ///   - declaration: what is promised; its classes and `other` are the gated ones.
    ///   - sessionsPerDay: drawn of each class, as `target_per_day` is meant; nil where the rates are fixed and the traffic
    ///     is not known.
    package init(_ declaration: Declaration, sessionsPerDay: Double?) {
        let classes = declaration.classes.isEmpty ? [] : declaration.classes + [.other]
        let accepted = Set(declaration.accept.map(\.intent))
        var gates: [PlannedGate] = []
        for gate in declaration.gates {
            let spread = PlanAssumptions.spread(of: gate.metric)
            switch gate.scope {
            case .overall:
                let perDay = sessionsPerDay.map { $0 * Double(max(1, classes.count)) }
                gates.append(PlannedGate(intent: nil, gate: gate, spread: spread, sessionsPerDay: perDay))
            case .everyIntent:
                for intent in classes.isEmpty ? [.other] : classes where !accepted.contains(intent.rawValue) {
                    gates.append(
                        PlannedGate(
                            intent: intent,
                            gate: gate,
                            spread: spread,
                            sessionsPerDay: sessionsPerDay,
                            share: 1 / Double(max(1, classes.count))
                        )
                    )
                }
            }
        }
        let days = declaration.horizon.map { $0.milliseconds / 86_400_000 }
        self.init(
            gates: gates,
            horizonDays: days,
            daysLeft: days ?? 0,
            alpha: declaration.extendedHorizon == nil ? 0.05 : 0.04,
            assumptions: PlanAssumptions.sentences
        )
    }
}
