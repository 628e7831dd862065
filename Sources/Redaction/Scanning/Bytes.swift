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
    /// RFC 4648 §5, base64url.
    var isBase64URL: Bool { isAlphanumeric || self == 0x2D || self == 0x5F }
    var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }
}
