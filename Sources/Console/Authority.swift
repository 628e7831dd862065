/// A host with an optional port, as the Host field and an origin name it (RFC 9110 section 7.2, RFC 6454 section 6.1).
struct Authority: Equatable, Sendable {
    /// In lower case, an IPv6 address without its brackets.
    let host: String
    let port: UInt16?

    /// Nil where the text is no authority.
    init?(_ text: String) {
        var host = Substring(text.lowercased())
        var port: Substring?
        if host.first == "[" {
            guard let end = host.firstIndex(of: "]") else { return nil }
            let after = host[host.index(after: end)...]
            guard after.isEmpty || after.first == ":" else { return nil }
            port = after.isEmpty ? nil : after.dropFirst()
            host = host[..<end].dropFirst()
            guard host.contains(":"), host.utf8.allSatisfy(Self.isInAddress) else { return nil }
        } else {
            if let colon = host.firstIndex(of: ":") {
                port = host[host.index(after: colon)...]
                host = host[..<colon]
            }
            guard !host.isEmpty, host.utf8.allSatisfy(Self.isInName) else { return nil }
        }
        self.host = String(host)
        guard let port else {
            self.port = nil
            return
        }
        guard (1...5).contains(port.count), port.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = UInt16(port)
        else { return nil }
        self.port = number
    }

    /// The authority of an origin such as `https://console.example`; nil for `null` and other texts.
    init?(origin: String) {
        let origin = origin.lowercased()
        for scheme in ["http://", "https://"] where origin.hasPrefix(scheme) {
            self.init(String(origin.dropFirst(scheme.count)))
            return
        }
        return nil
    }

    /// Whether both name the same place, with the default port of either scheme: behind a proxy with TLS the schemes differ.
    func isSamePlace(as other: Authority) -> Bool {
        host == other.host && bare == other.bare
    }

    private var bare: UInt16? { port == 80 || port == 443 ? nil : port }

    private static func isInAddress(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: ":"),
            UInt8(ascii: "."):
            true
        default: false
        }
    }

    private static func isInName(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"),
            UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
