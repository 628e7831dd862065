// Foreign words as they may be shown. Class names, versions, raters, metric names and paths come from servers, imported
// files and stores, and go to terminals, Markdown and pages; there some characters are not seen but obeyed.

extension StringProtocol {
    /// This text with every character that acts instead of being seen as its code, such as `\u{1B}`.
    ///
    /// These are the control characters, those that turn the direction of writing (Unicode UAX 9; CVE-2021-42574), line and
    /// paragraph separators, tags, and blanks of no width. What joins letters and emoji (U+200C, U+200D) stays.
    ///
    /// - Parameter keepingLines: whether newlines and tabs stay as they are.
    /// - Returns: a text of one line, unless lines are kept.
    package func visible(keepingLines: Bool = false) -> String {
        func stays(_ scalar: Unicode.Scalar) -> Bool {
            !scalar.actsUnseen || keepingLines && (scalar == "\n" || scalar == "\t")
        }
        guard !unicodeScalars.allSatisfy(stays) else { return String(self) }
        var shown = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            if stays(scalar) {
                shown.append(scalar)
            } else {
                shown.append(contentsOf: scalar.code.unicodeScalars)
            }
        }
        return String(shown)
    }
}

extension Unicode.Scalar {
    /// Whether a terminal or a page obeys it rather than showing it.
    package var actsUnseen: Bool {
        switch value {
        case 0x00...0x1F, 0x7F...0x9F: true
        case 0xAD, 0x061C, 0x180E, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB:
            true
        case 0xE0000...0xE007F: true
        default: false
        }
    }

    /// Its code as Swift writes it: `\u{1B}`.
    package var code: String { "\\u{\(String(value, radix: 16, uppercase: true))}" }
}
