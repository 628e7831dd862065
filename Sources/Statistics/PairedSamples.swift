// Two sides' distributions over the same sessions, compared.
//
// Quantiles: by influence functions with the paired covariance (Deng, Knoblich, Lu, KDD 2018, "Applying the delta method
//        in metric analytics", §4): the influence of a session on a quantile is (p − its share at or below) ÷ density,
//        so the densities cancel from the *correlation* of the two quantiles, which comes from session residuals alone.
// Density: the slope of each side's Woodruff interval (Francisco, Fuller 1991), taken at 0.6 of the normal quantile asked
//        for and stretched to all of it: at the full width the tail's curvature makes intervals too wide (98–99 % at p95
//        and n = 100), at half of it they get noisy. Simulated at 0.6: 95–97.6 %.
// Joining: as Zou and Donner do (MOVER, Statistics in Medicine 27 (2008) 1693–1702), with an arm on each side of an
//        estimate, which keeps the skewness that ±1.96·s loses at p99. Positive covariance is taken between arms of the
//        same direction, since that is how paired errors move, and never more than a symmetric pair would allow. For
//        symmetric arms this is the delta method. Ratios on the logarithmic scale.
// Limits: with nearly identical legs (correlation of the sides above 0.9) the intervals are conservative, up to 99 %.

/// The values of stable and shadow on one metric, over one numbering of sessions.
public struct PairedSamples: Sendable {
    /// Stable's values.
    public let stable: ClusteredSample
    /// The shadow's values.
    public let shadow: ClusteredSample

    /// Joins two sides.
    ///
    /// - Parameters:
    ///   - stable: stable's values.
    ///   - shadow: the shadow's values; the same session number is the same session. Either side may lack a session.
    /// - Throws: where the numbers of session slots differ.
    public init(stable: ClusteredSample, shadow: ClusteredSample) throws(StatisticsError) {
        guard stable.sessionSlots == shadow.sessionSlots else {
            throw .lengthMismatch(
                what: "session slots",
                expected: stable.sessionSlots,
                found: shadow.sessionSlots
            )
        }
        self.stable = stable
        self.shadow = shadow
    }

    /// Sessions that both sides have, at most: the smaller of the two numbers.
    public var sessions: Int { min(stable.sessions, shadow.sessions) }

    /// Shadow's p-quantile ÷ stable's, with its interval.
    ///
    /// - Parameters:
    ///   - p: above 0 and below 1.
    ///   - confidence: the two-sided level; one-sided 95 % bounds are the ends of the interval at 90 %.
    /// - Returns: not enough data below the minimum number of sessions on either side; undecided where stable's
    ///   quantile is not positive.
    public func quantileRatio(_ p: Double, confidence: Double = 0.95) -> Finding<IntervalEstimate> {
        let tailSessions = Double(sessions) * min(p, 1 - p)
        return compare(p, confidence: confidence) { stable, shadow in
            guard stable > 0, shadow >= 0 else { return .undecided(.nonPositiveDenominator) }
            return .value(shadow / stable)
        } interval: { stable, shadow, correlation in
            guard stable.interval.lower > 0, shadow.interval.lower > 0 else {
                return .undecided(.nonPositiveDenominator)
            }
            let difference = Self.difference(
                shadow.map(Boost.logarithm),
                minus: stable.map(Boost.logarithm),
                correlation: correlation,
                tailSessions: tailSessions
            )
            return difference.map {
                Interval(lower: Boost.exponential($0.lower), upper: Boost.exponential($0.upper))
            }
        }
    }

    /// Shadow's p-quantile − stable's, with its interval.
    ///
    /// - Parameters:
    ///   - p: above 0 and below 1.
    ///   - confidence: the two-sided level.
    /// - Returns: not enough data below the minimum number of sessions on either side.
    public func quantileDifference(_ p: Double, confidence: Double = 0.95) -> Finding<IntervalEstimate> {
        let tailSessions = Double(sessions) * min(p, 1 - p)
        return compare(p, confidence: confidence) { stable, shadow in
            .value(shadow - stable)
        } interval: { stable, shadow, correlation in
            Self.difference(shadow, minus: stable, correlation: correlation, tailSessions: tailSessions)
        }
    }

    /// A quantile and the ends of its interval.
    private struct Bracket {
        var estimate: Double
        var interval: Interval

