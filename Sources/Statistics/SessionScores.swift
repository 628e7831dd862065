// Score bounds of a mean over sessions: what Tango's interval is for 0/1 pairs, for any bounded value.
//
// What:  δ is believed unless the data, reweighted as little as possible so that their mean is δ, would give a mean as far
//        from δ as the observed one too seldom. The reweighting is the empirical likelihood's, pᵢ = 1 / (m (1 + λ gᵢ)) with
//        gᵢ = wᵢ (xᵢ − δ) and Σ pᵢ gᵢ = 0; the end of the range may be given weight though no session lay there. The
//        variance under δ is then ḡ / λ, and the score statistic m ḡ² / (ḡ / λ) = m λ ḡ: one sum a trial, no inner root.
// Why:   Student's t takes the spread from the sample. Where large losses are rare, the samples that hold few of them have
//        a low mean and a small spread at once, and the bound ends below the truth in 7 to 10 % of them instead of 5 %
//        (`Scripts/bench statistics`, false PROMOTE). Under δ the spread is what δ needs it to be.
// Same:  for −1, 0, 1 it is Tango's bound, for 0, 1 Wilson's, exactly (tested).
// Limits: Beyond 4,096 sessions values are gathered in as many intervals of the range, each at its mean: the spread is then
//        known to 2e-8. The critical value is Student's, m − 1 degrees of freedom, which is a convention here.
// Source: Owen, Empirical Likelihood (2001) §2.9, §3.5 (estimating equations: Qin, Lawless, Annals of Statistics 22 (1994)
//        300–325); Tango, Statistics in Medicine 17 (1998) 891–908; Wilson, JASA 22 (1927) 209–212.

/// Session values of a bounded quantity, with score bounds of their mean.
public struct SessionScores: Sendable {
    /// Sessions that share a value: their number, and the weight of each.
    private struct Point {
        var value: Double
        var count: Double
        var weight: Double
    }

    /// Sessions with a weight above zero.
    public let sessions: Int
    private let range: ClosedRange<Double>
    private let points: [Point]
    private let mean: Double
    /// Σw² ÷ Σw: the weight of a session that was not seen.
    private let unseenWeight: Double
    private let hasSpread: Bool

    private static let largestNumberOfPoints = 4_096

    /// Session values with their weights.
    ///
    /// - Parameters:
    ///   - values: each session's mean over its pairs, within the range but for rounding.
    ///   - weights: inverse sampling probabilities, one a session; a session of weight 0 is left out. Nil: all alike.
    ///   - range: what a value can be at all, seen or not: −1 ... 1 for a difference of harms or scores.
    public init(_ values: [Double], weights: [Double]? = nil, range: ClosedRange<Double>) {
        precondition(weights == nil || weights?.count == values.count, "one weight a session")
        self.range = range
        var points: [Point] = []
        points.reserveCapacity(values.count)
        var (total, sum, squares) = (0.0, 0.0, 0.0)
        for (index, value) in values.enumerated() {
            let weight = weights?[index] ?? 1
            guard weight > 0 else { continue }
            let inside = min(max(value, range.lowerBound), range.upperBound)
            points.append(Point(value: inside, count: 1, weight: weight))
            total += weight
            sum += weight * inside
            squares += weight * weight
        }
        sessions = points.count
        mean = total > 0 ? sum / total : 0
        unseenWeight = total > 0 ? squares / total : 1
        hasSpread = points.contains { abs($0.value - points[0].value) > 1e-12 }
        self.points = points.count > Self.largestNumberOfPoints ? Self.gathered(points, range) : points
    }

    /// Differences of sessions whose range is taken to reach as far on either side as the largest that was seen.
    ///
    /// For the interval of an estimate. With −1 ... 1 as the range of small differences, 100 sessions leave room for a mean
    /// of 0.04 in losses that nobody saw: right for a bound that a decision rests on, but an interval that covers in 99 %.
    ///
    /// - Parameters:
    ///   - differences: each session's mean over its pairs.
    ///   - weights: inverse sampling probabilities, one a session; a session of weight 0 is left out. Nil: all alike.
    public init(differences: [Double], weights: [Double]? = nil) {
        let largest = differences.reduce(0) { max($0, abs($1)) }
        self.init(differences, weights: weights, range: largest > 0 ? -largest...largest : -1...1)
    }

