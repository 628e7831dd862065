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
        if end - start < 7, !DigitSpan.mayGoOn(next) { return nil }
        if byte(end) == UInt8(ascii: "."), let match = ipv4(at: start) { return match }
        if let match = identifierWithLetters(start, end) { return match }
        let span = DigitSpan(bytes, from: start)
        guard span.count >= 7, !span.isDate else { return nil }
        if let match = spanishWithDots(start, span) { return match }
        let context = context(before: start)
        return card(start, span, context) ?? nationalID(start, span, context) ?? phone(start, span, context)
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
        case UInt8(ascii: "$"), UInt8(ascii: "@"): return true
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

    // MARK: Cards

    /// A payment card: an issuer's prefix, its length, and Luhn (ISO/IEC 7812-1).
    private func card(_ start: Int, _ span: DigitSpan, _ context: NumberContext) -> Match? {
        guard span.count >= 13, (3...6).contains(span.digits[0]) || span.digits[0] == 2 else { return nil }
        for groups in (1...min(span.groups, 5)).reversed() {
            let total = span.total(groups)
            guard (13...19).contains(total), isCardLayout(span, groups, context), mayEnd(span, after: groups),
                let needsContext = Self.issuer(span, total), Checksums.luhn(span.values(0..<total))
            else { continue }
            if groups == 1 {
                if context != .card, needsContext || context == .reference || context == .version { continue }
            } else if context != .card, followsIBANHead(start) {
                continue
            }
            return Match(range: start..<span.end(groups - 1), kind: .card)
        }
        return nil
    }

    private func isCardLayout(_ span: DigitSpan, _ groups: Int, _ context: NumberContext) -> Bool {
        guard groups > 1 else { return true }
        guard let separator = span.uniformSeparator(first: groups),
            separator == 0x20 || separator == UInt8(ascii: "-") || separator == UInt8(ascii: ".") && context == .card
        else { return false }
        return [[4, 4, 4, 4], [4, 6, 5], [4, 6, 4], [4, 4, 4, 4, 3], [4, 4, 4, 4, 2], [4, 4, 4, 4, 1]]
            .contains { span.hasSizes($0, first: groups) }
    }

    /// Whether an issuer gives out cards of that prefix and length; true where a bare number needs a word beside it.
    private static func issuer(_ span: DigitSpan, _ total: Int) -> Bool? {
        let four = span.number(0..<4)
        switch (four, total) {
        case (4000...4999, 16): return false
        case (4000...4999, 13), (4000...4999, 19): return true
        case (5100...5599, 16), (2221...2720, 16), (2200...2204, 16): return false
        case (3400...3499, 15), (3700...3799, 15): return false
        case (3528...3589, 16): return false
        case (3000...3059, 14), (3600...3699, 14), (3800...3999, 14): return true
        case (6011, 16), (6440...6599, 16), (6200...6299, 16): return false
        case (5000...5099, 16), (5600...5899, 16), (6000...6999, 16...19): return true
        default: return nil
        }
    }
}
