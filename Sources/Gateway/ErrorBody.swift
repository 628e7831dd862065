/// Writes the JSON body of the gateway's own answers.
///
/// The configuration decides which API's shape it has; the gateway itself knows no API.
package struct ErrorBody: Sendable {
    /// Makes a body from a kind (`upstream_error`), a code (`upstream_unreachable`) and a sentence.
    let bytes: @Sendable (_ type: String, _ code: String, _ message: String) -> [UInt8]

    package init(_ bytes: @escaping @Sendable (_ type: String, _ code: String, _ message: String) -> [UInt8]) {
        self.bytes = bytes
    }

    /// An object with the sentence alone.
    ///
    /// The sentences are the gateway's own and hold no character that JSON has to escape.
    package static let message = ErrorBody { _, _, message in Array("{\"message\":\"\(message)\"}".utf8) }
}
