// The harm of replacing stable by the shadow on one metric: what a gate is about.
//
// A session's value x is the mean over its pairs of (harm of the shadow − harm of stable), in −1 ... 1, positive where
// the shadow is worse. θ = E[x].
//
// - Where every session has one pair, the values are −1, 0, 1 and the weights are equal: Tango's score interval. The one-sided
//   bounds take Student's critical value instead of the normal one, the upper one a little more: at 100 to 1,500 sessions
//   that is what keeps its error at 5 %. Where the shadow was better in no session at all, θ is a plain rate, and
//   both are exact.
// - Else: cluster-robust over sessions, by the score bounds of the session values where the caller has them
//   (SessionScores says why), by Student's t with m − 1 degrees of freedom where only the mergeable sums are at hand.
// - With fewer than 5 sessions in which the shadow was worse, the normal theory knows nothing about how bad it may be.
//   As θ ≤ P(x > 0), the upper bound is the larger of the above and the one-sided Clopper–Pearson bound of the rate
//   of such sessions: zero events pass a margin of 0.01 / 0.02 / 0.03 only from 299 / 149 / 99 sessions.
// - Zero variance otherwise is undecided, never a zero-width interval.

/// The mean paired harm over sessions with its bounds; two of them add.
public struct PairedHarm: Sendable, Hashable, Codable {
    /// The mean of the session values and its variance.
    public private(set) var mean = ClusterMean()
    /// Pairs in all sessions.
    public private(set) var pairs = 0
    /// Sessions in which the shadow was worse (x > 0).
    public private(set) var worseSessions = 0
    /// Sessions in which the shadow was better (x < 0).
    public private(set) var betterSessions = 0
    private var worseWeight = 0.0
    private var totalWeight = 0.0
    /// Sessions with one pair and a value of −1, 0 or 1.
    private var singleBinarySessions = 0

    /// Creates an empty harm.
    public init() {}

    /// Adds a session.
    ///
    /// - Parameters:
    ///   - value: the session's mean harm difference, −1 ... 1, positive where the shadow is worse.
    ///   - pairs: the pairs behind it; a session without any is left out.
    ///   - weight: the session's inverse sampling probability; a session of weight 0 is left out.
    public mutating func add(_ value: Double, pairs: Int = 1, weight: Double = 1) {
        precondition(abs(value) <= 1, "a harm difference of \(value) lies outside -1 ... 1")
        guard pairs > 0, weight > 0 else { return }
        mean.add(value, weight: weight)
        self.pairs += pairs
        totalWeight += weight
        if value > 0 {
            worseSessions += 1
            worseWeight += weight
        } else if value < 0 {
            betterSessions += 1
        }
        if pairs == 1 && (value == 0 || value == 1 || value == -1) { singleBinarySessions += 1 }
    }

    /// The harm over both sets of sessions together.
    public static func + (left: PairedHarm, right: PairedHarm) -> PairedHarm {
        var sum = PairedHarm()
        sum.mean = left.mean + right.mean
        sum.pairs = left.pairs + right.pairs
        sum.worseSessions = left.worseSessions + right.worseSessions
        sum.betterSessions = left.betterSessions + right.betterSessions
        sum.worseWeight = left.worseWeight + right.worseWeight
        sum.totalWeight = left.totalWeight + right.totalWeight
        sum.singleBinarySessions = left.singleBinarySessions + right.singleBinarySessions
        return sum
    }

    /// Sessions counted.
    public var sessions: Int { mean.sessions }

    /// θ, the mean harm; nil without sessions.
    public var estimate: Double? { mean.mean }

    /// The counts for Tango's interval, where every session is one equally weighted 0/1 pair; else nil.
    public var singlePairs: PairedBinary? {
        guard sessions > 0, singleBinarySessions == sessions, mean.isEquallyWeighted else { return nil }
        return PairedBinary(pairs: sessions, shadowOnly: worseSessions, stableOnly: betterSessions)
    }

