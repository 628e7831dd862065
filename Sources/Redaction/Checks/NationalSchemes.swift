/// The numbers that states give to persons, each with the check that tells it from other numbers.
///
/// A word such as "PESEL" before a number names one or several; the number then counts where one of their checks holds.
struct NationalSchemes: OptionSet, Hashable, Sendable {
    let rawValue: UInt32

    /// A passport or an identity card: no check, 8 to 15 digits.
    static let unchecked = NationalSchemes(rawValue: 1 << 0)
    /// The American social security number: no check digit, but ranges that are not given out.
    static let american = NationalSchemes(rawValue: 1 << 1)
    static let canadian = NationalSchemes(rawValue: 1 << 2)
    static let brazilian = NationalSchemes(rawValue: 1 << 3)
    /// England's NHS number.
    static let british = NationalSchemes(rawValue: 1 << 4)
    /// Steuer-Identifikationsnummer.
    static let german = NationalSchemes(rawValue: 1 << 5)
    static let austrian = NationalSchemes(rawValue: 1 << 6)
    /// AHV/AVS.
    static let swiss = NationalSchemes(rawValue: 1 << 7)
    static let french = NationalSchemes(rawValue: 1 << 8)
    static let portuguese = NationalSchemes(rawValue: 1 << 9)
    static let dutch = NationalSchemes(rawValue: 1 << 10)
    static let belgian = NationalSchemes(rawValue: 1 << 11)
    static let swedish = NationalSchemes(rawValue: 1 << 12)
    static let norwegian = NationalSchemes(rawValue: 1 << 13)
    static let finnish = NationalSchemes(rawValue: 1 << 14)
    static let polish = NationalSchemes(rawValue: 1 << 15)
    static let romanian = NationalSchemes(rawValue: 1 << 16)
    static let czech = NationalSchemes(rawValue: 1 << 17)
    static let turkish = NationalSchemes(rawValue: 1 << 18)
    static let indian = NationalSchemes(rawValue: 1 << 19)
    static let chinese = NationalSchemes(rawValue: 1 << 20)
    static let japanese = NationalSchemes(rawValue: 1 << 21)
    static let korean = NationalSchemes(rawValue: 1 << 22)
    static let australian = NationalSchemes(rawValue: 1 << 23)
    /// Ids with letters, which their own recognisers check: the British NINO and the Irish PPS number.
    static let lettered = NationalSchemes(rawValue: 1 << 24)

    /// Whole words.
    static let words: [String: NationalSchemes] = {
        let lists: [(NationalSchemes, String)] = [
            (.american, "ssn ssns"), (.canadian, "sin nas"), (.brazilian, "cpf"), (.british, "nhs"),
            (.german, "idnr steuerid tin"), (.austrian, "svnr"), (.swiss, "ahv avs oasi"),
            (.french, "nir insee"), (.portuguese, "nif"), (.dutch, "bsn sofinummer"), (.belgian, "niss insz nrn"),
            ([.swedish, .norwegian], "personnummer"), (.swedish, "pnr samordningsnummer"), (.norwegian, "fnr"),
            (.finnish, "hetu"), (.polish, "pesel"), (.romanian, "cnp"), (.czech, "rč rc"), (.turkish, "kimlik tckn"),
            (.indian, "aadhaar aadhar uidai आधार"), (.japanese, "mynumber"), (.korean, "rrn"),
            (.australian, "tfn tax medicare"), (.lettered, "ni nino pps ppsn"), (.unchecked, "dni nie"),
        ]
        var table: [String: NationalSchemes] = [:]
        for (schemes, words) in lists {
            for word in words.split(separator: " ") { table[String(word)] = schemes }
        }
        return table
    }()

    /// Parts of words.
    static let parts: [(part: StaticString, schemes: NationalSchemes)] = [
        ("sozialversicherung", [.austrian, .swiss]), ("steuernummer", .unchecked), ("steuer", .german),
        ("social", [.american, .canadian, .french, .belgian]), ("insurance", [.lettered, .canadian]),
        ("burgerservice", .dutch), ("rijksregister", .belgian), ("fødselsnummer", .norwegian),
        ("henkilötunnus", .finnish), ("rodné", .czech), ("マイナンバー", .japanese), ("個人番号", .japanese),
        ("주민등록", .korean), ("身份证", .chinese), ("passport", .unchecked), ("nationalid", .unchecked),
        ("ausweis", .unchecked), ("reisepass", .unchecked), ("passeport", .unchecked), ("pasaporte", .unchecked),
        ("passaporto", .unchecked), ("paspoort", .unchecked), ("паспорт", .unchecked),
    ]

