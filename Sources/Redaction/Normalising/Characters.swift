/// Characters that stand for one of ASCII's, or cannot be seen (Unicode 16).
///
/// Letters of other alphabets that only look like Latin ones (`а` of Cyrillic) are those letters: a Russian text is not
/// read as another.
enum Characters {
    /// What a character means at a place, if not itself.
    static func meaning(of value: UInt32, from start: Int, to end: Int, in reader: SpellingReader) -> Spelling? {
        let length = end - start
        if isInvisible(value) {
            return Spelling(.nothing, length: length, isTelling: hides(value, from: start, to: end, in: reader))
        }
        guard let (plain, form) = plain(value) else { return nil }
        let (before, after) = (reader.byte(start - 1), reader.byte(end))
        let isTelling =
            switch form {
            case .letter: true
            case .ornament: isOrnament(at: end, in: reader)
            case .blank:
                (after.isDigit || after == 0x28) && (before.isAlphanumeric || before == 0x29)
                    || before == 0x3A || after == 0x3A
            case .dash: isDashOfNumber(value, from: start, to: end, in: reader)
            case .sign: before.isAlphanumeric && after.isAlphanumeric
            }
        return Spelling(.scalar(plain), length: length, isTelling: isTelling)
    }

    // MARK: Not seen

    /// Default-ignorable characters, marks of direction, variation selectors, and marks that are put upon a letter.
    static func isInvisible(_ value: UInt32) -> Bool {
        switch value {
        case 0xAD, 0x300...0x36F, 0x61C, 0x115F...0x1160, 0x17B4...0x17B5, 0x180B...0x180F, 0x200B...0x200F,
            0x202A...0x202E, 0x2060...0x206F, 0x20D0...0x20F0, 0x3164, 0xFE00...0xFE0F, 0xFEFF, 0xFFA0,
            0x1_BCA0...0x1_BCA3, 0x1_D173...0x1_D17A, 0xE_0000...0xE_0FFF:
            true
        default: false
        }
    }

    /// Whether a mark that is not seen splits a value: joiners and selectors are at home between other letters.
    private static func hides(_ value: UInt32, from start: Int, to end: Int, in reader: SpellingReader) -> Bool {
        let (before, after) = (reader.byte(start - 1), reader.byte(end))
        if reader.joins(start - 1, end) || before == 0x20 && reader.isBetweenDigits(start - 2, end) { return true }
        switch value {
        case 0x300...0x36F, 0x200C...0x200D, 0xFE00...0xFE0F, 0x20D0...0x20F0: return false
        default:
            // Before a colon or a full-width sign, and between letters of two bytes: `па\u{AD}роль:`.
            return before.isAlphanumeric && (after >= 0xC2 || "\"' ".utf8.contains(after))
                || before >= 0x80
                    && (after.isAlphanumeric || (0xC2...0xDF).contains(after) || ":=".utf8.contains(after))
        }
    }

    // MARK: Of ASCII in another form

    private enum Form {
        case letter
        /// A number in a circle, an exponent.
        case ornament
        case blank
        case dash
        case sign
    }

    private static func plain(_ value: UInt32) -> (UInt32, Form)? {
        switch value {
        case 0xA0, 0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F, 0x205F, 0x3000: return (0x20, .blank)
        case 0x2010...0x2015, 0x2043, 0x2212, 0x30FC, 0xFE31, 0xFE32, 0xFE58, 0xFE63: return (0x2D, .dash)
        case 0xB7, 0x2022, 0x2024, 0x2027, 0x3002, 0x30FB, 0xFE52, 0xFF61, 0xFF65: return (0x2E, .sign)
        case 0x2044, 0x2215: return (0x2F, .sign)
        case 0xFE55: return (0x3A, .sign)
        case 0xFE6B: return (0x40, .letter)
        case 0xFF01...0xFF5E: return fullWidth(value)
        case 0x660..<0x3000, 0xA620..<0xAC00, 0x1_04A0...0x1_FBF9: return digitOrLetter(value)
        case 0xB2, 0xB3: return (value - 0xB2 + 0x32, .ornament)
        case 0xB9: return (0x31, .ornament)
        default: return nil
        }
    }

