// How much a gate's figure varies from session to session, and so how many sessions decide it.
//
// What: the chance that a gate passes where the two models are equal. For 0/1 harms it is computed over all outcomes as the
// judge sees them (`NonInferiorityPower`), for everything else from the normal distribution of the estimate.
// Limits: sessions of several pairs are taken as one pair with the same variance; above 20,000 sessions harms are normal too.

import Foundation
import Statistics

/// The variation of one gate's figure.
package enum GateSpread: Sendable, Equatable {
    /// A net harm or a difference of means: the variance of a session's value, 0…1.
    case harm(variance: Double)
    /// A tail mass or a quantile's ratio (by its logarithm): the standard deviation of the estimate times the root of the
    /// sessions, and the sessions below which nothing is said.
    case normal(deviation: Double, least: Int)

    private static let exactUpTo = 20_000

    /// The probability that the gate passes where the models are equal.
    ///
    /// - Parameters:
    ///   - sessions: at the look.
    ///   - margin: on the scale of the spread: of a ratio its logarithm.
    ///   - alpha: the one-sided error of the look.
    /// - Returns: 0…1.
    package func passProbability(sessions: Int, margin: Double, alpha: Double) -> Double {
        guard sessions > 0, margin > 0 else { return 0 }
        switch self {
        case .harm(let variance):
            guard margin < 1, sessions >= SampleSize.zeroEvents(margin: margin, confidence: 1 - alpha) else { return 0 }
            if sessions <= Self.exactUpTo {
                return NonInferiorityPower.passProbability(
                    sessions: sessions,
                    discordance: min(1, max(0, variance)),
                    margin: margin,
                    confidence: 1 - alpha
                )
            }
            return Self.normal(margin, deviation: variance.squareRoot(), sessions: sessions, alpha: alpha)
        case .normal(let deviation, let least):
            guard sessions >= least else { return 0 }
            return Self.normal(margin, deviation: deviation, sessions: sessions, alpha: alpha)
        }
    }

    private static func normal(_ margin: Double, deviation: Double, sessions: Int, alpha: Double) -> Double {
        guard deviation > 0, let z = NormalDistribution.quantile(1 - alpha) else { return 1 }
        return NormalDistribution.cumulative(margin * Double(sessions).squareRoot() / deviation - z) ?? 0
    }

    /// The fewest sessions at which the gate passes with a power, within 1 %; nil above a million.
    package func neededSessions(margin: Double, power: Double, alpha: Double) -> Int? {
        switch self {
        case .harm(let variance):
            guard margin > 0, margin < 1 else { return nil }
            return NonInferiorityPower.neededSessions(
                discordance: min(1, max(0, variance)),
                margin: margin,
                power: power,
                confidence: 1 - alpha
            )
        case .normal(let deviation, let least):
            guard margin > 0, let z = NormalDistribution.quantile(1 - alpha),
                let powerQuantile = NormalDistribution.quantile(power)
            else { return nil }
            let root = (z + powerQuantile) * deviation / margin
            let needed = max(Double(least), (root * root).rounded(.up))
            return needed <= 1_000_000 ? Int(needed) : nil
        }
    }
}
