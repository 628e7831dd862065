/// Krippendorff's α for nominal categories, any number of raters, missing ratings allowed; two of them add.
///
/// α = 1 − D_o ÷ D_e over the coincidences of values within items; 1 is perfect agreement, 0 what chance gives. Items with
/// fewer than 2 ratings hold no pair and do not count. Source: Krippendorff, Content Analysis (2004) §11.3.
public struct KrippendorffAlpha: Sendable, Hashable, Codable {
    /// Items with at least 2 ratings.
    public private(set) var items = 0
    /// Ratings in those items, by category.
    private var margins: [Double]
    /// Σ over items of the agreeing ordered pairs ÷ (ratings − 1).
    private var agreeing = 0.0
    /// Σ over items of the share of agreeing pairs.
    private var agreementSum = 0.0

    /// Creates α without data.
    ///
    /// - Parameter categories: how many there are.
    public init(categories: Int) {
        precondition(categories >= 1, "ratings need a category")
        margins = [Double](repeating: 0, count: categories)
    }

    /// Adds an item.
    ///
    /// - Parameter counts: for each category how many raters chose it.
    public mutating func add(counts: [Int]) {
        precondition(counts.count == margins.count, "\(counts.count) counts for \(margins.count) categories")
        let ratings = counts.reduce(0, +)
        guard ratings >= 2 else { return }
        items += 1
        var pairs = 0
        for (category, count) in counts.enumerated() {
            precondition(count >= 0, "a count of \(count) ratings is impossible")
            margins[category] += Double(count)
            pairs += count * (count - 1)
        }
        let share = Double(pairs) / Double(ratings - 1)
        agreeing += share
        agreementSum += share / Double(ratings)
    }

    /// α over both sets of items together.
    public static func + (left: KrippendorffAlpha, right: KrippendorffAlpha) -> KrippendorffAlpha {
        precondition(left.margins.count == right.margins.count, "ratings of different categories")
        var sum = left
        sum.items += right.items
        sum.agreeing += right.agreeing
        sum.agreementSum += right.agreementSum
        for category in sum.margins.indices { sum.margins[category] += right.margins[category] }
        return sum
    }

    /// α; not enough data without an item of 2 ratings, undecided where all ratings are the same category.
    public var alpha: Finding<Double> {
        guard items > 0 else { return .notEnoughData(have: 0, needed: 1) }
        let n = margins.reduce(0, +)
        let expected = 1 - margins.reduce(0) { $0 + $1 * ($1 - 1) } / (n * (n - 1))
        guard expected > 0 else { return .undecided(.zeroVariance) }
        return .value(1 - (1 - agreeing / n) / expected)
    }

    /// The mean over items of the share of agreeing pairs of raters; nil without items.
    public var rawAgreement: Double? { items == 0 ? nil : agreementSum / Double(items) }

    /// α over items with its bootstrap interval over items (percentile).
    ///
    /// - Parameters:
    ///   - items: for each item how many raters chose each category.
    ///   - categories: how many there are.
    ///   - confidence: the two-sided level.
    ///   - bootstrap: replicates and seed.
    /// - Returns: as ``alpha``.
    public static func estimate(
        items: [[Int]],
        categories: Int,
        confidence: Double = 0.95,
        bootstrap: ClusterBootstrap = ClusterBootstrap()
    ) -> Finding<IntervalEstimate> {
        // One α an item, so that a draw adds small values and recounts nothing.
        let rated = items.filter { $0.reduce(0, +) >= 2 }
        let single = rated.map { counts in
            var alpha = KrippendorffAlpha(categories: categories)
            alpha.add(counts: counts)
            return alpha
        }
        let all = single.reduce(KrippendorffAlpha(categories: categories), +)
        return all.alpha.map { estimate in
            let drawn = bootstrap.distribution(sessions: single.count, withJackknife: false) { picked in
                var sum = KrippendorffAlpha(categories: categories)
                for index in picked { sum.merge(single[index]) }
                return sum.alpha.value
            }
            let interval: Finding<Interval> =
                switch drawn {
                case .value(let distribution): distribution.percentile(confidence: confidence)
                case .notEnoughData(let have, let needed): .notEnoughData(have: have, needed: needed)
                case .undecided(let reason): .undecided(reason)
                }
            return IntervalEstimate(estimate: estimate, interval: interval)
        }
    }

    private mutating func merge(_ other: KrippendorffAlpha) {
        items += other.items
        agreeing += other.agreeing
        agreementSum += other.agreementSum
        for category in margins.indices { margins[category] += other.margins[category] }
    }
}
