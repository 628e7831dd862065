extension PairedBinary {
    /// McNemar's exact test: the discordant pairs against a fair coin, two-sided.
    ///
    /// As `statsmodels.stats.contingency_tables.mcnemar(exact=True)`; without discordant pairs there is no test.
    public func mcNemarExact() -> Finding<TestResult> {
        let discordant = shadowOnly + stableOnly
        guard discordant > 0 else { return .notEnoughData(have: 0, needed: 1) }
        let fewer = min(shadowOnly, stableOnly)
        let p = min(1, 2 * Boost.binomialCumulative(discordant, 0.5, fewer))
        return .value(TestResult(statistic: Double(fewer), pValue: p))
    }

    /// McNemar's chi-squared test (Psychometrika 12 (1947) 153–157).
    ///
    /// - Parameter continuityCorrection: subtract 1 from the difference (Edwards 1948), as statsmodels does unless told.
    /// - Returns: not enough data without discordant pairs.
    public func mcNemarChiSquared(continuityCorrection: Bool = true) -> Finding<TestResult> {
        let discordant = shadowOnly + stableOnly
        guard discordant > 0 else { return .notEnoughData(have: 0, needed: 1) }
        let gap = Double(abs(shadowOnly - stableOnly)) - (continuityCorrection ? 1 : 0)
        let statistic = gap * gap / Double(discordant)
        return .value(
            TestResult(
                statistic: statistic,
                pValue: Boost.chiSquaredSurvival(1, statistic),
                degreesOfFreedom: 1
            )
        )
    }
}
