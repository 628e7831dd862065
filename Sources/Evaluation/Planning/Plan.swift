// What a run can show before it is over: how many sessions each gate takes, when they will be there, and how likely it is
// that all gates pass if the two models are equal.
//
// The joint probability is the product over all gates, as if they were independent; beside it stands the least that it can
// be however they hang together (1 − the sum of the gates' misses: Bonferroni).
// Limits: traffic is taken to come as it came, and the variation between sessions to be what was seen, or assumed.

import Statistics

/// The plan of an experiment.
package struct Plan: Sendable, Equatable {
    /// A plan is one that can PROMOTE where equal models are promoted with this probability.
    package static let power = 0.8

    package var gates: [PlannedGate]
    /// The declared horizon, and what of it is left, in days; nil where none was declared.
    package var horizonDays: Double?
    package var daysLeft: Double
    /// The one-sided error of the look.
    package var alpha: Double
    /// What the shadow is given and gives back, a day; nil where nothing is known of it.
    package var tokensPerDay: Double?
    /// What was assumed because nothing was seen yet, as sentences.
    package var assumptions: [String]

    package init(
        gates: [PlannedGate],
        horizonDays: Double?,
        daysLeft: Double,
        alpha: Double = 0.05,
        tokensPerDay: Double? = nil,
        assumptions: [String] = []
    ) {
        self.gates = gates
        self.horizonDays = horizonDays
        self.daysLeft = daysLeft
        self.alpha = alpha
        self.tokensPerDay = tokensPerDay
        self.assumptions = assumptions
    }

    /// The probability that each gate passes at the look, in the gates' order.
    package func passProbabilities(afterDays days: Double? = nil) -> [Double] {
        gates.map { $0.passProbability(afterDays: days ?? daysLeft, alpha: alpha) }
    }

    /// The probability that all gates pass at the look where the models are equal.
    package var jointProbability: Double { NonInferiorityPower.jointProbability(passProbabilities()) }

    /// The least that the joint probability can be however the gates depend on each other.
    package var leastJointProbability: Double { max(0, 1 - passProbabilities().reduce(0) { $0 + 1 - $1 }) }

    /// Whether equal models are promoted at the horizon with at least ``power``.
    package var canPromote: Bool { !gates.isEmpty && jointProbability >= Self.power }

    /// The tokens that are left to spend until the horizon.
    package var tokensLeft: Double? { tokensPerDay.map { $0 * daysLeft } }
}
