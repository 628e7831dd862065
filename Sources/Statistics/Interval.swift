/// A closed interval of real numbers, both ends finite.
public struct Interval: Sendable, Hashable, Codable {
    /// The lower end.
    public var lower: Double
    /// The upper end, not below `lower`.
    public var upper: Double

    /// Creates an interval from its ends.
    ///
    /// - Parameters:
    ///   - lower: the lower end.
    ///   - upper: the upper end.
    public init(lower: Double, upper: Double) {
        // Ends that were computed as estimate ± half may cross by rounding where half is next to nothing.
        let isRounding = lower > upper && lower - upper <= 1e-9 * max(abs(lower), abs(upper), 1e-3)
        precondition(lower <= upper || isRounding, "an interval's lower end \(lower) lies above its upper end \(upper)")
        self.lower = isRounding ? upper : lower
        self.upper = isRounding ? lower : upper
    }

    /// The distance between the ends.
    public var width: Double { upper - lower }

    /// Says whether `value` lies within the interval, ends included.
    public func contains(_ value: Double) -> Bool {
        lower <= value && value <= upper
    }

    /// The interval shifted by a constant.
    public func shifted(by offset: Double) -> Interval {
        Interval(lower: lower + offset, upper: upper + offset)
    }
}

/// An estimate, and its interval where the data allow one.
public struct IntervalEstimate: Sendable, Hashable {
    /// The point estimate, always finite.
    public var estimate: Double
    /// The two-sided interval at the confidence that was asked for.
    public var interval: Finding<Interval>

    /// Creates an estimate with its interval.
    ///
    /// - Parameters:
    ///   - estimate: the point estimate.
    ///   - interval: the interval, or why there is none.
    public init(estimate: Double, interval: Finding<Interval>) {
        self.estimate = estimate
        self.interval = interval
    }
}
