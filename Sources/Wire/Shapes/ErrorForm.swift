import JSON

/// How an API states an error.
struct ErrorForm: Sendable {
    /// Makes an error from the API's term for its kind, a sentence, and a second term that only some APIs have.
    let document: @Sendable (_ type: String, _ message: String, _ code: String?) -> JSON
    /// Finds the object in an error whose `type`, `code` or `status` names the error.
    let cause: @Sendable (JSON) -> JSON

    init(
        cause: @escaping @Sendable (JSON) -> JSON = { $0["error"] ?? $0 },
        document: @escaping @Sendable (_ type: String, _ message: String, _ code: String?) -> JSON
    ) {
        self.cause = cause
        self.document = document
    }

    /// OpenAI's, which most servers copy.
    static let openAI = ErrorForm { type, message, code in
        ["error": ["message": .string(message), "type": .string(type), "param": nil, "code": JSON(code)]]
    }
}
