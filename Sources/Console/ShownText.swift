// Foreign text for a terminal or a page.
//
// A server's error, a model's name or text from a file can hold an escape sequence that a terminal executes, or a mark that turns
// the reading direction of the text after it. In JSON such a character is written as its `\u` escape, which is the same text to
// a program; on the page, and wherever a person reads it, as U+FFFD.

extension Unicode.Scalar {
    /// Whether it has an effect on a terminal or on the order of a text instead of a shape: C0, DEL, C1, marks of direction
    /// (UAX 9), line and paragraph separators, the byte order mark, tags.
    var isUnseen: Bool {
        switch value {
        case 0...0x1f, 0x7f...0x9f, 0x61c, 0x200b...0x200f, 0x2028...0x202e, 0x2060...0x206f, 0xfeff, 0xfff9...0xfffb,
            0xe0000...0xe007f:
            true
        default: false
        }
    }
}

extension String {
    /// The text with U+FFFD for each such character.
    var shown: String {
        guard unicodeScalars.contains(where: \.isUnseen) else { return self }
        var text = ""
        for scalar in unicodeScalars { text.unicodeScalars.append(scalar.isUnseen ? "\u{fffd}" : scalar) }
        return text
    }

    /// A JSON document with such characters as `\u` escapes.
    ///
    /// They occur only within its strings, where control characters are escaped already; a line feed at the end stays.
    var escapedJSON: String {
        guard unicodeScalars.contains(where: { $0.isUnseen && $0 != "\n" }) else { return self }
        var text = ""
        for scalar in unicodeScalars {
            guard scalar.isUnseen, scalar != "\n" else {
                text.unicodeScalars.append(scalar)
                continue
            }
            for unit in UTF16.encode(scalar).map({ Array($0) }) ?? [] {
                let digits = String(unit, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return text
    }
}
