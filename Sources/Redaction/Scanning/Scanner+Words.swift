/// What begins with a letter: keys by their vendor's prefix, JWTs, secrets that the word itself announces, IBANs.
extension Scanner {
    func word(at start: Int) -> Match? {
        guard startsToken(start) else { return nil }
        if let match = knownKey(at: start) { return match }
        if byte(start + 2).isDigit, byte(start + 3).isDigit, let match = iban(at: start) { return match }
        let end = endOfWord(start)
        if let match = lettersFirstID(start, end) { return match }
        switch byte(end) {
        case 0x20:
            // Prose: a word, a blank, a word. Only "Bearer" says something about what follows.
            if end - start == 6, has("bearer", at: start, folded: true) { return bearer(after: end) }
            if byte(end + 1).isLetter { return nil }
        case UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"): break
        default: return nil
        }
        return announced(by: start..<end)
    }

    private static let longestKey = 512
    private static let longestTokenHeader = 4_096

    /// A key by its prefix, or a JWT.
    func knownKey(at start: Int) -> Match? {
        if has("eyJ", at: start), let match = jwt(at: start) { return match }
        for key in VendorKeys.candidates(byte(start), byte(start + 1)) where has(key.prefix, at: start) {
            let tail = start + key.prefix.utf8CodeUnitCount
            var end = tail
            // A key is short; only what looks like one is followed further, so that `sk-sk-sk-…` does not take long.
            let bound = min(bytes.count, tail + Self.longestKey)
            while end < bound, key.allows(bytes[end]) { end += 1 }
            if end == bound, end < bytes.count, looksRandom(tail..<end) {
                while end < bytes.count, key.allows(bytes[end]) { end += 1 }
            }
            while end > tail, bytes[end - 1] == UInt8(ascii: "-") || bytes[end - 1] == UInt8(ascii: ".") { end -= 1 }
            guard end - tail >= key.minimum, looksRandom(tail..<end), !byte(end).isWord else { continue }
            return Match(range: start..<end, kind: .apiKey)
        }
        return nil
    }

    /// RFC 7519: base64url of `{"…` and of the claims, joined by dots; an encrypted one (RFC 7516) has five parts.
    private func jwt(at start: Int) -> Match? {
        var index = start
        var parts = 0
        var second = 0
        while parts < 5 {
            let part = index
            let bound = parts == 0 ? min(bytes.count, part + Self.longestTokenHeader + 1) : bytes.count
            while index < bound, bytes[index].isBase64URL { index += 1 }
            if parts == 0, index - part < 10 || index - part > Self.longestTokenHeader { return nil }
            if parts == 1 {
                second = part
                if index - part < 4 { return nil }
            }
            parts += 1
            guard byte(index) == UInt8(ascii: "."), byte(index + 1).isBase64URL else { break }
            index += 1
        }
        guard parts >= 3 || (parts == 2 && has("eyJ", at: second)) else { return nil }
        return Match(range: start..<index, kind: .jwt)
    }

    /// Whether a text has what a random key has and a name has not: digits among letters, or many capitals among them.
    func looksRandom(_ range: Range<Int>) -> Bool {
        var digits = 0
        var upper = 0
        var lower = 0
        var changes = 0
        for index in range {
            let byte = bytes[index]
            if byte.isDigit { digits += 1 }
            if byte.isUpper { upper += 1 }
            if byte.isLower {
                lower += 1
                if index > range.lowerBound, bytes[index - 1].isUpper { changes += 1 }
            }
        }
        if digits > 0 { return upper + lower > 0 }
        // `UnsafePointer` has capitals too, but few.
        return range.count >= 8 && upper * 4 >= range.count && lower * 4 >= range.count && changes >= 3
    }

    // MARK: Announced by a word

    /// RFC 6750 §2.1: `Bearer`, a blank and a token68.
    private func bearer(after end: Int) -> Match? {
        let start = skipBlanks(end)
        guard start > end else { return nil }
        return credential(at: start, minimum: 8, kind: .token)
    }

    /// A value after a word that announces one: `password=`, `"api_key": "`, `Authorization: Basic `.
    private func announced(by word: Range<Int>) -> Match? {
        let announcement = SecretWords.meaning(of: word, in: self)
        guard announcement != .none, var index = valueStart(after: word.upperBound) else { return nil }
        switch announcement {
        case .none: return nil
        case .key: return credential(at: index, minimum: 12, kind: .secret)
        case .password: return password(at: index)
        case .authorization:
            let scheme = endOfWord(index)
            // RFC 7617: Basic carries user and password in base64, which may lack digits.
            let isBasic = scheme - index == 5 && has("basic", at: index, folded: true)
            let value = skipBlanks(scheme)
            if value > scheme, byte(index).isLetter { index = value }
            return credential(at: index, minimum: 6, kind: .token, isCertain: isBasic)
        }
    }

    /// Behind quotes, blanks and `:`, `=`, `:=` or `=>`; nil where no value follows.
    private func valueStart(after end: Int) -> Int? {
        var index = skipQuote(end)
        index = skipBlanks(index)
        guard byte(index) == UInt8(ascii: ":") || byte(index) == UInt8(ascii: "=") else { return nil }
        index += 1
        if byte(index) == UInt8(ascii: "=") || byte(index) == UInt8(ascii: ">") { index += 1 }
        return skipQuote(skipBlanks(index))
    }

    private func skipQuote(_ index: Int) -> Int {
        let quote = byte(index) == UInt8(ascii: "\\") ? index + 1 : index
        return byte(quote) == UInt8(ascii: "\"") || byte(quote) == UInt8(ascii: "'") ? quote + 1 : index
    }

