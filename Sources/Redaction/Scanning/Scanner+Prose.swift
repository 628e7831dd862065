/// Passwords told in a sentence: "my password is …", "Mein Passwort lautet …", `密码是…`, "password: correct horse battery
/// staple".
///
/// More is asked of such a value than of one after a colon, since "the password is required" has the same form.
extension Scanner {
    func passwordInSentence(_ word: Range<Int>) -> Match? {
        let end = word.upperBound
        guard SecretWords.meaning(of: word, in: self) == .password else { return nil }
        if let verb = Self.verbs.first(where: { has($0.text, at: end) }) {
            return certainPassword(at: skipQuote(end + verb.text.utf8CodeUnitCount), needsSign: verb.isVague)
        }
        // `machine db.example login jo password …`, of .netrc.
        return certainPassword(at: skipQuote(end + 1), needsSign: !follows("machine ", word.lowerBound))
    }

    /// "The secret is …", "my API key is …", at a value that is long enough to be one.
    func secretInSentence(_ start: Int) -> Match? {
        let end = start - 4
        guard end > floor, has(" is ", at: end), bytes[end - 1].isWord else { return nil }
        var word = end - 1
        while word > floor, end - word < 24, bytes[word - 1].isWord { word -= 1 }
        guard SecretWords.meaning(of: word..<end, in: self) == .key else { return nil }
        guard let match = credential(at: start, minimum: 16, kind: .secret) else { return nil }
        return match.kind != .secret || changesOften(match.range) ? match : nil
    }

    /// Whether capitals, small letters and digits change at every fourth character at least: words of a long name do not.
    private func changesOften(_ range: Range<Int>) -> Bool {
        var changes = 0
        for (byte, next) in zip(bytes[range], bytes[range].dropFirst())
        where byte.isDigit != next.isDigit || byte.isUpper != next.isUpper {
            changes += 1
        }
        return changes * 4 >= range.count
    }

    /// What stands between the word and the value; a vague one stands in other sentences too.
    private static let verbs: [(text: StaticString, isVague: Bool)] = [
        (" is ", false), (" was ", false), (" ist ", false), (" lautet ", false), (" war ", false), (" est ", false),
        (" es ", false), (" è ", false), (" é ", false), (" är ", false), (" jest ", false), (" este ", false),
        (" to ", true),
        (" on ", true), (" er ", true), (" je ", true),
    ]

    /// A word of six characters with a small letter and a digit, and no name with a hyphen; with a sign too, or of three
    /// classes and eight characters, where the words before it are vague.
    private func certainPassword(at start: Int, needsSign: Bool) -> Match? {
        guard let match = password(at: start) else { return nil }
        // A vendor's key is certain.
        guard match.kind == .secret else { return match }
        let value = bytes[match.range]
        let isName = value.contains(UInt8(ascii: "-")) || !value.contains(where: \.isLower)
        guard value.count >= 6, value.contains(where: \.isDigit), !isName else { return nil }
        return !needsSign || value.contains { "!@#$%^*+=".utf8.contains($0) } ? match : nil
    }

    /// `пароль Zima2024!`, `密码是abc12345X`, `パスワードはSakura#77です`, at the value.
    func passwordBehindOtherScript(_ start: Int) -> Match? {
        var end = start
        while end > floor, start - end < 3, bytes[end - 1] == 0x20 || isQuote(bytes[end - 1]) { end -= 1 }
        var isVague = true
        for particle: StaticString in ["是", "为", "為", "は", "는", "은", "—", "–", "है", "هي", "είναι"] {
            let begin = end - particle.utf8CodeUnitCount
            guard begin >= floor, has(particle, at: begin) else { continue }
            end = begin
            isVague = false
            break
        }
        while end > floor, bytes[end - 1] == 0x20 { end -= 1 }
        guard end > floor, bytes[end - 1] >= 0x80, SecretWords.announcesInOtherScript(before: end, in: self) else {
            return nil
        }
        var stop = start
        while stop < bytes.count, stop - start < 128, bytes[stop] > 0x20, bytes[stop] < 0x80 { stop += 1 }
        guard var match = certainPassword(at: start, needsSign: isVague) else { return nil }
        if match.kind == .secret, stop < match.range.upperBound {
            // `Minimum8文字` is a sentence.
            let value = bytes[start..<stop]
            let hasSign = value.contains { "!@#$%^*+=".utf8.contains($0) }
            guard hasSign || value.count >= 8 && value.count(where: \.isDigit) >= 2 else { return nil }
            match.range = start..<stop
        }
        return match
    }

    // MARK: Phrases

    /// Words of small letters to the end of the line, none of which a sentence would need.
    func phrase(at start: Int, words minimum: Int) -> Match? {
        var index = start
        var words = 0
        while words < 12 {
            let word = index
            while index < bytes.count, index - word < 12, bytes[index].isLower { index += 1 }
            guard index - word >= 3, !Self.isOfSentence(bytes[word..<index]) else { return nil }
            words += 1
            let next = byte(index)
            if next == 0 || next == 0x0A || next == 0x0D || next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\") {
                break
            }
            guard next == 0x20, byte(index + 1).isLower else { return nil }
            index += 1
        }
        return words >= minimum ? Match(range: start..<index, kind: .secret) : nil
    }

    /// Small words, and those that stand beside a field of a form.
    private static let sentenceWords: Set<String> = {
        let words =
            "the and for not are was has have had can cannot may must should will would you your our their its this that "
            + "with from into than then when what which who one any all some more most least been being but only same "
            + "too also please choose click enter type check see use used uses using try add set get new old own reset "
            + "change changed forgot forgotten expired wrong invalid incorrect missing required failed failure error "
            + "field form link login sign user username name email account page button blank empty short long weak "
            + "strong policy minimum maximum characters letters digits contain contains protected hidden unknown none "
            + "null encrypted hashed stored saved sent given based free less manager prompt option optional default "
            + "string value token input"
        return Set(words.split(separator: " ").map(String.init))
    }()

    private static func isOfSentence(_ word: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        sentenceWords.contains(String(decoding: word, as: UTF8.self))
    }
}
