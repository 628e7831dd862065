/// A number of events among a number of independent trials; two of them add.
public struct Proportion: Sendable, Hashable, Codable {
    /// Trials in which the event happened.
    public private(set) var events: Int
    /// All trials.
    public private(set) var trials: Int

    /// Creates a proportion.
    ///
    /// - Parameters:
    ///   - events: between 0 and `trials`.
    ///   - trials: all trials.
    public init(events: Int = 0, trials: Int = 0) {
        precondition(0 <= events && events <= trials, "\(events) events in \(trials) trials are impossible")
        self.events = events
        self.trials = trials
    }

    /// Counts one more trial.
    public mutating func add(_ event: Bool) {
        trials += 1
        if event { events += 1 }
    }

    /// The proportion of both samples together.
    public static func + (left: Proportion, right: Proportion) -> Proportion {
        Proportion(events: left.events + right.events, trials: left.trials + right.trials)
    }

    /// Events ÷ trials, nil without trials.
    public var rate: Double? { trials == 0 ? nil : Double(events) / Double(trials) }

    /// The two-sided interval by the rule of the house: exact where fewer than 5 trials decide, else Wilson.
    ///
    /// "Fewer than 5" is asked of the events and of their complement alike, so that the interval of a rate and of one
    /// minus that rate mirror each other.
    public func interval(confidence: Double = 0.95) -> Finding<Interval> {
        min(events, trials - events) < 5
            ? clopperPearson(confidence: confidence) : wilson(confidence: confidence)
    }

    /// Wilson's score interval without continuity correction.
    ///
    /// Source: Wilson, JASA 22 (1927) 209–212; Brown, Cai, DasGupta, Statistical Science 16 (2001) 101–133.
    public func wilson(confidence: Double = 0.95) -> Finding<Interval> {
        checkConfidence(confidence)
        guard trials > 0 else { return .notEnoughData(have: 0, needed: 1) }
        let z = Boost.normalQuantile((1 + confidence) / 2)
        return .value(Self.wilson(rate: Double(events) / Double(trials), size: Double(trials), z: z))
    }

    /// The exact interval of Clopper and Pearson (Biometrika 26 (1934) 404–413), equal tails.
    public func clopperPearson(confidence: Double = 0.95) -> Finding<Interval> {
        checkConfidence(confidence)
        guard trials > 0 else { return .notEnoughData(have: 0, needed: 1) }
        let oneSided = (1 + confidence) / 2
        return .value(
            Interval(
                lower: Self.exactLower(events: Double(events), size: Double(trials), confidence: oneSided),
                upper: Self.exactUpper(events: Double(events), size: Double(trials), confidence: oneSided)
            )
        )
    }

    /// The one-sided exact upper bound; 1 where every trial is an event.
    public func upperBound(confidence: Double = 0.95) -> Finding<Double> {
        checkConfidence(confidence)
        guard trials > 0 else { return .notEnoughData(have: 0, needed: 1) }
        return .value(Self.exactUpper(events: Double(events), size: Double(trials), confidence: confidence))
    }

    /// The one-sided exact lower bound; 0 where no trial is an event.
    public func lowerBound(confidence: Double = 0.95) -> Finding<Double> {
        checkConfidence(confidence)
        guard trials > 0 else { return .notEnoughData(have: 0, needed: 1) }
        return .value(Self.exactLower(events: Double(events), size: Double(trials), confidence: confidence))
    }

    /// Wilson's interval for a size that need not be whole (an effective sample size).
    static func wilson(rate: Double, size: Double, z: Double) -> Interval {
        let share = z * z / size
        let centre = (rate + share / 2) / (1 + share)
        let half = z * (rate * (1 - rate) / size + share / (4 * size)).squareRoot() / (1 + share)
        return Interval(
            lower: rate == 0 ? 0 : max(0, centre - half),
            upper: rate == 1 ? 1 : min(1, centre + half)
        )
    }

    /// The exact bound through the beta distribution, for sizes that need not be whole (Korn and Graubard 1998).
    static func exactUpper(events: Double, size: Double, confidence: Double) -> Double {
        events >= size ? 1 : Boost.betaQuantile(events + 1, size - events, confidence)
    }

    static func exactLower(events: Double, size: Double, confidence: Double) -> Double {
        events <= 0 ? 0 : Boost.betaQuantile(events, size - events + 1, 1 - confidence)
    }
}
