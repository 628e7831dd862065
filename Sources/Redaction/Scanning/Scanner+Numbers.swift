/// What begins with a digit, in order of precision: IP address, card, national id, phone.
extension Scanner {
    func number(at start: Int) -> Match? {
        guard !isGlued(before: start) else { return nil }
        // Most numbers are short; nothing here has fewer than four digits in a row or a separator after the first few.
        var end = start + 1
        while end < bytes.count, bytes[end].isDigit { end += 1 }
        let next = byte(end)
        // A key that begins with a digit goes on with letters or a colon.
        if next == UInt8(ascii: ":") || next.isLetter, let match = keyWithDigitsFirst(start, endOfWord(end - 1)) {
            return match
        }
        if let match = interfaceOrSecret(start, end, next) ?? cardInFours(at: start, firstEnd: end) { return match }
        if end - start < 7, !DigitSpan.mayGoOn(next) { return nil }
        if isOfList(start, end) { return nil }
        if byte(end) == UInt8(ascii: "."), let match = ipv4(at: start) { return match }
        if let match = identifierWithLetters(start, end) { return match }
        let span = DigitSpan(bytes, from: start)
        guard span.count >= 7, !span.isDate else { return nil }
        if let match = spanishWithDots(start, span) { return match }
        let context = context(before: start)
        return card(start, span, context) ?? nationalID(start, span, context) ?? phone(start, span, context)
    }

    /// Whether a short number stands in a list (`1. 2. 3.`) or a sum.
    ///
    /// Only numbers dialled with 00 and French ones (1 85 …) go on behind mixed marks, and to read ten numbers on from each
    /// would be slow.
    private func isOfList(_ start: Int, _ end: Int) -> Bool {
        guard end - start < 7, DigitSpan.isMixed(bytes, at: end) else { return false }
        return end - start > 1 ? bytes[start] != 0x30 || bytes[start + 1] != 0x30 : !isPair(end + 2) && !isPair(end + 3)
    }

    private func isPair(_ index: Int) -> Bool { byte(index).isDigit && byte(index + 1).isDigit }

    /// What goes on with letters or marks: an address of an interface, a key of base64.
    private func interfaceOrSecret(_ start: Int, _ end: Int, _ next: UInt8) -> Match? {
        if end - start == 2, next == UInt8(ascii: "-"), let match = mac(at: end) { return match }
        guard next.isLetter || next == UInt8(ascii: ".") || Self.isSlashOrPlus(next) || end - start == 12 else {
            return nil
        }
        let word = endOfWord(end - 1)
        if word - start == 4, byte(word) == UInt8(ascii: ".") { return macInFours(at: start) }
        return bareMAC(at: start) ?? bareSecret(at: start)
    }

    /// Whether a number is the tail of something: `ORD-415…`, `1.4111…`, `#415…`, `$415…`.
    private func isGlued(before start: Int) -> Bool {
        guard start > floor, start > 0 else { return false }
        let before = byte(start - 2)
        switch bytes[start - 1] {
        case UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: "~"):
            // The second half of a range of addresses is none.
            if let last, last.kind == .ip, last.end == start - 1 { return false }
            return start - 2 >= floor && before.isAlphanumeric
        case UInt8(ascii: "."), UInt8(ascii: ":"): return start - 2 >= floor && before.isDigit
        case UInt8(ascii: "#"):
            // "SSN #", "cc#"; but an order's number else.
            return !context(before: start - 1).isPersonal
        case UInt8(ascii: "$"): return true
        case UInt8(ascii: "@"):
            // The host of a URL, behind its credentials.
            return !(last?.kind == .credentials && last?.end == start - 1)
        case 0xA3, 0xA5: return before == 0xC2
        case 0xAC: return before == 0x82 && byte(start - 3) == 0xE2
        default: return false
        }
    }

    /// Whether nothing after an index belongs to the same number.
    func endsNumber(_ end: Int) -> Bool {
        let next = byte(end)
        if next.isWord || next == UInt8(ascii: "@") || next == UInt8(ascii: "%") { return false }
        if next == UInt8(ascii: ".") || next == UInt8(ascii: "-") { return !byte(end + 1).isAlphanumeric }
        if next == UInt8(ascii: ",") {
            return !(byte(end + 1).isDigit && byte(end + 2).isDigit && byte(end + 3) == 0x2C)
        }
        return true
    }

    /// Whether the number may end with a group, though more groups may follow.
    func mayEnd(_ span: DigitSpan, after groups: Int) -> Bool {
        if groups == span.groups { return endsNumber(span.end(groups - 1)) }
        let separator = span.separator(groups)
        return separator != UInt8(ascii: "-") && separator != UInt8(ascii: ".")
    }
}
