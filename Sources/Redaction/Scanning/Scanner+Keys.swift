/// Keys that show what they are: by a vendor's prefix, by a shape that nothing else has, or as a JWT.
extension Scanner {
    /// As much of a key as decides whether it is one, so that `sk-sk-sk-…` does not take long.
    private static let tellingKeyLength = 64
    private static let longestTokenHeader = 1_024
    /// A bound, so that many beginnings before one long part do not take long.
    private static let longestTokenPart = 32_768

    /// A key or a JWT at the beginning of a word.
    func knownKey(_ start: Int, _ end: Int) -> Match? {
        if has("eyJ", at: start), let match = jwt(at: start) { return match }
        for key in VendorKeys.beginning(with: bytes[start], byte(start + 1)) where has(key.prefix, at: start) {
            if let end = endOfKey(key, start) {
                // Fly.io writes "FlyV1 " before its tokens, and it belongs to them.
                let hasScheme = key.tail == .list && start - 6 >= floor && has("FlyV1 ", at: start - 6)
                return Match(range: (hasScheme ? start - 6 : start)..<end, kind: .apiKey)
            }
        }
        return keyByShape(start, end).map { Match(range: $0, kind: .apiKey) }
    }

    func knownKey(at start: Int) -> Match? {
        guard byte(start).isAlphanumeric else { return nil }
        if byte(start).isDigit { return keyWithDigitsFirst(start, endOfWord(start)) }
        return knownKey(start, endOfWord(start))
    }

    private func endOfKey(_ key: VendorKeys, _ start: Int) -> Int? {
        let tail = start + key.prefix.utf8CodeUnitCount
        var end = tail
        let bound = min(bytes.count, tail + Self.tellingKeyLength)
        while end < bound, key.allows(bytes[end]) { end += 1 }
        if end == bound, end < bytes.count, looksRandom(tail..<end) {
            while end < bytes.count, key.allows(bytes[end]) { end += 1 }
        }
        while end > tail, "-.,".utf8.contains(bytes[end - 1]) { end -= 1 }
        if key.tail == .hexGroups, !bytes[tail..<end].contains(UInt8(ascii: "-")) { return nil }
        guard end - tail >= key.minimum, looksRandom(tail..<min(end, bound)), !byte(end).isWord else { return nil }
        return end
    }

    /// RFC 7519: base64url of `{"…` and of the claims, joined by dots; an encrypted one (RFC 7516) has five parts, the
    /// second of which is empty where the key is agreed on.
    private func jwt(at start: Int) -> Match? {
        var index = start
        var parts = 0
        var second = 0
        while parts < 5 {
            let part = index
            let bound = min(bytes.count, part + (parts == 0 ? Self.longestTokenHeader + 1 : Self.longestTokenPart))
            while index < bound, bytes[index].isBase64URL { index += 1 }
            if parts == 0, index - part < 10 || index - part > Self.longestTokenHeader { return nil }
            if parts == 1 {
                second = part
                if index - part < 4, index > part { return nil }
            }
            parts += 1
            guard byte(index) == UInt8(ascii: "."),
                byte(index + 1).isBase64URL || parts == 1 && byte(index + 1) == UInt8(ascii: ".")
            else { break }
            index += 1
        }
        if parts == 2, has("eyJ", at: second) {
            // Unsigned: the third part is empty, and the dot before it is there.
            if byte(index) == UInt8(ascii: ".") { index += 1 }
        } else if parts < 3 || bytes[second] == UInt8(ascii: ".") && parts < 5 {
            return nil
        }
        return Match(range: start..<index, kind: .jwt)
    }

    // MARK: By shape

    /// Keys whose vendors gave them no prefix of their own, but a shape.
    private func keyByShape(_ start: Int, _ end: Int) -> Range<Int>? {
        switch (byte(end), end - start) {
        case (UInt8(ascii: "."), 5):
            // The path of a webhook is its secret.
            guard has("hooks.slack.com/services/", at: start) else { return nil }
            var index = start + 25
            while index < bytes.count, bytes[index].isAlphanumeric || bytes[index] == UInt8(ascii: "/") { index += 1 }
            return index - start > 60 ? (start + 25)..<index : nil
        case (UInt8(ascii: "."), 14):
            // Terraform Cloud.
            guard has(".atlasv1.", at: end) else { return nil }
            let tail = run(from: end + 9, of: \.isBase64URL)
            return tail - end > 50 ? start..<tail : nil
        case (UInt8(ascii: "."), 17):
            // Airtable: `pat`, an id, a dot, 64 hexadecimal digits.
            guard has("pat", at: start) else { return nil }
            let tail = run(from: end + 1, of: \.isHexDigit)
            return tail - end == 65 && !byte(tail).isWord ? start..<tail : nil
        case (UInt8(ascii: "."), 23...28):
            // Discord: the bot's number in base64, a time, a digest.
            guard "MNO".utf8.contains(bytes[start]), looksRandom(start..<end) else { return nil }
            let second = run(from: end + 1, of: \.isBase64URL)
            guard second - end == 7, byte(second) == UInt8(ascii: ".") else { return nil }
            let third = run(from: second + 1, of: \.isBase64URL)
            return third - second >= 28 ? start..<third : nil
        case (UInt8(ascii: "-"), 32): return mailchimp(start, end)
        case (UInt8(ascii: ":"), 11...14):
            // `api.telegram.org/bot5712345678:AA…`
            guard has("bot", at: start), byte(start + 3).isDigit else { return nil }
            return telegram(start + 3, end)
        default: return nil
        }
    }

    /// Keys that begin with a digit; `end` is the end of the word.
    func keyWithDigitsFirst(_ start: Int, _ end: Int) -> Match? {
        let range =
            switch (byte(end), end - start) {
            case (UInt8(ascii: ":"), 8...11): telegram(start, end)
            case (UInt8(ascii: "-"), 32): mailchimp(start, end)
            default: keyByShape(start, end)
            }
        return range.map { Match(range: $0, kind: .apiKey) }
    }

    /// The bot's number, a colon, and 35 characters that begin with AA.
    private func telegram(_ start: Int, _ colon: Int) -> Range<Int>? {
        guard has("AA", at: colon + 1), bytes[start..<colon].allSatisfy(\.isDigit) else { return nil }
        let end = run(from: colon + 1, of: \.isBase64URL)
        return end - colon == 36 ? start..<end : nil
    }

    /// 32 hexadecimal digits and the name of the data centre.
    private func mailchimp(_ start: Int, _ end: Int) -> Range<Int>? {
        guard has("-us", at: end), byte(end + 3).isDigit, bytes[start..<end].allSatisfy(\.isHexDigit) else {
            return nil
        }
        let tail = run(from: end + 3, of: \.isDigit)
        return byte(tail).isWord ? nil : start..<tail
    }

    /// The end of a run of bytes, at most 512 of them.
    private func run(from start: Int, of isPart: (UInt8) -> Bool) -> Int {
        var end = start
        while end < bytes.count, end - start < 512, isPart(bytes[end]) { end += 1 }
        return end
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
}