    /// A token at an index; one whose kind is known by itself keeps that kind.
    private func credential(at start: Int, minimum: Int, kind: RedactionKind, isCertain: Bool = false) -> Match? {
        if let match = knownKey(at: start) { return match }
        var end = start
        while end < bytes.count, bytes[end].isBase64URL || "~+/=.:".utf8.contains(bytes[end]) { end += 1 }
        // `key = module.Type.function(` is code.
        if kind == .secret, byte(start - 1).isBlank || byte(start - 1) == UInt8(ascii: "=") {
            if "([<".utf8.contains(byte(end)) { return nil }
            if let dot = bytes[start..<end].firstIndex(of: UInt8(ascii: ".")) { end = dot }
        }
        while end > start, ".:".utf8.contains(bytes[end - 1]) { end -= 1 }
        guard end - start >= minimum, isCertain || looksRandom(start..<end),
            !bytes[start..<end].starts(with: "http".utf8)
        else {
            return nil
        }
        return Match(range: start..<end, kind: kind)
    }

    /// A password: no blank, at least one letter and one digit or sign, or six digits.
    private func password(at start: Int) -> Match? {
        if let match = knownKey(at: start) { return match }
        guard !"<${[%*/~".utf8.contains(byte(start)) else { return nil }
        let before = byte(start - 1)
        let quote = before == UInt8(ascii: "\"") || before == UInt8(ascii: "'") ? before : nil
        var end = start
        var letters = 0
        var others = 0
        while end < bytes.count, end - start < 128, bytes[end] > 0x20, bytes[end] != UInt8(ascii: "\\") {
            // In quotes all but the quote belongs to it.
            if let quote { if bytes[end] == quote { break } } else if endsPassword(end) { break }
            if bytes[end].isLetter || bytes[end] >= 0x80 {
                letters += 1
            } else if bytes[end].isDigit || "!@#$%^*?+=".utf8.contains(bytes[end]) {
                others += 1
            }
            end += 1
        }
        while end > start, ".:?".utf8.contains(bytes[end - 1]) {
            if bytes[end - 1] == UInt8(ascii: "?") { others -= 1 }
            end -= 1
        }
        if "[(".utf8.contains(byte(end)) { return nil }
        let isNumber = bytes[start..<end].allSatisfy(\.isDigit) && end - start >= 6
        guard end - start >= 4, isNumber || (letters > 0 && others > 0) else { return nil }
        return Match(range: start..<end, kind: .secret)
    }

    private func endsPassword(_ index: Int) -> Bool {
        // U+2018 to U+201F are quotation marks.
        if bytes[index] == 0xE2, byte(index + 1) == 0x80, (0x98...0x9F).contains(byte(index + 2)) { return true }
        return "\"',;<>(){}[]&`".utf8.contains(bytes[index])
    }

    // MARK: IBAN

    /// ISO 13616: a country, two check digits, and as many letters and digits as the country has; in fours where spaced.
    private func iban(at start: Int) -> Match? {
        guard bytes[start].isLetter, byte(start + 1).isLetter,
            let length = IBANLengths.length(bytes[start] & 0xDF, bytes[start + 1] & 0xDF)
        else { return nil }
        var text: [UInt8] = []
        var index = start
        var separator: UInt8?
        while text.count < length, index < bytes.count {
            let byte = bytes[index]
            if byte.isAlphanumeric {
                text.append(byte.isLower ? byte & 0xDF : byte)
            } else {
                guard text.count % 4 == 0, byte == 0x20 || byte == UInt8(ascii: "-"), separator ?? byte == byte,
                    self.byte(index + 1).isAlphanumeric
                else { return nil }
                separator = byte
            }
            index += 1
        }
        guard text.count == length, !byte(index).isWord, Checksums.iban(text) else { return nil }
        return Match(range: start..<index, kind: .iban)
    }
}

/// The words that announce a secret.
private enum SecretWords {
    enum Meaning {
        case none
        case key
        case password
        case authorization
    }

    private static let suffixes: [(word: StaticString, meaning: Meaning)] = [
        ("password", .password), ("passwd", .password), ("pwd", .password), ("passphrase", .password),
        ("passwort", .password), ("contraseña", .password),
        ("token", .key), ("secret", .key), ("apikey", .key), ("api_key", .key), ("access_key", .key),
        ("accesskey", .key), ("secret_key", .key), ("secretkey", .key), ("private_key", .key), ("accountkey", .key),
        ("auth_key", .key), ("authorization", .authorization),
    ]

    /// By the end of the word, so that `DB_PASSWORD` and `client_secret` count.
    static func meaning(of word: Range<Int>, in scanner: Scanner) -> Meaning {
        let last = scanner.bytes[word.upperBound - 1].lowercased
        guard "dnteyw".utf8.contains(last), word.count >= 3 else { return .none }
        for (suffix, meaning) in suffixes {
            let start = word.upperBound - suffix.utf8CodeUnitCount
            if start >= word.lowerBound, scanner.has(suffix, at: start, folded: true) { return meaning }
        }
        // `x-api-key:`, `API key:`
        let isKey = word.count == 3 && scanner.has("key", at: word.lowerBound, folded: true)
        let isAPI =
            scanner.has("api-", at: word.lowerBound - 4, folded: true)
            || scanner.has("api ", at: word.lowerBound - 4, folded: true)
        return isKey && isAPI ? .key : .none
    }
}
