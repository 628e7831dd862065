import Vocabulary

/// Redaction behind the escapes of JSON strings.
///
/// A redactor works on text as people write it, and keeps JSON's structure itself. What it cannot see is what an escape
/// hides: `"a\\u0040b.org"` is an address to whoever parses it. So strings with escapes are unescaped, redacted and, only
/// where that changed them, written anew; then the whole text is redacted as it stands. Text without both a quote and a
/// backslash goes straight to the redactor.
///
/// Limits. Strings are told by their quotes alone; in prose with an odd number of quotes before the JSON, what is hidden
/// by escapes stays hidden from the redactor.
enum EscapedStrings {
    static func redact(_ text: String, with redactor: TextPolicy.Redact) -> String {
        guard text.utf8.contains(backslash), text.utf8.contains(quote) else { return redactor(text) }
        return redactor(redactStrings(Array(text.utf8), with: redactor))
    }

    private static func redactStrings(_ bytes: [UInt8], with redactor: TextPolicy.Redact) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var index = 0
        while let start = bytes[index...].firstIndex(of: quote) {
            output.append(contentsOf: bytes[index...start])
            // A string that was cut off ends where the text does.
            let end = endOfString(bytes, from: start + 1)
            let raw = bytes[(start + 1)..<end]
            let value = raw.contains(backslash) ? unescape(raw) : nil
            let redacted = value.map(redactor)
            if let redacted, redacted != value {
                escape(redacted, to: &output)
            } else {
                output.append(contentsOf: raw)
            }
            guard end < bytes.count else { return String(decoding: output, as: UTF8.self) }
            output.append(quote)
            index = end + 1
        }
        output.append(contentsOf: bytes[index...])
        return String(decoding: output, as: UTF8.self)
    }

    // MARK: - Strings of RFC 8259 §7

    /// The index of the closing quote, or the end of the text.
    private static func endOfString(_ bytes: [UInt8], from start: Int) -> Int {
        var index = start
        while index < bytes.count, bytes[index] != quote { index += bytes[index] == backslash ? 2 : 1 }
        return min(index, bytes.count)
    }

    /// What the string means; a backslash that escapes nothing stands for itself.
    private static func unescape(_ bytes: ArraySlice<UInt8>) -> String {
        var units: [UInt16] = []
        var rest = bytes
        while let slash = rest.firstIndex(of: backslash) {
            units.append(contentsOf: String(decoding: rest[..<slash], as: UTF8.self).utf16)
            rest = rest[(slash + 1)...]
            let short: UInt16? =
                switch rest.first {
                case UInt8(ascii: "n"): 0x0A
                case UInt8(ascii: "r"): 0x0D
                case UInt8(ascii: "t"): 0x09
                case UInt8(ascii: "b"): 0x08
                case UInt8(ascii: "f"): 0x0C
                case quote, backslash, UInt8(ascii: "/"): rest.first.map(UInt16.init)
                default: nil
                }
            if let short {
                units.append(short)
                rest = rest.dropFirst()
            } else if rest.first == UInt8(ascii: "u"), rest.count >= 5,
                let unit = UInt16(String(decoding: rest.dropFirst().prefix(4), as: UTF8.self), radix: 16)
            {
                units.append(unit)
                rest = rest.dropFirst(5)
            } else {
                units.append(UInt16(backslash))
            }
        }
        units.append(contentsOf: String(decoding: rest, as: UTF8.self).utf16)
        return String(decoding: units, as: UTF16.self)
    }

    private static func escape(_ text: String, to output: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case quote, backslash: output += [backslash, byte]
            case 0x0A: output += "\\n".utf8
            case 0x0D: output += "\\r".utf8
            case 0x09: output += "\\t".utf8
            case ..<0x20: output += ("\\u00" + hexadecimal([byte])).utf8
            default: output.append(byte)
            }
        }
    }

    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")
}
