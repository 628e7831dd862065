import Foundation
import Vocabulary

/// A host and a port to listen on.
package struct NetworkAddress: Sendable, Equatable, Hashable, CustomStringConvertible {
    /// A name or an address, without brackets.
    package var host: String
    /// 0 lets the system choose.
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `HOST:PORT` or `[IPv6]:PORT`; nil where it is neither.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        var host = text[..<colon]
        let digits = text[text.index(after: colon)...]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":"), host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else { return nil }
        } else {
            guard host.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-" || $0 == "_") })
            else { return nil }
        }
        guard !host.isEmpty, (1...5).contains(digits.count), digits.allSatisfy(\.isWholeNumber),
            let port = Int(digits), (0...65_535).contains(port)
        else { return nil }
        self.init(host: String(host), port: port)
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Whether only this machine can reach it: 127.0.0.0/8, ::1 and `localhost`.
    package var isLoopback: Bool {
        Loopback.contains(host)
    }

    /// Whether it takes in every address of the machine: 0.0.0.0 and ::.
    package var isUnspecified: Bool { host == "0.0.0.0" || host == "::" }
}

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

    package var description: String {
        let shown = host.contains(":") ? "[\(host)]" : host
        let portText = port == (isTLS ? 443 : 80) ? "" : ":\(port)"
        return "\(isTLS ? "https" : "http")://\(shown)\(portText)\(basePath)"
    }
}
