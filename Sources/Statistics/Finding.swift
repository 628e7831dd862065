/// What the data say: a value, too little data with what would be enough, or undecided with the reason.
///
/// "Cannot tell" is a case of its own and never a number that looks like an answer: nothing in this library returns
/// NaN, an infinity, a p-value of 1 or a zero-width interval for want of data.
public enum Finding<Value: Sendable>: Sendable {
    /// The answer.
    case value(Value)
    /// Fewer independent units (sessions) than the method needs.
    case notEnoughData(have: Int, needed: Int)
    /// Enough units, but they do not determine the answer.
    case undecided(Undecided)

    /// The answer, or nil where there is none.
    public var value: Value? {
        if case .value(let value) = self { value } else { nil }
    }

    /// The number of sessions that the method needs, where too few were given.
    public var neededSessions: Int? {
        if case .notEnoughData(_, let needed) = self { needed } else { nil }
    }

    /// Transforms the answer and keeps the other cases.
    ///
    /// - Parameter transform: applied to the answer.
    /// - Returns: the transformed finding.
    public func map<Other: Sendable>(_ transform: (Value) -> Other) -> Finding<Other> {
        switch self {
        case .value(let value): .value(transform(value))
        case .notEnoughData(let have, let needed): .notEnoughData(have: have, needed: needed)
        case .undecided(let reason): .undecided(reason)
        }
    }
}

extension Finding: Equatable where Value: Equatable {}
extension Finding: Hashable where Value: Hashable {}

/// Why enough data still decide nothing.
public enum Undecided: String, Sendable, Hashable, Codable, CustomStringConvertible {
    /// Every session has the same value, so the spread is unknown; a zero-width interval would be a claim.
    case zeroVariance
    /// A ratio's denominator is zero or negative.
    case nonPositiveDenominator
    /// All sessions have weight zero.
    case zeroWeight

    /// One sentence for a report.
    public var description: String {
        switch self {
        case .zeroVariance: "All sessions have the same value, so the spread is unknown."
        case .nonPositiveDenominator: "The ratio's denominator is not positive."
        case .zeroWeight: "All sessions have weight zero."
        }
    }
}

/// Input that no method of this library accepts.
public enum StatisticsError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A value is NaN or infinite.
    case notFinite(what: String, index: Int)
    /// A value lies outside its range.
    case outOfRange(what: String, value: Double, allowed: String)
    /// Two inputs that belong together differ in length.
    case lengthMismatch(what: String, expected: Int, found: Int)

    /// One sentence naming the input and what would be right.
    public var description: String {
        switch self {
        case .notFinite(let what, let index):
            "The \(what) at index \(index) is not a finite number; leave such values out before."
        case .outOfRange(let what, let value, let allowed):
            "The \(what) \(value) is out of range; it must lie in \(allowed)."
        case .lengthMismatch(let what, let expected, let found):
            "There are \(found) \(what) where \(expected) are needed; give one for each value."
        }
    }
}
