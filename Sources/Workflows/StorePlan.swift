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
            guard let store = stores.first, let experiment = try store.experiments.newest() else {
                return Plan(readiness)
            }
            return Plan(readiness, traffic: try traffic(of: experiment.id, in: store, at: readiness.asOf))
        }
    }

    /// The rates in force on a day, and the shadow's tokens a day over the week before it.
    private static func traffic(of id: ExperimentID, in store: Store, at time: Date) throws -> Plan.Traffic {
        let day = time.utcDay
        let kept = try store.traffic.rates(experiment: id, day: day)
        let days = Dictionary(grouping: try store.traffic.days(experiment: id, days: (day - 7)..<(day + 1)), by: \.day)
        let observed = days.values.reduce(0) { $0 + ($1.map(\.observedShare).max() ?? 0) }
        let tokens = days.values.joined().reduce(0) { $0 + $1.tokens }
        return Plan.Traffic(
            rates: kept?.rates ?? [:],
            otherwise: kept?.otherwise,
            tokensPerDay: observed > 0 && tokens > 0 ? Double(tokens) / observed : nil
        )
    }
}
