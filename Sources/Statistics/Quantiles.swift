// Quantiles of one side and their intervals.
//
// Estimator: the smallest observed value x with F(x) ≥ p (Hyndman and Fan's definition 1, numpy's `inverted_cdf`),
//        with weights where there are any. It is always a value that was seen, and ties and scores behave.
// Interval: Woodruff's: an interval for the distribution function at the quantile, inverted. For independent equally
//        weighted values that is the order-statistic interval, whose coverage follows from the binomial distribution
//        alone. Sessions and weights enter through the effective sample size n* = F(1−F) ÷ (cluster-linearised variance
//        of F), with Student's t for the estimated variance. The ranks at which the binomial tail probability is exactly
//        α/2 are not whole; the ends are interpolated between neighbouring values (observed values, rounded outwards,
//        where the data are discrete). Rounding all ranks outwards instead covers up to 98.3 % (p95 at n = 100).
// Minimum: nothing is given below 4p/(1−p) sessions (symmetrically 4(1−p)/p for low p): p95 76, p99 396, p99.9 3,996.
// Sources: Woodruff, JASA 47 (1952) 635–646; Francisco, Fuller, Annals of Statistics 19 (1991) 454–469; Korn, Graubard,
//        Survey Methodology 24 (1998) 193–201; Nyblom, Stat. Probab. Lett. 14 (1992) 129–131 for the interpolation.

/// Rules for quantiles that do not depend on data.
public enum Quantile {
    /// The fewest sessions at which a quantile is given: 4p/(1−p), for low p 4(1−p)/p, rounded up.
    ///
    /// - Parameter probability: p, above 0 and below 1.
    /// - Returns: the number of sessions.
    public static func minimumSessions(_ probability: Double) -> Int {
        precondition(probability > 0 && probability < 1, "a quantile's probability lies between 0 and 1")
        let odds = max(probability / (1 - probability), (1 - probability) / probability)
        return Int((4 * odds - 1e-9).rounded(.up))
    }

    /// The exact order-statistic interval for independent values: 1-based ranks of its ends.
    ///
    /// The coverage is at least `confidence` for every continuous distribution (David, Nagaraja, Order Statistics §7.1).
    ///
    /// - Parameters:
    ///   - probability: p, above 0 and below 1.
    ///   - count: the number of values.
    ///   - confidence: the two-sided level, equal tails.
    /// - Returns: nil where even the extremes do not reach the confidence.
    public static func orderStatisticRanks(
        _ probability: Double,
        count: Int,
        confidence: Double = 0.95
    ) -> (lower: Int, upper: Int)? {
        checkConfidence(confidence)
        guard count > 0, let ranks = realRanks(probability, size: Double(count), tail: (1 - confidence) / 2) else {
            return nil
        }
        return (Int((ranks.lower + 1e-9).rounded(.down)), Int((ranks.upper - 1e-9).rounded(.up)))
    }

    /// The real ranks at which the binomial tail probabilities equal `tail`, for a size that need not be whole.
    ///
    /// With N ~ Bin(n, p) values below the quantile, rank l misses it with P(N < l) = I(1−p; n−l+1, l), and rank u with
    /// P(N ≥ u) = I(p; u, n−u+1). Nil where even rank 1 or n misses too often.
    static func realRanks(_ p: Double, size n: Double, tail: Double) -> (lower: Double, upper: Double)? {
        guard n >= 1, Boost.power(1 - p, n) <= tail, Boost.power(p, n) <= tail else { return nil }
        return (rank(p, size: n, tail: tail), n + 1 - rank(1 - p, size: n, tail: tail))
    }

    /// The real rank r with I(1−q; n−r+1, r) = tail, increasing in r, by the Illinois method on the logarithm.
    private static func rank(_ q: Double, size n: Double, tail: Double) -> Double {
        let target = Boost.logarithm(tail)
        func excess(_ r: Double) -> Double {
            Boost.logarithm(max(Boost.betaCumulative(n - r + 1, r, 1 - q), 1e-300)) - target
        }
        // The normal approximation is within a few ranks; the bracket opens until it holds the root.
        let spread = (n * q * (1 - q)).squareRoot()
        let guess = n * q + 0.5 + Boost.normalQuantile(tail) * spread
        var step = 1 + 0.05 * spread
        var low = min(n, max(1, guess - step))
        var high = min(n, max(low, guess + step))
        var atLow = excess(low)
        while atLow > 0 && low > 1 {
            step *= 2
            high = low
            low = max(1, low - step)
            atLow = excess(low)
        }
        var atHigh = excess(high)
        while atHigh < 0 && high < n {
            step *= 2
            low = high
            atLow = atHigh
            high = min(n, high + step)
            atHigh = excess(high)
        }
        guard atLow < 0, atHigh > 0 else { return atLow >= 0 ? low : high }
        for _ in 0..<60 where abs(high - low) > 1e-10 * n {
            let middle = high - atHigh * (high - low) / (atHigh - atLow)
            let value = excess(middle)
            if abs(value) < 1e-12 { return middle }
            if value * atHigh < 0 {
                low = high
                atLow = atHigh
            } else {
                atLow /= 2
            }
            high = middle
            atHigh = value
        }
        return high
    }
}

