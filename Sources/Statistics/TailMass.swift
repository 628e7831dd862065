// How much of the shadow lies below stable's 5 % quantile.
//
// TM = P(Y < q) + P(Y = q) · (p − P(X < q)) ÷ P(X = q), q = X's p-quantile, so that ties and discrete scores behave:
// no change gives exactly p. Its harm is θ = TM − p.
//
// With φ(v) = 1{v < q} + 1{v = q}·λ and λ = (p − P(X < q)) ÷ P(X = q), TM is the mean of φ(Y) while the mean of φ(X) is p
// by construction. The influence of a session is therefore (φ(Y) − TM) − r·(φ(X) − p): the shadow's own part and that of
// the estimated quantile. r = dG/dF is the slope of the shadow's distribution function against stable's at q: the ratio
// of the atoms where q is one, of the densities where it is not (Serfling, Approximation Theorems (1980) §2.5, §6;
// relative distributions: Handcock, Morris (1999)). r is estimated in a window of stable's probability around p.

extension PairedSamples {
    /// The fewest sessions for a tail mass and its interval, and for a CVaR estimate.
    public static let minimumSessionsForTails = 400

    /// The tail mass of the shadow at stable's p-quantile.
    ///
    /// With fewer than 5 sessions in which the shadow falls below the quantile, the upper end is at least the exact bound
    /// of the rate of such sessions, as for every rare harm.
    ///
    /// - Parameters:
    ///   - p: the tail, 0.05 unless told.
    ///   - confidence: the two-sided level; one-sided 95 % bounds are the ends of the interval at 90 %.
    /// - Returns: not enough data below 400 sessions (or, for small p, fewer than 20/p).
    public func tailMass(_ p: Double = 0.05, confidence: Double = 0.95) -> Finding<IntervalEstimate> {
        checkConfidence(confidence)
        precondition(p > 0 && p < 1, "a tail's probability lies between 0 and 1")
        let needed = max(Self.minimumSessionsForTails, Int((20 / p - 1e-9).rounded(.up)))
        guard sessions >= needed else { return .notEnoughData(have: sessions, needed: needed) }
        let split = TailSplit(stable: stable, p: p)
        let below = shadow.count(below: split.quantile)
        let atMost = shadow.count(atMost: split.quantile)
        let mass = shadow.shareOfFirst(below)
        let atom = max(0, shadow.shareOfFirst(atMost) - mass)
        let estimate = mass + atom * split.fraction

        let slope = relativeDensity(around: p)
        let own = shadow.tailResiduals(split, below: below, atMost: atMost, mean: estimate)
        let quantile = stable.tailResiduals(split, below: split.below, atMost: split.atMost, mean: p)
        var residuals = own
        for slot in residuals.indices { residuals[slot] -= slope * quantile[slot] }
        let error = ClusteredSample.variance(residuals, sessions: sessions).squareRoot()

        let level = (1 + confidence) / 2
        let half = Boost.studentQuantile(Double(sessions - 1), level) * error
        var interval = Self.logitInterval(estimate, half: half)
        let touched = shadow.sessionsTouched(byFirst: below)
        if touched < PairedHarm.fewWorseSessions || error < 1e-12 {
            // By the exact bound of the sessions below, and the atom at its observed share; a logit scale runs away here.
            interval = Interval(lower: max(0, estimate - half), upper: min(1, estimate + half))
            let size = Double(shadow.sessions)
            let upper = Proportion.exactUpper(events: Double(touched), size: size, confidence: level)
            let lower = Proportion.exactLower(events: Double(touched), size: size, confidence: level)
            interval.upper = max(interval.upper, min(1, upper + split.fraction * min(1 - upper, atom)))
            if error < 1e-12 { interval.lower = min(estimate, lower + split.fraction * atom * (1 - upper)) }
        }
        return .value(IntervalEstimate(estimate: estimate, interval: .value(interval)))
    }

    /// The interval on the logit scale, which follows the skewness of a small share; a linear one misses above at 400
    /// sessions in 9 % instead of 5 % of the cases.
    private static func logitInterval(_ estimate: Double, half: Double) -> Interval {
        guard estimate > 0, estimate < 1 else {
            return Interval(lower: max(0, estimate - half), upper: min(1, estimate + half))
        }
        let odds = estimate / (1 - estimate)
        let factor = Boost.exponential(half / (estimate * (1 - estimate)))
        return Interval(lower: odds / factor / (1 + odds / factor), upper: 1 - 1 / (1 + odds * factor))
    }

    /// The shadow's share in a window of stable's distribution around p ÷ stable's share in it.
    private func relativeDensity(around p: Double) -> Double {
        // Half the tail wide at 400 sessions, narrowing slowly: about 20 of stable's values at 400, 190 at 20,000.
        let width = min(p, 1 - p) * 0.5 * Boost.power(400 / Double(max(400, sessions)), 0.2)
        let low = stable.values[stable.quantileIndex(p - width)]
        let high = stable.values[stable.quantileIndex(p + width)]
        let base = stable.share(atMost: high) - stable.share(below: low)
        return base > 0 ? (shadow.share(atMost: high) - shadow.share(below: low)) / base : 1
    }
}

/// Where stable's tail ends, and which part of the values at that point belongs to it.
struct TailSplit {
    var quantile: Double
    /// The part λ of the atom at the quantile that lies in the tail, between 0 and 1.
    var fraction: Double
    var below: Int
    var atMost: Int

    init(stable: ClusteredSample, p: Double) {
        quantile = stable.values[stable.quantileIndex(p)]
        below = stable.count(below: quantile)
        atMost = stable.count(atMost: quantile)
        let under = stable.shareOfFirst(below)
        let atom = stable.shareOfFirst(atMost) - under
        fraction = atom > 0 ? min(1, max(0, (p - under) / atom)) : 0
    }
}

extension ClusteredSample {
    /// What each session adds to the error of the mean of φ, whose value is `mean`.
    func tailResiduals(_ split: TailSplit, below: Int, atMost: Int, mean: Double) -> [Double] {
        var residuals = [Double](repeating: 0, count: sessionSlots)
        for index in 0..<below { residuals[Int(owner[index])] += weight(index) }
        for index in below..<atMost { residuals[Int(owner[index])] += split.fraction * weight(index) }
        for slot in 0..<sessionSlots {
            residuals[slot] = (residuals[slot] - mean * sessionWeights[slot]) / totalWeight
        }
        return residuals
    }

    /// The number of different sessions among the first `count` values.
    func sessionsTouched(byFirst count: Int) -> Int {
        guard count > 0 else { return 0 }
        var seen = [Bool](repeating: false, count: sessionSlots)
        var touched = 0
        for index in 0..<count where !seen[Int(owner[index])] {
            seen[Int(owner[index])] = true
            touched += 1
        }
        return touched
    }
}