    private static func fullWidth(_ value: UInt32) -> (UInt32, Form)? {
        let plain = value - 0xFEE0
        switch UInt8(plain) {
        // What JSON is made of would count as its own.
        case UInt8(ascii: "\""): return (0x27, .sign)
        case UInt8(ascii: "\\"): return (0x2F, .sign)
        case UInt8(ascii: "["), UInt8(ascii: "{"): return (0x28, .sign)
        case UInt8(ascii: "]"), UInt8(ascii: "}"): return (0x29, .sign)
        case UInt8(ascii: "-"): return (plain, .dash)
        case UInt8(ascii: "@"): return (plain, .letter)
        case let byte: return (plain, byte.isAlphanumeric ? .letter : .sign)
        }
    }

    private static func digitOrLetter(_ value: UInt32) -> (UInt32, Form)? {
        switch value {
        case 0x2070, 0x2074...0x2079: return (value - 0x2070 + 0x30, .ornament)
        case 0x2080...0x2089: return (value - 0x2080 + 0x30, .ornament)
        case 0x2460...0x2468: return (value - 0x2460 + 0x31, .ornament)
        case 0x24EA: return (0x30, .ornament)
        case 0x24B6...0x24CF: return (value - 0x24B6 + 0x41, .ornament)
        case 0x24D0...0x24E9: return (value - 0x24D0 + 0x61, .ornament)
        // Mathematical letters: alphabets of 26 capitals and 26 small letters each.
        case 0x1_D400...0x1_D6A3:
            let letter = (value - 0x1_D400) % 52
            return (letter < 26 ? letter + 0x41 : letter - 26 + 0x61, .letter)
        case 0x1_D7CE...0x1_D7FF: return ((value - 0x1_D7CE) % 10 + 0x30, .letter)
        case 0x1_FBF0...0x1_FBF9: return (value - 0x1_FBF0 + 0x30, .letter)
        default: break
        }
        // The last zero that is not above it.
        var low = 0
        var high = zeros.count
        while low < high {
            let middle = (low + high) / 2
            if zeros[middle] <= value { low = middle + 1 } else { high = middle }
        }
        guard low > 0, value - zeros[low - 1] < 10 else { return nil }
        return (value - zeros[low - 1] + 0x30, .letter)
    }

    /// The zero of each script that has digits of its own (general category Nd), which are ten in a row.
    private static let zeros: [UInt32] = [
        0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0, 0xF20,
        0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0,
        0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0x1_04A0, 0x1_0D30, 0x1_0D40, 0x1_1066, 0x1_10F0, 0x1_1136, 0x1_11D0,
        0x1_12F0, 0x1_1450, 0x1_14D0, 0x1_1650, 0x1_16C0, 0x1_16D0, 0x1_16DA, 0x1_1730, 0x1_18E0, 0x1_1950, 0x1_1BF0,
        0x1_1C50, 0x1_1D50, 0x1_1DA0, 0x1_1F50, 0x1_6A60, 0x1_6AC0, 0x1_6B50, 0x1_6D70, 0x1_CCF0, 0x1_E140, 0x1_E2F0,
        0x1_E4F0, 0x1_E5F1, 0x1_E950,
    ]

    /// Whether another of the kind follows: one alone is a footnote or the number of a point.
    private static func isOrnament(at end: Int, in reader: SpellingReader) -> Bool {
        guard let (next, _) = reader.scalar(at: end), let (_, form) = plain(next) else { return false }
        return form == .ornament
    }

    /// Whether a dash stands in a number as nobody sets a range: twice, or a minus sign, or Japan's long sound.
    ///
    /// The recognisers read the common dashes (U+2010 to U+2013) themselves where a number is of digits alone.
    private static func isDashOfNumber(_ value: UInt32, from start: Int, to end: Int, in reader: SpellingReader) -> Bool
    {
        guard reader.byte(start - 1).isAlphanumeric, reader.byte(end).isAlphanumeric else { return false }
        guard reader.byte(start - 1).isDigit || reader.byte(end).isDigit else { return false }
        guard (0x2010...0x2013).contains(value), end - start == 3 else { return true }
        var index = end
        while index - end < 6, reader.byte(index).isAlphanumeric { index += 1 }
        return reader.scalar(at: index)?.value == value
    }
}

extension SpellingReader {
    /// A character that is not ASCII; of those that cannot be seen, all in a row.
    func character(at start: Int) -> Spelling? {
        guard let (value, length) = scalar(at: start) else { return nil }
        var end = start + length
        guard Characters.isInvisible(value) else {
            return Characters.meaning(of: value, from: start, to: end, in: self)
        }
        while let (next, length) = scalar(at: end), Characters.isInvisible(next) { end += length }
        return Characters.meaning(of: value, from: start, to: end, in: self)
    }
}
