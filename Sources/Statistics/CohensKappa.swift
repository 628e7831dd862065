/// Two raters' agreement beyond chance on nominal categories; two of them add.
///
/// Source: Cohen, Educational and Psychological Measurement 20 (1960) 37–46; the variance is that of Fleiss, Cohen,
/// Everitt, Psychological Bulletin 72 (1969) 323–327.
public struct CohensKappa: Sendable, Hashable, Codable {
    /// How many categories there are.
    public let categories: Int
    /// The number of items by (first rater's category, second rater's category), row by row.
    private var table: [Int]

    /// Creates an empty table.
    ///
    /// - Parameter categories: how many there are.
    public init(categories: Int) {
        precondition(categories >= 1, "ratings need a category")
        self.categories = categories
        table = [Int](repeating: 0, count: categories * categories)
    }

    /// Adds items on which the raters chose these categories (from 0).
    public mutating func add(first: Int, second: Int, count: Int = 1) {
        precondition(0 <= first && first < categories && 0 <= second && second < categories, "no such category")
        table[first * categories + second] += count
    }

    /// The agreement over both sets of items together.
    public static func + (left: CohensKappa, right: CohensKappa) -> CohensKappa {
        precondition(left.categories == right.categories, "ratings of different categories")
        var sum = left
        for index in sum.table.indices { sum.table[index] += right.table[index] }
        return sum
    }

    /// Items rated by both.
    public var items: Int { table.reduce(0, +) }

    /// The share of items on which both chose the same, nil without items.
    ///
    /// It overstates: chance agreement is in it.
    public var rawAgreement: Double? {
        let n = items
        guard n > 0 else { return nil }
        return Double((0..<categories).reduce(0) { $0 + table[$1 * categories + $1] }) / Double(n)
    }

    /// κ with its large-sample interval; undecided where both raters used one and the same category only.
    public func kappa(confidence: Double = 0.95) -> Finding<IntervalEstimate> {
        checkConfidence(confidence)
        let n = Double(items)
        guard n > 0, let observed = rawAgreement else { return .notEnoughData(have: 0, needed: 1) }
        func share(_ row: Int, _ column: Int) -> Double { Double(table[row * categories + column]) / n }
        let rows = (0..<categories).map { row in (0..<categories).reduce(0) { $0 + share(row, $1) } }
        let columns = (0..<categories).map { column in (0..<categories).reduce(0) { $0 + share($1, column) } }
        let chance = zip(rows, columns).reduce(0) { $0 + $1.0 * $1.1 }
        guard chance < 1 else { return .undecided(.zeroVariance) }
        let kappa = (observed - chance) / (1 - chance)

        var diagonal = 0.0
        var off = 0.0
        for i in 0..<categories {
            let term = 1 - (rows[i] + columns[i]) * (1 - kappa)
            diagonal += share(i, i) * term * term
            for j in 0..<categories where j != i {
                let sum = columns[i] + rows[j]
                off += share(i, j) * sum * sum
            }
        }
        let bias = kappa - chance * (1 - kappa)
        let variance =
            (diagonal + (1 - kappa) * (1 - kappa) * off - bias * bias) / ((1 - chance) * (1 - chance) * n)
        guard variance > 1e-18 else {
            return .value(IntervalEstimate(estimate: kappa, interval: .undecided(.zeroVariance)))
        }
        let half = Boost.normalQuantile((1 + confidence) / 2) * variance.squareRoot()
        let interval = Interval(lower: max(-1, kappa - half), upper: min(1, kappa + half))
        return .value(IntervalEstimate(estimate: kappa, interval: .value(interval)))
    }
}
