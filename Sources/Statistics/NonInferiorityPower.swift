// The probability that a gate passes, computed and not simulated.
//
// One 0/1 pair a session, n sessions, discordance ψ split evenly (equal models) or with a true harm θ: the numbers b and c
// of shadow-only and stable-only sessions are multinomial. The gate passes when the upper bound of ``PairedHarm`` (Tango,
// and Clopper–Pearson below 5 worse sessions and without better ones) lies under the margin. For each c the passing b are those up to a threshold,
// so the sum over all outcomes needs one search a row.

/// The chance that a harm gate passes.
public enum NonInferiorityPower {
    /// The probability that one gate passes.
    ///
    /// - Parameters:
    ///   - sessions: n, one pair each.
    ///   - discordance: the probability that a pair disagrees, at least the size of `harm`.
    ///   - harm: the true difference θ; 0 for equal models.
    ///   - margin: the gate's margin.
    ///   - confidence: of the one-sided bound.
    /// - Returns: between 0 and 1.
    public static func passProbability(
        sessions: Int,
        discordance: Double,
        harm: Double = 0,
        margin: Double,
        confidence: Double = 0.95
    ) -> Double {
        checkConfidence(confidence)
        precondition(sessions > 0 && margin > 0 && margin < 1, "\(sessions) sessions, margin \(margin)")
        precondition(
            discordance >= abs(harm) && discordance <= 1,
            "a discordance of \(discordance) cannot hold a harm of \(harm)"
        )
        let worse = (discordance + harm) / 2
        let better = (discordance - harm) / 2
        let critical = PairedBinary.critical(pairs: sessions, confidence)
        let failsExactly = (0..<PairedHarm.fewWorseSessions).filter { worse in
            worse <= sessions
                && Proportion.exactUpper(events: Double(worse), size: Double(sessions), confidence: confidence)
                    >= margin
        }
        var total = 0.0
        var threshold = -1
        // Rows c. The score bound lets pass the b up to a threshold that only grows with c; of these, the few that the exact
        // bound stops are taken out again.
        for c in 0...sessions {
            let row = Boost.binomialProbability(sessions, better, c)
            if row < 1e-15 && Double(c) > better * Double(sessions) { break }
            while threshold + 1 + c <= sessions,
                PairedBinary(pairs: sessions, shadowOnly: threshold + 1, stableOnly: c)
                    .upperBound(critical: critical, confidence: confidence) < margin
            {
                threshold += 1
            }
            guard threshold >= 0, row >= 1e-18 else { continue }
            let rest = sessions - c
            let share = better < 1 ? min(1, worse / (1 - better)) : 0
            var passing = Boost.binomialCumulative(rest, share, min(threshold, rest))
            for b in failsExactly where b <= min(threshold, rest) {
                passing -= Boost.binomialProbability(rest, share, b)
            }
            total += row * max(0, passing)
        }
        return min(1, total)
    }

    /// The probability that all gates pass, taken as independent.
    ///
    /// - Parameter gates: the probability of each.
    /// - Returns: their product.
    public static func jointProbability(_ gates: some Sequence<Double>) -> Double {
        gates.reduce(1, *)
    }

    /// The fewest sessions at which a gate passes with the given power, within 1 %.
    ///
    /// The exact counterpart of ``SampleSize/nonInferiority(standardDeviation:worseRate:margin:power:confidence:)``.
    ///
    /// - Returns: nil where more than `limit` sessions would be needed.
    public static func neededSessions(
        discordance: Double,
        harm: Double = 0,
        margin: Double,
        power: Double = 0.8,
        confidence: Double = 0.95,
        limit: Int = 1_000_000
    ) -> Int? {
        checkConfidence(power)
        guard harm < margin else { return nil }
        func reaches(_ n: Int) -> Bool {
            passProbability(
                sessions: n,
                discordance: discordance,
                harm: harm,
                margin: margin,
                confidence: confidence
            ) >= power
        }
        var high = SampleSize.zeroEvents(margin: margin, confidence: confidence)
        var low = high - 1
        while !reaches(high) {
            low = high
            high *= 2
            if high > limit { return nil }
        }
        while high - low > max(1, high / 100) {
            let middle = (low + high) / 2
            if reaches(middle) { high = middle } else { low = middle }
        }
        return high
    }
}
