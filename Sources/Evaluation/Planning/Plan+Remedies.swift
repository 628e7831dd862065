// What would make a plan one that can PROMOTE: each change by itself, and the least of it that does.

import Foundation
package import Vocabulary

/// A change after which equal models are promoted with ``Plan/power``.
package enum PlanRemedy: Sendable, Equatable {
    /// So many days from the start in all.
    case horizon(days: Double)
    /// These sampling rates, 0…1.
    case rates([IntentClass: Double])
    /// These margins, on the scale in which they are declared.
    case margins([String: Margin])
    /// Without these classes, by `min_share` or `accept`.
    case without([IntentClass])
}

extension Plan {
    private static let longestDays = 90.0
    private static let widest = 5.0

    /// What would do, each by itself; empty where nothing is needed or none of it is enough.
    package var remedies: [PlanRemedy] {
        guard !canPromote, !gates.isEmpty else { return [] }
        return [horizonRemedy, ratesRemedy, marginsRemedy, classesRemedy].compactMap { $0 }
    }

    private func reaches(_ change: (inout Plan) -> Void) -> Bool {
        var plan = self
        change(&plan)
        return plan.canPromote
    }

    private var horizonRemedy: PlanRemedy? {
        let least = Self.least(from: daysLeft, to: Self.longestDays) { days in reaches { $0.daysLeft = days } }
        return least.map { .horizon(days: ((horizonDays ?? 0) - daysLeft + $0).rounded(.up)) }
    }

    /// The classes whose gates miss, drawn more often; all by the same factor, none above 1.
    private var ratesRemedy: PlanRemedy? {
        let probabilities = passProbabilities()
        let missing = Set(zip(gates, probabilities).filter { $0.1 < 0.99 }.compactMap(\.0.intent))
        func raised(_ factor: Double, _ plan: inout Plan) {
            for index in plan.gates.indices {
                guard let intent = plan.gates[index].intent, missing.contains(intent),
                    let rate = plan.gates[index].rate,
                    rate > 0
                else { continue }
                let new = min(1, rate * factor)
                plan.gates[index].sessionsPerDay = plan.gates[index].sessionsPerDay.map { $0 * new / rate }
                plan.gates[index].rate = new
            }
        }
        guard let factor = Self.least(from: 1, to: 1_000, { factor in reaches { raised(factor, &$0) } }) else {
            return nil
        }
        var rates: [IntentClass: Double] = [:]
        for gate in gates {
            guard let intent = gate.intent, missing.contains(intent), let rate = gate.rate else { continue }
            rates[intent] = min(1, rate * factor)
        }
        return .rates(rates)
    }

    /// The gates that miss, with wider margins; all by the same factor.
    private var marginsRemedy: PlanRemedy? {
        let missing = Set(zip(gates, passProbabilities()).filter { $0.1 < 0.99 }.map(\.0.gate.metric))
        func widened(_ factor: Double, _ plan: inout Plan) {
            for index in plan.gates.indices where missing.contains(plan.gates[index].gate.metric) {
                plan.gates[index].gate.margin = plan.gates[index].gate.margin.scaled(by: factor)
            }
        }
        guard let factor = Self.least(from: 1, to: Self.widest, { factor in reaches { widened(factor, &$0) } }) else {
            return nil
        }
        let margins = gates.filter { missing.contains($0.gate.metric) }
            .map { ($0.gate.metric, $0.gate.margin.scaled(by: factor)) }
        return .margins(Dictionary(margins) { first, _ in first })
    }

    /// The smallest classes left out, one after another.
    private var classesRemedy: PlanRemedy? {
        let shares = Dictionary(gates.compactMap { gate in gate.intent.map { ($0, gate.share) } }) { first, _ in first }
        var left: [IntentClass] = []
        for intent in shares.sorted(by: { ($0.value, $0.key) < ($1.value, $1.key) }).map(\.key).dropLast() {
            left.append(intent)
            if reaches({ plan in plan.gates.removeAll { $0.intent.map(left.contains) ?? false } }) {
                return .without(left)
            }
        }
        return nil
    }

    /// The least value of a range that does, within 1 %; nil where the greatest does not.
    private static func least(from low: Double, to high: Double, _ does: (Double) -> Bool) -> Double? {
        guard high > low, does(high) else { return nil }
        var (low, high) = (low, high)
        while high - low > max(0.01, low * 0.01) {
            let middle = (low + high) / 2
            if does(middle) { high = middle } else { low = middle }
        }
        return high
    }
}

extension Margin {
    fileprivate func scaled(by factor: Double) -> Margin {
        switch self {
        case .absolute(let margin): .absolute(min(0.99, margin * factor))
        case .ratio(let ratio): .ratio(exp(log(ratio) * factor))
        }
    }
}
