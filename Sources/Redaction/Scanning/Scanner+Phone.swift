/// Telephone numbers. The hardest kind: most long numbers in a prompt are none. A number counts as one where
/// - it is international (`+`, E.164: up to 15 digits; `00` with separators),
/// - it has a national layout that little else has (`(415) 555-2671`, `415-555-2671`, `0151 1234567`, `06 12 34 56 78`)
///   and the words before it do not call it an order, an invoice, a version, or
/// - the words before it say so ("phone", "Tel.", "call me at").
extension Scanner {
    /// At a `+` or `(`.
    func phone(at start: Int) -> Match? {
        guard start <= floor || !bytes[start - 1].isWord, byte(start + 1).isDigit else { return nil }
        let span = DigitSpan(bytes, from: start + 1)
        guard span.count >= 7 else { return nil }
        if bytes[start] == UInt8(ascii: "+") {
            guard let groups = international(span, digits: 0) else { return nil }
            return phoneMatch(start, span, groups)
        }
        // A parenthesis holds the area code: it closes right after the first group.
        guard span.separator(1) == DigitSpan.parenthesis, (2...5).contains(span.size(0)) else { return nil }
        switch context(before: start) {
        case .reference, .version: return nil
        case .phone: return groups(of: span, in: 7...15).flatMap { phoneMatch(start, span, $0) }
        default: break
        }
        if span.hasSizes([3, 3, 4], first: min(3, span.groups)), isNorthAmerican(span, area: 0), mayEnd(span, after: 3)
        {
            return phoneMatch(start, span, 3)
        }
        guard span.digits[0] == 0, span.digits[1] != 0 else { return nil }
        return groups(of: span, in: 9...12).flatMap { phoneMatch(start, span, $0) }
    }

    /// At a digit.
    func phone(_ start: Int, _ span: DigitSpan, _ context: NumberContext) -> Match? {
        let first = span.digits[0]
        switch context {
        case .reference, .version, .nationalID, .card: return nil
        case .phone:
            if let groups = groups(of: span, in: 7...15) { return phoneMatch(start, span, groups) }
        default: break
        }
        if let groups = northAmerican(span) { return phoneMatch(start, span, groups) }
        guard first == 0, span.size(0) >= 2, span.groups >= 2 else { return nil }
        if span.digits[1] == 0 {
            // Not a dump of bytes: 00 68 00 71.
            guard span.digits[2] != 0, !(1..<span.groups).allSatisfy({ span.size($0) == 2 }),
                let groups = international(span, digits: 2)
            else { return nil }
            return phoneMatch(start, span, groups)
        }
        return nationalWithZero(start, span).flatMap { phoneMatch(start, span, $0) }
    }

    private func phoneMatch(_ start: Int, _ span: DigitSpan, _ groups: Int) -> Match? {
        Match(range: start..<span.end(groups - 1), kind: .phone)
    }

    /// As many groups as the digits allow.
    private func groups(of span: DigitSpan, in digits: ClosedRange<Int>) -> Int? {
        (1...span.groups).reversed().first {
            digits.contains(span.total($0)) && mayEndPhone(span, after: $0) && span.isWritten(first: $0)
        }
    }

    /// After a `+` or `00` (of `digits` digits): the groups that make a number of 8 to 15 digits, 11 for +1 and +7.
    private func international(_ span: DigitSpan, digits prefix: Int) -> Int? {
        let country = span.digits[prefix]
        guard country != 0 else { return nil }
        let range = country == 1 || country == 7 ? 11...11 : 8...15
        for groups in (1...span.groups).reversed() {
            let total = span.total(groups) - prefix
            guard range.contains(total), mayEndPhone(span, after: groups) else { continue }
            // "+49 151 1234567 5 pm": a last group of one digit belongs to what follows.
            if groups > 2, span.size(groups - 1) == 1 { continue }
            // "+12345678.90" is an amount, "+200 000 000" too.
            var hasDot = false
            var isLong = false
            for group in 1..<max(1, groups) {
                if span.separator(group) == UInt8(ascii: ".") { hasDot = true }
                if span.size(group) > 4 { isLong = true }
            }
            if hasDot, isLong || total < 10 { continue }
            if span.number((span.total(groups) - 6)..<span.total(groups)) == 0 { continue }
            return groups
        }
        return nil
    }

