/// Secrets that their shape alone gives away, or a name of few letters.
extension Scanner {
    // MARK: AWS

    private static let awsLength = 40

    /// A secret access key of AWS with nothing beside it: 40 characters of base64, no more and no fewer.
    ///
    /// A git hash has no capitals, an image in base64 is longer, and the parts of a path and of a long name are words: a
    /// random text changes between capitals, small letters and digits at every other character and has few small letters
    /// in a row.
    func bareSecret(at word: Int) -> Match? {
        var start = word
        while start > floor, word - start < 3, Self.isSlashOrPlus(bytes[start - 1]) { start -= 1 }
        let end = start + Self.awsLength
        guard end <= bytes.count, start == floor || !isOfKey(bytes[start - 1]), !isOfKey(byte(end)),
            byte(end) != UInt8(ascii: "="), byte(end) != UInt8(ascii: ".") || !byte(end + 1).isAlphanumeric
        else { return nil }
        var (digits, upper, lower, changes, inWords, row) = (0, 0, 0, 0, 0, 0)
        var last: UInt8 = 0
        for index in start..<end {
            let byte = bytes[index]
            let kind: UInt8
            if byte.isLower {
                kind = 1
                lower += 1
                row += 1
                if row >= 3 { inWords += row == 3 ? 3 : 1 }
            } else {
                row = 0
                if byte.isUpper {
                    kind = 2
                    upper += 1
                } else if byte.isDigit {
                    kind = 3
                    digits += 1
                } else if byte == UInt8(ascii: "/") || byte == UInt8(ascii: "+") {
                    kind = last
                } else {
                    return nil
                }
            }
            if kind != last { changes += 1 }
            last = kind
        }
        guard digits > 0, upper > 0, lower > 0, changes >= 13, inWords <= 14 else { return nil }
        return Match(range: start..<end, kind: .secret)
    }

    private func isOfKey(_ byte: UInt8) -> Bool {
        byte.isWord || Self.isSlashOrPlus(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "~")
            || byte == UInt8(ascii: "%")
    }

    static func isSlashOrPlus(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "/") || byte == UInt8(ascii: "+") }

    // MARK: Card codes

    /// The three or four digits on a card, behind `CVV`, `CVC` or `security code`.
    func cardCode(_ word: Range<Int>) -> Match? {
        guard isNameOfCardCode(word) else { return nil }
        let start: Int
        if let value = valueStart(after: word.upperBound) {
            start = value
        } else {
            start = has(" is ", at: word.upperBound) ? word.upperBound + 4 : skipBlanks(word.upperBound)
            guard start > word.upperBound else { return nil }
        }
        var end = start
        while byte(end).isDigit, end - start < 5 { end += 1 }
        guard (3...4).contains(end - start), endsNumber(end) else { return nil }
        return Match(range: start..<end, kind: .secret)
    }

    private func isNameOfCardCode(_ word: Range<Int>) -> Bool {
        let start = word.lowerBound
        switch word.count {
        case 3, 4:
            if has("cvv", at: start, folded: true) || has("cvc", at: start, folded: true) {
                return word.count == 3 || bytes[start + 3] == UInt8(ascii: "2")
            }
            return has("code", at: start, folded: true) && has("security ", at: start - 9, folded: true)
        case 5: return has("value", at: start, folded: true) && has("verification ", at: start - 13, folded: true)
        default:
            // Prüfnummer, Prüfziffer: the letters behind the ü.
            return has("fnummer", at: start) && has("rü", at: start - 3)
                || has("fziffer", at: start) && has("rü", at: start - 3)
        }
    }

    // MARK: Cookies

    private static let longestCookies = 2_048
    /// As much of a value as decides whether it is one.
    private static let tellingCookieLength = 64

    private func isOfCookie(_ byte: UInt8) -> Bool { byte.isBase64URL || "~+/=.:%".utf8.contains(byte) }

    /// Behind the word `cookie`: what is on its line is names and values.
    mutating func beginCookies(at start: Int) {
        guard start >= cookiesEnd, ":=\"' ".utf8.contains(byte(start)) else { return }
        let limit = min(bytes.count, start + Self.longestCookies)
        cookiesEnd = bytes[start..<limit].firstIndex(of: 0x0A) ?? limit
    }

    /// The value of a cookie (RFC 6265 §4.1.1), at its name; attributes are none, and neither are words.
    func cookie(_ name: Range<Int>) -> Match? {
        let attributes: [StaticString] = ["path", "domain", "expires", "version", "samesite"]
        if attributes.contains(where: {
            $0.utf8CodeUnitCount == name.count && has($0, at: name.lowerBound, folded: true)
        }) {
            return nil
        }
        let start = skipQuote(name.upperBound + 1)
        if let known = knownKey(at: start) { return known }
        var end = start
        let bound = min(bytes.count, start + Self.tellingCookieLength)
        while end < bound, isOfCookie(bytes[end]) { end += 1 }
        if end == bound, end < bytes.count, isOfCookie(bytes[end]) {
            guard looksRandom(start..<end) else { return nil }
            while end < bytes.count, isOfCookie(bytes[end]) { end += 1 }
        }
        while end > start, ".:".utf8.contains(bytes[end - 1]) { end -= 1 }
        guard end - start >= 8, looksRandom(start..<end) else { return nil }
        return Match(range: start..<end, kind: .token)
    }
}
