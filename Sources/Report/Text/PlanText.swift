// A plan for a terminal: what it can show, what would make it show more, then gate by gate what is missing.

import Evaluation
import Foundation
import Vocabulary

extension Plan {
    /// The text that `plan` prints, with a newline at the end.
    package var text: String {
        var lines = [headline]
        lines += remedies.map { "  - \($0.sentence)" }
        if !canPromote, !gates.isEmpty, remedies.isEmpty {
            lines.append(
                "  - None of more days (up to 90), higher rates, wider margins or fewer classes is enough alone."
            )
        }
        lines += assumptions.map { "  note: \($0)" }
        if let tokensPerDay {
            let left = tokensLeft.map { ", \(Wording.grouped(Int($0))) until the horizon" } ?? ""
            lines.append("  the shadow takes \(Wording.grouped(Int(tokensPerDay))) tokens a day\(left)")
        }
        lines.append("")
        let probabilities = passProbabilities()
        for (gate, probability) in zip(gates, probabilities).sorted(by: { $0.1 < $1.1 }) {
            lines.append(gate.sentence(probability: probability, alpha: alpha))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// One sentence that says whether the plan can PROMOTE.
    package var headline: String {
        guard !gates.isEmpty else { return "There is no gate to plan for." }
        guard let horizonDays else {
            return "No horizon was declared, so there is no day on which PROMOTE may be judged."
        }
        let horizon = "its horizon of \(Wording.count(Int(horizonDays.rounded()), "day"))"
        let chance = "equal models pass all \(gates.count) gates with probability \(Wording.percent(jointProbability))"
        let least = leastJointProbability
        let bound = least > 0 ? " (at least \(Wording.percent(least)) however they depend on each other)" : ""
        return canPromote
            ? "This plan can PROMOTE within \(horizon): \(chance)\(bound)."
            : "This plan can hardly PROMOTE within \(horizon): \(chance)\(bound)."
    }
}

extension PlannedGate {
    /// Such as "payment: error has 212 of 1,250 sessions (90 %: 1,480), about 3.1 days; passes with 41 %".
    fileprivate func sentence(probability: Double, alpha: Double) -> String {
        let name = "\(intent?.rawValue ?? "overall"): \(gate.metric)"
        let likely = "passes at the horizon with \(Wording.percent(probability))"
        guard let needed = spread.neededSessions(margin: margin, power: 0.8, alpha: alpha) else {
            return "\(name) takes more than a million sessions; \(likely)"
        }
        let more =
            spread.neededSessions(margin: margin, power: 0.9, alpha: alpha)
            .map { " (\(Wording.grouped($0)) for 90 %)" } ?? ""
        let time: String
        switch days(until: needed) {
        case 0?: time = ""
        case let days?: time = ", about \(Wording.decimal(days, places: 1)) days at the present rate"
        case nil: time = ", and none come"
        }
        return
            "\(name) has \(Wording.grouped(sessions)) of \(Wording.grouped(needed)) sessions\(more)\(time); \(likely)"
    }
}

extension PlanRemedy {
    /// What to change, with the figure that is enough.
    package var sentence: String {
        switch self {
        case .horizon(let days):
            return "A horizon of \(Wording.count(Int(days), "day")) would do."
        case .rates(let rates):
            let list = rates.sorted { $0.key < $1.key }.map { "\($0.key.rawValue): \(Wording.significant($0.value))" }
            return "Higher sampling rates would do: \(list.joined(separator: ", "))."
        case .margins(let margins):
            let list = margins.sorted { $0.key < $1.key }.map { metric, margin in
                switch margin {
                case .absolute(let margin): "\(metric) margin \(Wording.significant(margin))"
                case .ratio(let ratio): "\(metric) ratio \(Wording.significant(ratio))"
                }
            }
            return "Wider margins would do: \(list.joined(separator: ", "))."
        case .without(let classes):
            return "Without \(classes.map(\.rawValue).joined(separator: ", ")) (min_share, or accept) it would do."
        }
    }
}
