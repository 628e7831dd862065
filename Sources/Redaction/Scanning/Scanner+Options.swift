/// Secrets among the arguments of commands: `--password x`, `curl -u jo:x`, `docker login -p x`, `redis-cli -a x`.
extension Scanner {
    /// At the word of an option, behind its hyphen.
    func option(_ word: Range<Int>) -> Match? {
        let start = skipQuote(skipBlanks(word.upperBound))
        if word.count == 1, byte(word.lowerBound - 2) == 0x20 || byte(word.lowerBound - 2) == 0 {
            switch bytes[word.lowerBound] {
            case UInt8(ascii: "u"): return userAndPassword(at: start)
            case UInt8(ascii: "p"): return follows(" login ", word.lowerBound) ? certainArgument(at: start) : nil
            case UInt8(ascii: "a"): return follows("redis-cli ", word.lowerBound) ? certainArgument(at: start) : nil
            default: return nil
            }
        }
        // `mysql -pHunter22x`
        if bytes[word.lowerBound] == UInt8(ascii: "p"), byte(word.lowerBound - 2) == 0x20,
            follows("mysql", word.lowerBound), let match = certainArgument(at: word.lowerBound + 1)
        {
            return match
        }
        var hyphens = word.lowerBound - 1
        while hyphens > floor, word.lowerBound - hyphens < 24,
            bytes[hyphens].isWord || bytes[hyphens] == UInt8(ascii: "-")
        {
            hyphens -= 1
        }
        guard has("--", at: hyphens + 1) || has("--", at: hyphens) else { return nil }
        if word.count == 4, has("user", at: word.lowerBound) { return userAndPassword(at: start) }
        let announcement = SecretWords.meaning(of: word, in: self)
        guard announcement == .key || announcement == .password else { return nil }
        return value(announcement, at: start)
    }

    /// `jo:hunter2x`, and neither numbers of a user and a group nor what manuals write.
    private func userAndPassword(at start: Int) -> Match? {
        var end = start
        var colon: Int?
        while end < bytes.count, end - start < 128, bytes[end] > 0x20, !"\"'`<>|;\\".utf8.contains(bytes[end]) {
            if bytes[end] == UInt8(ascii: ":"), colon == nil { colon = end }
            end += 1
        }
        guard let colon, end - colon > 4, byte(start).isLetter, !"$<{/".utf8.contains(bytes[colon + 1]) else {
            return nil
        }
        if let key = knownKey(at: colon + 1), key.range.upperBound == end { return key }
        let password = bytes[(colon + 1)..<end]
        guard password.contains(where: \.isLetter),
            password.contains(where: { $0.isDigit || "!@#$%^*+=".utf8.contains($0) })
        else { return nil }
        return Match(range: start..<end, kind: .credentials)
    }

    private func certainArgument(at start: Int) -> Match? {
        guard byte(start) != UInt8(ascii: "$"), let match = password(at: start) else { return nil }
        return bytes[match.range].contains(where: \.isLetter) ? match : nil
    }

    /// Whether a command stands before an index, on the same line and not far.
    func follows(_ command: StaticString, _ index: Int) -> Bool {
        var start = index - command.utf8CodeUnitCount
        while start >= floor, index - start < 80, byte(start) != 0x0A {
            if has(command, at: start) { return true }
            start -= 1
        }
        return false
    }
}
