extension JSONParser {
    /// Steps over a string and returns its text.
    package mutating func string() throws(JSONError) -> String {
        let start = position + 1
        var index = start
        var union: UInt64 = 0
        // Eight bytes at a time while none of them ends the string or needs a second look.
        while index + 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            if Self.holdsSpecialByte(word) { break }
            union |= word
            index += 8
        }
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                position = index + 1
                let content = UnsafeRawBufferPointer(rebasing: bytes[start..<index])
                // Validating costs several times what decoding does, and ASCII cannot fail.
                if union & 0x8080_8080_8080_8080 == 0 { return String(decoding: content, as: UTF8.self) }
                guard let text = String(validating: content.assumingMemoryBound(to: UInt8.self), as: UTF8.self) else {
                    throw JSONError(reason: .invalidUTF8, offset: start)
                }
                return text
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start, firstEscape: index) }
            if byte < 0x20 { throw JSONError(reason: .controlCharacter, offset: index) }
            union |= UInt64(byte)
            index += 1
        }
        throw JSONError(reason: .unexpectedEnd, offset: bytes.count)
    }

    /// Steps over a string; it is built only if it could be invalid: beyond ASCII, or with a Unicode escape.
    mutating func skipString() throws(JSONError) {
        var index = position + 1
        scan: while index < bytes.count {
            if index + 8 <= bytes.count {
                let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                if !Self.holdsSpecialByte(word), word & 0x8080_8080_8080_8080 == 0 {
                    index += 8
                    continue
                }
            }
            switch bytes[index] {
            case UInt8(ascii: "\""):
                position = index + 1
                return
            case UInt8(ascii: "\\"):
                guard index + 1 < bytes.count, Self.simpleEscapes.contains(bytes[index + 1]) else { break scan }
                index += 2
            case 0..<0x20, 0x80...: break scan
            default: index += 1
            }
        }
        _ = try string()
    }

    private static let simpleEscapes = Array("\"\\/bfnrt".utf8)

    /// Whether one of the eight bytes is a quotation mark, a reverse solidus or a control character.
    ///
    /// The test for a zero byte, `(x − 01…01) & ~x & 80…80`, on the word with the wanted byte made zero (H. S. Warren,
    /// "Hacker's Delight", §6–1); for control characters, with 20…20 subtracted.
    private static func holdsSpecialByte(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quote = word ^ (ones &* 0x22)
        let solidus = word ^ (ones &* 0x5C)
        let found =
            ((quote &- ones) & ~quote) | ((solidus &- ones) & ~solidus) | ((word &- (ones &* 0x20)) & ~word)
        return found & (ones &* 0x80) != 0
    }

    private mutating func escapedString(from start: Int, firstEscape: Int) throws(JSONError) -> String {
        scratch.removeAll(keepingCapacity: true)
        scratch.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[start..<firstEscape]))
        var index = firstEscape
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\""):
                position = index + 1
                guard let text = String(validating: scratch, as: UTF8.self) else {
                    throw JSONError(reason: .invalidUTF8, offset: start)
                }
                return text
            case UInt8(ascii: "\\"): index = try unescape(at: index)
            case 0..<0x20: throw JSONError(reason: .controlCharacter, offset: index)
            default:
                var end = index + 1
                while end < bytes.count, bytes[end] >= 0x20, bytes[end] != UInt8(ascii: "\""),
                    bytes[end] != UInt8(ascii: "\\")
                {
                    end += 1
                }
                scratch.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[index..<end]))
                index = end
            }
        }
        throw JSONError(reason: .unexpectedEnd, offset: bytes.count)
    }

    /// Appends the text of the escape sequence at `index`; returns the index behind it.
    private mutating func unescape(at index: Int) throws(JSONError) -> Int {
        guard index + 1 < bytes.count else { throw JSONError(reason: .unexpectedEnd, offset: bytes.count) }
        switch bytes[index + 1] {
        case UInt8(ascii: "\""): scratch.append(0x22)
        case UInt8(ascii: "\\"): scratch.append(0x5C)
        case UInt8(ascii: "/"): scratch.append(0x2F)
        case UInt8(ascii: "b"): scratch.append(0x08)
        case UInt8(ascii: "f"): scratch.append(0x0C)
        case UInt8(ascii: "n"): scratch.append(0x0A)
        case UInt8(ascii: "r"): scratch.append(0x0D)
        case UInt8(ascii: "t"): scratch.append(0x09)
        case UInt8(ascii: "u"):
            let unit = try hexadecimalUnit(at: index + 2)
            if (0xD800..<0xDC00).contains(unit), index + 7 < bytes.count, bytes[index + 6] == UInt8(ascii: "\\"),
                bytes[index + 7] == UInt8(ascii: "u")
            {
                let low = try hexadecimalUnit(at: index + 8)
                if (0xDC00..<0xE000).contains(low) {
                    appendScalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
                    return index + 12
                }
            }
            appendScalar(unit)
            return index + 6
        default: throw JSONError(reason: .invalidEscape, offset: index)
        }
        return index + 2
    }

    private func hexadecimalUnit(at index: Int) throws(JSONError) -> UInt32 {
        guard index + 4 <= bytes.count else { throw JSONError(reason: .unexpectedEnd, offset: bytes.count) }
        var unit: UInt32 = 0
        for offset in index..<index + 4 {
            let digit: UInt8
            switch bytes[offset] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = bytes[offset] - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = bytes[offset] - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = bytes[offset] - UInt8(ascii: "A") + 10
            default: throw JSONError(reason: .invalidEscape, offset: offset)
            }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }

    private mutating func appendScalar(_ value: UInt32) {
        // A surrogate that is not half of a pair is no scalar.
        let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
        scratch.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    /// Steps over a number and returns its range.
    mutating func number() throws(JSONError) -> Range<Int> {
        let start = position
        var index = start
        func isDigit(_ index: Int) -> Bool { index < bytes.count && bytes[index] &- 48 < 10 }
        if bytes[index] == UInt8(ascii: "-") { index += 1 }
        guard isDigit(index) else { throw JSONError(reason: .invalidNumber, offset: start) }
        if bytes[index] == UInt8(ascii: "0") {
            index += 1
            if isDigit(index) { throw JSONError(reason: .invalidNumber, offset: start) }
        } else {
            while isDigit(index) { index += 1 }
        }
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            guard isDigit(index) else { throw JSONError(reason: .invalidNumber, offset: start) }
            while isDigit(index) { index += 1 }
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
                index += 1
            }
            guard isDigit(index) else { throw JSONError(reason: .invalidNumber, offset: start) }
            while isDigit(index) { index += 1 }
        }
        position = index
        return start..<index
    }
}
