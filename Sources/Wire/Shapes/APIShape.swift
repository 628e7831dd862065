package import Vocabulary

/// Everything that is particular to one provider API, in one value.
///
/// The common code (`MirroredRequest`, `RequestGlance`, `CanonicalRequest`, `ShadowRequest`, `AnswerAssembler`, `AnswerWriter`)
/// takes a shape; nothing else distinguishes APIs. To add one, write a file that makes its shape, and name it in
/// `APIShape.all`. `Tests/WireTests/MadeUpShapeTests.swift` has a complete example.
///
/// A class, so that passing it on copies one pointer; it never changes. The code for every event of an answer is a stored
/// function without a context: a call without a look-up.
package final class APIShape: Sendable {
    /// The name, which is stored with pairs.
    package let endpoint: Endpoint
    /// Its path.
    package let path: APIPath
    /// How a leg sends its key.
    package let credential: APICredential
    /// Further fields of a client's head that the API reads, lower case; legs carry them.
    package let forwardedFields: [String]
    /// How its requests are read and rewritten.
    let request: RequestForm
    /// How its answers are read and written; nil for answers that are not text, such as embeddings: they cannot be compared here,
    /// so the requests are not mirrored (`APIShapes.place(whereFixed:target:)` does not find them).
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
