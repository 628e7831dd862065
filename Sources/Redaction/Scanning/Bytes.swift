/// What a byte is, in ASCII; bytes of other scripts are none of these.
extension UInt8 {
    var isDigit: Bool { self &- 0x30 < 10 }
    var isUpper: Bool { self &- 0x41 < 26 }
    var isLower: Bool { self &- 0x61 < 26 }
    var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }
    var isAlphanumeric: Bool { isDigit || isLetter }
    var isHexDigit: Bool { isDigit || (self | 0x20) &- 0x61 < 6 }
    /// A letter in lower case; any other byte as it is.
    var lowercased: UInt8 { isUpper ? self | 0x20 : self }
    /// What words and names of variables consist of.
    var isWord: Bool { isAlphanumeric || self == 0x5F }
    /// The punctuation that something can begin with: one of `%(+-:<@\`, or the first byte of U+FF1A, the colon of
    /// Chinese and Japanese.
    ///
    /// A bit for each of the first 64 bytes and of the next, which costs less than a table in memory.
    var isMark: Bool {
        let low: UInt64 = 0x1400_2920_0000_0000
        let high: UInt64 = 0x0000_0000_1000_0001
        guard self < 0x80 else { return self == 0xEF }
        return (self < 0x40 ? low : high) &>> UInt64(self & 0x3F) & 1 != 0
    }
    /// What JSON is made of: `"`, `[`, `]`, `{`, `}`.
    var isBracketOrQuote: Bool { self == 0x22 || self | 0x20 == 0x7B || self | 0x20 == 0x7D }
    /// RFC 4648 §5, base64url.
    var isBase64URL: Bool { isAlphanumeric || self == 0x2D || self == 0x5F }
    var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }
}
