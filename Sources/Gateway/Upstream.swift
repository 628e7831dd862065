package import Vocabulary

/// A model server that requests can be passed to.
///
/// A value: equal ones stand for the same server, and replacing one by an equal one changes nothing.
package struct Upstream: Equatable, Sendable {
    /// An upstream's name, independent of its address and version.
    package struct Name: Hashable, Sendable {
        package let text: String

        package init(_ text: String) {
            self.text = text
        }

        /// The upstream that the experiment calls stable.
        package static var stable: Name { Name("stable") }
    }

    /// The target of a connection; upstreams with the same place share kept connections.
    struct Place: Hashable, Sendable {
        let isTLS: Bool
        let host: String
        let port: Int
        let trustRootsPath: String?
    }

    /// Its name for the router, taps and metrics.
    package var name: Name
    /// The value of X-Model-Version in its answers.
    package var version: String
    package var url: ServerURL
    /// A PEM file of certificates to trust instead of the system's, where the URL is https.
    package var trustRootsPath: String?

    /// An upstream whose certificate, if any, has to be trusted by the system.
    ///
    /// - Parameters:
    ///   - name: Its name for the router, taps and metrics.
    ///   - version: The value of X-Model-Version.
    ///   - url: Its address.
    package init(_ name: Name, version: String, url: ServerURL) {
        self.name = name
        self.version = version
        self.url = url
    }

    var place: Place {
        Place(isTLS: url.isTLS, host: url.host, port: url.port, trustRootsPath: trustRootsPath)
    }
}
