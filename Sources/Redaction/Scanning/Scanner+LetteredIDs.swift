/// Numbers of persons with letters in them.
extension Scanner {
    /// Ids that begin with digits: Spain's DNI, Finland's HETU, China's with an X, Ireland's PPS number.
    func identifierWithLetters(_ start: Int, _ end: Int) -> Match? {
        let next = byte(end)
        switch end - start {
        case 6: return finnish(start, end)
        case 7:
            // Weights 8 to 2, and 9 for a second letter; modulo 23, where W is 0.
            let last = byte(end + 1).isWord ? end + 2 : end + 1
            guard next.isUpper, !byte(last).isWord, last == end + 1 || "ABHWTX".utf8.contains(byte(end + 1)) else {
                return nil
            }
            let second = last == end + 1 || byte(end + 1) == UInt8(ascii: "W") ? 0 : Int(byte(end + 1) - 0x40)
            let sum = Checksums.weighted(bytes[start..<end].map { $0 - 0x30 }, Array((2...8).reversed())) + second * 9
            guard Array("WABCDEFGHIJKLMNOPQRSTUV".utf8)[sum % 23] == next, isNamed(.lettered, start) else { return nil }
            return idMatch(start, last)
        case 8:
            let letter = next == UInt8(ascii: "-") ? end + 1 : end
            guard byte(letter).isUpper, !byte(letter + 1).isWord, endsNumber(letter + 1) else { return nil }
            let number = bytes[start..<end].reduce(0) { $0 * 10 + Int($1 - 0x30) }
            return Self.spanish(number, byte(letter)) ? idMatch(start, letter + 1) : nil
        case 17:
            guard next | 0x20 == UInt8(ascii: "x"), !byte(end + 1).isWord else { return nil }
            return NationalSchemes.isChinese(bytes[start..<end].map { $0 - 0x30 } + [10])
                ? idMatch(start, end + 1) : nil
        default: return nil
        }
    }

    /// DDMMYY, the century's sign, a number and a check character modulo 31.
    private func finnish(_ start: Int, _ end: Int) -> Match? {
        guard "-+ABCDEFYXWVU".utf8.contains(byte(end)), end + 5 <= bytes.count,
            bytes[(end + 1)..<(end + 4)].allSatisfy(\.isDigit), !byte(end + 5).isWord, endsNumber(end + 5)
        else { return nil }
        let digits = (Array(bytes[start..<end]) + bytes[(end + 1)..<(end + 4)]).map { $0 - 0x30 }
        let number = digits.reduce(0) { $0 * 10 + Int($1) }
        let isFinnish =
            Array("0123456789ABCDEFHJKLMNPRSTUVWXY".utf8)[number % 31] == byte(end + 4)
            && NationalSchemes.isDate(month: digits[2] * 10 + digits[3], day: digits[0] * 10 + digits[1])
        // With a digit at the end it might be anything.
        return isFinnish && (!byte(end + 4).isDigit || isNamed(.finnish, start)) ? idMatch(start, end + 5) : nil
    }

    /// Spain's DNI with dots: `51.090.342-M`.
    func spanishWithDots(_ start: Int, _ span: DigitSpan) -> Match? {
        guard span.groups == 3, span.hasSizes([2, 3, 3], first: 3), span.separator(1) == UInt8(ascii: "."),
            span.separator(2) == UInt8(ascii: ".")
        else { return nil }
        let end = span.end(2)
        let letter = byte(end) == UInt8(ascii: "-") ? end + 1 : end
        guard byte(letter).isUpper, !byte(letter + 1).isWord, Self.spanish(span.number(0..<8), byte(letter)) else {
            return nil
        }
        return idMatch(start, letter + 1)
    }

    /// Spain's letter: the number modulo 23.
    static func spanish(_ number: Int, _ letter: UInt8) -> Bool {
        Array("TRWAGMYFPDXBNJZSQVHLCKE".utf8)[number % 23] == letter
    }

    /// Ids that begin with a letter: Spain's NIE, Singapore's NRIC, Britain's NINO, Italy's codice fiscale, Mexico's CURP.
    func lettersFirstID(_ start: Int, _ end: Int) -> Match? {
        switch end - start {
        case 1:
            // `Z-0712345-V`
            guard byte(end) == UInt8(ascii: "-"), (0x58...0x5A).contains(bytes[start]), start + 11 <= bytes.count,
                byte(start + 9) == UInt8(ascii: "-"), !byte(start + 11).isWord
            else { return nil }
            return isForeigner(bytes[start], start + 2, byte(start + 10)) ? idMatch(start, start + 11) : nil
        case 2: return spacedNINO(start)
        case 8: return passport(start, end)
        case 9:
            let last = bytes[end - 1]
            if let match = passport(start, end) { return match }
            guard last.isUpper else { return nil }
            if isForeigner(bytes[start], start + 1, last) || isSingaporean(start, last) { return idMatch(start, end) }
            return isNINO(start, start + 2, last) && isNamed(.lettered, start) ? idMatch(start, end) : nil
        case 16: return isItalian(start) ? idMatch(start, end) : nil
        case 18: return isMexican(start) ? idMatch(start, end) : nil
        default: return nil
        }
    }

