import Evaluation
import Statistics
import Vocabulary

/// Figures as a cell of a table shows them; a figure that is missing says what it needs.
enum Shown {
    static func value(
        _ estimate: Estimate,
        _ format: @escaping (Double) -> String = { Wording.significant($0) }
    ) -> String {
        if let value = estimate.value { return format(value) }
        return estimate.neededSessions.map { "n < \(Wording.grouped($0))" } ?? "–"
    }

    static func interval(
        _ estimate: Estimate,
        _ format: @escaping (Double) -> String = { Wording.significant($0) }
    ) -> String {
        if let interval = estimate.interval { return "\(format(interval.lower)) … \(format(interval.upper))" }
        guard estimate.value != nil, let needed = estimate.neededSessions else { return "" }
        return "n < \(Wording.grouped(needed))"
    }

    /// "0.031 (0.012 … 0.05)".
    static func both(
        _ estimate: Estimate,
        _ format: @escaping (Double) -> String = { Wording.significant($0) }
    ) -> String {
        let interval = interval(estimate, format)
        return value(estimate, format) + (interval.isEmpty ? "" : " (\(interval))")
    }

    /// A harm on the scale of its gate: points of a hundred.
    static func points(_ harm: Double?) -> String {
        harm.map { Wording.points($0) } ?? "–"
    }

    /// A gate's state in words; `reject` where its evidence crossed the threshold.
    static func state(_ gate: GateResult) -> String {
        if gate.rejects { return "reject" }
        let word = gate.state.rawValue.replacing("_", with: " ")
        return gate.worse && gate.state == .pass ? "pass, worse" : word
    }

    /// The class of a state's colour.
    static func tone(_ gate: GateResult) -> String {
        switch gate.state {
        case _ where gate.rejects: "bad"
        case .fail: "bad"
        case .undecided: "open"
        case .pass, .accepted: gate.worse ? "open" : "good"
        case .notApplicable: "mute"
        }
    }

    /// The gravest first.
    static func rank(_ gate: GateResult) -> Int {
        switch gate.state {
        case _ where gate.rejects: 0
        case .fail: 1
        case .undecided: 2
        case .accepted: 3
        case .pass: gate.worse ? 4 : 5
        case .notApplicable: 6
        }
    }
}
