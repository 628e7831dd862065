// How many sessions a question takes.

/// Sample sizes for planned comparisons; all numbers are sessions (or users), rounded up.
public enum SampleSize {
    /// The rule of thumb for two independent groups, each: n ≈ 2 z² p(1−p)/δ², which is **50 % power**.
    ///
    /// 392 for p = 0.85 and δ = 0.05. Print ``twoGroups(baseline:difference:power:confidence:)`` beside it.
    public static func ruleOfThumb(baseline: Double, difference: Double, confidence: Double = 0.95) -> Int {
        twoGroups(baseline: baseline, difference: difference, power: 0.5, confidence: confidence)
    }

    /// Two independent groups, each: 2 (z₁ + z₂)² p(1−p)/δ², two-sided test, variance at the baseline.
    ///
    /// - Parameters:
    ///   - baseline: p, between 0 and 1.
    ///   - difference: δ, not 0.
    ///   - power: the probability of finding it, 0.5 ..< 1.
    ///   - confidence: of the two-sided test.
    /// - Returns: the size of each group.
    public static func twoGroups(
        baseline: Double,
        difference: Double,
        power: Double,
        confidence: Double = 0.95
    ) -> Int {
        precondition(baseline > 0 && baseline < 1 && difference != 0, "baseline \(baseline), difference \(difference)")
        let z = normalSum((1 + confidence) / 2, power)
        return roundedUp(2 * z * z * baseline * (1 - baseline) / (difference * difference))
    }

    /// Pairs for a two-sided McNemar test (Miettinen, Biometrics 24 (1968) 339–352; Connor 43 (1987) 207–211).
    ///
    /// - Parameters:
    ///   - discordance: the share of pairs that disagree, at least the size of `difference`.
    ///   - difference: the difference of the two rates, not 0.
    ///   - power: the probability of finding it.
    ///   - confidence: of the two-sided test.
    /// - Returns: the number of pairs.
    public static func paired(
        discordance: Double,
        difference: Double,
        power: Double,
        confidence: Double = 0.95
    ) -> Int {
        checkConfidence(confidence)
        checkConfidence(power)
        let squared = difference * difference
        precondition(
            difference != 0 && discordance >= abs(difference) && discordance <= 1,
            "a discordance of \(discordance) cannot hold a difference of \(difference)"
        )
        let root =
            Boost.normalQuantile((1 + confidence) / 2) * discordance.squareRoot()
            + Boost.normalQuantile(power) * max(0, discordance - squared).squareRoot()
        return roundedUp(root * root / squared)
    }

    /// Sessions to show non-inferiority when there is no harm (θ = 0): ((z₁ + z₂)·σ/margin)², at least the zero-event size.
    ///
    /// Where fewer than 5 sessions are expected to be worse, the exact bound of their rate must pass with that power too.
    ///
    /// - Parameters:
    ///   - standardDeviation: σ of the session values; for one 0/1 pair a session the root of the discordance.
    ///   - worseRate: the share of sessions in which the shadow is worse.
    ///   - margin: above 0.
    ///   - power: the probability of deciding.
    ///   - confidence: of the one-sided bound.
    /// - Returns: the number of sessions.
    public static func nonInferiority(
        standardDeviation: Double,
        worseRate: Double = 0,
        margin: Double,
        power: Double = 0.8,
        confidence: Double = 0.95
    ) -> Int {
        precondition(margin > 0 && margin < 1, "a margin of \(margin) is not between 0 and 1")
        let root = normalSum(confidence, power) * standardDeviation / margin
        var needed = max(roundedUp(root * root), zeroEvents(margin: margin, confidence: confidence))
        // Few worse sessions: with probability `power` there are at most so many of them, and these must pass as well.
        while worseRate > 0 {
            var events = 0
            while events < PairedHarm.fewWorseSessions,
                Boost.binomialCumulative(needed, min(1, worseRate), events) < power
            {
                events += 1
            }
            if events >= PairedHarm.fewWorseSessions { break }
            let bound = Proportion.exactUpper(events: Double(events), size: Double(needed), confidence: confidence)
            if bound < margin { break }
            needed += max(1, needed / 50)
        }
        return needed
    }

    /// The fewest sessions at which no event at all passes a margin: 299, 149, 99 for 0.01, 0.02, 0.03.
    ///
    /// The smallest n with (1 − margin)ⁿ < 1 − confidence (the exact bound of zero events is below the margin).
    public static func zeroEvents(margin: Double, confidence: Double = 0.95) -> Int {
        checkConfidence(confidence)
        precondition(margin > 0 && margin < 1, "a margin of \(margin) is not between 0 and 1")
        return roundedUp(Boost.logarithm(1 - confidence) / Boost.logarithmOfOnePlus(-margin))
    }

    static func normalSum(_ level: Double, _ power: Double) -> Double {
        checkConfidence(level)
        checkConfidence(power)
        return Boost.normalQuantile(level) + Boost.normalQuantile(power)
    }

    /// Rounds up, capped so that absurd questions give an absurd but finite answer.
    static func roundedUp(_ x: Double) -> Int { Int(min(x - 1e-9, 1e15).rounded(.up)) }
}
