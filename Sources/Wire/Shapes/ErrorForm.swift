import JSON

/// How an API states an error.
struct ErrorForm: Sendable {
    /// Makes an error of the API's word for its kind, a sentence, and a second word that only some have.
    let document: @Sendable (_ type: String, _ message: String, _ code: String?) -> JSON
    /// Finds in an error the object whose `type`, `code` or `status` says what is wrong.
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
