package import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// An IP address, or all that begin with the same bits (CIDR, RFC 4632 section 3.1).
package struct AddressRange: Equatable, Sendable {
    /// 4 or 16 octets.
    private let octets: [UInt8]
    private let prefixLength: Int

    /// Reads `10.0.0.0/8`, `192.0.2.1`, `fd00::/8` or `::1`; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let address = parts.first, parts.count <= 2, let octets = Self.octets(String(address)) else { return nil }
        guard parts.count == 2 else {
            self.octets = octets
            prefixLength = octets.count * 8
            return
        }
        guard (1...3).contains(parts[1].count), parts[1].utf8.allSatisfy(Octet.isDigit), let length = Int(parts[1]),
            length <= octets.count * 8
        else { return nil }
        self.octets = octets
        prefixLength = length
    }

    /// Whether an address lies in the range; an IPv4 address mapped to IPv6 (`::ffff:192.0.2.1`) counts as IPv4.
    package func contains(_ address: SocketAddress?) -> Bool {
        guard let text = address?.ipAddress, let other = Self.octets(text), other.count == octets.count else {
            return false
        }
        let whole = prefixLength / 8
        guard octets.prefix(whole) == other.prefix(whole) else { return false }
        let rest = prefixLength % 8
        return rest == 0 || (octets[whole] ^ other[whole]) >> UInt8(8 - rest) == 0
    }

    private static func octets(_ text: String) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 16)
        // A scope (fe80::1%eth0) says which link, not which address.
        let bare = String(text.prefix { $0 != "%" })
        if inet_pton(AF_INET, bare, &buffer) == 1 { return Array(buffer[..<4]) }
        guard inet_pton(AF_INET6, bare, &buffer) == 1 else { return nil }
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
        return buffer.starts(with: mapped) ? Array(buffer[12...]) : buffer
    }
}
