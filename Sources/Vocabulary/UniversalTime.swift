package import Foundation

/// UTC days since 1970; a time before it lies in a day below 0.
package func utcDay(_ secondsSince1970: Double) -> Int {
    Int((secondsSince1970 / 86_400).rounded(.down))
}

extension Date {
    /// UTC days since 1970.
    package var utcDay: Int { Vocabulary.utcDay(timeIntervalSince1970) }

    /// UTC minutes since 1970.
    package var utcMinute: Int {
        Int((timeIntervalSince1970 / 60).rounded(.down))
    }
}
