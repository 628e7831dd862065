import JSON

/// How the answers of one API are read and written.
///
/// Functions without a context: reading an event costs one call, whatever the API.
struct AnswerForm: Sendable {
    /// Reads one event of a stream, an object, into the draft.
    let readEvent: @Sendable (inout AnswerDraft, JSON) -> Void
    /// Reads a whole answer into the draft; false for another body.
    let readDocument: @Sendable (inout AnswerDraft, JSON) -> Bool
    /// An answer as one document.
    let document: @Sendable (AnswerWriter) -> JSON
    /// An answer as events, the protocol's own end included, with its text in these pieces.
    let events: @Sendable (AnswerWriter, [String]) -> [[UInt8]]
}
