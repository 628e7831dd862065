/// Numbers that states give to persons. Most carry a checksum, which decides; those that other numbers pass by chance
/// need their usual layout as well (the American SSN) or a word such as "PESEL" before them.
extension Scanner {
    func nationalID(_ start: Int, _ span: DigitSpan, _ context: NumberContext) -> Match? {
        for groups in (1...min(span.groups, 7)).reversed() where mayEnd(span, after: groups) {
            if hasTwoCheckDigits(span, groups) { return idMatch(start, span.end(groups - 1)) }
            guard hasLayout(span, groups), case let schemes = context.schemes else { continue }
            if context == .reference || context == .version { return nil }
            // "SSN 000-45-6789": the word names another scheme or none, and then its check decides below.
            if let schemes, !schemes.contains(.unchecked), !schemes.contains(span.values(0..<span.total(groups))) {
                continue
            }
            return idMatch(start, span.end(groups - 1))
        }
        guard span.count >= 8, let schemes = context.schemes else { return nil }
        for groups in (1...span.groups).reversed() where (8...18).contains(span.total(groups)) {
            guard mayEnd(span, after: groups), isOneNumber(span, groups),
                schemes.contains(span.values(0..<span.total(groups)))
            else { continue }
            return idMatch(start, span.end(groups - 1))
        }
        return nil
    }

    func idMatch(_ start: Int, _ end: Int) -> Match { Match(range: start..<end, kind: .nationalID) }

    /// Whether the separators are those of one number: none is a row of several.
    private func isOneNumber(_ span: DigitSpan, _ groups: Int) -> Bool {
        (1..<max(1, groups)).allSatisfy { group in
            let separator = span.separator(group)
            return separator != DigitSpan.mixed && separator != DigitSpan.parenthesis
        }
    }

    /// Ids that one number in a hundred or fewer is by chance: certain, whatever the words before them.
    private func hasTwoCheckDigits(_ span: DigitSpan, _ groups: Int) -> Bool {
        func hasSizes(_ sizes: Int...) -> Bool { span.hasSizes(sizes, first: groups) }
        let dot = UInt8(ascii: ".")
        let hyphen = UInt8(ascii: "-")
        switch groups {
        case 1:
            return span.size(0) == 15 && NationalSchemes.isFrench(span.values(0..<15))
                || span.size(0) == 18 && NationalSchemes.isChinese(span.values(0..<18))
        case 2 where span.size(0) == 13: return hasSizes(13, 2) && NationalSchemes.isFrench(span.values(0..<15))
        case 4 where span.size(0) == 3:
            if hasSizes(3, 4, 4, 2), span.uniformSeparator(first: 4) == dot {
                return NationalSchemes.isSwiss(span.values(0..<13))
            }
            let isBrazilian = hasSizes(3, 3, 3, 2) && span.separator(1) == dot && span.separator(2) == dot
            return isBrazilian && span.separator(3) == hyphen && Checksums.cpf(span.values(0..<11))
        case 5 where span.size(0) == 2:
            // Belgium: YY.MM.DD-NNN.CC.
            guard hasSizes(2, 2, 2, 3, 2), span.separator(1) == dot, span.separator(3) == hyphen else { return false }
            return NationalSchemes.isBelgian(span.values(0..<11))
        case 7 where span.size(0) == 1:
            return hasSizes(1, 2, 2, 2, 3, 3, 2) && NationalSchemes.isFrench(span.values(0..<15))
        default: return false
        }
    }

    /// Whether three groups of four are a row: years, or with more of them behind.
    private func isRowOfFours(_ span: DigitSpan) -> Bool {
        if span.groups > 3, span.size(3) == 4, span.separator(3) == span.separator(1) { return true }
        return (0..<3).allSatisfy { (1900...2099).contains(span.number(($0 * 4)..<($0 * 4 + 4))) }
    }

    /// Ids with one check digit or none, known by their layout.
    private func hasLayout(_ span: DigitSpan, _ groups: Int) -> Bool {
        func hasSizes(_ sizes: Int...) -> Bool { span.hasSizes(sizes, first: groups) }
        guard groups == 2 || groups == 3, (3...8).contains(span.size(0)) else { return false }
        let separator = span.uniformSeparator(first: groups)
        let hyphen = UInt8(ascii: "-")
        if hasSizes(6, 4) || hasSizes(8, 4) {
            // Sweden: YYMMDD-NNNC.
            return separator == hyphen
                && NationalSchemes.isSwedish(span.values((span.total(2) - 10)..<span.total(2)))
        }
        if hasSizes(6, 7) {
            return separator == hyphen && NationalSchemes.isKorean(span.values(0..<13))
        }
        if hasSizes(3, 2, 4), separator == hyphen { return NationalSchemes.isAmerican(span.values(0..<9)) }
        let isIndian = hasSizes(4, 4, 4) && (separator == 0x20 || separator == hyphen) && !isRowOfFours(span)
        return isIndian && span.digits[0] >= 2 && Checksums.verhoeff(span.values(0..<12))
    }
}

extension NumberContext {
    /// The schemes that a word names; nil where none does.
    var schemes: NationalSchemes? {
        if case .nationalID(let schemes) = self { schemes } else { nil }
    }
}
