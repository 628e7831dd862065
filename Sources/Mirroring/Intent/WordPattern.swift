/// A text in lower case with every run of white space as one space.
struct FoldedText {
    let text: String

    init(_ original: String) {
        var folded = ""
        folded.reserveCapacity(original.utf8.count)
        var isAfterSpace = false
        for character in original.lowercased() {
            if character.isWhitespace {
                if !isAfterSpace { folded.append(" ") }
                isAfterSpace = true
            } else {
                folded.append(character)
                isAfterSpace = false
            }
        }
        folded.makeContiguousUTF8()
        text = folded
    }
}

/// A word or phrase to look for.
struct WordPattern: Sendable {
    private let bytes: [UInt8]
    private let needsBoundaryBefore: Bool
    private let needsBoundaryAfter: Bool

    init(_ phrase: String) {
        let folded = FoldedText(phrase).text
        bytes = Array(folded.utf8)
        needsBoundaryBefore = folded.unicodeScalars.first.map(isWordScalar) ?? false
        needsBoundaryAfter = folded.unicodeScalars.last.map(isWordScalar) ?? false
    }

    func isIn(_ folded: FoldedText) -> Bool {
        guard let first = bytes.first else { return false }
        let text = folded.text
        let utf8 = text.utf8
        var start = utf8.startIndex
        while let found = utf8[start...].firstIndex(of: first) {
            if utf8[found...].starts(with: bytes), hasBoundaries(in: text, at: found) { return true }
            start = utf8.index(after: found)
        }
        return false
    }

    private func hasBoundaries(in text: String, at start: String.Index) -> Bool {
        let scalars = text.unicodeScalars
        if needsBoundaryBefore, start > scalars.startIndex, isWordScalar(scalars[scalars.index(before: start)]) {
            return false
        }
        let end = text.utf8.index(start, offsetBy: bytes.count)
        return !(needsBoundaryAfter && end < scalars.endIndex && isWordScalar(scalars[end]))
    }
}

private func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.numericType != nil
}