    private func isNamed(_ scheme: NationalSchemes, _ start: Int) -> Bool {
        context(before: start).schemes?.contains(scheme) == true
    }

    /// A passport's or identity card's number with letters in it (ICAO 9303: up to nine), behind a word that says so.
    private func passport(_ start: Int, _ end: Int) -> Match? {
        var digits = 0
        for byte in bytes[start..<end] {
            guard byte.isDigit || byte.isUpper else { return nil }
            if byte.isDigit { digits += 1 }
        }
        return digits >= 3 && isNamed(.unchecked, start) ? idMatch(start, end) : nil
    }

    private func areDigits(_ start: Int, _ count: Int) -> Bool {
        start + count <= bytes.count && bytes[start..<(start + count)].allSatisfy(\.isDigit)
    }

    /// Spain's NIE: X, Y and Z stand for 0, 1 and 2.
    private func isForeigner(_ first: UInt8, _ start: Int, _ letter: UInt8) -> Bool {
        guard (0x58...0x5A).contains(first), areDigits(start, 7) else { return false }
        let number = bytes[start..<(start + 7)].reduce(Int(first - 0x58)) { $0 * 10 + Int($1 - 0x30) }
        return Self.spanish(number, letter)
    }

    /// Singapore's NRIC and FIN: weights 2, 7, 6, 5, 4, 3, 2, and four more from 2000 on.
    private func isSingaporean(_ start: Int, _ letter: UInt8) -> Bool {
        guard "STFG".utf8.contains(bytes[start]), areDigits(start + 1, 7) else { return false }
        let first = bytes[start]
        let isCitizen = first == UInt8(ascii: "S") || first == UInt8(ascii: "T")
        let isNew = first == UInt8(ascii: "T") || first == UInt8(ascii: "G")
        let sum = Checksums.weighted(bytes[(start + 1)..<(start + 8)].map { $0 - 0x30 }, [2, 7, 6, 5, 4, 3, 2])
        return Array((isCitizen ? "JZIHGFEDCBA" : "XWUTRQPNMLK").utf8)[(sum + (isNew ? 4 : 0)) % 11] == letter
    }

    /// Britain's national insurance number (HMRC NIM39110): two letters, six digits, A to D; no check digit.
    private func isNINO(_ start: Int, _ digits: Int, _ last: UInt8) -> Bool {
        let (first, second) = (bytes[start], bytes[start + 1])
        guard first.isUpper, second.isUpper, !"DFIQUV".utf8.contains(first), !"DFIOQUV".utf8.contains(second) else {
            return false
        }
        let isWithheld = ["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"].contains { $0.utf8.elementsEqual([first, second]) }
        return !isWithheld && areDigits(digits, 6) && (0x41...0x44).contains(last)
    }

    /// Britain's number in pairs: `AB 12 34 56 C`.
    private func spacedNINO(_ start: Int) -> Match? {
        guard start + 13 <= bytes.count, !byte(start + 13).isWord else { return nil }
        let text = bytes[start..<(start + 13)]
        for (offset, byte) in text.enumerated() where (offset % 3 == 2) != (byte == 0x20) { return nil }
        guard areDigits(start + 3, 2), areDigits(start + 6, 2), areDigits(start + 9, 2),
            bytes[start].isUpper, bytes[start + 1].isUpper, (0x41...0x44).contains(bytes[start + 12])
        else { return nil }
        return idMatch(start, start + 13)
    }

    /// Letters where the pattern has L, digits where it has D, anything of both where it has A; in capitals.
    private func text(at start: Int, like pattern: StaticString) -> [UInt8]? {
        guard start + pattern.utf8CodeUnitCount <= bytes.count else { return nil }
        var text: [UInt8] = []
        for offset in 0..<pattern.utf8CodeUnitCount {
            let byte = bytes[start + offset]
            switch pattern.utf8Start[offset] {
            case UInt8(ascii: "L"): guard byte.isLetter else { return nil }
            case UInt8(ascii: "D"): guard byte.isDigit else { return nil }
            default: guard byte.isAlphanumeric else { return nil }
            }
            text.append(byte.isLower ? byte & 0xDF : byte)
        }
        return text
    }

    private func isItalian(_ start: Int) -> Bool {
        guard byte(start + 6).isDigit, let text = text(at: start, like: "LLLLLLDDLDDLDDDL") else { return false }
        return Checksums.codiceFiscale(text)
    }

    /// RENAPO: four letters, YYMMDD, the sex, the state, consonants, and a check digit modulo 10 over 36 characters and Ñ.
    private func isMexican(_ start: Int) -> Bool {
        guard byte(start + 4).isDigit, let text = text(at: start, like: "LLLLDDDDDDLLLLLLAD"),
            "HMX".utf8.contains(text[10])
        else { return false }
        var sum = 0
        for (position, byte) in text.dropLast().enumerated() {
            // Ñ stands between N and O.
            let value = byte.isDigit ? Int(byte - 0x30) : Int(byte - 0x41) + 10 + (byte > UInt8(ascii: "N") ? 1 : 0)
            sum += value * (18 - position)
        }
        return (10 - sum % 10) % 10 == Int(text[17] - 0x30)
    }
}
