import Foundation

/// The operator's regular expression, searched for in bounded time.
///
/// Backtracking can take exponential time on a text that a stranger wrote, `(a+)+$` on a row of `a`. ICU is asked to
/// report its progress and is stopped in time, and says so as well where it gives up of its own accord, with its stack
/// full. The time is that of the thread, so that a busy machine does not make a rule fail.
struct BoundedSearch: Sendable {
    /// What a search may take whatever the text, and what each of its bytes adds.
    static let baseTime = Duration.milliseconds(50)
    static let timePerByte = Duration.microseconds(1)

    private let expression: NSRegularExpression

    /// Compiles a pattern in ICU's syntax.
    ///
    /// - Throws: Foundation's error where it is no expression.
    init(_ pattern: String) throws {
        expression = try NSRegularExpression(pattern: pattern)
    }

    /// Searches a text.
    ///
    /// - Parameters:
    ///   - text: the text.
    ///   - most: less than what a text of its length is given, where its pair has little left.
    /// - Returns: the matches as offsets in the text's UTF-8, and how far it was searched: to its end, unless time ran out.
    func matches(
        in text: String,
        within most: Duration = .seconds(Int64.max)
    ) -> (matches: [Range<Int>], searched: Int) {
        guard most > .zero else { return ([], 0) }
        let end = ThreadTime.now + min(most, Self.baseTime + Self.timePerByte * text.utf8.count)
        var found: [Range<Int>] = []
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
                if let result, let range = Range(result.range, in: text) {
                    let start = text.utf8.distance(from: text.startIndex, to: range.lowerBound)
                    found.append(start..<(start + text.utf8.distance(from: range.lowerBound, to: range.upperBound)))
                }
                if flags.contains(.internalError) { isComplete = false }
                if ThreadTime.now > end {
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
        return (found, isComplete ? text.utf8.count : found.last?.upperBound ?? 0)
    }
}
