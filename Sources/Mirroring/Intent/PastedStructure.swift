// Recognises structured data that somebody pasted into a message.
//
// Rules by shape, not models: each detector says what it catches and what it misses, and prefers missing something to
// calling prose a table. A text may hold several structures. Only the first lines and bytes are looked at, so that a
// message of megabytes costs no more than one of pages.

import Wire

/// A kind of structured data inside a message.
package enum PastedStructure: String, Sendable, Hashable, CaseIterable {
    case json
    case table
    case csv
    case log
    case code

    private static let maximumLines = 2_000

    /// Every kind that stands in a text.
    package static func found(in text: String) -> Set<PastedStructure> {
        let lines = text.split(
            maxSplits: maximumLines,
            omittingEmptySubsequences: false,
            whereSeparator: \.isNewline
        ).prefix(maximumLines)
        let fences = CodeFence.found(in: lines)
        var found: Set<PastedStructure> = []
        if JSONDetector.isIn(text) { found.insert(.json) }
        if TableDetector.isIn(lines) { found.insert(.table) }
        if CSVDetector.isIn(lines) { found.insert(.csv) }
        if LogDetector.isIn(lines) { found.insert(.log) }
        if CodeDetector.isIn(lines, fences: fences) { found.insert(.code) }
        return found
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
    private static let maximumCandidates = 64
    private static let maximumBytes = 256 << 10
    /// Brackets that are never closed would be followed to the end again and again.
    private static let maximumScannedBytes = 512 << 10

    static func isIn(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var position = 0
        var scanned = 0
        for _ in 0..<maximumCandidates where scanned < maximumScannedBytes {
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
    private static func closing(of start: Int, in bytes: [UInt8]) -> Int? {
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
