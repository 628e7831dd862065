/// Where an upstream is.
package struct UpstreamURL: Equatable, Sendable, CustomStringConvertible {
    package var isTLS: Bool
    /// A name, an IPv4 address, or an IPv6 address without brackets.
    package var host: String
    package var port: Int
    /// The authority as written, for the Host field.
    package var authority: String
    /// The path without a final slash; empty for the root.
    package var basePath: String

    package var description: String { "\(isTLS ? "https" : "http")://\(authority)\(basePath)" }

    /// Reads `http://host[:port][/base]` or `https://…`; nil where it is neither, or has a user, a query or a fragment.
    package init?(_ url: String) {
        let rest: Substring
        if url.lowercased().hasPrefix("http://") {
            isTLS = false
            rest = url.dropFirst(7)
        } else if url.lowercased().hasPrefix("https://") {
            isTLS = true
            rest = url.dropFirst(8)
        } else {
            return nil
        }
        let authority = rest.prefix { $0 != "/" }
        var path = rest.dropFirst(authority.count)
        while path.last == "/" { path = path.dropLast() }
        guard !authority.isEmpty, authority.utf8.allSatisfy(Octet.isAuthority),
            path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != 0x3f && $0 != 0x23 })
        else {
            return nil
        }
        var host = authority
        var port: Substring?
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<end]
            let after = authority[authority.index(after: end)...]
            guard after.isEmpty || after.first == ":" else { return nil }
            port = after.isEmpty ? nil : after.dropFirst()
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            port = authority[authority.index(after: colon)...]
        }
        guard !host.isEmpty else { return nil }
        if let port {
            guard let number = UInt16(port), number > 0 else { return nil }
            self.port = Int(number)
        } else {
            self.port = isTLS ? 443 : 80
        }
        self.host = String(host)
        self.authority = String(authority)
        self.basePath = String(path)
    }
}
