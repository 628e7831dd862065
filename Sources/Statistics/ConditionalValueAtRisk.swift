// CVaR: the mean of the worst (lowest) share p of the values, the expected shortfall of a score.
//
// Estimator: (Σ{ω·x : x < q} + (p·W − Σ{ω : x < q})·q) ÷ (p·W), q = the p-quantile. Its influence function is
// q − max(0, q − x)/p − CVaR: the quantile's own error enters at second order only (Trindade, Uryasev, Shapiro, Zrazhevsky,
// J. Banking & Finance 31 (2007) 3524–3538; Brazauskas et al., JSPI 138 (2008) 3590–3604).
// Below 2,000 sessions the interval covers too little (77–83 % at n = 100), so none is given; below 400 no estimate.

extension ClusteredSample {
    /// The fewest sessions for the interval of a CVaR.
    public static let minimumSessionsForCVaRInterval = 2_000

    /// The mean of the lowest share p of the values, with its interval from 2,000 sessions.
    ///
    /// - Parameters:
    ///   - p: the tail, 0.05 unless told.
    ///   - confidence: the two-sided level.
    /// - Returns: not enough data below 400 sessions.
    public func conditionalValueAtRisk(_ p: Double = 0.05, confidence: Double = 0.95) -> Finding<IntervalEstimate> {
        checkConfidence(confidence)
        let needed = PairedSamples.minimumSessionsForTails
        guard sessions >= needed else { return .notEnoughData(have: sessions, needed: needed) }
        let tail = worstMean(p)
        return .value(
            IntervalEstimate(
                estimate: tail.mean,
                interval: Self.normalInterval(
                    around: tail.mean,
                    residuals: tail.residuals,
                    sessions: sessions,
                    confidence: confidence
                )
            )
        )
    }

    /// The CVaR and what each session adds to its error.
    func worstMean(_ p: Double) -> (mean: Double, residuals: [Double]) {
        precondition(p > 0 && p < 1, "a tail's probability lies between 0 and 1")
        let quantile = values[quantileIndex(p)]
        let below = count(below: quantile)
        // Shortfalls q − x, so that nothing cancels: CVaR = q − Σω(q − x)⁺ ÷ (p·W).
        var residuals = [Double](repeating: 0, count: sessionSlots)
        var shortfall = 0.0
        for index in 0..<below {
            let part = weight(index) * (quantile - values[index])
            shortfall += part
            residuals[Int(owner[index])] -= part / p
        }
        let mean = quantile - shortfall / (p * totalWeight)
        for slot in 0..<sessionSlots {
            residuals[slot] = (residuals[slot] + (quantile - mean) * sessionWeights[slot]) / totalWeight
        }
        return (mean, residuals)
    }

    static func normalInterval(
        around estimate: Double,
        residuals: [Double],
        sessions: Int,
        confidence: Double
    ) -> Finding<Interval> {
        guard sessions >= minimumSessionsForCVaRInterval else {
            return .notEnoughData(have: sessions, needed: minimumSessionsForCVaRInterval)
        }
        let error = variance(residuals, sessions: sessions).squareRoot()
        guard error > 1e-14 * abs(estimate), error > 0 else { return .undecided(.zeroVariance) }
        let half = Boost.studentQuantile(Double(sessions - 1), (1 + confidence) / 2) * error
        return .value(Interval(lower: estimate - half, upper: estimate + half))
    }
}

extension PairedSamples {
    /// Shadow's CVaR − stable's, with its paired interval from 2,000 sessions.
    ///
    /// - Parameters:
    ///   - p: the tail, 0.05 unless told.
    ///   - confidence: the two-sided level.
    /// - Returns: not enough data below 400 sessions.
    public func conditionalValueAtRiskDifference(
        _ p: Double = 0.05,
        confidence: Double = 0.95
    ) -> Finding<IntervalEstimate> {
        checkConfidence(confidence)
        let needed = Self.minimumSessionsForTails
        guard sessions >= needed else { return .notEnoughData(have: sessions, needed: needed) }
        let left = stable.worstMean(p)
        let right = shadow.worstMean(p)
        var residuals = right.residuals
        for slot in residuals.indices { residuals[slot] -= left.residuals[slot] }
        let estimate = right.mean - left.mean
        return .value(
            IntervalEstimate(
                estimate: estimate,
                interval: ClusteredSample.normalInterval(
                    around: estimate,
                    residuals: residuals,
                    sessions: sessions,
                    confidence: confidence
                )
            )
        )
    }
}
