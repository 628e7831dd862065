/// The check digits of numbers that carry them; digits come as values 0…9.
enum Checksums {
    /// ISO/IEC 7812-1 annex B: cards, and Swedish and Canadian numbers.
    static func luhn(_ digits: some BidirectionalCollection<UInt8>) -> Bool {
        var sum = 0
        var isDoubled = false
        for digit in digits.reversed() {
            let value = Int(digit) * (isDoubled ? 2 : 1)
            sum += value > 9 ? value - 9 : value
            isDoubled.toggle()
        }
        return sum % 10 == 0
    }

    /// ISO 7064 MOD 97-10 over letters and digits (ISO 13616: IBAN), the first four at the end; bytes in capitals.
    static func iban(_ text: [UInt8]) -> Bool {
        var remainder = 0
        for byte in text[4...] + text[..<4] {
            if byte.isDigit {
                remainder = (remainder * 10 + Int(byte - 0x30)) % 97
            } else {
                remainder = (remainder * 100 + Int(byte - 0x41) + 10) % 97
            }
        }
        return remainder == 1
    }

    private static let multiplication: [[Int]] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 0, 6, 7, 8, 9, 5], [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
        [3, 4, 0, 1, 2, 8, 9, 5, 6, 7], [4, 0, 1, 2, 3, 9, 5, 6, 7, 8], [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
        [6, 5, 9, 8, 7, 1, 0, 4, 3, 2], [7, 6, 5, 9, 8, 2, 1, 0, 4, 3], [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
        [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    ]
    private static let permutation: [[Int]] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 5, 7, 6, 2, 8, 3, 0, 9, 4], [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
        [8, 9, 1, 6, 0, 4, 3, 5, 2, 7], [9, 4, 5, 3, 1, 2, 6, 8, 7, 0], [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
        [2, 7, 9, 3, 8, 0, 6, 4, 1, 5], [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
    ]

    /// Verhoeff 1969: Indian Aadhaar numbers.
    static func verhoeff(_ digits: [UInt8]) -> Bool {
        var check = 0
        for (position, digit) in digits.reversed().enumerated() {
            check = multiplication[check][permutation[position % 8][Int(digit)]]
        }
        return check == 0
    }

    /// A weighted sum modulo something.
    static func weighted(_ digits: some Sequence<UInt8>, _ weights: [Int]) -> Int {
        zip(digits, weights).reduce(0) { $0 + Int($1.0) * $1.1 }
    }

    /// Brazil's CPF: two check digits modulo 11.
    static func cpf(_ digits: [UInt8]) -> Bool {
        guard digits.count == 11, Set(digits).count > 1 else { return false }
        let first = weighted(digits, Array((2...10).reversed())) * 10 % 11 % 10
        let second = weighted(digits, Array((2...11).reversed())) * 10 % 11 % 10
        return first == Int(digits[9]) && second == Int(digits[10])
    }

    /// GB 11643-1999: the eighteenth character of a Chinese resident number (10 stands for X).
    static func chinese(_ digits: [UInt8]) -> Bool {
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let control = [1, 0, 10, 9, 8, 7, 6, 5, 4, 3, 2]
        return control[weighted(digits.prefix(17), weights) % 11] == Int(digits[17])
    }

    /// The check character of an Italian codice fiscale (decree of 23 December 1976); sixteen bytes in capitals.
    static func codiceFiscale(_ text: [UInt8]) -> Bool {
        let odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23]
        var sum = 0
        for (position, byte) in text.prefix(15).enumerated() {
            let value = byte.isDigit ? Int(byte - 0x30) : Int(byte - 0x41)
            sum += position % 2 == 0 ? odd[value] : value
        }
        return sum % 26 == Int(text[15]) - 0x41
    }
}