    /// The two-sided interval of θ.
    ///
    /// - Parameters:
    ///   - confidence: of both sides together.
    ///   - scores: the values of the same sessions; without them Student's t stands in for the score interval.
    /// - Returns: undecided where all sessions have the same value.
    public func interval(confidence: Double = 0.95, of scores: SessionScores? = nil) -> Finding<Interval> {
        singlePairs?.tango(confidence: confidence) ?? scores?.interval(confidence: confidence)
            ?? mean.interval(confidence: confidence)
    }

    /// The one-sided lower bound L of θ.
    ///
    /// - Parameters:
    ///   - confidence: of the one side.
    ///   - scores: the values of the same sessions; without them Student's t stands in for the score bound.
    /// - Returns: undecided where all sessions have the same value.
    public func lowerBound(confidence: Double = 0.95, of scores: SessionScores? = nil) -> Finding<Double> {
        checkConfidence(confidence)
        guard let singlePairs else {
            return scores?.lowerBound(confidence: confidence) ?? mean.lowerBound(confidence: confidence)
        }
        return .value(singlePairs.lowerBound(confidence: confidence))
    }

    /// The one-sided upper bound without the rule for few worse sessions.
    ///
    /// - Parameters:
    ///   - confidence: of the one side.
    ///   - scores: the values of the same sessions; without them Student's t stands in for the score bound.
    /// - Returns: undecided where all sessions have the same value.
    public func plainUpperBound(confidence: Double = 0.95, of scores: SessionScores? = nil) -> Finding<Double> {
        checkConfidence(confidence)
        guard let singlePairs else {
            return scores?.upperBound(confidence: confidence) ?? mean.upperBound(confidence: confidence)
        }
        return .value(singlePairs.upperBound(confidence: confidence))
    }

    /// The one-sided upper bound U of θ, with the rule for fewer than 5 worse sessions.
    ///
    /// - Parameters:
    ///   - confidence: of the one side.
    ///   - scores: the values of the same sessions; without them Student's t stands in for the score bound.
    /// - Returns: not enough data without sessions.
    public func upperBound(confidence: Double = 0.95, of scores: SessionScores? = nil) -> Finding<Double> {
        guard sessions > 0 else { return .notEnoughData(have: 0, needed: 1) }
        let plain = plainUpperBound(confidence: confidence, of: scores)
        guard worseSessions < Self.fewWorseSessions else { return plain }
        let exact = rareHarmBound(confidence: confidence)
        return .value(max(plain.value ?? exact, exact))
    }

    /// Below this number of worse sessions the exact bound is asked as well.
    public static let fewWorseSessions = 5

    /// The exact upper bound of the rate of worse sessions; weighted sessions count at their effective number.
    private func rareHarmBound(confidence: Double) -> Double {
        if mean.isEquallyWeighted {
            return Proportion.exactUpper(
                events: Double(worseSessions),
                size: Double(sessions),
                confidence: confidence
            )
        }
        let size = mean.effectiveSessions
        return Proportion.exactUpper(events: worseWeight / totalWeight * size, size: size, confidence: confidence)
    }

    /// Sessions that would decide a gate of this harm if θ were 0 and the spread stayed as observed.
    ///
    /// - Parameters:
    ///   - margin: the gate's margin, above 0.
    ///   - power: the probability of deciding.
    ///   - confidence: of the one-sided bound.
    /// - Returns: at least the size at which zero events pass; nil below 2 sessions (nothing is known of the spread).
    public func neededSessions(margin: Double, power: Double = 0.8, confidence: Double = 0.95) -> Int? {
        guard let variance = mean.sessionVariance else { return nil }
        // Weights inflate the variance of the mean by as much as they shrink the effective number of sessions; the
        // linearised variance holds that already.
        return SampleSize.nonInferiority(
            standardDeviation: variance.squareRoot(),
            worseRate: totalWeight > 0 ? worseWeight / totalWeight : 0,
            margin: margin,
            power: power,
            confidence: confidence
        )
    }
}
