// Distribution functions, from Boost.Math through CBoostMath.
//
// The public functions return nil where the argument is outside the domain or the result is not finite.
// Inside the module, `Boost` gives the raw values where the arguments are known to be good.

import CBoostMath

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The standard normal distribution.
public enum NormalDistribution {
    /// P(X ≤ x).
    public static func cumulative(_ x: Double) -> Double? { finite(cbm_normal_cdf(x)) }
    /// P(X > x), accurate far out.
    public static func survival(_ x: Double) -> Double? { finite(cbm_normal_sf(x)) }
    /// The x with P(X ≤ x) = p, for 0 < p < 1.
    public static func quantile(_ p: Double) -> Double? { finite(cbm_normal_quantile(p)) }
}

/// Student's t distribution.
public enum StudentTDistribution {
    /// P(X ≤ x) for `degreesOfFreedom` > 0.
    public static func cumulative(_ x: Double, degreesOfFreedom: Double) -> Double? {
        finite(cbm_student_t_cdf(degreesOfFreedom, x))
    }
    /// P(X > x), accurate far out.
    public static func survival(_ x: Double, degreesOfFreedom: Double) -> Double? {
        finite(cbm_student_t_sf(degreesOfFreedom, x))
    }
    /// The x with P(X ≤ x) = p, for 0 < p < 1.
    public static func quantile(_ p: Double, degreesOfFreedom: Double) -> Double? {
        finite(cbm_student_t_quantile(degreesOfFreedom, p))
    }
}

/// The beta distribution.
public enum BetaDistribution {
    /// P(X ≤ x), the regularised incomplete beta function.
    public static func cumulative(_ x: Double, alpha: Double, beta: Double) -> Double? {
        finite(cbm_beta_cdf(alpha, beta, x))
    }
    /// The x with P(X ≤ x) = p.
    public static func quantile(_ p: Double, alpha: Double, beta: Double) -> Double? {
        finite(cbm_beta_quantile(alpha, beta, p))
    }
}

/// The binomial distribution.
public enum BinomialDistribution {
    /// P(X = successes).
    public static func probability(_ successes: Int, trials: Int, probability: Double) -> Double? {
        finite(cbm_binomial_pmf(Double(trials), probability, Double(successes)))
    }
    /// P(X ≤ successes).
    public static func cumulative(_ successes: Int, trials: Int, probability: Double) -> Double? {
        finite(cbm_binomial_cdf(Double(trials), probability, Double(successes)))
    }
    /// P(X > successes).
    public static func survival(_ successes: Int, trials: Int, probability: Double) -> Double? {
        finite(cbm_binomial_sf(Double(trials), probability, Double(successes)))
    }
}

/// The chi-squared distribution.
public enum ChiSquaredDistribution {
    /// P(X ≤ x).
    public static func cumulative(_ x: Double, degreesOfFreedom: Double) -> Double? {
        finite(cbm_chi_squared_cdf(degreesOfFreedom, x))
    }
    /// P(X > x).
    public static func survival(_ x: Double, degreesOfFreedom: Double) -> Double? {
        finite(cbm_chi_squared_sf(degreesOfFreedom, x))
    }
    /// The x with P(X ≤ x) = p.
    public static func quantile(_ p: Double, degreesOfFreedom: Double) -> Double? {
        finite(cbm_chi_squared_quantile(degreesOfFreedom, p))
    }
}

/// Fisher's F distribution.
public enum FisherFDistribution {
    /// P(X ≤ x).
    public static func cumulative(_ x: Double, numerator: Double, denominator: Double) -> Double? {
        finite(cbm_fisher_f_cdf(numerator, denominator, x))
    }
    /// P(X > x).
    public static func survival(_ x: Double, numerator: Double, denominator: Double) -> Double? {
        finite(cbm_fisher_f_sf(numerator, denominator, x))
    }
    /// The x with P(X ≤ x) = p.
    public static func quantile(_ p: Double, numerator: Double, denominator: Double) -> Double? {
        finite(cbm_fisher_f_quantile(numerator, denominator, p))
    }
}

/// Raw values, and the few functions of the C library that the standard library lacks.
enum Boost {
    static func betaCumulative(_ a: Double, _ b: Double, _ x: Double) -> Double { cbm_beta_cdf(a, b, x) }
    static func betaQuantile(_ a: Double, _ b: Double, _ p: Double) -> Double { cbm_beta_quantile(a, b, p) }
    static func normalCumulative(_ x: Double) -> Double { cbm_normal_cdf(x) }
    static func normalSurvival(_ x: Double) -> Double { cbm_normal_sf(x) }
    static func normalQuantile(_ p: Double) -> Double { cbm_normal_quantile(p) }
    static func studentSurvival(_ df: Double, _ x: Double) -> Double { cbm_student_t_sf(df, x) }
    static func studentQuantile(_ df: Double, _ p: Double) -> Double { cbm_student_t_quantile(df, p) }
    static func binomialProbability(_ n: Int, _ p: Double, _ k: Int) -> Double {
        cbm_binomial_pmf(Double(n), p, Double(k))
    }
    static func binomialCumulative(_ n: Int, _ p: Double, _ k: Int) -> Double {
        cbm_binomial_cdf(Double(n), p, Double(k))
    }
    static func chiSquaredSurvival(_ df: Double, _ x: Double) -> Double { cbm_chi_squared_sf(df, x) }
    static func logChoose(_ n: Int, _ k: Int) -> Double { cbm_log_choose(Double(n), Double(k)) }

    static func logarithm(_ x: Double) -> Double { log(x) }
    static func logarithmOfOnePlus(_ x: Double) -> Double { log1p(x) }
    static func exponential(_ x: Double) -> Double { exp(x) }
    static func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }
    static func cosine(_ x: Double) -> Double { cos(x) }
}

/// Turns NaN and the infinities into nil.
func finite(_ x: Double) -> Double? { x.isFinite ? x : nil }

/// Stops on a confidence level that is a programmer's mistake, such as 95 for 0.95.
func checkConfidence(_ confidence: Double) {
    precondition(confidence > 0 && confidence < 1, "a confidence level lies between 0 and 1, this one is \(confidence)")
}
