/// What begins with a letter: keys by their vendor's prefix, JWTs, secrets that the word itself announces, IBANs, and
/// ids with letters in them.
extension Scanner {
    /// Whether anything may begin at a word: asked at each, so it looks at no more than its length and its ends.
    @inline(__always)
    func mayTell(_ start: Int, _ end: Int) -> Bool {
        let length = end - start
        if length >= 14 { return true }
        switch byte(end) {
        case UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"),
            UInt8(ascii: ">"), UInt8(ascii: "]"), UInt8(ascii: "-"), UInt8(ascii: "."):
            return true
        case 0x20:
            let after = byte(end + 1)
            if after == UInt8(ascii: ":") || after == UInt8(ascii: "=") { return true }
            if length == 2 { return after.isDigit }
            if length >= 6 {
                // Bearer, password, Kennwort, wachtwoord, sshpass.
                switch bytes[start] | 0x20 {
                case UInt8(ascii: "b"): if length == 6, bytes[end - 1] | 0x20 == UInt8(ascii: "r") { return true }
                case UInt8(ascii: "p"), UInt8(ascii: "k"), UInt8(ascii: "s"), UInt8(ascii: "w"):
                    if length >= 7, endsLikePassword(end) { return true }
                default: break
                }
            }
            if byte(start - 1) == UInt8(ascii: "-") { return true }
        default: break
        }
        return length >= 4 && (bytes[start + 2].isDigit || bytes[end - 2].isDigit)
    }

    /// passwo**rd**, passwo**rt**, kennwo**rt**, wachtwoo**rd**, sshpa**ss**.
    @inline(__always)
    private func endsLikePassword(_ end: Int) -> Bool {
        let before = bytes[end - 2] | 0x20
        let last = bytes[end - 1] | 0x20
        return before == UInt8(ascii: "r") && (last == UInt8(ascii: "d") || last == UInt8(ascii: "t"))
            || before == UInt8(ascii: "s") && last == before
    }

    func word(_ start: Int, _ end: Int) -> Match? {
        guard startsToken(start) else { return nil }
        let length = end - start
        let next = byte(end)
        if length >= 14 || next == UInt8(ascii: "-") || next == UInt8(ascii: ".") || next == UInt8(ascii: ":"),
            let match = knownKey(start, end)
        {
            return match
        }
        if let match = iban(at: start) { return match }
        if let match = lettersFirstID(start, end) { return match }
        switch next {
        case 0x20: return announcedInProse(start..<end)
        case UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"): break
        case UInt8(ascii: ">"): guard byte(start - 1) == UInt8(ascii: "<") else { return nil }
        default: return nil
        }
        return announced(by: start..<end)
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
                let width = has("\u{A0}", at: index) ? 2 : byte == 0x20 || byte == UInt8(ascii: "-") ? 1 : 0
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
