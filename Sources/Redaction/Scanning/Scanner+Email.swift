/// E-mail addresses, found at their `@` (or `%40` in a URL).
///
/// RFC 5321 §4.1.2 allows far more than is in use; the local part is taken as letters, digits and `.`, `_`, `+`, `-`,
/// the domain as host labels with a last one of letters (RFC 3696 §2). Letters of Latin, Greek and Cyrillic count
/// (RFC 6531); other scripts do not, since they write no blank before an address.
extension Scanner {
    private static let maximumLocalPart = 64

    func email(at index: Int, separator: Int) -> Match? {
        var start = index
        // RFC 5321 §4.5.3.1.1: 64 octets; a bound also keeps a text of nothing but letters and signs from taking long.
        let farthest = max(floor, index - Self.maximumLocalPart)
        while start > farthest, let previous = addressLetter(endingAt: start, isEncoded: separator == 3) {
            start = previous
        }
        // `%3Cjane%40…`: the digits of an escape that is no letter of the address.
        if start > floor, bytes[start - 1] == UInt8(ascii: "%"), index - start > 2, bytes[start].isHexDigit,
            bytes[start + 1].isHexDigit
        {
            start += 2
        }
        if start == index, let quote = quotedLocalPart(endingAt: index) { start = quote }
        while start < index, ".-_+".utf8.contains(bytes[start]) { start += 1 }
        guard start < index, let end = domain(from: index + separator) else { return nil }
        // `git@github.com:owner/repository` names a machine's account, not a person.
        if index - start == 3, has("git", at: start) { return nil }
        // What `user:password@example.com` in a URL of documentation leaves.
        if index - start == 8, start > floor, bytes[start - 1] == UInt8(ascii: ":"), has("password", at: start) {
            return nil
        }
        return Match(range: start..<end, kind: .email)
    }

    /// The start of the character that ends at an index, if a local part can have it.
    private func addressLetter(endingAt end: Int, isEncoded: Bool) -> Int? {
        let byte = bytes[end - 1]
        if byte < 0x80 {
            if byte.isAlphanumeric || ".+-_".utf8.contains(byte) { return end - 1 }
            // `mailto:first%2Blast@`
            if byte == UInt8(ascii: "%"), has("2b", at: end, folded: true) || isEncoded && isEscapedLetter(end) {
                return end - 1
            }
            // O'Brien; before other letters it is a quotation mark or an elision.
            let isIrish =
                byte == UInt8(ascii: "'") && end - 2 >= floor && bytes[end - 2].lowercased == UInt8(ascii: "o")
            return isIrish && !self.byte(end - 3).isWord && self.byte(end).isLetter ? end - 1 : nil
        }
        // Letters of two bytes: U+00C0…U+024F and U+0370…U+052F.
        guard end - 2 >= floor, byte & 0xC0 == 0x80, isWideLetter(end - 2) else { return nil }
        return end - 2
    }

    /// Whether the two digits of an escape stand for what a local part may have: `-`, `.`, `_`, a letter, or another
    /// script.
    private func isEscapedLetter(_ index: Int) -> Bool {
        guard byte(index + 1).isHexDigit else { return false }
        switch byte(index) | 0x20 {
        case UInt8(ascii: "2") | 0x20: return "dDeE".utf8.contains(byte(index + 1))
        case UInt8(ascii: "4")...UInt8(ascii: "7"): return true
        case UInt8(ascii: "8")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): return true
        default: return false
        }
    }

    /// RFC 5321 §4.1.2: `"jane doe"@example.com`; the start of the quoted string that ends before an `@`.
    private func quotedLocalPart(endingAt at: Int) -> Int? {
        guard at - 2 > floor, bytes[at - 1] == UInt8(ascii: "\"") else { return nil }
        var start = at - 2
        let farthest = max(floor, at - Self.maximumLocalPart)
        while start >= farthest, bytes[start] != UInt8(ascii: "\""), bytes[start] >= 0x20, bytes[start] != 0x5C {
            start -= 1
        }
        guard start >= farthest, bytes[start] == UInt8(ascii: "\""), at - start > 2 else { return nil }
        let before = byte(start - 1)
        return start == 0 || before.isBlank || before == UInt8(ascii: "<") ? start : nil
    }

    private func isWideLetter(_ index: Int) -> Bool {
        guard index >= 0, index + 1 < bytes.count, bytes[index] & 0xE0 == 0xC0 else { return false }
        let scalar = UInt32(bytes[index] & 0x1F) << 6 | UInt32(bytes[index + 1] & 0x3F)
        return (0xC0...0x24F).contains(scalar) && scalar != 0xD7 && scalar != 0xF7 || (0x370...0x52F).contains(scalar)
    }

    /// The end of a domain name with at least two labels, or of an IPv4 address.
    private func domain(from start: Int) -> Int? {
        var index = start
        var labels = 0
        var numeric = 0
        var best: Int?
        while true {
            let label = index
            var isLetters = true
            var isDigits = true
            while index < bytes.count {
                let byte = bytes[index]
                if byte.isLetter {
                    isDigits = false
                } else if byte.isDigit || byte == UInt8(ascii: "-") {
                    isLetters = false
                    if byte == UInt8(ascii: "-") { isDigits = false }
                } else if byte >= 0xC0, isWideLetter(index) {
                    isDigits = false
                    index += 1
                } else {
                    break
                }
                index += 1
            }
            guard index > label, bytes[label] != UInt8(ascii: "-"), index - label <= 63 else { break }
            labels += 1
            if isDigits { numeric += 1 }
            let isPunycode = has("xn--", at: label, folded: true)
            if labels >= 2, isPunycode || isLetters && index - label >= 2, !isFileExtension(label..<index) {
                best = bytes[index - 1] == UInt8(ascii: "-") ? best : index
            }
            if numeric == 4, labels == 4 { best = index }
            guard byte(index) == UInt8(ascii: "."), labels < 10 else { break }
            index += 1
        }
        guard let best, !byte(best).isAlphanumeric else { return nil }
        return best
    }

    /// `logo@2x.png` is a file; none of these is a top-level domain.
    private func isFileExtension(_ label: Range<Int>) -> Bool {
        let extensions: [StaticString] = [
            "png", "jpg", "jpeg", "gif", "svg", "webp", "js", "ts", "jsx", "tsx", "css", "html", "json", "yaml", "yml",
        ]
        return extensions.contains {
            $0.utf8CodeUnitCount == label.count && has($0, at: label.lowerBound, folded: true)
        }
    }
}
