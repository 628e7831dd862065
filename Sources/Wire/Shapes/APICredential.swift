/// The header field in which an API takes a key.
package struct APICredential: Sendable, Hashable {
    /// The field's name.
    package let name: String
    /// The text before the key.
    private let scheme: String

    /// `Authorization: Bearer KEY` (RFC 6750, 2.1).
    package static let bearer = APICredential(name: "Authorization", scheme: "Bearer ")

    /// A field of the API's own that holds the key alone.
    package static func field(_ name: String) -> APICredential { APICredential(name: name, scheme: "") }

    private init(name: String, scheme: String) {
        self.name = name
        self.scheme = scheme
    }

    /// The field for a key.
    package func field(for key: String) -> (String, String) { (name, scheme + key) }
}
