// One side's values of one metric, sorted, with the session that each belongs to.
//
// What:  the weighted empirical distribution function F(x) = Σ{ω : value ≤ x} ÷ Σω, its quantiles, and what each session
//        contributes to F at a point (the cluster-linearised residuals, from which every variance here is made).
// Weighting: a session counts once, so ω = (inverse sampling probability) ÷ (values of its session), as everywhere else
//        in this library; `.answersEqually` gives every value its own weight instead.
// Cost:  one radix sort of 64-bit keys; 24 bytes a value while sorting, 20 kept; afterwards each figure is linear at worst.

/// Sorted, weighted values of one side with their sessions.
public struct ClusteredSample: Sendable {
    /// What counts once.
    public enum Weighting: Sendable {
        /// Each session counts once, however many values it has.
        case sessionsEqually
        /// Each value counts once; sessions matter for the variance only.
        case answersEqually
    }

    /// The values in ascending order.
    public let values: [Double]
    /// The number of sessions with at least one value of positive weight.
    public let sessions: Int
    /// Session numbers lie in 0 ..< this.
    public let sessionSlots: Int

    /// Sums of the weights up to and including the value of the same index; the last is the total.
    let cumulative: [Double]
    /// The session number of the value of the same index.
    let owner: [UInt32]
    /// The sum of weights of each session number, 0 where it has no value.
    let sessionWeights: [Double]
    /// Every session has one value, and all have the same weight.
    let isSimple: Bool
    /// Fewer than half of the values are distinct: interval ends are then observed values, rounded outwards.
    let isDiscrete: Bool

    /// Sorts values, each a session of its own with equal weight.
    ///
    /// - Parameter values: finite numbers.
    /// - Throws: a sentence naming the first value that is not finite.
    public init(_ values: [Double]) throws(StatisticsError) {
        try self.init(values, sessions: nil, sessionSlots: values.count)
    }

    /// Sorts values with their sessions and weights.
    ///
    /// - Parameters:
    ///   - values: finite numbers.
    ///   - sessions: for each value its session's number in 0 ..< `sessionSlots`; nil: each value is its own session.
    ///   - sessionSlots: how many session numbers there are; two sides that are to be compared share the numbering.
    ///   - weights: inverse sampling probabilities (or a multiple), not negative; nil: all equal. Weight 0 leaves out.
    ///   - weighting: what counts once.
    /// - Throws: ``StatisticsError`` where lengths differ, or a number is not finite or out of range.
    public init(
        _ values: [Double],
        sessions: [Int]?,
        sessionSlots: Int,
        weights: [Double]? = nil,
        weighting: Weighting = .sessionsEqually
    ) throws(StatisticsError) {
        try Self.check(values, sessions: sessions, slots: sessionSlots, weights: weights)
        var counts = [UInt32](repeating: 0, count: sessionSlots)
        for index in values.indices where weights.map({ $0[index] > 0 }) ?? true {
            counts[sessions?[index] ?? index] += 1
        }
        let order = SortedOrder.ascending(values)
        var cumulative: [Double] = []
        var owner: [UInt32] = []
        var sorted: [Double] = []
        cumulative.reserveCapacity(values.count)
        owner.reserveCapacity(values.count)
        sorted.reserveCapacity(values.count)
        var sessionWeights = [Double](repeating: 0, count: sessionSlots)
        var sum = 0.0
        var distinct = 0
        var first: Double?
        var isEven = true
        for position in order {
            let index = Int(position)
            let whole = weights?[index] ?? 1
            guard whole > 0 else { continue }
            let slot = sessions?[index] ?? index
            let count = counts[slot]
            let weight = weighting == .sessionsEqually && count > 1 ? whole / Double(count) : whole
            sessionWeights[slot] += weight
            sum += weight
            if sorted.last != values[index] { distinct += 1 }
            if let first { isEven = isEven && first == whole } else { first = whole }
            cumulative.append(sum)
            owner.append(UInt32(slot))
            sorted.append(values[index])
        }
        let present = counts.reduce(0) { $1 > 0 ? $0 + 1 : $0 }
        self.values = sorted
        self.cumulative = cumulative
        self.owner = owner
        self.sessionWeights = sessionWeights
        self.sessionSlots = sessionSlots
        self.sessions = present
        self.isSimple = present == sorted.count && isEven
        self.isDiscrete = distinct * 2 < sorted.count
    }

