/// Payment cards.
extension Scanner {
    /// A payment card: an issuer's prefix, its length, and Luhn (ISO/IEC 7812-1).
    func card(_ start: Int, _ span: DigitSpan, _ context: NumberContext) -> Match? {
        guard span.count >= 13, (3...6).contains(span.digits[0]) || span.digits[0] == 2 else { return nil }
        for groups in (1...min(span.groups, 5)).reversed() {
            let total = span.total(groups)
            guard (13...19).contains(total), isCardLayout(span, groups, context), mayEnd(span, after: groups),
                let needsContext = Self.issuer(span.number(0..<4), total), Checksums.luhn(span.values(0..<total))
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
            separator == 0x20 || separator == UInt8(ascii: "-") || separator == UInt8(ascii: ".")
        else { return false }
        if separator == UInt8(ascii: "."), context != .card {
            return context != .version && span.hasSizes([4, 4, 4, 4], first: groups)
        }
        switch groups {
        case 3: return span.size(0) == 4 && span.size(1) == 6 && (4...5).contains(span.size(2))
        case 4, 5:
            let areFours = (0..<4).allSatisfy { span.size($0) == 4 }
            return areFours && (groups == 4 || (1...3).contains(span.size(4)))
        default: return false
        }
    }

    /// Whether an issuer gives out cards of that prefix and length; true where a bare number needs a word beside it.
    private static func issuer(_ four: Int, _ total: Int) -> Bool? {
        switch (four, total) {
        case (4000...4999, 16): return false
        case (4000...4999, 13), (4000...4999, 19): return true
        case (5100...5599, 16), (2221...2720, 16), (2200...2204, 16): return false
        case (3400...3499, 15), (3700...3799, 15): return false
        case (3528...3589, 16): return false
        case (3000...3059, 14), (3600...3699, 14), (3800...3999, 14): return true
        // Maestro's own, which few other numbers begin with.
        case (5018, 16...19), (5020, 16...19), (5038, 16...19), (5893, 16...19), (6304, 16...19), (6759, 16...19),
            (6761...6763, 16...19):
            return false
        case (6011, 16), (6440...6599, 16), (6200...6299, 16): return false
        case (5000...5099, 16), (5600...5899, 16), (6000...6999, 16...19): return true
        default: return nil
        }
    }

    /// Sixteen digits in fours with other marks between than ``DigitSpan`` knows: `4111_1111_…`, `4111 - 1111 - …`, a line
    /// break after the second group.
    ///
    /// What also stands between the numbers of a list or a table needs a word: a comma, a slash, a line break anywhere but
    /// in the middle, or one in the middle with more such lines around.
    func cardInFours(at start: Int, firstEnd: Int) -> Match? {
        guard firstEnd - start == 4, (0x32...0x36).contains(bytes[start]), start + 19 <= bytes.count else { return nil }
        var mark: UInt8 = 0
        var marks = 0
        var breaks = 0
        var tabs = 0
        var index = firstEnd
        for group in 1...3 {
            let separator = index
            while index < bytes.count, index - separator < 4, !bytes[index].isDigit {
                switch bytes[index] {
                // A line that ends with a mark goes on.
                case 0x0A: breaks += group == 2 || mark != 0 ? 1 : 2
                case 0x09: tabs += 1
                case 0x20, 0x0D: break
                case let byte where "-./_,|+".utf8.contains(byte):
                    guard mark == byte || mark == 0 && group == 1 else { return nil }
                    mark = byte
                    marks += 1
                default: return nil
                }
                index += 1
            }
            guard index > separator, index + 4 <= bytes.count, bytes[index..<(index + 4)].allSatisfy(\.isDigit) else {
                return nil
            }
            index += 4
        }
        // With the usual separators the other reading has looked at what is around it.
        let isUsual = mark == 0 || marks == 3 && (mark == UInt8(ascii: "-") || mark == UInt8(ascii: "."))
        if isUsual, breaks == 0, tabs == 0, index - start == 19 { return nil }
        let digits = bytes[start..<index].filter(\.isDigit).map { $0 - 0x30 }
        let four = digits[..<4].reduce(0) { $0 * 10 + Int($1) }
        guard !byte(index).isWord, mark == 0 || byte(index) != mark || !byte(index + 1).isDigit,
            Self.issuer(four, 16) != nil, Checksums.luhn(digits)
        else { return nil }
        let isOfForm = mark == UInt8(ascii: "+") && byte(start - 1) == UInt8(ascii: "=")
        let needsWord =
            ",|/+".utf8.contains(mark) || breaks > 1 || tabs > 0 || breaks > 0 && isAmongRows(start..<index)
        if needsWord, !isOfForm, context(before: start) != .card { return nil }
        return Match(range: start..<index, kind: .card)
    }

    /// Whether a line of four digits more ends before a range, or begins after it.
    private func isAmongRows(_ range: Range<Int>) -> Bool {
        func isBetweenLines(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0D || byte == 0x0A }
        func isFour(_ start: Int) -> Bool {
            (0..<4).allSatisfy { byte(start + $0).isDigit } && !byte(start - 1).isWord && !byte(start + 4).isWord
        }
        var next = range.upperBound
        while next - range.upperBound < 4, isBetweenLines(byte(next)) { next += 1 }
        if bytes[range.upperBound..<min(next, bytes.count)].contains(0x0A), isFour(next) { return true }
        var before = range.lowerBound
        while before > 0, range.lowerBound - before < 4, isBetweenLines(byte(before - 1)) { before -= 1 }
        return bytes[before..<range.lowerBound].contains(0x0A) && isFour(before - 4)
    }
}
