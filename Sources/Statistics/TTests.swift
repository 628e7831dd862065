/// The result of a test: its statistic and two-sided p-value.
public struct TestResult: Sendable, Hashable, Codable {
    /// The test's statistic.
    public var statistic: Double
    /// The two-sided p-value.
    public var pValue: Double
    /// Degrees of freedom, where the test has any.
    public var degreesOfFreedom: Double?
}

/// Student's and Welch's t tests.
public enum TTest {
    /// Two independent samples with equal variance: `scipy.stats.ttest_ind(a, b)`, on first − second.
    public static func student(_ first: Moments, _ second: Moments) -> Finding<TestResult> {
        guard let firstMean = first.mean, let secondMean = second.mean, first.count + second.count > 2 else {
            return .notEnoughData(have: first.count + second.count, needed: 3)
        }
        let freedom = Double(first.count + second.count - 2)
        let pooled = (first.sumOfSquares + second.sumOfSquares) / freedom
        let variance = pooled * (1 / Double(first.count) + 1 / Double(second.count))
        return result(firstMean - secondMean, variance: variance, degreesOfFreedom: freedom)
    }

    /// Two independent samples with unequal variances: `scipy.stats.ttest_ind(a, b, equal_var=False)`.
    ///
    /// Source: Welch, Biometrika 34 (1947) 28–35, with Satterthwaite's degrees of freedom.
    public static func welch(_ first: Moments, _ second: Moments) -> Finding<TestResult> {
        guard let firstMean = first.mean, let secondMean = second.mean,
            let firstVariance = first.variance, let secondVariance = second.variance
        else { return .notEnoughData(have: min(first.count, second.count), needed: 2) }
        let left = firstVariance / Double(first.count)
        let right = secondVariance / Double(second.count)
        let sum = left + right
        guard sum > 0 else { return .undecided(.zeroVariance) }
        let parts = left * left / Double(first.count - 1) + right * right / Double(second.count - 1)
        return result(firstMean - secondMean, variance: sum, degreesOfFreedom: sum * sum / parts)
    }

    /// One sample against a value, or paired differences against 0: `scipy.stats.ttest_1samp`, `ttest_rel`.
    public static func oneSample(_ sample: Moments, mean expected: Double = 0) -> Finding<TestResult> {
        guard let mean = sample.mean, let variance = sample.variance else {
            return .notEnoughData(have: sample.count, needed: 2)
        }
        let n = Double(sample.count)
        return result(mean - expected, variance: variance / n, degreesOfFreedom: n - 1)
    }

    private static func result(_ gap: Double, variance: Double, degreesOfFreedom: Double) -> Finding<TestResult> {
        guard variance > 0 else { return .undecided(.zeroVariance) }
        let t = gap / variance.squareRoot()
        let p = min(1, 2 * Boost.studentSurvival(degreesOfFreedom, abs(t)))
        return .value(TestResult(statistic: t, pValue: p, degreesOfFreedom: degreesOfFreedom))
    }
}

/// Sizes of effects.
public enum EffectSize {
    /// Cohen's d: (first mean − second mean) ÷ pooled standard deviation (Cohen 1988, §2.2).
    public static func cohensD(_ first: Moments, _ second: Moments) -> Finding<Double> {
        guard let firstMean = first.mean, let secondMean = second.mean, first.count + second.count > 2 else {
            return .notEnoughData(have: first.count + second.count, needed: 3)
        }
        let pooled = (first.sumOfSquares + second.sumOfSquares) / Double(first.count + second.count - 2)
        guard pooled > 0 else { return .undecided(.zeroVariance) }
        return .value((firstMean - secondMean) / pooled.squareRoot())
    }
}
