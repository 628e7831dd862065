// Bootstrap over sessions: the check of the closed forms, and the interval of figures that have none (Krippendorff's α).
//
// Sessions are drawn with replacement; the same seed gives the same interval. Percentile: the α/2 and 1−α/2 quantiles of the
// replicates. BCa: the levels shifted for bias (share of replicates below the estimate) and acceleration (skewness of the
// leave-one-session-out values). Sources: Efron, JASA 82 (1987) 171–185; Efron, Tibshirani (1993) §14.3; ties at the
// estimate count half, as scipy does.

/// A seeded bootstrap over sessions.
public struct ClusterBootstrap: Sendable {
    /// How many times the sessions are drawn.
    public var replicates: Int
    /// The seed of the draws.
    public var seed: UInt64

    /// Creates a bootstrap.
    ///
    /// - Parameters:
    ///   - replicates: how many times the sessions are drawn.
    ///   - seed: the seed of the draws.
    public init(replicates: Int = 2_000, seed: UInt64 = 1) {
        precondition(replicates > 0, "a bootstrap needs replicates")
        self.replicates = replicates
        self.seed = seed
    }

    /// Draws sessions and computes the statistic each time.
    ///
    /// - Parameters:
    ///   - sessions: how many sessions there are, numbered from 0.
    ///   - withJackknife: also compute the leave-one-out values that BCa needs.
    ///   - statistic: the figure over the sessions of these numbers (with repeats); nil where it is undefined.
    /// - Returns: not enough data below 2 sessions; undecided where the figure itself is undefined.
    public func distribution(
        sessions: Int,
        withJackknife: Bool = true,
        statistic: ([Int]) -> Double?
    ) -> Finding<BootstrapDistribution> {
        guard sessions >= 2 else { return .notEnoughData(have: sessions, needed: 2) }
        var picked = Array(0..<sessions)
        guard let estimate = statistic(picked), estimate.isFinite else { return .undecided(.zeroVariance) }
        var jackknife: [Double] = []
        if withJackknife {
            picked.removeLast()
            // `picked` holds all but the session `left`, starting with the last one.
            for left in stride(from: sessions - 1, through: 0, by: -1) {
                if left < sessions - 1 { picked[left] = left + 1 }
                if let value = statistic(picked), value.isFinite { jackknife.append(value) }
            }
            picked.append(0)
        }
        var generator = SplitMix64(seed: seed)
        var values: [Double] = []
        values.reserveCapacity(replicates)
        for _ in 0..<replicates {
            for index in picked.indices { picked[index] = generator.nextIndex(below: sessions) }
            if let value = statistic(picked), value.isFinite { values.append(value) }
        }
        guard !values.isEmpty else { return .undecided(.zeroVariance) }
        return .value(BootstrapDistribution(estimate: estimate, replicates: values, jackknife: jackknife))
    }
}

/// The values of a figure over bootstrap samples.
public struct BootstrapDistribution: Sendable {
    /// The figure on the data themselves.
    public let estimate: Double
    /// The replicates in ascending order; samples on which the figure is undefined are missing.
    public let replicates: [Double]
    /// The leave-one-session-out values.
    public let jackknife: [Double]

    /// Creates a distribution from values computed elsewhere.
    ///
    /// - Parameters:
    ///   - estimate: the figure on the data themselves.
    ///   - replicates: its values over bootstrap samples, in any order, not empty.
    ///   - jackknife: its leave-one-session-out values; may be empty, then there is no BCa interval.
    public init(estimate: Double, replicates: [Double], jackknife: [Double]) {
        precondition(!replicates.isEmpty, "a bootstrap distribution needs replicates")
        self.estimate = estimate
        self.replicates = replicates.sorted()
        self.jackknife = jackknife
    }

    /// The standard deviation of the replicates, nil below 2.
    public var standardError: Double? { Moments(replicates).variance?.squareRoot() }

    /// The percentile interval.
    public func percentile(confidence: Double = 0.95) -> Finding<Interval> {
        checkConfidence(confidence)
        return interval((1 - confidence) / 2, (1 + confidence) / 2)
    }

    /// The bias-corrected and accelerated interval; the percentile interval's levels where no skewness can be seen.
    public func bca(confidence: Double = 0.95) -> Finding<Interval> {
        checkConfidence(confidence)
        guard jackknife.count >= 2 else { return .notEnoughData(have: jackknife.count, needed: 2) }
        let below = Double(replicates.count { $0 < estimate })
        let equal = Double(replicates.count { $0 == estimate })
        let share = (below + equal / 2) / Double(replicates.count)
        guard share > 0, share < 1 else { return .undecided(.zeroVariance) }
        let bias = Boost.normalQuantile(share)
        let mean = jackknife.reduce(0, +) / Double(jackknife.count)
        var squares = 0.0
        var cubes = 0.0
        for value in jackknife {
            let gap = mean - value
            squares += gap * gap
            cubes += gap * gap * gap
        }
        let acceleration = squares > 0 ? cubes / (6 * squares * squares.squareRoot()) : 0
        func level(_ p: Double) -> Double {
            let shifted = bias + Boost.normalQuantile(p)
            return Boost.normalCumulative(bias + shifted / (1 - acceleration * shifted))
        }
        return interval(level((1 - confidence) / 2), level((1 + confidence) / 2))
    }

    private func interval(_ low: Double, _ high: Double) -> Finding<Interval> {
        guard let first = replicates.first, let last = replicates.last, last > first else {
            return .undecided(.zeroVariance)
        }
        let ends = Interval(lower: linearQuantile(min(low, high)), upper: linearQuantile(max(low, high)))
        return ends.width > 0 ? .value(ends) : .undecided(.zeroVariance)
    }

    /// Linear interpolation between replicates (Hyndman and Fan's definition 7, numpy's default).
    private func linearQuantile(_ p: Double) -> Double {
        let position = p * Double(replicates.count - 1)
        let index = min(Int(position), replicates.count - 1)
        guard index + 1 < replicates.count else { return replicates[index] }
        return replicates[index] + (position - Double(index)) * (replicates[index + 1] - replicates[index])
    }
}
