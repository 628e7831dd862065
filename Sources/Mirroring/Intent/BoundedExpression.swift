import Foundation

/// A regular expression whose search ends in bounded time.
///
/// Backtracking can take exponential time on a text that a stranger wrote, so ICU is asked to report its progress and
/// is stopped.
struct BoundedExpression: Sendable {
    static let maximumSearchTime = Duration.milliseconds(50)

    private let expression: NSRegularExpression

    /// Compiles a pattern in ICU's syntax.
    ///
    /// - Throws: Foundation's error where it is no expression.
    init(_ pattern: String) throws {
        expression = try NSRegularExpression(pattern: pattern)
    }

    func matches(_ text: String) -> Bool {
        let end = ContinuousClock.now + Self.maximumSearchTime
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
