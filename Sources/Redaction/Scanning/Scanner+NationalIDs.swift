/// Numbers that states give to persons. Most carry a checksum, which decides; the others need their usual layout (the
/// American SSN) or a word such as "PESEL" before them.
extension Scanner {
    func nationalID(_ start: Int, _ span: DigitSpan, _ context: NumberContext) -> Match? {
        for groups in (1...min(span.groups, 7)).reversed() where mayEnd(span, after: groups) {
            if hasTwoCheckDigits(span, groups) { return idMatch(start, span.end(groups - 1)) }
            guard hasLayout(span, groups) else { continue }
            return context == .reference || context == .version ? nil : idMatch(start, span.end(groups - 1))
        }
        guard span.count >= 8, context == .nationalID else { return nil }
        for groups in (1...span.groups).reversed()
        where (8...15).contains(span.total(groups)) && mayEnd(span, after: groups) && span.isWritten(first: groups) {
            return idMatch(start, span.end(groups - 1))
        }
        return nil
    }

    private func idMatch(_ start: Int, _ end: Int) -> Match { Match(range: start..<end, kind: .nationalID) }

    /// Ids that one number in a hundred or fewer is by chance: certain, whatever the words before them.
    private func hasTwoCheckDigits(_ span: DigitSpan, _ groups: Int) -> Bool {
        func hasSizes(_ sizes: Int...) -> Bool { span.hasSizes(sizes, first: groups) }
        let dot = UInt8(ascii: ".")
        let hyphen = UInt8(ascii: "-")
        switch groups {
        case 1: return span.size(0) == 15 && isFrench(span) || span.size(0) == 18 && isChinese(span.values(0..<18))
        case 2: return hasSizes(13, 2) && isFrench(span)
        case 4:
            let isBrazilian = hasSizes(3, 3, 3, 2) && span.separator(1) == dot && span.separator(2) == dot
            return isBrazilian && span.separator(3) == hyphen && Checksums.cpf(span.values(0..<11))
        case 5:
            // Belgium: YY.MM.DD-NNN.CC, the last two 97 − n mod 97 (with a 2 before the nine digits from 2000 on).
            guard hasSizes(2, 2, 2, 3, 2), span.separator(1) == dot, span.separator(3) == hyphen else { return false }
            let number = span.number(0..<9)
            let check = span.number(9..<11)
            return 97 - number % 97 == check || 97 - (2_000_000_000 + number) % 97 == check
        case 7: return hasSizes(1, 2, 2, 2, 3, 3, 2) && isFrench(span)
        default: return false
        }
    }

    /// Ids with one check digit or none, known by their layout.
    private func hasLayout(_ span: DigitSpan, _ groups: Int) -> Bool {
        func hasSizes(_ sizes: Int...) -> Bool { span.hasSizes(sizes, first: groups) }
        guard groups == 2 || groups == 3 else { return false }
        let separator = span.uniformSeparator(first: groups)
        let hyphen = UInt8(ascii: "-")
        if hasSizes(6, 4) || hasSizes(8, 4) {
            // Sweden: YYMMDD-NNNC, Luhn over the ten digits.
            let ten = span.values((span.total(2) - 10)..<span.total(2))
            return separator == hyphen && isDate(month: ten[2] * 10 + ten[3], day: ten[4] * 10 + ten[5])
                && Checksums.luhn(ten)
        }
        if hasSizes(3, 2, 4), separator == hyphen {
            // SSA: no area 000, 666 or 9xx, no group 00, no serial 0000.
            let area = span.number(0..<3)
            return area != 0 && area != 666 && area < 900 && span.number(3..<5) != 0 && span.number(5..<9) != 0
        }
        let isIndian = hasSizes(4, 4, 4) && (separator == 0x20 || separator == hyphen)
        return isIndian && span.digits[0] >= 2 && Checksums.verhoeff(span.values(0..<12))
    }