        func map(_ transform: (Double) -> Double) -> Bracket {
            Bracket(
                estimate: transform(estimate),
                interval: Interval(lower: transform(interval.lower), upper: transform(interval.upper))
            )
        }
    }

    private func compare(
        _ p: Double,
        confidence: Double,
        estimate: (Double, Double) -> Finding<Double>,
        interval: (Bracket, Bracket, Double) -> Finding<Interval>
    ) -> Finding<IntervalEstimate> {
        checkConfidence(confidence)
        let needed = Quantile.minimumSessions(p)
        guard sessions >= needed else { return .notEnoughData(have: sessions, needed: needed) }
        let stableIndex = stable.quantileIndex(p)
        let shadowIndex = shadow.quantileIndex(p)
        let stableValue = stable.values[stableIndex]
        let shadowValue = shadow.values[shadowIndex]
        return estimate(stableValue, shadowValue).map { value in
            let z = Self.bracketWidth * Boost.normalQuantile((1 + confidence) / 2)
            let narrower = 2 * Boost.normalCumulative(z) - 1
            let found: Finding<Interval>
            switch (
                stable.quantileInterval(p, confidence: narrower), shadow.quantileInterval(p, confidence: narrower)
            ) {
            case (.value(let left), .value(let right)):
                found = interval(
                    Bracket(estimate: stableValue, interval: left.including(stableValue)),
                    Bracket(estimate: shadowValue, interval: right.including(shadowValue)),
                    correlation(stableValue, shadowValue)
                )
            case (.value, let missing): found = missing
            case (let missing, _): found = missing
            }
            return IntervalEstimate(estimate: value, interval: found)
        }
    }

    /// The correlation of the two distribution functions at their quantiles, over sessions.
    private func correlation(_ stableValue: Double, _ shadowValue: Double) -> Double {
        let left = stable.shareResiduals(ofFirst: stable.count(atMost: stableValue))
        let right = shadow.shareResiduals(ofFirst: shadow.count(atMost: shadowValue))
        var leftSquares = 0.0
        var rightSquares = 0.0
        var products = 0.0
        for slot in left.indices {
            leftSquares += left[slot] * left[slot]
            rightSquares += right[slot] * right[slot]
            products += left[slot] * right[slot]
        }
        guard leftSquares > 0, rightSquares > 0 else { return 0 }
        return min(1, max(-1, products / (leftSquares * rightSquares).squareRoot()))
    }

    /// The part of the normal quantile at which the brackets are taken.
    private static let bracketWidth = 0.6

    /// The interval of a difference from the brackets of its parts.
    private static func difference(
        _ first: Bracket,
        minus second: Bracket,
        correlation: Double,
        tailSessions: Double
    ) -> Finding<Interval> {
        let firstDown = first.estimate - first.interval.lower
        let firstUp = first.interval.upper - first.estimate
        let secondDown = second.estimate - second.interval.lower
        let secondUp = second.interval.upper - second.estimate
        let along = firstDown * secondDown + firstUp * secondUp
        // Arms averaged over both sides, less noisy, count the more the closer the sides are and the denser the data.
        let firstMean = (firstDown + firstUp) / 2
        let secondMean = (secondDown + secondUp) / 2
        let symmetric = firstMean * firstMean + secondMean * secondMean - 2 * correlation * firstMean * secondMean
        let weight = max(0, correlation) * max(0, 1 - 10 / tailSessions)
        func arm(_ a: Double, _ b: Double) -> Double {
            let plain = a * a + b * b
            let skewed =
                correlation > 0
                ? max((1 - correlation) * plain, plain - correlation * along) : plain - 2 * correlation * a * b
            return (weight * max(0, symmetric) + (1 - weight) * skewed).squareRoot() / bracketWidth
        }
        let estimate = first.estimate - second.estimate
        let down = arm(firstDown, secondUp)
        let up = arm(firstUp, secondDown)
        guard down + up > 0 else { return .undecided(.zeroVariance) }
        return .value(Interval(lower: estimate - down, upper: estimate + up))
    }
}

extension Interval {
    /// The interval stretched to contain a value.
    func including(_ value: Double) -> Interval {
        Interval(lower: min(lower, value), upper: max(upper, value))
    }
}
