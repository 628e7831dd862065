// A test that may be looked at at any time.
//
// What:  E = mean over λ of Π_s (1 + λ(x_s − margin)), x_s ∈ −1 ... 1 the session's value. Under E[x_s | earlier] ≤ margin
//        each product is a non-negative supermartingale that starts at 1, so by Ville's inequality the chance that E ever
//        reaches 1/α is at most α, however often and whenever one looks.
// For each λ the log-wealth is a sum over sessions: exact, incremental, and it merges across shards by addition.
// Limits: a λ is kept only where 1 + λ(−1 − margin) stays positive, so margins from 1/3 on use a shorter grid.
// Sources: Ville (1939); Waudby-Smith, Ramdas, JRSS B 86 (2024) 1–27 (betting, §4); Ramdas et al., Stat. Sci. 38 (2023).

/// The evidence against "the mean harm is at most the margin", valid at any time; two of them add.
public struct GridMixtureEProcess: Sendable, Hashable, Codable {
    /// The stakes λ over which the mixture runs.
    public static let defaultGrid = [0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.14, 0.2, 0.28, 0.4, 0.55, 0.75]

    /// The harm that the null hypothesis allows.
    public let margin: Double
    /// The stakes in use.
    public let grid: [Double]
    /// Sessions entered.
    public private(set) var sessions = 0
    private var logWealth: [Double]

    /// Creates a process without data.
    ///
    /// - Parameters:
    ///   - margin: the harm that the null hypothesis allows, above −1 and below 1.
    ///   - grid: stakes between 0 and 1; those that a single session could ruin are left out.
    public init(margin: Double, grid: [Double] = GridMixtureEProcess.defaultGrid) {
        precondition(margin > -1 && margin < 1, "a margin of \(margin) cannot be tested on values in -1 ... 1")
        self.margin = margin
        self.grid = grid.filter { $0 > 0 && $0 * (1 + margin) < 1 }
        precondition(!self.grid.isEmpty, "no stake in the grid survives a margin of \(margin)")
        logWealth = [Double](repeating: 0, count: self.grid.count)
    }

    /// Enters a session.
    ///
    /// - Parameter value: the session's mean harm difference, −1 ... 1.
    public mutating func add(_ value: Double) {
        precondition(abs(value) <= 1, "a harm difference of \(value) lies outside -1 ... 1")
        sessions += 1
        for index in grid.indices {
            logWealth[index] += Boost.logarithmOfOnePlus(grid[index] * (value - margin))
        }
    }

    /// The evidence of both sets of sessions together; both must have the same margin and grid.
    public static func + (left: GridMixtureEProcess, right: GridMixtureEProcess) -> GridMixtureEProcess {
        precondition(left.margin == right.margin && left.grid == right.grid, "e-processes of different hypotheses")
        var sum = left
        sum.sessions += right.sessions
        for index in sum.logWealth.indices { sum.logWealth[index] += right.logWealth[index] }
        return sum
    }

    /// The logarithm of E, always finite.
    public var logEValue: Double {
        let largest = logWealth.max() ?? 0
        let sum = logWealth.reduce(0) { $0 + Boost.exponential($1 - largest) }
        return largest + Boost.logarithm(sum / Double(grid.count))
    }

    /// E, capped at the largest finite number.
    public var eValue: Double {
        min(Boost.exponential(logEValue), Double.greatestFiniteMagnitude)
    }

    /// Says whether E has reached the threshold T/α of T hypotheses tested together.
    public func rejects(hypotheses: Int, alpha: Double = 0.05) -> Bool {
        logEValue >= Boost.logarithm(Self.threshold(hypotheses: hypotheses, alpha: alpha))
    }

    /// T/α, the e-value at which one of T hypotheses is rejected.
    public static func threshold(hypotheses: Int, alpha: Double = 0.05) -> Double {
        precondition(hypotheses > 0 && alpha > 0 && alpha < 1, "\(hypotheses) hypotheses at level \(alpha)")
        return Double(hypotheses) / alpha
    }
}
