// Recognises structured data pasted into a message.
//
// Rules by shape, not models: each detector says what it catches and what it misses, and prefers missing something to
// calling prose a table. A text may hold several structures. Only the first lines and bytes are looked at, so that a
// message of megabytes costs no more than one of pages.

import JSON
package import Vocabulary

extension PastedKind {
    /// Every kind that stands in a text.
    package static func found(in text: String) -> Set<PastedKind> {
        let looked = StructuredText(text)
        return Set(allCases.filter(looked.contains))
    }
}

/// A text that is searched for structures, one kind after the other; shared work is done once, and only when needed.
final class StructuredText {
    private static let maximumLines = 2_000

    private let text: String
    private lazy var lines = Self.lines(of: text)

    init(_ text: String) {
        self.text = text
    }

    func contains(_ kind: PastedKind) -> Bool {
        switch kind {
        case .json: JSONDetector.isIn(text)
        // Most requests are one line, and cannot hold structures of two or more.
        case .table: lines.count >= 2 && TableDetector.isIn(lines)
        case .csv: lines.count >= 3 && CSVDetector.isIn(lines)
        case .log: LogDetector.isIn(lines)
        case .code: lines.count >= 2 && CodeDetector.isIn(lines, fences: CodeFence.found(in: lines))
        }
    }

    /// The first lines of a text, however they end.
    private static func lines(of text: String) -> ArraySlice<Substring> {
        var text = text
        let (isASCII, hasLineEnd) = text.withUTF8 { bytes in
            bytes.reduce(into: (true, false)) { found, byte in
                if byte >= 0x80 { found.0 = false }
                if byte >= 0x0a && byte <= 0x0d { found.1 = true }
            }
        }
        guard isASCII else {
            return text.split(
                maxSplits: maximumLines,
                omittingEmptySubsequences: false,
                whereSeparator: \.isNewline
            ).prefix(maximumLines)
        }
        guard hasLineEnd else { return [text[...]] }
        // The same for ASCII, where the only grapheme of two bytes is CR LF.
        var lines: [Substring] = []
        var start = text.startIndex
        var index = start
        let utf8 = text.utf8
        while index < utf8.endIndex, lines.count < maximumLines {
            let byte = utf8[index]
            let next = utf8.index(after: index)
            if (0x0a...0x0d).contains(byte) {
                lines.append(text[start..<index])
                let isPair = byte == 0x0d && next < utf8.endIndex && utf8[next] == 0x0a
                index = isPair ? utf8.index(after: next) : next
                start = index
            } else {
                index = next
            }
        }
        if lines.count < maximumLines { lines.append(text[start...]) }
        return lines[...]
    }
}

/// Finds a JSON object or array.
///
/// Catches: a complete object with at least one member, or a complete array that holds an object or an array,
/// anywhere in the text, pretty-printed or not, one a line or fenced.
///
/// Misses: JSON that is cut off or has comments, single quotes or trailing commas; plain lists such as `[3, 1, 2]`,
/// which prose and code write too; whatever stands behind the first 64 opening brackets or is longer than 256 KiB.
enum JSONDetector {
    private static let maximumOpenings = 64
    private static let maximumBytes = 256 << 10
    /// A bound on bytes scanned: without it, unclosed brackets would each be followed to the end.
    private static let maximumScannedBytes = 512 << 10

    static func isIn(_ text: String) -> Bool {
        var text = text
        return text.withUTF8(isIn)
    }

    private static func isIn(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var position = 0
        var scanned = 0
        for _ in 0..<maximumOpenings where scanned < maximumScannedBytes {
            guard let start = bytes[position...].firstIndex(where: { $0 == brace || $0 == bracket }) else {
                return false
            }
            let end = closing(of: start, in: bytes)
            scanned += (end ?? min(bytes.count, start + maximumBytes)) - start
            guard let end else {
                position = start + 1
                continue
            }
            if let value = try? JSON(parsing: bytes[start...end]), isStructured(value) { return true }
            position = start + 1
        }
        return false
    }

    private static let brace = UInt8(ascii: "{")
    private static let bracket = UInt8(ascii: "[")

    private static func isStructured(_ value: JSON) -> Bool {
        switch value {
        case .object(let members): !members.isEmpty
        case .array(let elements):
            elements.contains { element in
                switch element {
                case .object(let members): !members.isEmpty
                case .array(let inner): !inner.isEmpty
                default: false
                }
            }
        default: false
        }
    }

    /// Where the bracket at `start` is closed, by counting brackets outside strings; nil where it is not.
    private static func closing(of start: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        var depth = 0
        var isInString = false
        var isEscaped = false
        for index in start..<min(bytes.count, start + maximumBytes) {
            let byte = bytes[index]
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case brace, bracket: depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return index }
            default: break
            }
        }
        return nil
    }
}
