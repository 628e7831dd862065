// Tests on ranks. Exact null distributions are counted by dynamic programming; where there are ties (or zeros), or many
// values, the normal approximation with the tie correction is used, as scipy does.

/// How the null distribution of a rank test is found.
public enum RankTestMethod: Sendable, Hashable {
    /// Counted: only without ties and zeros.
    case exact
    /// The normal approximation with tie correction.
    case asymptotic
    /// Exact for small samples without ties, else asymptotic.
    case automatic
}

/// Wilcoxon's signed-rank test of paired differences (Biometrics Bulletin 1 (1945) 80–83).
public enum WilcoxonSignedRank {
    /// The largest number of differences for which `.automatic` counts.
    public static let largestExact = 50

    /// Two-sided test that differences are symmetric about 0; zeros are left out (`zero_method="wilcox"`).
    ///
    /// - Parameters:
    ///   - differences: finite numbers.
    ///   - method: how the null distribution is found; `.exact` with ties or zeros falls back to `.asymptotic`.
    ///   - continuityCorrection: of the normal approximation; scipy has none unless told.
    /// - Returns: the smaller rank sum and its p-value; not enough data where no difference is non-zero.
    public static func test(
        _ differences: [Double],
        method: RankTestMethod = .automatic,
        continuityCorrection: Bool = false
    ) -> Finding<TestResult> {
        let kept = differences.filter { $0 != 0 }
        guard !kept.isEmpty else { return .notEnoughData(have: 0, needed: 1) }
        let n = kept.count
        let ranking = Ranking(kept.map(abs))
        var positive = 0.0
        for (difference, rank) in zip(kept, ranking.ranks) where difference > 0 { positive += rank }
        let all = Double(n) * Double(n + 1) / 2
        let smaller = min(positive, all - positive)
        let countable = ranking.tieTerm == 0 && kept.count == differences.count
        if countable && (method == .exact || method == .automatic && n <= largestExact) {
            return .value(TestResult(statistic: smaller, pValue: exactP(smaller, n: n)))
        }
        let mean = all / 2
        let variance = Double(n) * Double(n + 1) * Double(2 * n + 1) / 24 - ranking.tieTerm / 48
        guard variance > 0 else { return .undecided(.zeroVariance) }
        let gap = abs(positive - mean) - (continuityCorrection ? 0.5 : 0)
        let z = max(0, gap) / variance.squareRoot()
        return .value(TestResult(statistic: smaller, pValue: min(1, 2 * Boost.normalSurvival(z))))
    }

    /// 2·P(W ≤ w): the share of the 2ⁿ sign patterns with a rank sum up to w, as probabilities so that nothing overflows.
    private static func exactP(_ statistic: Double, n: Int) -> Double {
        let top = Int(statistic)
        var mass = [Double](repeating: 0, count: top + 1)
        mass[0] = 1
        for rank in 1...n {
            for sum in stride(from: top, through: 0, by: -1) {
                mass[sum] = (mass[sum] + (sum >= rank ? mass[sum - rank] : 0)) / 2
            }
        }
        return min(1, 2 * mass.reduce(0, +))
    }
}

/// The test of Mann and Whitney, whether one group tends to larger values.
///
/// Source: Annals of Mathematical Statistics 18 (1947) 50–60.
public enum MannWhitney {
    /// The size of the smaller group up to which `.automatic` counts.
    public static let largestExact = 8

    /// Two-sided test of two independent groups, as `scipy.stats.mannwhitneyu`.
    ///
    /// - Parameters:
    ///   - first: finite numbers.
    ///   - second: finite numbers.
    ///   - method: how the null distribution is found; `.exact` with ties, or with more than 2⁵³ arrangements (28 against
    ///     28), falls back to `.asymptotic`.
    ///   - continuityCorrection: of the normal approximation.
    /// - Returns: U of the first group and the p-value.
    public static func test(
        _ first: [Double],
        _ second: [Double],
        method: RankTestMethod = .automatic,
        continuityCorrection: Bool = true
    ) -> Finding<TestResult> {
        guard !first.isEmpty, !second.isEmpty else {
            return .notEnoughData(have: min(first.count, second.count), needed: 1)
        }
        let ranking = Ranking(first + second)
        let left = Double(first.count)
        let right = Double(second.count)
        let rankSum = ranking.ranks.prefix(first.count).reduce(0, +)
        let statistic = rankSum - left * (left + 1) / 2
        let larger = max(statistic, left * right - statistic)
        let isSmall = min(first.count, second.count) <= largestExact
        // Counts stay exact in a Double below 2⁵³ arrangements; beyond, the approximation is as good.
        let arrangements = Boost.logChoose(first.count + second.count, first.count)
        let isCountable = ranking.tieTerm == 0 && arrangements < 36.7
        if isCountable && (method == .exact || method == .automatic && isSmall) {
            let p = exactP(left * right - larger, first.count, second.count)
            return .value(TestResult(statistic: statistic, pValue: p))
        }
        let n = left + right
        let variance = left * right / 12 * (n + 1 - ranking.tieTerm / (n * (n - 1)))
        guard variance > 0 else { return .undecided(.zeroVariance) }
        let gap = larger - left * right / 2 - (continuityCorrection ? 0.5 : 0)
        let p = min(1, 2 * Boost.normalSurvival(gap / variance.squareRoot()))
        return .value(TestResult(statistic: statistic, pValue: p))
    }

    /// 2·P(U ≤ u), counting the arrangements by the recursion over the largest value's group.
    private static func exactP(_ statistic: Double, _ first: Int, _ second: Int) -> Double {
        let top = Int(statistic)
        let small = min(first, second)
        let large = max(first, second)
        // Entry (j, u): the number of ways to choose j of the ranks seen so far with U = u, by Gaussian binomials:
        // the generating function of U is Π (1 − x^(large+i)) / (1 − x^i), i = 1 ... small.
        var ways = [Double](repeating: 0, count: top + 1)
        ways[0] = 1
        for i in 1...small {
            if large + i <= top {
                for u in stride(from: top, through: large + i, by: -1) { ways[u] -= ways[u - large - i] }
            }
            if i <= top {
                for u in i...top { ways[u] += ways[u - i] }
            }
        }
        let all = Boost.exponential(Boost.logChoose(first + second, small))
        return min(1, 2 * ways.reduce(0, +) / all)
    }
}

/// Mid-ranks and the tie term Σ(t³ − t).
struct Ranking {
    var ranks: [Double]
    var tieTerm: Double

    init(_ values: [Double]) {
        let order = values.indices.sorted { values[$0] < values[$1] }
        ranks = [Double](repeating: 0, count: values.count)
        tieTerm = 0
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count && values[order[end]] == values[order[start]] { end += 1 }
            let rank = Double(start + 1 + end) / 2
            for position in start..<end { ranks[order[position]] = rank }
            let tied = Double(end - start)
            tieTerm += tied * tied * tied - tied
            start = end
        }
    }
}
