// What the simulations draw: sessions of pairs of two legs.
//
// Values:  a standard normal level of each session, with the weight √ρ, and an independent part of each answer, with the
//          weight √(1−ρ), are added and mapped to a distribution. ρ is thereby the correlation both of two pairs of one
//          session and of the two legs of one pair; every quantile and mean of the distributions is a closed form.
// Harms:   0/1 events of two legs. "Shared" is a pair whose legs draw the same uniform with probability ½.
// Seeds:   made from the cell's name, so that no figure depends on threads, on order or on which rows are run.

import Foundation
import Statistics

extension SplitMix64 {
    /// The generator of a cell: FNV-1a of its name is the seed.
    init(cell name: String) {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        self.init(seed: hash)
    }

    mutating func happens(_ probability: Double) -> Bool { nextUniform() < probability }
}

/// Whether the legs of a pair fail together.
enum Dependence: String, Sendable, CaseIterable {
    case shared
    case independent
}

/// One pair's events on both legs.
struct EventPair {
    var stable: Bool
    var shadow: Bool

    /// The net harm, −1, 0 or 1.
    var harm: Double { (shadow ? 1 : 0) - (stable ? 1 : 0) }

    init(
        stable stableRate: Double,
        shadow shadowRate: Double,
        _ dependence: Dependence,
        _ generator: inout SplitMix64
    ) {
        let first = generator.nextUniform()
        let isSame = dependence == .shared && generator.happens(0.5)
        stable = first < stableRate
        shadow = (isSame ? first : generator.nextUniform()) < shadowRate
    }
}

/// A distribution of values, as a map from the standard normal.
enum Marginal: Sendable, Hashable, CustomStringConvertible {
    /// 1 with this probability, where the normal is small.
    case binary(Double)
    /// 0 (3 %), ½ (17 %) or 1: a score with ties.
    case levels
    /// Beta(4, 1), a score that is mostly good: F(x) = x⁴.
    case beta
    /// Of σ = 1.
    case logNormal
    /// Pareto's with exponent 2, whose variance is infinite.
    case heavyTailed

    var description: String {
        switch self {
        case .binary(let rate): "binary \(plain(rate * 100)) %"
        case .levels: "three levels"
        case .beta: "beta"
        case .logNormal: "log-normal"
        case .heavyTailed: "heavy-tailed"
        }
    }

    /// The map; increasing, but for binary events.
    func map() -> (Double) -> Double {
        switch self {
        case .binary(let rate):
            let bound = normalQuantile(rate)
            return { $0 < bound ? 1 : 0 }
        case .levels:
            let (low, middle) = (normalQuantile(0.03), normalQuantile(0.2))
            return { $0 < low ? 0 : $0 < middle ? 0.5 : 1 }
        case .beta: return { (0.5 * erfc(-$0 * 0.5.squareRoot())).squareRoot().squareRoot() }
        case .logNormal: return { exp($0) }
        case .heavyTailed: return { 1 / (0.5 * erfc($0 * 0.5.squareRoot())).squareRoot() }
        }
    }

    /// The mean; nil where no mean is asked for.
    var mean: Double? {
        switch self {
        case .binary(let rate): rate
        case .levels: 0.17 * 0.5 + 0.8
        case .beta: 0.8
        case .logNormal, .heavyTailed: nil
        }
    }

    /// The p-quantile of a continuous distribution.
    func quantile(_ p: Double) -> Double { map()(normalQuantile(p)) }

    /// The mean of the lowest share p; nil where none is asked for.
    func lowestMean(_ p: Double) -> Double? {
        switch self {
        case .binary: nil
        case .levels: (max(0, min(p, 0.2) - 0.03) * 0.5 + max(0, p - 0.2)) / p
        case .beta: 0.8 * p.squareRoot().squareRoot()
        case .logNormal: exp(0.5) * normalCumulative(normalQuantile(p) - 1) / p
        case .heavyTailed: 2 * (1 - (1 - p).squareRoot()) / p
        }
    }
}

/// How many sessions of how many pairs, how alike.
struct Design: Sendable, Hashable, CustomStringConvertible {
    var sessions: Int
    /// A session has 1 to this many pairs, each number equally often.
    var largest: Int
    var correlation: Double

    var description: String {
        "\(sessions) sessions of \(largest == 1 ? "1 pair" : "1 to \(largest) pairs"), ρ = \(plain(correlation))"
    }
}

/// The drawn values of both legs, pair by pair.
struct DrawnPairs {
    private(set) var stable: [Double] = []
    private(set) var shadow: [Double] = []
    /// Each pair's session.
    private(set) var session: [Int] = []
    /// Where each session's pairs begin, and the end.
    private(set) var starts: [Int] = [0]

    init(_ design: Design, _ map: (Double) -> Double, _ generator: inout SplitMix64) {
        let expected = design.sessions * (design.largest + 1) / 2
        stable.reserveCapacity(expected)
        shadow.reserveCapacity(expected)
        session.reserveCapacity(expected)
        starts.reserveCapacity(design.sessions + 1)
        let common = design.correlation.squareRoot()
        let own = (1 - design.correlation).squareRoot()
        for number in 0..<design.sessions {
            let level = common == 0 ? 0 : common * generator.nextNormal()
            let pairs = design.largest == 1 ? 1 : 1 + Int(generator.next() % UInt64(design.largest))
            for _ in 0..<pairs {
                stable.append(map(level + own * generator.nextNormal()))
                shadow.append(map(level + own * generator.nextNormal()))
                session.append(number)
            }
            starts.append(stable.count)
        }
    }

    /// The mean over a session's pairs of a function of both legs.
    func mean(ofSession number: Int, _ value: (Double, Double) -> Double) -> Double {
        let range = starts[number]..<starts[number + 1]
        return range.reduce(0) { $0 + value(stable[$1], shadow[$1]) } / Double(range.count)
    }
}

private func normalQuantile(_ p: Double) -> Double { NormalDistribution.quantile(p) ?? .nan }
private func normalCumulative(_ x: Double) -> Double { NormalDistribution.cumulative(x) ?? .nan }
