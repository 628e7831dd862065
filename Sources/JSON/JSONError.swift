/// Why some bytes are not JSON, and where.
///
/// Carries no content: the parsed text is other people's.
package struct JSONError: Error, Equatable, CustomStringConvertible {
    package enum Reason: Sendable, Equatable {
        case unexpectedEnd
        /// The grammar does not allow the byte there.
        case expected(String)
        case invalidNumber
        case invalidEscape
        case controlCharacter
        case invalidUTF8
        case tooDeep(limit: Int)
        case tooManyValues(limit: Int)
        case trailingContent
    }

    package let reason: Reason
    /// Offset of the offending byte from the start of what was parsed.
    package let offset: Int

    package init(reason: Reason, offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    package var description: String {
        "The JSON is invalid at byte \(offset): \(explanation)."
    }

    /// The reason as the end of a sentence, without a full stop.
    package var explanation: String {
        switch reason {
        case .unexpectedEnd: "it ends before it is complete"
        case .expected(let what): "\(what) must stand here"
        case .invalidNumber: "this is not a number as JSON writes it"
        case .invalidEscape: "this is not an escape sequence that JSON knows"
        case .controlCharacter: "control characters in a string must be escaped"
        case .invalidUTF8: "the string is not valid UTF-8"
        case .tooDeep(let limit): "values are nested more than \(limit) deep"
        case .tooManyValues(let limit): "it holds more than \(limit) values"
        case .trailingContent: "nothing but whitespace may follow the value"
        }
    }
}
