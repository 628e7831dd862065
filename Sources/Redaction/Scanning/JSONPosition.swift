/// Where in a JSON text the pass is, as far as it decides whether a placeholder needs quotes.
///
/// A `{` or `[` that looks like the beginning of JSON starts the count; prose with brackets in it may start it wrongly,
/// and then at worst a placeholder stands in quotes.
struct JSONPosition {
    private var depth = 0
    private var isInString = false

    mutating func see(_ byte: UInt8, at index: Int, in bytes: UnsafeBufferPointer<UInt8>) {
        if depth == 0 {
            if beginsJSON(byte, index, bytes) { depth = 1 }
            return
        }
        switch byte {
        case UInt8(ascii: "\""): isInString.toggle()
        case UInt8(ascii: "{"), UInt8(ascii: "["): if !isInString { depth += 1 }
        case UInt8(ascii: "}"), UInt8(ascii: "]"): if !isInString { depth -= 1 }
        default: break
        }
    }

    private func beginsJSON(_ byte: UInt8, _ index: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard byte == UInt8(ascii: "{") || byte == UInt8(ascii: "["),
            let next = bytes[(index + 1)...].first(where: { !$0.isBlank })
        else { return false }
        if byte == UInt8(ascii: "{") { return next == UInt8(ascii: "\"") }
        return next.isDigit || "\"{[-".utf8.contains(next)
    }

    /// What a placeholder in the place of a range needs around it.
    func quoting(of range: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>) -> Match.Quoting {
        guard bytes[range].allSatisfy(\.isDigit), let before = lastBefore(range.lowerBound, bytes),
            let after = bytes[range.upperBound...].first(where: { !$0.isBlank }),
            ",}]".utf8.contains(after)
        else { return .none }
        if depth > 0, !isInString {
            return ":[,".utf8.contains(bytes[before]) ? .quoted : .none
        }
        // Inside a string: `{\"card\": 4111111111111111}`.
        guard bytes[before] == UInt8(ascii: ":"), let key = lastBefore(before, bytes), key > 0,
            bytes[key] == UInt8(ascii: "\""), bytes[key - 1] == UInt8(ascii: "\\")
        else { return .none }
        return .escapedQuotes
    }

    private func lastBefore(_ index: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        bytes[..<index].lastIndex { !$0.isBlank }
    }
}
