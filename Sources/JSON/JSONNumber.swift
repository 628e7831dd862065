extension JSON {
    /// A number as it was written, so that nothing is lost between reading and writing.
    package struct Number: Sendable, Equatable {
        /// The text, of RFC 8259's grammar.
        package let text: String

        /// For the parser, which has checked the grammar.
        init(checkedText: String) {
            text = checkedText
        }

        package init(_ value: Int) {
            text = String(value)
        }

        /// The shortest text that reads back as the same number; nil for infinities and NaN.
        ///
        /// Integral values below 2⁵³ are written without a fraction.
        package init?(_ value: Double) {
            guard value.isFinite else { return nil }
            if value.rounded(.towardZero) == value, abs(value) < 9_007_199_254_740_992 {
                text = String(Int(value))
            } else {
                text = value.description
            }
        }

        /// The shortest text that reads back as the same number, always with a fraction or an exponent: `1.0`.
        ///
        /// nil for infinities and NaN.
        static func decimal(_ value: Double) -> Number? {
            value.isFinite ? Number(checkedText: value.description) : nil
        }

        /// The nearest `Double`; nil where the number is too large for one.
        package var double: Double? {
            guard let value = Double(text), value.isFinite else { return nil }
            return value
        }

        /// The number if it is integral and fits an `Int`; nil otherwise.
        package var int: Int? {
            if let value = Int(text) { return value }
            guard let value = double else { return nil }
            return Int(exactly: value)
        }

        /// The one text of all numbers that are decimally equal: `1.0`, `10e-1` and `1` are all `1`, and `-0` is `0`.
        ///
        /// Exact, with no rounding to binary: decimal digits without surrounding zeros, as an integer or a fraction
        /// while that takes at most 21 digits, otherwise as `DIGITSeEXPONENT`. An exponent beyond ±10⁹ is left as it
        /// was written.
        package var normalised: String {
            var digits: [UInt8] = []
            var negative = false
            var exponent = 0
            var inFraction = false
            var exponentText = ""
            var inExponent = false
            for byte in text.utf8 {
                switch byte {
                case UInt8(ascii: "-") where !inExponent: negative = true
                case UInt8(ascii: "."): inFraction = true
                case UInt8(ascii: "e"), UInt8(ascii: "E"): inExponent = true
                default:
                    if inExponent {
                        exponentText.unicodeScalars.append(Unicode.Scalar(byte))
                    } else {
                        if inFraction { exponent -= 1 }
                        digits.append(byte)
                    }
                }
            }
            if inExponent {
                guard let written = Int(exponentText), (-1_000_000_000...1_000_000_000).contains(written) else {
                    return text
                }
                exponent += written
            }
            digits = Array(digits.drop { $0 == UInt8(ascii: "0") })
            while digits.last == UInt8(ascii: "0") {
                digits.removeLast()
                exponent += 1
            }
            guard !digits.isEmpty else { return "0" }
            let sign = negative ? "-" : ""
            let plain = String(decoding: digits, as: UTF8.self)
            if exponent >= 0, digits.count + exponent <= 21 {
                return sign + plain + String(repeating: "0", count: exponent)
            }
            if exponent < 0, max(digits.count, -exponent) <= 21 {
                let point = digits.count + exponent
                if point > 0 {
                    return sign + String(plain.prefix(point)) + "." + String(plain.dropFirst(point))
                }
                return sign + "0." + String(repeating: "0", count: -point) + plain
            }
            return sign + plain + "e" + String(exponent)
        }
    }
}
