// The mean over sessions, with the variance that sessions (clusters) give.
//
// What:  each session brings a weight a and a weighted total b. The estimate is R = Σb ÷ Σa, its variance the linearised
//        one of a ratio with sessions as sampling units: m/(m−1) · Σ(b − R·a)² ÷ (Σa)².
// One formula covers: the plain mean of session values (a = 1, b = x: exactly s²/m), Hájek's weighted mean
//        (a = w, b = w·x), and a rate over answers where sessions differ in size (a = answers, b = events).
// Why central moments: sums of squares cancel where the spread is small against the mean; central moments merge as
//        exactly (Chan, Golub, LeVeque 1979) and do not.
// Source: Hájek in Foundations of Statistical Inference (1971) 236; Särndal, Swensson, Wretman, Model Assisted Survey
//        Sampling (1992) §5.6–5.7; Liang, Zeger, Biometrika 73 (1986) 13–22 for the cluster-robust variance.

/// A mergeable, cluster-robust weighted mean or ratio over sessions.
public struct ClusterMean: Sendable, Hashable, Codable {
    /// Sessions with a weight above zero.
    public private(set) var sessions = 0
    private var meanWeight = 0.0
    private var meanTotal = 0.0
    /// Sums of products of deviations from the means: weight², weight·total, total².
    private var weightSquares = 0.0
    private var products = 0.0
    private var totalSquares = 0.0

    /// Creates an empty mean.
    public init() {}

    /// Adds a session by its value (the mean over its pairs).
    ///
    /// - Parameters:
    ///   - value: a finite number.
    ///   - weight: the inverse sampling probability (or any multiple of it); a session of weight 0 is left out.
    public mutating func add(_ value: Double, weight: Double = 1) {
        add(total: value * weight, weight: weight)
    }

    /// Adds a session by its weighted total and its weight, for ratios over answers: Σ events, Σ answers.
    ///
    /// - Parameters:
    ///   - total: the sum over the session's answers of weight × value.
    ///   - weight: the sum over the session's answers of the weights; a session of weight 0 is left out.
    public mutating func add(total: Double, weight: Double) {
        precondition(total.isFinite && weight.isFinite && weight >= 0, "session total \(total), weight \(weight)")
        guard weight > 0 else { return }
        sessions += 1
        let n = Double(sessions)
        let toWeight = weight - meanWeight
        let toTotal = total - meanTotal
        meanWeight += toWeight / n
        meanTotal += toTotal / n
        weightSquares += toWeight * (weight - meanWeight)
        products += toWeight * (total - meanTotal)
        totalSquares += toTotal * (total - meanTotal)
    }

    /// The mean of both sets of sessions together.
    public static func + (left: ClusterMean, right: ClusterMean) -> ClusterMean {
        guard left.sessions > 0 else { return right }
        guard right.sessions > 0 else { return left }
        let leftCount = Double(left.sessions)
        let rightCount = Double(right.sessions)
        let count = leftCount + rightCount
        let weightGap = right.meanWeight - left.meanWeight
        let totalGap = right.meanTotal - left.meanTotal
        let factor = leftCount * rightCount / count
        var sum = ClusterMean()
        sum.sessions = left.sessions + right.sessions
        sum.meanWeight = left.meanWeight + weightGap * rightCount / count
        sum.meanTotal = left.meanTotal + totalGap * rightCount / count
        sum.weightSquares = left.weightSquares + right.weightSquares + weightGap * weightGap * factor
        sum.products = left.products + right.products + weightGap * totalGap * factor
        sum.totalSquares = left.totalSquares + right.totalSquares + totalGap * totalGap * factor
        return sum
    }

    /// The weighted mean (Hájek's estimator), nil without sessions.
    public var mean: Double? { sessions == 0 ? nil : meanTotal / meanWeight }

    /// The variance of one session's (linearised) value, the n of a power calculation; nil below 2 sessions.
    ///
    /// With equal weights it is the sample variance with denominator m − 1.
    public var sessionVariance: Double? {
        guard sessions >= 2, let mean else { return nil }
        let squares = totalSquares - 2 * mean * products + mean * mean * weightSquares
        // Rounding leaves crumbs where all values are equal: below 1e-28 of the sizes involved they are zero.
        let scale = totalSquares + mean * mean * weightSquares + Double(sessions) * meanTotal * meanTotal
        guard squares > scale * 1e-28 else { return 0 }
        return squares / Double(sessions - 1) / (meanWeight * meanWeight)
    }

    /// The standard error of the mean; nil below 2 sessions, 0 where all sessions agree.
    public var standardError: Double? {
        sessionVariance.map { ($0 / Double(sessions)).squareRoot() }
    }

    /// Kish's effective number of sessions, (Σw)² ÷ Σw²: how many equally weighted ones the weights are worth.
    public var effectiveSessions: Double {
        guard sessions > 0 else { return 0 }
        let n = Double(sessions)
        return n / (1 + weightSquares / (n * meanWeight * meanWeight))
    }

    /// Says whether all sessions have the same weight, but for rounding.
    public var isEquallyWeighted: Bool {
        weightSquares <= 1e-18 * Double(max(sessions, 1)) * meanWeight * meanWeight
    }

    /// The two-sided interval, Student's t with m − 1 degrees of freedom.
    ///
    /// - Returns: undecided where all sessions have the same value; not enough data below 2 sessions.
    public func interval(confidence: Double = 0.95) -> Finding<Interval> {
        checkConfidence(confidence)
        return margin(oneSided: (1 + confidence) / 2).map { half, mean in
            Interval(lower: mean - half, upper: mean + half)
        }
    }

    /// The one-sided lower bound at a confidence level.
    public func lowerBound(confidence: Double = 0.95) -> Finding<Double> {
        checkConfidence(confidence)
        return margin(oneSided: confidence).map { half, mean in mean - half }
    }

    /// The one-sided upper bound at a confidence level.
    public func upperBound(confidence: Double = 0.95) -> Finding<Double> {
        checkConfidence(confidence)
        return margin(oneSided: confidence).map { half, mean in mean + half }
    }

    private func margin(oneSided: Double) -> Finding<(half: Double, mean: Double)> {
        guard let mean, let error = standardError else { return .notEnoughData(have: sessions, needed: 2) }
        guard error > 0 else { return .undecided(.zeroVariance) }
        return .value((Boost.studentQuantile(Double(sessions - 1), oneSided) * error, mean))
    }
}