    /// Whether a number passes the check of one of the schemes.
    func contains(_ digits: [UInt8]) -> Bool {
        switch digits.count {
        case 9:
            contains(.american) && Self.isAmerican(digits) || contains(.canadian) && Checksums.luhn(digits)
                || contains(.dutch) && Self.isDutch(digits) || contains(.portuguese) && Self.isPortuguese(digits)
                || contains(.australian) && Checksums.weighted(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 == 0
                || contains(.unchecked)
        case 10:
            contains(.british) && Self.isBritish(digits) || contains(.austrian) && Self.isAustrian(digits)
                || contains(.swedish) && Self.isSwedish(digits) || contains(.czech) && Self.isCzech(digits)
                || contains(.finnish) && Self.isFinnish(digits) || contains(.australian) && Self.isMedicare(digits)
                || contains(.unchecked)
        case 11:
            contains(.german) && Self.isGerman(digits) || contains(.brazilian) && Checksums.cpf(digits)
                || contains(.belgian) && Self.isBelgian(digits) || contains(.norwegian) && Self.isNorwegian(digits)
                || contains(.polish) && Self.isPolish(digits) || contains(.turkish) && Self.isTurkish(digits)
                || contains(.australian) && Self.isMedicare(digits) || contains(.unchecked)
        case 12:
            contains(.indian) && digits[0] >= 2 && Checksums.verhoeff(digits)
                || contains(.japanese) && Self.isJapanese(digits)
                || contains(.swedish) && Self.isSwedish(Array(digits.dropFirst(2))) || contains(.unchecked)
        case 13:
            contains(.romanian) && Self.isRomanian(digits) || contains(.swiss) && Self.isSwiss(digits)
                || contains(.korean) && Self.isKorean(digits) || contains(.unchecked)
        case 15: contains(.french) && Self.isFrench(digits) || contains(.unchecked)
        case 18: contains(.chinese) && Self.isChinese(digits)
        default: contains(.unchecked) && (8...15).contains(digits.count)
        }
    }

    private static func value(_ digits: some Sequence<UInt8>) -> Int { digits.reduce(0) { $0 * 10 + Int($1) } }

    static func isDate(month: some BinaryInteger, day: some BinaryInteger) -> Bool {
        (1...12).contains(Int(month)) && (1...31).contains(Int(day))
    }

    /// SSA: no area 000, 666 or 9xx, no group 00, no serial 0000.
    static func isAmerican(_ digits: [UInt8]) -> Bool {
        let area = value(digits[..<3])
        return area != 0 && area != 666 && area < 900 && value(digits[3..<5]) != 0 && value(digits[5...]) != 0
    }

    /// The NHS data dictionary: modulo 11 with weights 10 to 2.
    static func isBritish(_ digits: [UInt8]) -> Bool {
        Checksums.weighted(digits, Array((1...10).reversed())) % 11 == 0
    }

    /// ISO 7064 MOD 11,10 (BZSt); no leading zero.
    static func isGerman(_ digits: [UInt8]) -> Bool {
        var product = 10
        for digit in digits.dropLast() {
            let sum = (Int(digit) + product) % 10
            product = (sum == 0 ? 10 : sum) * 2 % 11
        }
        return digits[0] != 0 && (11 - product) % 10 == Int(digits[10])
    }

    /// The fourth digit checks the serial number and the date of birth.
    static func isAustrian(_ digits: [UInt8]) -> Bool {
        let weights = [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]
        return isDate(month: digits[6] * 10 + digits[7], day: digits[4] * 10 + digits[5])
            && Checksums.weighted(digits, weights) % 11 == Int(digits[3])
    }

    /// GS1: an EAN-13 of the country 756.
    static func isSwiss(_ digits: [UInt8]) -> Bool {
        value(digits[..<3]) == 756 && Checksums.weighted(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 == 0
    }

    /// INSEE: sex, year, month, place, order, and 97 − n mod 97.
    static func isFrench(_ digits: [UInt8]) -> Bool {
        let month = value(digits[3..<5])
        guard digits[0] == 1 || digits[0] == 2, (1...12).contains(month) || month >= 20 else { return false }
        return 97 - value(digits[..<13]) % 97 == value(digits[13...])
    }

    static func isPortuguese(_ digits: [UInt8]) -> Bool {
        let check = 11 - Checksums.weighted(digits.dropLast(), Array((2...9).reversed())) % 11
        return (check > 9 ? 0 : check) == Int(digits[8])
    }

    /// The eleven test, the last digit with weight −1.
    static func isDutch(_ digits: [UInt8]) -> Bool {
        Checksums.weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 == 0 && digits.contains { $0 != 0 }
    }

    /// 97 − n mod 97, with a 2 before the nine digits for those born from 2000 on.
    static func isBelgian(_ digits: [UInt8]) -> Bool {
        let number = value(digits[..<9])
        let check = value(digits[9...])
        return 97 - number % 97 == check || 97 - (2_000_000_000 + number) % 97 == check
    }

    /// YYMMDDNNNC, Luhn; 60 is added to the day of those who are not registered.
    static func isSwedish(_ digits: [UInt8]) -> Bool {
        let day = digits[4] * 10 + digits[5]
        return isDate(month: digits[2] * 10 + digits[3], day: day > 60 ? day - 60 : day) && Checksums.luhn(digits)
    }

    /// Two check digits modulo 11.
    static func isNorwegian(_ digits: [UInt8]) -> Bool {
        Checksums.weighted(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1, 0]) % 11 == 0
            && Checksums.weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0
    }

    /// DDMMYY and three digits, modulo 31; a check character that is a digit is its remainder.
    static func isFinnish(_ digits: [UInt8]) -> Bool {
        isDate(month: digits[2] * 10 + digits[3], day: digits[0] * 10 + digits[1])
            && value(digits[..<9]) % 31 == Int(digits[9])
    }

    /// The century is added to the month: 0, 20, 40, 60 or 80.
    static func isPolish(_ digits: [UInt8]) -> Bool {
        isDate(month: (digits[2] % 2) * 10 + digits[3], day: digits[4] * 10 + digits[5])
            && Checksums.weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 == 0
    }

    static func isRomanian(_ digits: [UInt8]) -> Bool {
        let check = Checksums.weighted(digits, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11
        return isDate(month: digits[3] * 10 + digits[4], day: digits[5] * 10 + digits[6])
            && (check == 10 ? 1 : check) == Int(digits[12])
    }

    /// Divisible by 11; 50 is added to the month of women.
    static func isCzech(_ digits: [UInt8]) -> Bool {
        let month = (digits[2] * 10 + digits[3]) % 50
        return isDate(month: month > 20 ? month - 20 : month, day: digits[4] * 10 + digits[5])
            && value(digits) % 11 == 0
    }

    static func isTurkish(_ digits: [UInt8]) -> Bool {
        let numbers = digits.map(Int.init)
        let odd = numbers[0] + numbers[2] + numbers[4] + numbers[6] + numbers[8]
        let even = numbers[1] + numbers[3] + numbers[5] + numbers[7]
        return numbers[0] != 0 && (odd * 7 - even + 100) % 10 == numbers[9]
            && numbers[..<10].reduce(0, +) % 10 == numbers[10]
    }

    static func isChinese(_ digits: [UInt8]) -> Bool {
        (19...20).contains(value(digits[6..<8]))
            && isDate(month: digits[10] * 10 + digits[11], day: digits[12] * 10 + digits[13])
            && Checksums.chinese(digits)
    }

    static func isJapanese(_ digits: [UInt8]) -> Bool {
        let check = Checksums.weighted(digits, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11
        return (check <= 1 ? 0 : 11 - check) == Int(digits[11])
    }

    static func isKorean(_ digits: [UInt8]) -> Bool {
        let check = (11 - Checksums.weighted(digits, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11) % 10
        return isDate(month: digits[2] * 10 + digits[3], day: digits[4] * 10 + digits[5]) && check == Int(digits[12])
    }

    /// The ninth digit checks the eight before it; then come the card's issue and the person on it.
    static func isMedicare(_ digits: [UInt8]) -> Bool {
        (2...6).contains(digits[0])
            && Checksums.weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 == Int(digits[8])
    }
}
