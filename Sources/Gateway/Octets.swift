// Character classes of RFC 9110 section 5.6.2 and RFC 3986, as tests on single octets.
//
// The tables are two 64-bit masks each: no array, no bounds check, nothing to initialise.

enum Octet {
    static let lineFeed: UInt8 = 0x0a
    static let carriageReturn: UInt8 = 0x0d
    static let space: UInt8 = 0x20
    static let tab: UInt8 = 0x09
    static let colon: UInt8 = 0x3a
    static let semicolon: UInt8 = 0x3b
    static let comma: UInt8 = 0x2c

    /// RFC 9110 section 5.6.2, `tchar`.
    @inline(__always)
    static func isToken(_ octet: UInt8) -> Bool {
        guard octet < 128 else { return false }
        let mask: UInt64 = octet < 64 ? 0x03ff_6cfa_0000_0000 : 0x57ff_ffff_c7ff_fffe
        return (mask &>> UInt64(octet & 63)) & 1 == 1
    }

    /// RFC 3986 section 3.2.2 and 3.2.3: what can stand in `uri-host [":" port]`, user information excluded.
    @inline(__always)
    static func isAuthority(_ octet: UInt8) -> Bool {
        guard octet < 128 else { return false }
        let mask: UInt64 = octet < 64 ? 0x2fff_6ff2_0000_0000 : 0x47ff_fffe_afff_fffe
        return (mask &>> UInt64(octet & 63)) & 1 == 1
    }

    /// RFC 9110 section 5.5: visible characters, obs-text, space and tab.
    @inline(__always)
    static func isFieldContent(_ octet: UInt8) -> Bool {
        (octet >= 0x20 && octet != 0x7f) || octet == tab
    }

    @inline(__always)
    static func isDigit(_ octet: UInt8) -> Bool {
        octet &- 0x30 < 10
    }

    /// The value of a hexadecimal digit, or nil.
    @inline(__always)
    static func hexValue(_ octet: UInt8) -> Int? {
        switch octet {
        case 0x30...0x39: Int(octet) - 0x30
        case 0x41...0x46: Int(octet) - 0x41 + 10
        case 0x61...0x66: Int(octet) - 0x61 + 10
        default: nil
        }
    }

    @inline(__always)
    static func isBlank(_ octet: UInt8) -> Bool {
        octet == space || octet == tab
    }
}

extension UnsafeRawBufferPointer {
    /// Whether these octets are the given ASCII text, letters compared without case.
    ///
    /// `lowercase` must be lower-case ASCII. The octets must be field-name or token characters: `| 0x20` is only a
    /// case fold among those.
    @inline(__always)
    func equalsIgnoringCase(_ lowercase: StaticString) -> Bool {
        guard count == lowercase.utf8CodeUnitCount else { return false }
        let expected = lowercase.utf8Start
        for index in 0..<count where self[index] | 0x20 != expected[index] | 0x20 {
            return false
        }
        return true
    }

    /// Whether two runs of token characters are equal, letters compared without case.
    func equalsIgnoringCase(_ other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        for index in 0..<count where self[index] | 0x20 != other[index] | 0x20 {
            return false
        }
        return true
    }

    /// The part from `start` up to `end`.
    @inline(__always)
    func part(_ start: UInt32, _ end: UInt32) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: self[Int(start)..<Int(end)])
    }

    /// Calls `body` with every element of a comma-separated list (RFC 9110 section 5.6.1), empty ones left out.
    func forEachListElement(_ body: (UnsafeRawBufferPointer) -> Void) {
        var start = 0
        while start <= count {
            var end = start
            while end < count && self[end] != Octet.comma { end += 1 }
            var first = start
            var last = end
            while first < last && Octet.isBlank(self[first]) { first += 1 }
            while last > first && Octet.isBlank(self[last - 1]) { last -= 1 }
            if first < last { body(UnsafeRawBufferPointer(rebasing: self[first..<last])) }
            start = end + 1
        }
    }
}
