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
    package var isLoopback: Bool { Loopback.contains(host) }

    /// Whether it takes in every address of the machine: 0.0.0.0 and ::.
    package var isUnspecified: Bool { host == "0.0.0.0" || host == "::" }
}
