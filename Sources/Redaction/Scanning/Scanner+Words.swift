/// What begins with a letter: keys by their vendor's prefix, JWTs, secrets that the word itself announces, IBANs, and
/// ids with letters in them.
extension Scanner {
    /// Whether anything may begin at a word: asked at each, so it looks at no more than its length and its ends.
    @inline(__always)
    func mayTell(_ start: Int, _ end: Int) -> Bool {
        let length = end - start
        if length >= 14 || length == 12 { return true }
        switch byte(end) {
        case UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"),
            UInt8(ascii: ">"), UInt8(ascii: "]"), UInt8(ascii: "-"), UInt8(ascii: "."):
            return true
        case UInt8(ascii: "/"), UInt8(ascii: "+"):
            // The first part of a path may be that of a key in base64.
            return byte(start - 1) != byte(end)
        case 0x20:
            let after = byte(end + 1)
            if after == UInt8(ascii: ":") || after == UInt8(ascii: "=") { return true }
            if length == 2 { return after.isDigit }
            // CVV, CVC, code.
            if after.isDigit, length <= 4, bytes[start] | 0x20 == UInt8(ascii: "c") { return true }
            if length == 6, bytes[start] | 0x20 == UInt8(ascii: "b"), bytes[end - 1] | 0x20 == UInt8(ascii: "r") {
                return true
            }
            if length >= 5, mayAnnounce(start, end), endsLikePassword(end) { return true }
            let before = byte(start - 1)
            if before == UInt8(ascii: "-") { return true }
            // contrase**ña**, has**ło**, **şi**fre.
            if before >= 0x80, length == 1 || length <= 5 && bytes[start] == UInt8(ascii: "i") { return true }
        default: break
        }
        return length >= 4
            && (bytes[start + 2].isDigit || bytes[end - 2].isDigit
                || byte(start - 1) >= 0x80 && isBehindOtherScript(start))
    }

    /// Whether what stands right before an index is a letter of another script than Latin (of U+00C0 to U+02BF).
    func isBehindOtherScript(_ start: Int) -> Bool {
        bytes[start - 1] >= 0x80 && !(0xC3...0xCA).contains(byte(start - 2))
    }

    /// Whether the first letter and the last two are those of a word below; a bit for each of the alphabet, A at 1.
    @inline(__always)
    private func mayAnnounce(_ start: Int, _ end: Int) -> Bool {
        let first: UInt32 = 0x0089_0900
        let before: UInt32 = 0x000C_1100
        let last: UInt32 = 0x0018_8032
        return first &>> UInt32(bytes[start] & 31) & before &>> UInt32(bytes[end - 2] & 31)
            & last &>> UInt32(bytes[end - 1] & 31) & 1 != 0
    }

    /// Passwo**rd**, passwo**rt**, sshpa**ss**, pas**se**, paro**la**, sen**ha**, hes**lo**.
    private func endsLikePassword(_ end: Int) -> Bool {
        let last = bytes[end - 1] | 0x20
        switch bytes[end - 2] | 0x20 {
        case UInt8(ascii: "r"): return last == UInt8(ascii: "d") || last == UInt8(ascii: "t")
        case UInt8(ascii: "s"): return last == UInt8(ascii: "s") || last == UInt8(ascii: "e")
        case UInt8(ascii: "l"): return last == UInt8(ascii: "a") || last == UInt8(ascii: "o")
        case UInt8(ascii: "h"): return last == UInt8(ascii: "a")
        default: return false
        }
    }

    mutating func word(_ start: Int, _ end: Int) -> Match? {
        guard startsToken(start) else { return nil }
        let length = end - start
        let next = byte(end)
        if start < cookiesEnd, next == UInt8(ascii: "="), let match = cookie(start..<end) { return match }
        if length >= 14 || next == UInt8(ascii: "-") || next == UInt8(ascii: ".") || next == UInt8(ascii: ":"),
            let match = knownKey(start, end)
        {
            return match
        }
        if let match = iban(at: start) { return match }
        if let match = lettersFirstID(start, end) { return match }
        if let match = shapedWord(start, end) { return match }
        if length == 6, has("cookie", at: start, folded: true) { beginCookies(at: end) }
        switch next {
        case 0x20: return announcedInProse(start..<end)
        case UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"): break
        case UInt8(ascii: ">"): guard byte(start - 1) == UInt8(ascii: "<") else { return nil }
        default: return nil
        }
        return announced(by: start..<end)
    }

    /// What the length of a word or the byte behind it tells.
    private func shapedWord(_ start: Int, _ end: Int) -> Match? {
        let next = byte(end)
        switch end - start {
        case 3, 4:
            if next == UInt8(ascii: "."), end - start == 4, let match = macInFours(at: start) { return match }
            if let match = cardCode(start..<end) { return match }
        case 5, 7: if let match = cardCode(start..<end) { return match }
        case 12: if let match = bareMAC(at: start) { return match }
        case 40: return bareSecret(at: start)
        default: break
        }
        if next == UInt8(ascii: "/") || next == UInt8(ascii: "+"), let match = bareSecret(at: start) { return match }
        guard start > 1 else { return nil }
        if end - start >= 14, bytes[start - 1] == 0x20, let match = secretInSentence(start) { return match }
        let script = bytes[start - 1] == 0x20 ? start - 1 : start
        return isBehindOtherScript(script) ? passwordBehindOtherScript(start) : nil
    }

    // MARK: IBAN

    /// ISO 13616: a country, two check digits, and as many letters and digits as the country has; in fours where spaced.
    private func iban(at word: Int) -> Match? {
        let isNamed = has("iban", at: word, folded: true)
        let start = isNamed ? word + 4 : word
        guard byte(start + 2).isDigit, byte(start + 3).isDigit, bytes[start].isLetter, byte(start + 1).isLetter,
            let length = IBANLengths.length(bytes[start] & 0xDF, bytes[start + 1] & 0xDF)
        else { return nil }
        var text: [UInt8] = []
        text.reserveCapacity(length)
        var index = start
        var separator: UInt8?
        while text.count < length, index < bytes.count {
            let byte = bytes[index]
            if byte.isAlphanumeric {
                text.append(byte.isLower ? byte & 0xDF : byte)
                index += 1
            } else {
                let width =
                    has("\u{A0}", at: index)
                    ? 2 : byte == 0x20 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") ? 1 : 0
                guard width > 0, text.count % 4 == 0 || text.count == length - 1, separator ?? byte == byte,
                    self.byte(index + width).isAlphanumeric
                else { return nil }
                separator = byte
                index += width
            }
        }
        guard text.count == length, !byte(index).isWord, Checksums.iban(text) else { return nil }
        return Match(range: start..<index, kind: .iban)
    }

    /// Whether a group of four digits is one of an account number that failed its check: `AT30 2656 1051 …`.
    func followsIBANHead(_ start: Int) -> Bool {
        var index = start
        for _ in 0..<8 {
            let separator = byte(index - 1)
            guard index - 5 >= floor, separator == 0x20 || separator == UInt8(ascii: "-"),
                bytes[(index - 5)..<(index - 1)].allSatisfy(\.isAlphanumeric)
            else { return false }
            index -= 5
            if bytes[index].isLetter, bytes[index + 1].isLetter, bytes[index + 2].isDigit, bytes[index + 3].isDigit {
                return IBANLengths.length(bytes[index] & 0xDF, bytes[index + 1] & 0xDF) != nil
            }
        }
        return false
    }
}
