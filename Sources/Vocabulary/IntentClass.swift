/// The intent class of a request: the stratum in which the verdict is made.
package struct IntentClass: RawRepresentable, Sendable, Hashable, Comparable, CustomStringConvertible,
    ExpressibleByStringLiteral
{
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// What no rule claims.
    package static let other = IntentClass(rawValue: "other")

    package var description: String { rawValue }

    /// A class that the code names itself, as tests do.
    package init(stringLiteral value: String) { self.init(rawValue: value) }

    package static func < (left: IntentClass, right: IntentClass) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// Who assigned an intent class.
package enum IntentSource: String, Sendable, Hashable {
    /// The caller named it, in a header.
    case header
    /// The caller named it, in a field of the body.
    case body
    /// A rule of the configuration matched what the user wrote.
    case rule
    /// No rule matched: the class is `other`.
    case fallback
    /// An imported pair carried it.
    case imported
}
