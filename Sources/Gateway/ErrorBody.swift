/// Writes the JSON body of an answer that the gateway gives in its own name.
///
/// The configuration decides which API's shape it has; the gateway knows no API.
package struct ErrorBody: Sendable {
    /// Makes a body of a kind (`upstream_error`), of what exactly is wrong (`upstream_unreachable`), and of a sentence.
    let bytes: @Sendable (_ type: String, _ code: String, _ message: String) -> [UInt8]

    package init(_ bytes: @escaping @Sendable (_ type: String, _ code: String, _ message: String) -> [UInt8]) {
        self.bytes = bytes
    }

    /// An object with the sentence alone.
    ///
    /// The sentences are the gateway's own and hold no character that JSON would want escaped; backticks are fine.
    package static let message = ErrorBody { _, _, message in Array("{\"message\":\"\(message)\"}".utf8) }
}
