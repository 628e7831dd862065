package import Vocabulary

/// What one gate says in one scope.
package struct GateResult: Sendable, Equatable {
    /// The metric as the gate names it, such as `new_refusal`, `score.correct.mean` or `total_time.p99`.
    package var metric: String
    package var margin: Margin
    package var state: State
    /// Worse than stable, within what was accepted: 0 < `lower` ≤ margin.
    package var worse: Bool
    /// The harm of replacing stable by the shadow; for ratio gates the ratio − 1.
    ///
    /// Positive: the shadow is worse.
    package var estimate: Double?
    /// One-sided 95 % bound from below (1 − α of the look).
    package var lower: Double?
    /// One-sided 95 % bound from above (1 − α of the look).
    package var upper: Double?
    /// The e-process against "harm ≤ margin"; nil where the gate has none.
    package var eValue: Double?
    /// T ÷ α; nil where the gate has no e-process.
    package var eThreshold: Double?
    /// The sessions that decide with 80 % power where there is no difference; nil unless the gate is undecided.
    package var neededSessions: Int?
    /// Sessions on which the gate's metric is defined.
    package var sessions: Int
    /// Why the operator accepts an undecided class; nil unless `state` is `accepted`.
    package var acceptedReason: String?

    /// The gate's answer.
    package enum State: String, Sendable, Hashable, CaseIterable {
        /// `upper` < margin.
        case pass
        /// `lower` > margin.
        case fail
        case undecided
        /// No pair of the scope is defined for the metric.
        case notApplicable = "not_applicable"
        /// Undecided, and the operator accepts that for this class.
        case accepted
    }

    package init(
        metric: String,
        margin: Margin,
        state: State,
        worse: Bool = false,
        estimate: Double? = nil,
        lower: Double? = nil,
        upper: Double? = nil,
        eValue: Double? = nil,
        eThreshold: Double? = nil,
        neededSessions: Int? = nil,
        sessions: Int = 0,
        acceptedReason: String? = nil
    ) {
        self.metric = metric
        self.margin = margin
        self.state = state
        self.worse = worse
        self.estimate = estimate
        self.lower = lower
        self.upper = upper
        self.eValue = eValue
        self.eThreshold = eThreshold
        self.neededSessions = neededSessions
        self.sessions = sessions
        self.acceptedReason = acceptedReason
    }

    /// Whether the e-process has crossed its threshold.
    package var rejects: Bool {
        guard let eValue, let eThreshold else { return false }
        return eValue >= eThreshold
    }
}
