/// The difference of two weighted means or ratios over the same sessions; two of them add.
///
/// Where both sides are defined on the same pairs, a ``PairedHarm`` of the differences is simpler and the same. This is
/// for sides that are defined on different answers of a session (a rate over the answers that streamed, say): each side
/// is a ratio Σb ÷ Σa, and the covariance between the sides comes from the sessions that have both.
public struct ClusterRatioDifference: Sendable, Hashable, Codable {
    /// Sessions with an answer on either side.
    public private(set) var sessions = 0
    /// Means of stable weight, stable total, shadow weight, shadow total.
    private var means = [0.0, 0.0, 0.0, 0.0]
    /// Sums of products of deviations, row by row, 4 × 4.
    private var products = [Double](repeating: 0, count: 16)

    /// Creates an empty difference.
    public init() {}

    /// Adds a session.
    ///
    /// - Parameters:
    ///   - stableTotal: the sum over stable's answers of weight × value.
    ///   - stableWeight: the sum of stable's weights, 0 where the session has no answer on this side.
    ///   - shadowTotal: the sum over the shadow's answers of weight × value.
    ///   - shadowWeight: the sum of the shadow's weights.
    public mutating func add(stableTotal: Double, stableWeight: Double, shadowTotal: Double, shadowWeight: Double) {
        guard stableWeight > 0 || shadowWeight > 0 else { return }
        let session = [stableWeight, stableTotal, shadowWeight, shadowTotal]
        sessions += 1
        let before = (0..<4).map { session[$0] - means[$0] }
        for i in 0..<4 { means[i] += before[i] / Double(sessions) }
        for i in 0..<4 {
            for j in 0..<4 { products[4 * i + j] += before[i] * (session[j] - means[j]) }
        }
    }

    /// The difference over both sets of sessions together.
    public static func + (left: ClusterRatioDifference, right: ClusterRatioDifference) -> ClusterRatioDifference {
        guard left.sessions > 0 else { return right }
        guard right.sessions > 0 else { return left }
        let count = Double(left.sessions + right.sessions)
        let factor = Double(left.sessions) * Double(right.sessions) / count
        var sum = left
        sum.sessions += right.sessions
        for i in 0..<4 {
            let gap = right.means[i] - left.means[i]
            sum.means[i] += gap * Double(right.sessions) / count
            for j in 0..<4 {
                sum.products[4 * i + j] += right.products[4 * i + j] + gap * (right.means[j] - left.means[j]) * factor
            }
        }
        return sum
    }

    /// Stable's ratio, nil where it has no answers.
    public var stable: Double? { means[0] > 0 ? means[1] / means[0] : nil }

    /// The shadow's ratio, nil where it has no answers.
    public var shadow: Double? { means[2] > 0 ? means[3] / means[2] : nil }

    /// Shadow − stable with its interval, Student's t with m − 1 degrees of freedom.
    public func difference(confidence: Double = 0.95) -> Finding<IntervalEstimate> {
        checkConfidence(confidence)
        guard let stable, let shadow else { return .notEnoughData(have: 0, needed: 2) }
        let estimate = shadow - stable
        guard sessions >= 2 else {
            return .value(IntervalEstimate(estimate: estimate, interval: .notEnoughData(have: sessions, needed: 2)))
        }
        // The linearised value of a session is the inner product of its four sums with this gradient.
        let gradient = [stable / means[0], -1 / means[0], -shadow / means[2], 1 / means[2]]
        var squares = 0.0
        var scale = 0.0
        for i in 0..<4 {
            for j in 0..<4 { squares += gradient[i] * gradient[j] * products[4 * i + j] }
            scale += gradient[i] * gradient[i] * products[5 * i]
        }
        guard squares > 1e-24 * scale else {
            return .value(IntervalEstimate(estimate: estimate, interval: .undecided(.zeroVariance)))
        }
        let n = Double(sessions)
        let half = Boost.studentQuantile(n - 1, (1 + confidence) / 2) * (squares / (n - 1) / n).squareRoot()
        let interval = Interval(lower: estimate - half, upper: estimate + half)
        return .value(IntervalEstimate(estimate: estimate, interval: .value(interval)))
    }
}
