/// IP addresses. Loopback, the unspecified address, netmasks and the reserved range from 240 on are nobody's and stay.
extension Scanner {
    /// An IPv4 address in dotted decimal, unless it reads as a version.
    func ipv4(at start: Int) -> Match? {
        guard let (octets, index, isAllSingle) = dottedQuad(at: start) else { return nil }
        let next = byte(index)
        if next.isWord || next == UInt8(ascii: "@") { return nil }
        if next == UInt8(ascii: "."), byte(index + 1).isAlphanumeric { return nil }
        // `10.0.0.1-10.0.0.9` is a range, `1.2.3.4-rc1` a version.
        if next == UInt8(ascii: "-"), byte(index + 1).isAlphanumeric, dottedQuad(at: index + 1) == nil { return nil }
        if start >= 2, bytes[start - 1] == UInt8(ascii: "="), "<>~!".utf8.contains(bytes[start - 2]) { return nil }
        if octets[0] == 0 || octets[0] == 127 || octets[0] >= 240 { return nil }
        switch context(before: start) {
        case .version: return nil
        case .address: break
        default:
            let hasSuffix = (next == UInt8(ascii: ":") || next == UInt8(ascii: "/")) && byte(index + 1).isDigit
            if isAllSingle, !hasSuffix { return nil }
        }
        return Match(range: start..<index, kind: .ip)
    }

    /// Four decimal numbers below 256 with dots between, where they end, and whether each is a single digit.
    private func dottedQuad(at start: Int) -> (octets: InlineArray<4, Int>, end: Int, isAllSingle: Bool)? {
        var index = start
        var octets = InlineArray<4, Int>(repeating: 0)
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
            octets[position] = value
            if position < 3 {
                guard byte(index) == UInt8(ascii: ".") else { return nil }
                index += 1
            }
        }
        return (octets, index, isAllSingle)
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
            // §2.2.3: the last 32 bits may be written as an IPv4 address.
            if groups <= 6, byte(index + 1) == 0x2E || byte(index + 2) == 0x2E || byte(index + 3) == 0x2E,
                let quad = dottedQuad(at: index)
            {
                index = quad.end
                groups += 2
                isTelling = quad.octets[0] != 127
                break
            }
            while index < bytes.count, index - group < 5, bytes[index].isHexDigit {
                if bytes[index].isDigit { hasDigit = true }
                index += 1
            }
            if index == group, hasGap { break }
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
        if next == UInt8(ascii: "."), byte(index + 1).isDigit { return nil }
        guard isTelling else { return nil }
        return Match(range: start..<index, kind: .ip)
    }
}
