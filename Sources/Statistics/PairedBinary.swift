/// Pairs of two 0/1 answers to the same question: how many, and how many disagree in each direction; two of them add.
public struct PairedBinary: Sendable, Hashable, Codable {
    /// All pairs, those that agree included.
    public private(set) var pairs: Int
    /// Pairs with the event on the shadow's side only.
    public private(set) var shadowOnly: Int
    /// Pairs with the event on stable's side only.
    public private(set) var stableOnly: Int

    /// Creates counts of pairs.
    ///
    /// - Parameters:
    ///   - pairs: all pairs.
    ///   - shadowOnly: pairs with the event on the shadow's side only.
    ///   - stableOnly: pairs with the event on stable's side only.
    public init(pairs: Int = 0, shadowOnly: Int = 0, stableOnly: Int = 0) {
        precondition(
            shadowOnly >= 0 && stableOnly >= 0 && shadowOnly + stableOnly <= pairs,
            "\(shadowOnly) and \(stableOnly) discordant of \(pairs) pairs are impossible"
        )
        self.pairs = pairs
        self.shadowOnly = shadowOnly
        self.stableOnly = stableOnly
    }

    /// Counts one more pair.
    public mutating func add(stable: Bool, shadow: Bool) {
        pairs += 1
        if shadow && !stable { shadowOnly += 1 }
        if stable && !shadow { stableOnly += 1 }
    }

    /// The counts of both together.
    public static func + (left: PairedBinary, right: PairedBinary) -> PairedBinary {
        PairedBinary(
            pairs: left.pairs + right.pairs,
            shadowOnly: left.shadowOnly + right.shadowOnly,
            stableOnly: left.stableOnly + right.stableOnly
        )
    }

    /// Rate of the shadow − rate of stable, nil without pairs.
    public var difference: Double? {
        pairs == 0 ? nil : Double(shadowOnly - stableOnly) / Double(pairs)
    }

    /// The share of pairs that disagree, nil without pairs.
    public var discordance: Double? {
        pairs == 0 ? nil : Double(shadowOnly + stableOnly) / Double(pairs)
    }

    /// Tango's two-sided score interval of the difference.
    ///
    /// Source: Tango, Statistics in Medicine 17 (1998) 891–908, equations 17–20.
    public func tango(confidence: Double = 0.95) -> Finding<Interval> {
        checkConfidence(confidence)
        guard pairs > 0 else { return .notEnoughData(have: 0, needed: 1) }
        let z = Boost.normalQuantile((1 + confidence) / 2)
        return .value(Interval(lower: tangoLower(z: z), upper: tangoUpper(z: z)))
    }

    /// The one-sided upper bound that gates rest on: Tango's, at a critical value a little longer than Student's.
    ///
    /// With the normal one its error is up to 5.7 % instead of 5 % at 100 to 1,500 pairs. Most of that is where no pair has
    /// the event on stable's side only: the difference is a plain rate then, whose exact bound is known, and binds.
    ///
    /// - Parameter confidence: of the one side.
    /// - Returns: −1 ... 1; 1 without pairs.
    public func upperBound(confidence: Double = 0.95) -> Double {
        checkConfidence(confidence)
        return upperBound(critical: Self.critical(pairs: pairs, confidence), confidence: confidence)
    }

    /// The one-sided lower bound: Tango's at Student's critical value.
    ///
    /// Where no pair has the event on stable's side only, the difference is a plain rate here too, and its exact bound
    /// binds: without it a shadow at the margin fails in up to 9.2 % instead of 6.8 %.
    ///
    /// - Parameter confidence: of the one side.
    /// - Returns: −1 ... 1; −1 without pairs.
    public func lowerBound(confidence: Double = 0.95) -> Double {
        checkConfidence(confidence)
        guard pairs > 0 else { return -1 }
        let score = tangoLower(z: Self.student(pairs: pairs, confidence))
        guard stableOnly == 0 else { return score }
        return min(
            score,
            Proportion.exactLower(events: Double(shadowOnly), size: Double(pairs), confidence: confidence)
        )
    }

    /// The critical value of the upper bound: Student's, and half a percent of it.
    ///
    /// Counts are whole, so that the error of any bound jumps about its nominal one. Summed over all outcomes, Student's alone
    /// lets a shadow at the margin pass in up to 5.06 % (of 950 cells of margin 0.01 to 0.03, up to 1,500 pairs and 10 %
    /// better pairs, 25 lie above 5 %); with the half percent in 4.97 % at most.
    static func critical(pairs: Int, _ confidence: Double) -> Double {
        1.005 * student(pairs: pairs, confidence)
    }

    /// Student's quantile with n − 1 degrees of freedom.
    private static func student(pairs: Int, _ confidence: Double) -> Double {
        Boost.studentQuantile(Double(max(1, pairs - 1)), confidence)
    }

    /// The upper bound at a critical value that was computed before.
    func upperBound(critical: Double, confidence: Double) -> Double {
        guard pairs > 0 else { return 1 }
        let score = tangoUpper(z: critical)
        guard stableOnly == 0 else { return score }
        return max(
            score,
            Proportion.exactUpper(events: Double(shadowOnly), size: Double(pairs), confidence: confidence)
        )
    }

    /// The upper end of Tango's interval at a normal quantile, by bisection to 1e-15.
    func tangoUpper(z: Double) -> Double {
        let estimate = Double(shadowOnly - stableOnly) / Double(pairs)
        guard estimate < 1 else { return 1 }
        var inside = estimate
        var outside = 1.0
        while true {
            let middle = (inside + outside) / 2
            if middle <= inside || middle >= outside || outside - inside < 1e-16 { break }
            if scoreIsWithin(z: z, difference: middle) { inside = middle } else { outside = middle }
        }
        return (inside + outside) / 2
    }

    /// The lower end, the mirror image of the upper one.
    func tangoLower(z: Double) -> Double {
        -PairedBinary(pairs: pairs, shadowOnly: stableOnly, stableOnly: shadowOnly).tangoUpper(z: z)
    }

    /// Says whether Tango's score statistic at `difference` (not below the estimate) is above −z.
    private func scoreIsWithin(z: Double, difference: Double) -> Bool {
        let n = Double(pairs)
        let b = Double(shadowOnly)
        let c = Double(stableOnly)
        // The constrained maximum-likelihood estimate of the stable-only probability: the root of a quadratic.
        let linear = -b - c + (2 * n - b + c) * difference
        let constant = -c * difference * (1 - difference)
        let root = max(0, linear * linear - 8 * n * constant).squareRoot()
        let nuisance = linear > 0 ? -2 * constant / (linear + root) : (root - linear) / (4 * n)
        let variance = n * (2 * nuisance + difference * (1 - difference))
        let gap = b - c - n * difference
        return gap * gap < z * z * variance
    }
}
