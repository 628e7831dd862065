/// The plain two-sample check by name: Student's t and Cohen's d on two groups, with a three-way decision.
///
/// It compares means of unpaired groups and looks once; the verdict does not rest on it. Pairs are paired, and tails are
/// not means.
public struct ABCheck: Sendable, Hashable {
    /// What the check says; the raw values are the names that are printed.
    public enum Decision: String, Sendable, Hashable, Codable {
        /// A group has fewer than 30 values, or neither group varies.
        case insufficientData = "insufficient_data"
        /// The candidate is significantly better.
        case promote
        /// The candidate is significantly worse.
        case rollback
        /// No significant difference.
        case continueMonitoring = "continue_monitoring"
    }

    /// The fewest values in each group.
    public static let minimumPerGroup = 30

    /// The decision.
    public let decision: Decision
    /// Student's t test of candidate − baseline, where there was enough data.
    public let test: TestResult?
    /// Cohen's d of candidate − baseline, where there was enough data.
    public let effectSize: Double?

    /// Compares two groups.
    ///
    /// - Parameters:
    ///   - baseline: the group that is in service.
    ///   - candidate: the group that might replace it.
    ///   - higherIsBetter: the direction of the metric.
    ///   - alpha: the level of the two-sided test.
    public init(baseline: Moments, candidate: Moments, higherIsBetter: Bool, alpha: Double = 0.05) {
        checkConfidence(alpha)
        guard min(baseline.count, candidate.count) >= Self.minimumPerGroup,
            let test = TTest.student(candidate, baseline).value
        else {
            decision = .insufficientData
            test = nil
            effectSize = nil
            return
        }
        self.test = test
        effectSize = EffectSize.cohensD(candidate, baseline).value
        decision =
            if test.pValue >= alpha {
                .continueMonitoring
            } else if (test.statistic > 0) == higherIsBetter {
                .promote
            } else {
                .rollback
            }
    }
}
