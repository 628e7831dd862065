package import Evaluation
import Foundation
import PairStore
import Vocabulary

/// A plan from what a store has seen.
package enum StorePlan {
    /// Scores what has no score yet, evaluates, and plans the rest of the run.
    package static func plan(path: String, _ request: EvaluationRequest) throws -> Plan {
        try StoreLook.with([path], scored: true) { stores in
            let readiness = try request.readiness(of: stores)
            guard let store = stores.first, let experiment = try store.experiments().last else {
                return Plan(readiness)
            }
            return Plan(readiness, traffic: try traffic(of: experiment.id, in: store, at: readiness.asOf))
        }
    }

    /// The rates in force on a day, and the shadow's tokens a day over the week before it.
    private static func traffic(of id: ExperimentID, in store: Store, at time: Date) throws -> Plan.Traffic {
        let day = Int((time.timeIntervalSince1970 / 86_400).rounded(.down))
        let kept = try store.rates(experiment: id, day: day)
        var rates: [IntentClass: Double] = [:]
        for case (let intent?, let rate) in kept { rates[intent] = rate }
        let days = Dictionary(grouping: try store.traffic(experiment: id, days: (day - 7)..<(day + 1)), by: \.day)
        let observed = days.values.reduce(0) { $0 + ($1.map(\.observedShare).max() ?? 0) }
        let tokens = days.values.joined().reduce(0) { $0 + $1.tokens }
        return Plan.Traffic(
            rates: rates,
            otherwise: kept[nil],
            tokensPerDay: observed > 0 && tokens > 0 ? Double(tokens) / observed : nil
        )
    }
}
