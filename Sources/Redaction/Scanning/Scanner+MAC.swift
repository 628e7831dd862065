/// Addresses of network interfaces: EUI-48, as IEEE 802 writes it (`00-1B-44-11-3A-B7`), as most programs do (with
/// colons), as Cisco does (`001b.4411.3ab7`), and bare behind a word that says so.
///
/// Broadcast and zero are nobody's. Sixteen or twenty pairs are a fingerprint, and six pairs of digits with hyphens count
/// only with a letter among them or the word before them.
extension Scanner {
    /// At the first separator.
    func mac(at separator: Int) -> Match? {
        let start = separator - 2
        let mark = bytes[separator]
        guard start >= floor, bytes[start].isHexDigit, bytes[start + 1].isHexDigit, startsToken(start),
            separator + 15 <= bytes.count
        else { return nil }
        // The middle of a longer row.
        if start > floor, bytes[start - 1] == mark, byte(start - 2).isHexDigit { return nil }
        let end = start + 17
        for index in start..<end {
            guard (index - start) % 3 == 2 ? bytes[index] == mark : bytes[index].isHexDigit else { return nil }
        }
        if byte(end).isWord || byte(end) == mark && byte(end + 1).isHexDigit { return nil }
        let hasLetter = bytes[start..<end].contains(where: \.isLetter)
        guard mark == UInt8(ascii: ":") || hasLetter || isNamedMAC(start) else { return nil }
        return interface(start..<end)
    }

    /// Three groups of four, at the first byte.
    func macInFours(at start: Int) -> Match? {
        let end = start + 14
        guard end <= bytes.count, startsToken(start), start <= floor || bytes[start - 1] != UInt8(ascii: ".") else {
            return nil
        }
        var hasDigit = false
        var hasLetter = false
        for index in start..<end {
            let byte = bytes[index]
            guard (index - start) % 5 == 4 ? byte == UInt8(ascii: ".") : byte.isHexDigit else { return nil }
            if byte.isDigit { hasDigit = true }
            if byte.isLetter { hasLetter = true }
        }
        if byte(end).isWord || byte(end) == UInt8(ascii: ".") && byte(end + 1).isWord { return nil }
        return hasDigit && hasLetter ? interface(start..<end) : nil
    }

    /// Twelve digits without a mark, behind `mac` and what leads to a value.
    func bareMAC(at start: Int) -> Match? {
        guard endOfWord(start) == start + 12, bytes[start..<(start + 12)].allSatisfy(\.isHexDigit), isNamedMAC(start)
        else { return nil }
        return interface(start..<(start + 12))
    }

    private func interface(_ range: Range<Int>) -> Match? {
        let digits = bytes[range].lazy.filter(\.isHexDigit)
        if digits.allSatisfy({ $0 == UInt8(ascii: "0") }) { return nil }
        if digits.allSatisfy({ $0 | 0x20 == UInt8(ascii: "f") }) { return nil }
        return Match(range: range, kind: .mac)
    }

    /// Whether a word such as `mac`, `hwaddr` or `bssid` leads to an index.
    private func isNamedMAC(_ start: Int) -> Bool {
        var end = start
        while end > floor, start - end < 8, "\\\"'=: ".utf8.contains(bytes[end - 1]) { end -= 1 }
        guard end < start else { return false }
        for suffix: StaticString in ["address", "addr", "_", "-", " "] {
            let begin = end - suffix.utf8CodeUnitCount
            if begin >= floor, has(suffix, at: begin, folded: true) { end = begin }
        }
        let names: [StaticString] = ["mac", "hw", "hardware", "bssid", "ethernet", "ether", "physical"]
        return names.contains {
            let begin = end - $0.utf8CodeUnitCount
            return begin >= floor && has($0, at: begin, folded: true) && (begin == 0 || !bytes[begin - 1].isLetter)
        }
    }
}
