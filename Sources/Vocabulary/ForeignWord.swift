// Words that a client or a server chose: the name of a model, the reason of an answer's end, a tool's name, a call's id.
//
// Why. Such a word is kept far longer than the answer it came with: with a pair that waits, in caches, in tables of the
// store, in a report. A server that calls itself by a name of ten megabytes, or by a new name each time, must not make any
// of them grow. So each is cut where it is read, and a store keeps so many different ones.
// Limits. The bounds are far above what servers say (OpenAI allows 64 characters for a function's name), so that a cut word
// is a finding: it ends with an ellipsis and is seen as cut wherever it is shown.

/// The bounds of words from outside, in bytes of UTF-8, and how they are cut.
package enum ForeignWord {
    /// `finish_reason`, `stop_reason`, or the status of a response.
    package static let finishReasonBytes = 64
    /// The `model` that an answer names.
    package static let modelBytes = 256
    /// The name of a tool that an answer calls.
    package static let toolNameBytes = 256
    /// The id of such a call, or of the item that it stands in.
    package static let toolCallIDBytes = 256
    /// Any other word, where it is kept.
    package static let wordBytes = 256

    /// Stands for a word that is one too many.
    package static let other = "(other)"

    private static let mark = "…"

    /// The word, or as much of its beginning as fits with an ellipsis behind it.
    ///
    /// - Parameters:
    ///   - text: the word as it came.
    ///   - maximumBytes: how long the result may be in UTF-8, the ellipsis included; at least 4.
    /// - Returns: at most that many bytes, cut between two scalars.
    package static func cut(_ text: String, toBytes maximumBytes: Int) -> String {
        let utf8 = text.utf8
        guard utf8.count > maximumBytes else { return text }
        var end = utf8.index(utf8.startIndex, offsetBy: maximumBytes - mark.utf8.count)
        // A byte that goes on with a scalar (10xxxxxx) is no place to cut.
        while end > utf8.startIndex, utf8[end] & 0xC0 == 0x80 { end = utf8.index(before: end) }
        return String(text[..<end]) + mark
    }
}
