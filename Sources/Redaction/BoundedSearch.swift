import Foundation
import Vocabulary

/// An operator's rule, searched for in bounded time.
///
/// The time is that of the thread, so that a busy machine does not make a rule fail.
struct BoundedSearch: Sendable {
    /// What a search may take whatever the text, and what each of its bytes adds.
    static let baseTime = Duration.milliseconds(50)
    static let timePerByte = Duration.microseconds(1)

    private let expression: BoundedExpression

    /// Compiles a pattern in ICU's syntax.
    ///
    /// - Throws: Foundation's error where it is no expression.
    init(_ pattern: String) throws {
        expression = try BoundedExpression(pattern)
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
        var matches: [Range<Int>] = []
        let isComplete = expression.search(
            text,
            isOver: { ThreadTime.now > end },
            found: { found in
                guard let range = Range(found, in: text) else { return true }
                let start = text.utf8.distance(from: text.startIndex, to: range.lowerBound)
                matches.append(start..<(start + text.utf8.distance(from: range.lowerBound, to: range.upperBound)))
                return true
            }
        )
        return (matches, isComplete ? text.utf8.count : matches.last?.upperBound ?? 0)
    }
}
