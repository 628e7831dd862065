/// Secrets that nothing shows but the word before them: `password=`, `"api_key": "`, `Authorization: Basic `.
extension Scanner {
    /// A value after a word that announces one.
    func announced(by word: Range<Int>) -> Match? {
        let announcement = SecretWords.meaning(of: word, in: self)
        guard announcement != .none else { return nil }
        if byte(word.upperBound) == UInt8(ascii: ">") {
            // `<password>…</password>`
            guard let match = value(announcement, at: word.upperBound + 1), has("</", at: match.range.upperBound) else {
                return nil
            }
            return match
        }
        guard let start = valueStart(after: word.upperBound) else { return nil }
        if let match = value(announcement, at: start) { return match }
        return announcement == .password ? passwordOnNextLine(start) : nil
    }

    /// A word, a blank: prose, an option of a command, or `password = x`.
    func announcedInProse(_ word: Range<Int>) -> Match? {
        let end = word.upperBound
        if word.count == 6, has("bearer", at: word.lowerBound, folded: true) { return bearer(after: end) }
        if byte(end + 1) == UInt8(ascii: ":") || byte(end + 1) == UInt8(ascii: "=") { return announced(by: word) }
        if byte(word.lowerBound - 1) == UInt8(ascii: "-") { return option(word) }
        if word.count == 7, has("sshpass -p ", at: word.lowerBound) {
            return password(at: skipQuote(word.lowerBound + 11))
        }
        if isQuote(byte(end + 1)), SecretWords.meaning(of: word, in: self) == .password {
            // SQL: `PASSWORD '…'`.
            return password(at: end + 2)
        }
        return passwordInSentence(word)
    }

    /// A value after a colon whose word is written in another script: `パスワード:`, `пароль: `.
    func announcedInOtherScript(at colon: Int, width: Int) -> Match? {
        var end = colon
        while end > floor, bytes[end - 1] == 0x20 || bytes[end - 1] == UInt8(ascii: "\"") { end -= 1 }
        guard end > floor, bytes[end - 1] >= 0x80, SecretWords.announcesInOtherScript(before: end, in: self) else {
            return nil
        }
        return password(at: skipQuote(skipBlanks(colon + width)))
    }

    func value(_ announcement: SecretWords.Meaning, at start: Int) -> Match? {
        switch announcement {
        case .none: return nil
        case .key: return credential(at: start, minimum: 12, kind: .secret)
        case .password: return password(at: start) ?? phrase(at: start, words: 4)
        case .passphrase: return password(at: start, isPhrase: true) ?? phrase(at: start, words: 3)
        case .bearer: return credential(at: start, minimum: 12, kind: .token)
        case .authorization:
            var index = start
            let scheme = endOfWord(index)
            // AWS signs each request; the signature is no password and its parts say what they are.
            if has("aws4-", at: index, folded: true) { return nil }
            // RFC 7617: Basic carries user and password in base64, which may lack digits.
            let isBasic = scheme - index == 5 && has("basic", at: index, folded: true)
            let value = skipBlanks(scheme)
            if value > scheme, byte(index).isLetter { index = value }
            return credential(at: index, minimum: 6, kind: .token, isCertain: isBasic)
        }
    }

    /// RFC 6750 §2.1: `Bearer`, a blank and a token68.
    private func bearer(after end: Int) -> Match? {
        let start = skipBlanks(end)
        guard start > end else { return nil }
        return credential(at: start, minimum: 8, kind: .token)
    }

    /// YAML and forms: the value stands alone on the line after the word.
    private func passwordOnNextLine(_ start: Int) -> Match? {
        guard byte(start) == 0x0A else { return nil }
        let value = skipQuote(skipBlanks(start + 1))
        guard let match = password(at: value) else { return nil }
        let next = byte(match.range.upperBound)
        return next == 0 || next == 0x0A || next == UInt8(ascii: "\"") || next == UInt8(ascii: "'") ? match : nil
    }

    /// Behind quotes, brackets, blanks and `:`, `=`, `:=` or `=>`; nil where no value follows.
    func valueStart(after end: Int) -> Int? {
        var index = skipQuote(end)
        // `os.environ["API_KEY"] = `
        if index > end, byte(index) == UInt8(ascii: "]") { index += 1 }
        index = skipBlanks(index)
        guard byte(index) == UInt8(ascii: ":") || byte(index) == UInt8(ascii: "=") else { return nil }
        index += 1
        if byte(index) == UInt8(ascii: "=") || byte(index) == UInt8(ascii: ">") { index += 1 }
        return skipQuote(skipBlanks(index))
    }

