package import Vocabulary

/// Everything that is particular to one provider API, in one value.
///
/// The machinery (`MirroredRequest`, `RequestGlance`, `CanonicalRequest`, `ShadowRequest`, `AnswerAssembler`, `AnswerWriter`)
/// takes a shape and asks it; nothing else tells APIs apart. To add one, write a file that makes its shape, and name it in
/// `APIShape.all`. `Tests/WireTests/MadeUpShapeTests.swift` is one in full.
///
/// A class, so that a request hands on one word; it never changes. What runs for every event of an answer is a stored function
/// without a context, which costs a call and no look-up.
package final class APIShape: Sendable {
    /// The name, which pairs keep.
    package let endpoint: Endpoint
    /// Where it is asked.
    package let path: APIPath
    /// How a leg shows its key.
    package let credential: APICredential
    /// Further fields of a client's head that the API reads, lower case; legs carry them.
    package let forwardedFields: [String]
    /// How its requests are read and rewritten.
    let request: RequestForm
    /// How its answers are read and written; nil for answers that are no text, such as embeddings: nothing here can compare
    /// them, so the requests are not mirrored (`APIShapes.place(whereFixed:target:)` does not find them).
    let answer: AnswerForm?
    /// An error of the API's own, as JSON.
    let error: ErrorForm

    init(
        endpoint: Endpoint,
        path: APIPath,
        credential: APICredential = .bearer,
        forwardedFields: [String] = [],
        request: RequestForm,
        answer: AnswerForm?,
        error: ErrorForm = .openAI
    ) {
        self.endpoint = endpoint
        self.path = path
        self.credential = credential
        self.forwardedFields = forwardedFields
        self.request = request
        self.answer = answer
        self.error = error
    }
}

extension APIShape: Hashable, CustomStringConvertible {
    package static func == (one: APIShape, other: APIShape) -> Bool { one === other }
    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
    package var description: String { endpoint.rawValue }
}
