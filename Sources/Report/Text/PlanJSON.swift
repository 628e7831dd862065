// A plan as JSON, with the names of the evaluation's document.

import Evaluation
package import JSON
import Vocabulary

extension Plan {
    /// The document that `plan --format json` prints.
    package var json: JSON {
        let probabilities = passProbabilities()
        return [
            "can_promote": JSON(canPromote),
            "joint_probability": JSON(jointProbability),
            "least_joint_probability": JSON(leastJointProbability),
            "horizon_days": JSON(horizonDays),
            "days_left": JSON(daysLeft),
            "alpha": JSON(alpha),
            "tokens_per_day": JSON(tokensPerDay),
            "tokens_left": JSON(tokensLeft),
            "assumptions": JSON(assumptions),
            "remedies": JSON(remedies.map(\.json)),
            "gates": JSON(zip(gates, probabilities).map { $0.json(probability: $1, alpha: alpha) }),
        ]
    }
}

extension PlannedGate {
    fileprivate func json(probability: Double, alpha: Double) -> JSON {
        let needed = spread.neededSessions(margin: margin, power: 0.8, alpha: alpha)
        return [
            "intent": JSON(intent?.rawValue),
            "metric": JSON(gate.metric),
            "margin": JSON(gate.margin.harm),
            "sessions": JSON(sessions),
            "sessions_per_day": JSON(sessionsPerDay),
            "needed_sessions": JSON(needed),
            "needed_sessions_90": JSON(spread.neededSessions(margin: margin, power: 0.9, alpha: alpha)),
            "days": JSON(needed.flatMap(days)),
            "pass_probability": JSON(probability),
        ]
    }
}

extension PlanRemedy {
    fileprivate var json: JSON {
        let (kind, value): (String, JSON) =
            switch self {
            case .horizon(let days): ("horizon_days", JSON(days))
            case .rates(let rates):
                ("rates", Self.object(rates.map { ($0.key.rawValue, $0.value) }))
            case .margins(let margins):
                ("margins", Self.object(margins.map { ($0.key, $0.value.harm) }))
            case .without(let classes): ("without", JSON(classes.map(\.rawValue)))
            }
        return ["kind": JSON(kind), "value": value, "text": JSON(sentence)]
    }

    private static func object(_ values: [(String, Double)]) -> JSON {
        let members = values.sorted { $0.0 < $1.0 }.map { JSON.Object.Member(key: $0.0, value: JSON($0.1)) }
        return .object(JSON.Object(members: members))
    }
}
