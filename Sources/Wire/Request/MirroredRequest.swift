// A request of a mirrored API, read once: the user's text, the parameters that matter, and whether it may be played a
// second time.
//
// The text for intent rules is that of the *last user message* (`lastUserText`). Earlier turns are answered already, and a
// system prompt is the same for every request: rules on them would classify a conversation by its beginning, or all requests
// by the boilerplate. If no user message holds words, all messages count.

package import JSON
package import Vocabulary

/// Why a body is not a request of its API.
package enum MirroredRequestError: Error, Equatable, CustomStringConvertible {
    case notJSON(JSONError)
    case notAnObject
    /// The missing member, without which there is nothing to answer.
    case missing(member: String)

    package var description: String {
        switch self {
        case .notJSON(let error): "The request's body cannot be read. \(error)"
        case .notAnObject: "The request's body must be a JSON object."
        case .missing(let member): "The request's body must hold `\(member)`."
        }
    }
}

/// A request of a mirrored API.
package struct MirroredRequest: Sendable, Equatable {
    /// One turn of the conversation.
    package struct Message: Sendable, Equatable {
        /// The API's term: `system`, `developer`, `user`, `assistant`, `tool`.
        package var role: String
        /// The turn as text to show: words, and `[image]`, `[tool call NAME ARGUMENTS]` and the like for other content.
        package var text: String
        /// The words alone.
        package var words: String

        package init(role: String, text: String, words: String) {
            self.role = role
            self.text = text
            self.words = words
        }
    }

    /// The API of the request.
    package let shape: APIShape
    /// The information in its target.
    package let path: PathWords
    /// The whole body.
    package let body: JSON
    /// The conversation in order; a prompt of `/v1/completions` is one user message.
    package let messages: [Message]

    /// Reads a body after any content coding was undone (`ContentDecoder`).
    ///
    /// - Throws: `MirroredRequestError`; also where it has more values than a body may (`JSONMeasure`).
    package init(
        shape: APIShape,
        path: PathWords = PathWords(),
        body: some Collection<UInt8>
    ) throws(MirroredRequestError) {
        self = try withRawBytes(of: body) { bytes throws(MirroredRequestError) in
            try MirroredRequest(shape: shape, path: path, bytes: bytes)
        }
    }

    /// Reads a body after any content coding was undone.
    ///
    /// - Throws: `MirroredRequestError`; also where it has more values than a body may (`JSONMeasure`).
    package init(
        shape: APIShape,
        path: PathWords = PathWords(),
        bytes: UnsafeRawBufferPointer
    ) throws(MirroredRequestError) {
        let value: JSON
        do {
            value = try JSON(parsing: bytes, maximumValues: JSONMeasure.maximumForeignValues)
        } catch {
            throw .notJSON(error)
        }
        try self.init(shape: shape, path: path, body: value)
    }

    /// Reads a parsed body.
    ///
    /// - Throws: `MirroredRequestError`.
    package init(shape: APIShape, path: PathWords = PathWords(), body: JSON) throws(MirroredRequestError) {
        guard case .object = body else { throw .notAnObject }
        self.shape = shape
        self.path = path
        self.body = body
        messages = try shape.request.turns(body)
    }

    // MARK: What is asked for

    /// The model that the client named.
    package var model: String? { path.model(orIn: body) }

    /// Whether the answer is to come as events.
    package var stream: Bool { path.isStreamed(orIn: body) }

    /// The parameters that matter when two answers are compared; tools without credentials (`BodyCredentials`).
    package var parameters: RequestParameters {
        RequestParameters(
            temperature: shape.request.temperature(body),
            maximumTokens: shape.request.maximumTokens(body),
            stream: stream,
            responseFormat: responseFormat?.text(),
            tools: offeredTools.map { BodyCredentials.removed(fromTools: $0).text() }
        )
    }

    /// A member of the body as text, by its dotted path (`user`, `metadata.session_id`).
    ///
    /// Strings as they are, numbers and truth values as JSON writes them; nil for anything else and for an empty
    /// string.
    package func field(_ path: String) -> String? {
        switch body.value(atPath: path) {
        case .string(let value): value.isEmpty ? nil : value
        case .number(let value): value.text
        case .bool(let value): String(value)
        case .null, .array, .object, nil: nil
        }
    }

    private var responseFormat: JSON? {
        let format = shape.request.responseFormat(body)
        guard let format, !format.isNull, format["type"]?.stringValue != "text" else { return nil }
        return format
    }

    private var offeredTools: JSON? {
        let tools = shape.request.tools(body)
        return tools?.arrayValue?.isEmpty == false ? tools : nil
    }

    // MARK: Text

    /// The whole conversation as text to show.
    ///
    /// A single user message is its text alone; otherwise each message is preceded by its role.
    package var promptText: String { Self.promptText(of: messages) }

    package static func promptText(of messages: [Message]) -> String {
        if messages.count == 1, messages[0].role == "user" { return messages[0].text }
        // At its exact size: a pair may keep it for long.
        var text = ""
        text.reserveCapacity(messages.reduce(0) { $0 + $1.role.utf8.count + $1.text.utf8.count + 4 })
        for (index, message) in messages.enumerated() {
            if index > 0 { text += "\n\n" }
            text += message.role
            text += ": "
            text += message.text
        }
        return text
    }

    /// The words of the last user message that has any, for the intent rules; failing that, the words of all messages.
    package var lastUserText: String { Self.lastUserText(of: messages) }

    package static func lastUserText(of messages: [Message]) -> String {
        let last = messages.last { $0.role == "user" && !$0.words.isEmpty }
        return last?.words ?? messages.map(\.words).filter { !$0.isEmpty }.joined(separator: "\n\n")
    }
}
