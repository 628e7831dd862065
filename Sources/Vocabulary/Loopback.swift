/// Which hosts only this machine can reach.
package enum Loopback {
    /// Whether a host, written without brackets and port, is `localhost` in any case, in 127.0.0.0/8, or `::1`.
    ///
    /// Strict, because less is asked of whoever comes from there: 127.1 and `127.0.0.1.example` are not, nor is what IPv6
    /// spells another way.
    package static func contains(_ host: String) -> Bool {
        if host == "::1" || host.lowercased() == "localhost" { return true }
        let octets = host.split(separator: ".", omittingEmptySubsequences: false)
        return octets.count == 4 && octets[0] == "127"
            && octets.allSatisfy { octet in octet.utf8.allSatisfy { (0x30...0x39).contains($0) } && UInt8(octet) != nil
            }
    }
}