extension ClusteredSample {
    /// The p-quantile: the smallest value x with F(x) ≥ p.
    ///
    /// - Parameter p: above 0 and below 1.
    /// - Returns: not enough data below ``Quantile/minimumSessions(_:)``.
    public func quantile(_ p: Double) -> Finding<Double> {
        let needed = Quantile.minimumSessions(p)
        guard sessions >= needed else { return .notEnoughData(have: sessions, needed: needed) }
        return .value(values[quantileIndex(p)])
    }

    /// The p-quantile with its two-sided interval.
    ///
    /// One-sided bounds at 95 % are the ends of the interval at 90 %.
    ///
    /// - Parameters:
    ///   - p: above 0 and below 1.
    ///   - confidence: the two-sided level.
    /// - Returns: not enough data below ``Quantile/minimumSessions(_:)``; the interval alone may need a few sessions
    ///   more, where weights or clusters make them worth less, or for the median of 4 or 5.
    public func quantileEstimate(_ p: Double, confidence: Double = 0.95) -> Finding<IntervalEstimate> {
        checkConfidence(confidence)
        return quantile(p).map { estimate in
            IntervalEstimate(estimate: estimate, interval: quantileInterval(p, confidence: confidence))
        }
    }

    /// The two-sided interval of the p-quantile.
    public func quantileInterval(_ p: Double, confidence: Double = 0.95) -> Finding<Interval> {
        checkConfidence(confidence)
        let needed = Quantile.minimumSessions(p)
        guard sessions >= needed else { return .notEnoughData(have: sessions, needed: needed) }
        let tail = (1 - confidence) / 2
        let size = effectiveSize(p, tail: tail)
        guard let ranks = Quantile.realRanks(p, size: size, tail: tail) else {
            let extreme = max(p, 1 - p)
            let enough = Boost.logarithm(tail) / Boost.logarithm(extreme)
            return .notEnoughData(
                have: sessions,
                needed: max(sessions + 1, Int((enough * Double(sessions) / size).rounded(.up)))
            )
        }
        return .value(
            Interval(
                lower: value(atShare: (ranks.lower - 0.5) / size, roundingUp: false),
                upper: value(atShare: (ranks.upper - 0.5) / size, roundingUp: true)
            )
        )
    }

    /// The index of the smallest value with F ≥ p; sums of weights may miss p by rounding.
    func quantileIndex(_ p: Double) -> Int {
        let target = p * totalWeight * (1 - 1e-13)
        var low = 0
        var high = values.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] >= target { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// How many independent equally weighted values the sample is worth at its p-quantile.
    private func effectiveSize(_ p: Double, tail: Double) -> Double {
        guard !isSimple else { return Double(sessions) }
        let estimate = values[quantileIndex(p)]
        let atMost = count(atMost: estimate)
        let count = atMost < values.count ? atMost : self.count(below: estimate)
        let share = shareOfFirst(count)
        let residuals = shareResiduals(ofFirst: count)
        var squares = 0.0
        for residual in residuals { squares += residual * residual }
        guard share > 0, share < 1, squares > 0 else { return kishSize }
        let size = min(share * (1 - share) / squares, Double(values.count))
        let z = Boost.normalQuantile(1 - tail)
        let t = Boost.studentQuantile(Double(sessions - 1), 1 - tail)
        return size * (z / t) * (z / t)
    }

    /// Kish's effective number of sessions.
    private var kishSize: Double {
        var squares = 0.0
        for weight in sessionWeights { squares += weight * weight }
        return totalWeight * totalWeight / squares
    }

    /// The value at a share of the weight, each value standing at the middle of its own weight.
    private func value(atShare share: Double, roundingUp: Bool) -> Double {
        let target = share * totalWeight
        // The first index whose middle lies at or above the target.
        var low = 0
        var high = values.count
        while low < high {
            let centre = (low + high) / 2
            if middle(centre) >= target - 1e-12 * totalWeight { high = centre } else { low = centre + 1 }
        }
        guard low > 0 else { return values[0] }
        guard low < values.count else { return values[values.count - 1] }
        if isDiscrete {
            let isExact = middle(low) <= target + 1e-12 * totalWeight
            return roundingUp || isExact ? values[low] : values[low - 1]
        }
        let left = middle(low - 1)
        let part = min(1, max(0, (target - left) / (middle(low) - left)))
        return values[low - 1] + part * (values[low] - values[low - 1])
    }

    private func middle(_ index: Int) -> Double { cumulative[index] - weight(index) / 2 }
}