    /// The points of each small interval as one, with the same Σw, Σw² and Σwx.
    private static func gathered(_ points: [Point], _ range: ClosedRange<Double>) -> [Point] {
        var sums = Array(repeating: (weight: 0.0, squares: 0.0, values: 0.0), count: largestNumberOfPoints)
        let scale = Double(largestNumberOfPoints) / (range.upperBound - range.lowerBound)
        for point in points {
            let slot = min(largestNumberOfPoints - 1, Int((point.value - range.lowerBound) * scale))
            sums[slot].weight += point.weight
            sums[slot].squares += point.weight * point.weight
            sums[slot].values += point.weight * point.value
        }
        return sums.filter { $0.weight > 0 }.map { sum in
            Point(
                value: sum.values / sum.weight,
                count: sum.weight * sum.weight / sum.squares,
                weight: sum.squares / sum.weight
            )
        }
    }

    /// The weighted mean, nil without sessions.
    public var estimate: Double? { sessions > 0 ? mean : nil }

    /// The two-sided interval.
    ///
    /// - Returns: undecided where all sessions have the same value; not enough data below 2 sessions.
    public func interval(confidence: Double = 0.95) -> Finding<Interval> {
        checkConfidence(confidence)
        return critical((1 + confidence) / 2).map { Interval(lower: lower(critical: $0), upper: upper(critical: $0)) }
    }

    /// The one-sided lower bound at a confidence level.
    public func lowerBound(confidence: Double = 0.95) -> Finding<Double> {
        checkConfidence(confidence)
        return critical(confidence).map(lower)
    }

    /// The one-sided upper bound at a confidence level.
    public func upperBound(confidence: Double = 0.95) -> Finding<Double> {
        checkConfidence(confidence)
        return critical(confidence).map(upper)
    }

    private func critical(_ level: Double) -> Finding<Double> {
        guard sessions >= 2 else { return .notEnoughData(have: sessions, needed: 2) }
        guard hasSpread else { return .undecided(.zeroVariance) }
        return .value(Boost.studentQuantile(Double(sessions - 1), level))
    }

    /// The largest mean that is believed at a critical value.
    func upper(critical: Double) -> Double {
        bound(critical: critical, end: range.upperBound)
    }

    /// The smallest mean that is believed at a critical value.
    func lower(critical: Double) -> Double {
        bound(critical: critical, end: range.lowerBound)
    }

    /// By bisection between the mean and the end of the range that lies on the bound's side.
    private func bound(critical: Double, end: Double) -> Double {
        var believed = mean
        var refused = end
        while abs(refused - believed) > 1e-13 {
            let middle = (believed + refused) / 2
            if middle == believed || middle == refused { break }
            if isBelieved(middle, critical: critical, end: end) { believed = middle } else { refused = middle }
        }
        return (believed + refused) / 2
    }

    /// Whether m λ ḡ < critical² at this mean, which lies between the observed one and the end.
    ///
    /// λ is not looked for: Σ gᵢ / (1 + λ gᵢ) falls in λ, so its sign at λ = critical² / (m ḡ) tells on which side the root is.
    private func isBelieved(_ trial: Double, critical: Double, end: Double) -> Bool {
        var sum = 0.0
        for point in points { sum += point.count * point.weight * (point.value - trial) }
        guard sum != 0 else { return true }
        // Positive multipliers for an upper bound too: both sums are turned so that ḡ < 0 and the end lies above.
        let sign: Double = sum < 0 ? 1 : -1
        let multiplier = critical * critical / (sign * sum)
        // The end of the range takes the weight that the data cannot: λ goes no further than where it would be infinite.
        if multiplier * (sign * unseenWeight * (end - trial)) <= -1 { return true }
        var tilted = 0.0
        for point in points {
            let gap = sign * point.weight * (point.value - trial)
            let denominator = 1 + multiplier * gap
            guard denominator > 0 else { return true }
            tilted += point.count * gap / denominator
        }
        return tilted >= 0
    }
}
