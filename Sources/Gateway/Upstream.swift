package import Vocabulary

/// A model server that requests can be passed to.
///
/// A value: two that are equal stand for the same server, and whoever replaces one by an equal one changes nothing.
package struct Upstream: Equatable, Sendable {
    /// What an upstream is called, whatever its address and its version are.
    package struct Name: Hashable, Sendable {
        package let text: String

        package init(_ text: String) {
            self.text = text
        }

        /// The upstream that the experiment calls stable.
        package static var stable: Name { Name("stable") }
    }

    /// What a connection is made to: a kept one may be used again by every upstream with the same.
    struct Place: Hashable, Sendable {
        let isTLS: Bool
        let host: String
        let port: Int
        let trustRootsPath: String?
    }

    /// What the router, taps and metrics know it by.
    package var name: Name
    /// The value of X-Model-Version in its answers.
    package var version: String
    package var url: ServerURL
    /// A PEM file of certificates to trust instead of the system's, where the URL is https.
    package var trustRootsPath: String?

    /// An upstream whose certificate, if it has one, is one that the system trusts.
    ///
    /// - Parameters:
    ///   - name: What the router, taps and metrics know it by.
    ///   - version: The value of X-Model-Version.
    ///   - url: Where it is.
    package init(_ name: Name, version: String, url: ServerURL) {
        self.name = name
        self.version = version
        self.url = url
    }

    var place: Place {
        Place(isTLS: url.isTLS, host: url.host, port: url.port, trustRootsPath: trustRootsPath)
    }
}