    /// INSEE's NIR: sex, year, month, place, order, and 97 − n mod 97.
    private func isFrench(_ span: DigitSpan) -> Bool {
        let month = span.number(3..<5)
        guard span.digits[0] == 1 || span.digits[0] == 2, (1...12).contains(month) || month >= 20 else {
            return false
        }
        return 97 - span.number(0..<13) % 97 == span.number(13..<15)
    }

    private func isChinese(_ digits: [UInt8]) -> Bool {
        let year = Int(digits[6]) * 10 + Int(digits[7])
        return (19...20).contains(year)
            && isDate(month: digits[10] * 10 + digits[11], day: digits[12] * 10 + digits[13])
            && Checksums.chinese(digits)
    }

    private func isDate(month: UInt8, day: UInt8) -> Bool { (1...12).contains(month) && (1...31).contains(day) }

    /// Ids of digits with a letter in them: Spain's DNI, Finland's HETU, China's with an X.
    func identifierWithLetters(_ start: Int, _ end: Int) -> Match? {
        let next = byte(end)
        switch end - start {
        case 8:
            let letter = next == UInt8(ascii: "-") ? end + 1 : end
            guard byte(letter).isUpper, !byte(letter + 1).isWord, endsNumber(letter + 1) else { return nil }
            let number = bytes[start..<end].reduce(0) { $0 * 10 + Int($1 - 0x30) }
            return Self.spanish(number, byte(letter)) ? idMatch(start, letter + 1) : nil
        case 6:
            // DDMMYY, the century's sign, a number and a check character modulo 31.
            guard "-+A".utf8.contains(next), end + 5 <= bytes.count, bytes[(end + 1)..<(end + 4)].allSatisfy(\.isDigit),
                !byte(end + 5).isWord, endsNumber(end + 5)
            else { return nil }
            let digits = Array(bytes[start..<end]) + bytes[(end + 1)..<(end + 4)]
            let number = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
            let control = Array("0123456789ABCDEFHJKLMNPRSTUVWXY".utf8)
            let isFinnish =
                control[number % 31] == byte(end + 4)
                && isDate(
                    month: (digits[2] - 0x30) * 10 + digits[3] - 0x30,
                    day: (digits[0] - 0x30) * 10 + digits[1] - 0x30
                )
            return isFinnish && !byte(end + 4).isDigit ? idMatch(start, end + 5) : nil
        case 17:
            guard next == UInt8(ascii: "X"), !byte(end + 1).isWord else { return nil }
            return isChinese(bytes[start..<end].map { $0 - 0x30 } + [10]) ? idMatch(start, end + 1) : nil
        default: return nil
        }
    }

    /// Spain's letter: the number modulo 23.
    static func spanish(_ number: Int, _ letter: UInt8) -> Bool {
        Array("TRWAGMYFPDXBNJZSQVHLCKE".utf8)[number % 23] == letter
    }

    /// Ids that begin with a letter: Spain's NIE, Italy's codice fiscale.
    func lettersFirstID(_ start: Int, _ end: Int) -> Match? {
        switch end - start {
        case 9:
            let first = bytes[start]
            guard (0x58...0x5A).contains(first), bytes[(start + 1)..<(end - 1)].allSatisfy(\.isDigit) else {
                return nil
            }
            let number = bytes[(start + 1)..<(end - 1)].reduce(Int(first - 0x58)) { $0 * 10 + Int($1 - 0x30) }
            return Self.spanish(number, bytes[end - 1]) ? idMatch(start, end) : nil
        case 16:
            let pattern = Array("LLLLLLDDLDDLDDDL".utf8)
            for offset in 0..<16 {
                let byte = bytes[start + offset]
                guard pattern[offset] == UInt8(ascii: "L") ? byte.isUpper : byte.isDigit else { return nil }
            }
            return Checksums.codiceFiscale(Array(bytes[start..<end])) ? idMatch(start, end) : nil
        default: return nil
        }
    }
}