    /// Behind a quotation mark, escaped or not.
    func skipQuote(_ index: Int) -> Int {
        var quote = index
        while byte(quote) == UInt8(ascii: "\\"), quote - index < 8 { quote += 1 }
        return isQuote(byte(quote)) ? quote + 1 : index
    }

    func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

    /// The quotation mark right before an index, and how many backslashes escape it.
    private func openingQuote(before start: Int) -> (mark: UInt8, escapes: Int)? {
        guard isQuote(byte(start - 1)) else { return nil }
        var escapes = 0
        while escapes < 8, byte(start - 2 - escapes) == UInt8(ascii: "\\") { escapes += 1 }
        return (byte(start - 1), escapes)
    }

    /// As much of a credential as decides whether it is one.
    private static let tellingLength = 256

    private func isOfCredential(_ byte: UInt8) -> Bool { byte.isBase64URL || "~+/=.:".utf8.contains(byte) }

    /// A token at an index; one whose kind is known by itself keeps that kind.
    func credential(at start: Int, minimum: Int, kind: RedactionKind, isCertain: Bool = false) -> Match? {
        if let match = knownKey(at: start) { return match }
        var end = start
        let bound = min(bytes.count, start + Self.tellingLength)
        while end < bound, isOfCredential(bytes[end]) { end += 1 }
        if end == bound, end < bytes.count, isOfCredential(bytes[end]) {
            // `token=token=token=…` is read once, not from each of its words on.
            guard looksRandom(start..<end) else { return nil }
            while end < bytes.count, isOfCredential(bytes[end]) { end += 1 }
        }
        if let whole = endOfQuoted(start, from: end) {
            end = whole
        } else if kind == .secret, byte(start - 1).isBlank || byte(start - 1) == UInt8(ascii: "=") {
            // `key = module.Type.function(` is code.
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

    /// The end of a key in quotes that has signs in it, `'4%kd&93lq!x'`; nil for a reference or a call.
    private func endOfQuoted(_ start: Int, from signs: Int) -> Int? {
        guard let quote = openingQuote(before: start), signs > start, byte(signs) > 0x20, byte(signs) < 0x80 else {
            return nil
        }
        var end = signs
        while end < bytes.count, end - start < 256, bytes[end] > 0x20, bytes[end] < 0x80, bytes[end] != quote.mark {
            if "\"'\\<>`".utf8.contains(bytes[end]) { return nil }
            if "${".utf8.contains(bytes[end]), byte(end + 1) == UInt8(ascii: "{") { return nil }
            if bytes[end] == UInt8(ascii: "("), bytes[start..<end].allSatisfy({ $0.isLetter || $0 == 0x2E }) {
                return nil
            }
            end += 1
        }
        return byte(end) == quote.mark ? end : nil
    }

    /// A password: no blank, at least one letter and one digit or sign, or six digits.
    ///
    /// A phrase has three words in quotes.
    func password(at start: Int, isPhrase: Bool = false) -> Match? {
        if let match = knownKey(at: start) { return match }
        guard !"<${[%*/~".utf8.contains(byte(start)) else { return nil }
        let quote = openingQuote(before: start)
        var end = start
        var letters = 0
        var others = 0
        var blanks = 0
        while end < bytes.count, end - start < 128 {
            let byte = bytes[end]
            if byte == UInt8(ascii: "\\") {
                // A quote that is escaped more deeply than the one it began with belongs to it.
                let escapes = run(of: byte, from: end)
                guard let quote, self.byte(end + escapes) == quote.mark, escapes > quote.escapes else { break }
                others += 1
                end += escapes + 1
                continue
            }
            if byte == 0x20, isPhrase, quote != nil { blanks += 1 } else if byte <= 0x20 { break }
            // In quotes all but the quote belongs to it.
            if let quote { if byte == quote.mark { break } } else if endsPassword(end) { break }
            if byte.isLetter || byte >= 0x80 {
                letters += 1
            } else if byte.isDigit || "!@#$%^*?+=".utf8.contains(byte) {
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
        guard end - start >= 4, isNumber || letters > 0 && others > 0 || blanks >= 2 else { return nil }
        return Match(range: start..<end, kind: .secret)
    }

    private func run(of byte: UInt8, from start: Int) -> Int {
        var end = start
        while end < bytes.count, bytes[end] == byte { end += 1 }
        return end - start
    }

    private func endsPassword(_ index: Int) -> Bool {
        // U+2018 to U+201F are quotation marks.
        if bytes[index] == 0xE2, byte(index + 1) == 0x80, (0x98...0x9F).contains(byte(index + 2)) { return true }
        return "\"',;<>(){}[]&`".utf8.contains(bytes[index])
    }
}