    private static func check(
        _ values: [Double],
        sessions: [Int]?,
        slots: Int,
        weights: [Double]?
    ) throws(StatisticsError) {
        let numbers = sessions?.count ?? values.count
        guard numbers == values.count else {
            throw .lengthMismatch(what: "session numbers", expected: values.count, found: numbers)
        }
        guard sessions != nil || slots >= values.count else {
            throw .lengthMismatch(what: "session slots", expected: values.count, found: slots)
        }
        guard (weights?.count ?? values.count) == values.count else {
            throw .lengthMismatch(what: "weights", expected: values.count, found: weights?.count ?? 0)
        }
        for (index, value) in values.enumerated() where !value.isFinite {
            throw .notFinite(what: "value", index: index)
        }
        for number in sessions ?? [] where !(0..<slots).contains(number) {
            throw .outOfRange(what: "session number", value: Double(number), allowed: "0 ..< \(slots)")
        }
        for weight in weights ?? [] where !(weight >= 0 && weight < .infinity) {
            throw .outOfRange(what: "weight", value: weight, allowed: "0 ..< infinity")
        }
    }

    /// The sum of all weights.
    var totalWeight: Double { cumulative.last ?? 0 }

    /// The number of values below `x`.
    func count(below x: Double) -> Int { partition { $0 < x } }

    /// The number of values at or below `x`.
    func count(atMost x: Double) -> Int { partition { $0 <= x } }

    /// The share of weight of values below `x`; 0 without values.
    public func share(below x: Double) -> Double { shareOfFirst(count(below: x)) }

    /// The share of weight of values at or below `x`, the distribution function; 0 without values.
    public func share(atMost x: Double) -> Double { shareOfFirst(count(atMost: x)) }

    func shareOfFirst(_ count: Int) -> Double {
        count == 0 ? 0 : count == values.count ? 1 : cumulative[count - 1] / totalWeight
    }

    private func partition(_ isLeft: (Double) -> Bool) -> Int {
        var low = 0
        var high = values.count
        while low < high {
            let middle = (low + high) / 2
            if isLeft(values[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// What each session adds to the error of the share of the first `count` values.
    ///
    /// Element s is (b_s − F·a_s) ÷ Σa, with a the session's weight and b its weight among the first `count` values.
    func shareResiduals(ofFirst count: Int) -> [Double] {
        var residuals = [Double](repeating: 0, count: sessionSlots)
        let total = totalWeight
        let share = shareOfFirst(count)
        // Walk the shorter side; the other one follows from the session's weight.
        let upper = count > values.count / 2
        for index in upper ? count..<values.count : 0..<count { residuals[Int(owner[index])] += weight(index) }
        for slot in 0..<sessionSlots {
            let weight = sessionWeights[slot]
            let below = upper ? weight - residuals[slot] : residuals[slot]
            residuals[slot] = (below - share * weight) / total
        }
        return residuals
    }

    func weight(_ index: Int) -> Double {
        index == 0 ? cumulative[0] : cumulative[index] - cumulative[index - 1]
    }

    /// Σ residuals² · m/(m−1): the linearised variance of an estimate whose session residuals are given.
    static func variance(_ residuals: [Double], sessions: Int) -> Double {
        var squares = 0.0
        for residual in residuals { squares += residual * residual }
        return squares * Double(sessions) / Double(sessions - 1)
    }
}
