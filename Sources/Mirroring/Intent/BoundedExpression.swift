import Foundation

/// A regular expression whose search ends in bounded time.
///
/// Backtracking can take exponential time on a text that a stranger wrote, so ICU is asked to report its progress and
/// is stopped.
struct BoundedExpression: Sendable {
    static let maximumSearchTime = Duration.milliseconds(50)
    /// For all expressions that are tried on one text.
    static let maximumTimePerText = Duration.milliseconds(100)

    private let expression: NSRegularExpression

    /// Compiles a pattern in ICU's syntax.
    ///
    /// - Throws: Foundation's error where it is no expression.
    init(_ pattern: String) throws {
        expression = try NSRegularExpression(pattern: pattern)
    }

    /// Whether it matches anywhere in a text.
    ///
    /// - Parameters:
    ///   - text: what is searched.
    ///   - left: what all expressions together may still take on this text; what this one took is taken off.
    /// - Returns: false also where there is no time left.
    func matches(_ text: String, within left: inout Duration) -> Bool {
        guard left > .zero else { return false }
        let begin = ContinuousClock.now
        let end = begin + min(Self.maximumSearchTime, left)
        defer { left -= begin.duration(to: .now) }
        var isFound = false
        let range = NSRange(text.startIndex..., in: text)
        // The closure does not outlive the call; it is not marked so in Foundation for Linux.
        withoutActuallyEscaping(
            {
                (
                    result: NSTextCheckingResult?,
                    _: NSRegularExpression.MatchingFlags,
                    stop: UnsafeMutablePointer<ObjCBool>
                ) in
                if result != nil { isFound = true }
                if result != nil || ContinuousClock.now > end { stop.pointee = true }
            },
            do: { expression.enumerateMatches(in: text, options: [.reportProgress], range: range, using: $0) }
        )
        return isFound
    }
}
