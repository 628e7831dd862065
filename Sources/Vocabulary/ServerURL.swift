import Foundation

/// The base URL of a model server: scheme, host, port and, rarely, a path that the client's path is appended to.
package struct ServerURL: Sendable, Equatable, Hashable, CustomStringConvertible {
    package var isTLS: Bool
    /// Without brackets.
    package var host: String
    package var port: Int
    /// Empty, or a path that starts with `/` and does not end with it.
    package var basePath: String

    package init(isTLS: Bool, host: String, port: Int, basePath: String = "") {
        self.isTLS = isTLS
        self.host = host
        self.port = port
        self.basePath = basePath
    }

    /// What is wrong with a URL, as the end of a sentence that starts with the key.
    package enum Flaw: Error, Equatable {
        case notAURL
        case scheme(String)
        case credentials
        case queryOrFragment
        case apiVersionPath
    }

    /// Reads `http://HOST[:PORT][/PATH]` or the same with `https`.
    ///
    /// - Throws: The first ``Flaw``. A path that ends in `/v1` is one: the client's path, which starts with `/v1`, is
    ///   appended.
    package init(_ text: String) throws(Flaw) {
        let ascii = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        guard ascii, let separator = text.range(of: "://") else {
            throw .notAURL
        }
        let scheme = text[..<separator.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { throw .scheme(scheme) }
        let rest = text[separator.upperBound...]
        guard !rest.contains(where: { $0 == "?" || $0 == "#" }) else { throw .queryOrFragment }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        var authority = String(rest[..<slash])
        guard !authority.contains("@") else { throw .credentials }
        let isTLS = scheme == "https"
        let hasPort = authority.hasSuffix("]") ? false : authority.contains(":")
        if !hasPort { authority += isTLS ? ":443" : ":80" }
        guard let address = NetworkAddress(authority), address.port > 0 else { throw .notAURL }
        var path = String(rest[slash...])
        while path.hasSuffix("/") { path.removeLast() }
        guard !path.hasSuffix("/v1") else { throw .apiVersionPath }
        self.init(isTLS: isTLS, host: address.host, port: address.port, basePath: path)
    }

    /// Host and port as a Host field has them: the port only where it is not the scheme's own.
    package var authority: String {
        let shown = host.contains(":") ? "[\(host)]" : host
        return port == (isTLS ? 443 : 80) ? shown : "\(shown):\(port)"
    }

    package var description: String { "\(isTLS ? "https" : "http")://\(authority)\(basePath)" }
}
