// Few human ratings and many judge scores, joined into one unbiased mean.
//
// Items with both: human Y and judge f, n of them. Items with the judge's score only: N of them. For any λ,
// mean(Y) + λ·(mean over N of f − mean over n of f) is unbiased, however wrong the judge is. PPI++ picks the λ of least
// variance, Cov(Y, f) ÷ ((1 + n/N)·Var(f)), held within 0 ... 1: a useless judge gets λ near 0 and costs nothing.
// Source: Angelopoulos, Duchi, Zrnic, "PPI++" (2023), §3 and equation 8; Angelopoulos et al., Science 382 (2023) 669–674.
// Limits: items are independent; rated and unrated ones are drawn from the same population.

/// The prediction-powered estimate of a mean, beside the one from humans only.
public struct PredictionPoweredMean: Sendable, Hashable {
    /// The joint estimate and its interval.
    public let joint: IntervalEstimate
    /// The estimate from human ratings only.
    public let humansOnly: IntervalEstimate
    /// The weight that the judge got, between 0 and 1.
    public let lambda: Double

    /// Joins ratings and scores.
    ///
    /// - Parameters:
    ///   - human: human ratings.
    ///   - judge: the judge's scores of the same items, in the same order.
    ///   - unlabelled: the judge's scores of the other items.
    ///   - confidence: the two-sided level.
    /// - Returns: not enough data below 2 rated or 2 unrated items.
    /// - Throws: where the numbers of ratings and scores differ.
    public static func estimate(
        human: [Double],
        judge: [Double],
        unlabelled: [Double],
        confidence: Double = 0.95
    ) throws(StatisticsError) -> Finding<PredictionPoweredMean> {
        checkConfidence(confidence)
        guard human.count == judge.count else {
            throw .lengthMismatch(what: "judge scores", expected: human.count, found: judge.count)
        }
        guard human.count >= 2, unlabelled.count >= 2 else {
            return .notEnoughData(have: min(human.count, unlabelled.count), needed: 2)
        }
        let n = Double(human.count)
        let rest = Double(unlabelled.count)
        let humanMean = human.reduce(0, +) / n
        let judgeMean = judge.reduce(0, +) / n
        let restMean = unlabelled.reduce(0, +) / rest
        let covariance = zip(human, judge).reduce(0) { $0 + ($1.0 - humanMean) * ($1.1 - judgeMean) } / n
        let all = (n * judgeMean + rest * restMean) / (n + rest)
        let spread =
            (judge.reduce(0) { $0 + ($1 - all) * ($1 - all) }
                + unlabelled.reduce(0) { $0 + ($1 - all) * ($1 - all) }) / (n + rest - 1)
        let lambda = spread > 0 ? min(1, max(0, covariance / ((1 + n / rest) * spread))) : 0

        let estimate = humanMean + lambda * (restMean - judgeMean)
        func populationVariance(_ values: some Sequence<Double>, _ mean: Double, _ count: Double) -> Double {
            values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        }
        let corrected = zip(human, judge).map { $0 - lambda * $1 }
        let variance =
            populationVariance(corrected, humanMean - lambda * judgeMean, n) / n
            + lambda * lambda * populationVariance(unlabelled, restMean, rest) / rest
        let plain = populationVariance(human, humanMean, n) / n
        let z = Boost.normalQuantile((1 + confidence) / 2)
        func around(_ centre: Double, _ variance: Double) -> IntervalEstimate {
            let half = z * variance.squareRoot()
            return IntervalEstimate(
                estimate: centre,
                interval: half > 0
                    ? .value(Interval(lower: centre - half, upper: centre + half)) : .undecided(.zeroVariance)
            )
        }
        return .value(
            PredictionPoweredMean(
                joint: around(estimate, variance),
                humansOnly: around(humanMean, plain),
                lambda: lambda
            )
        )
    }
}