    /// Whether a number may end there, or an extension follows: `x12`.
    private func mayEndPhone(_ span: DigitSpan, after groups: Int) -> Bool {
        let end = span.end(groups - 1)
        return mayEnd(span, after: groups) || byte(end) | 0x20 == UInt8(ascii: "x") && byte(end + 1).isDigit
    }

    /// North America's 3-3-4 with hyphens or dots, with or without a 1 before it; `1 (800) 555-0199` too.
    private func northAmerican(_ span: DigitSpan) -> Int? {
        let area = span.size(0) == 1 && span.digits[0] == 1 ? 1 : 0
        let groups = area + 3
        guard span.groups >= groups, span.size(area) == 3, span.size(area + 1) == 3, span.size(area + 2) == 4,
            isNorthAmerican(span, area: area), mayEndPhone(span, after: groups)
        else { return nil }
        let separator = span.uniformSeparator(first: groups)
        let hasParentheses =
            area == 1 && span.separator(1) == DigitSpan.parenthesis && span.separator(2) == DigitSpan.parenthesis
        let isUsual = separator == UInt8(ascii: "-") || separator == UInt8(ascii: ".") || hasParentheses
        return isUsual ? groups : nil
    }

    /// NANP: neither the area code nor the exchange begins with 0 or 1.
    private func isNorthAmerican(_ span: DigitSpan, area: Int) -> Bool {
        span.digits[area] >= 2 && span.digits[area + 3] >= 2
    }

    /// National numbers with a trunk 0: 9 to 12 digits in groups, and neither a date nor a list.
    private func nationalWithZero(_ start: Int, _ span: DigitSpan) -> Int? {
        // Behind another number and a blank it is the rest of a list, unless that was a telephone number too.
        if byte(start - 1) == 0x20, byte(start - 2).isDigit, last?.end != start - 1 { return nil }
        // Neither octal nor binary numbers.
        if span.groups >= 3, (0..<3).allSatisfy({ span.leadingDigit($0) == 0 }) { return nil }
        if !(0..<span.count).contains(where: { span.digits[$0] > 1 }) { return nil }
        for groups in (2...max(2, span.groups)).reversed() where groups <= span.groups {
            let total = span.total(groups)
            guard (9...12).contains(total), mayEnd(span, after: groups), (2...6).contains(span.size(0)) else {
                continue
            }
            var isPairs = span.size(0) == 2
            var isPlausible = true
            for group in 1..<groups {
                let separator = span.separator(group)
                if span.size(group) != 2 { isPairs = false }
                if span.size(group) < 2 || span.size(group) > 8 { isPlausible = false }
                if group > 1, separator == UInt8(ascii: "/") { isPlausible = false }
                if group > 1, span.separator(2) != separator { isPlausible = false }
                if separator == DigitSpan.mixed || separator == UInt8(ascii: ".") && !(span.size(0) == 2) {
                    isPlausible = false
                }
            }
            guard isPlausible else { continue }
            let uniform = span.uniformSeparator(first: groups)
            if isPairs {
                // France's 06 and 07 are mobile; other pairs may be a draw of the lottery.
                // And a longer row of pairs is a dump of bytes.
                let isRow = span.groups > 5 || byte(start - 1) == 0x20 && byte(start - 2).isDigit
                guard groups == 5, !isRow, uniform != nil, (6...7).contains(span.digits[1]) else { continue }
            } else if uniform == UInt8(ascii: "."), span.size(0) == 2 {
                continue
            } else if uniform == UInt8(ascii: "-"), total > 11 || span.hasSizes([5, 4], first: groups) {
                // 5-4 is an American postal code.
                continue
            }
            return groups
        }
        return nil
    }
}
