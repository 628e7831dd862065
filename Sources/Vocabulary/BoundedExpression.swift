package import Foundation

/// A regular expression whose search can be stopped.
///
/// Backtracking can take exponential time on a text that a stranger wrote, `(a+)+$` on a row of `a`. ICU is asked to report
/// its progress and is stopped when the caller's time is over; it says so as well where it gives up of its own accord, with
/// its stack full.
package struct BoundedExpression: Sendable {
    private let expression: NSRegularExpression

    /// Compiles a pattern in ICU's syntax.
    ///
    /// - Throws: Foundation's error where it is no expression.
    package init(_ pattern: String) throws {
        expression = try NSRegularExpression(pattern: pattern)
    }

    /// Finds the matches one after the other.
    ///
    /// - Parameters:
    ///   - text: what is searched.
    ///   - isOver: asked now and then whether the time for this search is over.
    ///   - found: told of each match, in UTF-16; false where no more are wanted.
    /// - Returns: whether the text was searched as far as was wanted.
    package func search(_ text: String, isOver: () -> Bool, found: (NSRange) -> Bool) -> Bool {
        var isComplete = true
        let whole = NSRange(text.startIndex..., in: text)
        // The closure does not outlive the call; it is not marked so in Foundation for Linux.
        withoutActuallyEscaping(
            {
                (
                    result: NSTextCheckingResult?,
                    flags: NSRegularExpression.MatchingFlags,
                    stop: UnsafeMutablePointer<ObjCBool>
                ) in
                if let result, !found(result.range) {
                    stop.pointee = true
                    return
                }
                if flags.contains(.internalError) { isComplete = false }
                if isOver() {
                    isComplete = false
                    stop.pointee = true
                }
            },
            do: {
                expression.enumerateMatches(
                    in: text,
                    options: [.reportProgress, .reportCompletion],
                    range: whole,
                    using: $0
                )
            }
        )
        return isComplete
    }
}
