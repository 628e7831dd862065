/// Number, mean and spread of independent values; two of them add.
public struct Moments: Sendable, Hashable, Codable {
    /// Values counted.
    public private(set) var count = 0
    private var average = 0.0
    private var squares = 0.0

    /// Creates empty moments.
    public init() {}

    /// Creates the moments of values.
    ///
    /// - Parameter values: finite numbers.
    public init(_ values: some Sequence<Double>) {
        for value in values { add(value) }
    }

    /// Adds a value (Welford 1962).
    public mutating func add(_ value: Double) {
        precondition(value.isFinite, "a value of \(value) has no place in a mean")
        count += 1
        let gap = value - average
        average += gap / Double(count)
        squares += gap * (value - average)
    }

    /// The moments of both sets together (Chan, Golub, LeVeque 1979).
    public static func + (left: Moments, right: Moments) -> Moments {
        guard left.count > 0 else { return right }
        guard right.count > 0 else { return left }
        var sum = Moments()
        sum.count = left.count + right.count
        let gap = right.average - left.average
        let share = Double(right.count) / Double(sum.count)
        sum.average = left.average + gap * share
        sum.squares = left.squares + right.squares + gap * gap * Double(left.count) * share
        return sum
    }

    /// The mean, nil without values.
    public var mean: Double? { count == 0 ? nil : average }

    /// The sample variance with denominator n − 1, nil below 2 values.
    public var variance: Double? {
        guard count >= 2 else { return nil }
        let crumbs = 1e-28 * Double(count) * average * average
        return squares > crumbs ? squares / Double(count - 1) : 0
    }

    /// The sum of squared deviations from the mean.
    var sumOfSquares: Double { (variance ?? 0) * Double(max(count - 1, 0)) }
}
