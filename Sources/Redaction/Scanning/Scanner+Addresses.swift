/// IP addresses. Loopback, the unspecified address, netmasks and the reserved range from 240 on are nobody's and stay.
extension Scanner {
    /// An IPv4 address in dotted decimal, unless it reads as a version.
    func ipv4(at start: Int) -> Match? {
        var index = start
        var octets: (Int, Int, Int, Int) = (0, 0, 0, 0)
        var isAllSingle = true
        for position in 0..<4 {
            var value = 0
            var length = 0
            while index < bytes.count, bytes[index].isDigit, length < 4 {
                value = value * 10 + Int(bytes[index] - 0x30)
                length += 1
                index += 1
            }
            guard (1...3).contains(length), value <= 255 else { return nil }
            if length > 1 { isAllSingle = false }
            switch position {
            case 0: octets.0 = value
            case 1: octets.1 = value
            case 2: octets.2 = value
            default: octets.3 = value
            }
            if position < 3 {
                guard byte(index) == UInt8(ascii: ".") else { return nil }
                index += 1
            }
        }
        let next = byte(index)
        if next.isWord || next == UInt8(ascii: "@") { return nil }
        if next == UInt8(ascii: ".") || next == UInt8(ascii: "-"), byte(index + 1).isAlphanumeric { return nil }
        if octets.0 == 0 || octets.0 == 127 || octets.0 >= 240 { return nil }
        switch context(before: start) {
        case .version: return nil
        case .address: break
        default:
            let hasSuffix = (next == UInt8(ascii: ":") || next == UInt8(ascii: "/")) && byte(index + 1).isDigit
            if isAllSingle, !hasSuffix { return nil }
        }
        return Match(range: start..<index, kind: .ip)
    }

    /// An IPv6 address (RFC 4291 §2.2), found at its first colon.
    ///
    /// `a::b` and `1::2` are paths and slices of programming languages: a group has to look like an address.
    func ipv6(at colon: Int) -> Match? {
        guard byte(colon + 1) == UInt8(ascii: ":") || byte(colon + 1).isHexDigit else { return nil }
        var start = colon
        while start > floor, colon - start < 5, bytes[start - 1].isHexDigit { start -= 1 }
        guard startsToken(start), start <= floor || bytes[start - 1] != UInt8(ascii: ":") else { return nil }
        if start == colon, byte(colon + 1) != UInt8(ascii: ":") { return nil }

        var index = start
        var groups = 0
        var hasGap = false
        var isTelling = false
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: ":") {
                guard byte(index + 1) == UInt8(ascii: ":"), !hasGap else { break }
                hasGap = true
                index += 2
                continue
            }
            let group = index
            var hasDigit = false
            while index < bytes.count, bytes[index].isHexDigit {
                if bytes[index].isDigit { hasDigit = true }
                index += 1
            }
            guard (1...4).contains(index - group) else { return nil }
            groups += 1
            if index - group >= 3, hasDigit { isTelling = true }
            guard byte(index) == UInt8(ascii: ":"), groups < 8 else { break }
            if byte(index + 1).isHexDigit { index += 1 } else if byte(index + 1) != UInt8(ascii: ":") { break }
        }
        guard hasGap ? (1...7).contains(groups) : groups == 8 else { return nil }
        let next = byte(index)
        if next.isWord || next == UInt8(ascii: ":") && (groups == 8 || byte(index + 1) == UInt8(ascii: ":")) {
            return nil
        }
        // `::ffff:192.0.2.1`: the IPv4 address in it is found by itself.
        if next == UInt8(ascii: "."), byte(index + 1).isDigit { return nil }
        guard isTelling else { return nil }
        return Match(range: start..<index, kind: .ip)
    }
}
