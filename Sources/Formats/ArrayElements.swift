import JSON

/// Where the elements of a JSON array stand in its text, found without making values of them.
///
/// A file of fifty thousand tasks is then read a task at a time: all of them as values at once would take some ten times
/// the file's size. Only brackets, strings and commas are looked at; whether an element is JSON is for its reader to say.
struct ArrayElements {
    /// Of one element: its values take some ten times that.
    static let largestBytes = 16 << 20

    private let text: [UInt8]
    private var index: Int
    private var count = 0
    private var isOver = false

    /// - Parameter text: begins with `[`, after blanks and a byte order mark.
    init(_ text: [UInt8]) {
        self.text = text
        index = (text.firstIndex(of: UInt8(ascii: "[")) ?? -1) + 1
    }

    /// Where the next element stands; nil after the last.
    ///
    /// - Throws: `LineError` where the array does not end, or something follows it.
    mutating func next() throws(LineError) -> Range<Int>? {
        guard !isOver else { return nil }
        let start = index
        var depth = 0
        while index < text.count {
            let byte = text[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""): skipString()
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}") where depth > 0, UInt8(ascii: "]") where depth > 0: depth -= 1
            case UInt8(ascii: ",") where depth == 0: return try element(start..<(index - 1))
            case UInt8(ascii: "]"):
                isOver = true
                guard text[index...].allSatisfy(Self.isBlank) else {
                    throw LineError("Something follows the end of the JSON array.")
                }
                let range = start..<(index - 1)
                // "[]", which has none.
                if count == 0, text[range].allSatisfy(Self.isBlank) { return nil }
                return try element(range)
            default: break
            }
        }
        throw LineError("The JSON array does not end: a \"]\" is missing.")
    }

    private mutating func element(_ range: Range<Int>) throws(LineError) -> Range<Int> {
        count += 1
        guard range.count <= Self.largestBytes else {
            throw LineError("element \(count): It is longer than \(Self.largestBytes >> 20) MiB.")
        }
        return range
    }

    private mutating func skipString() {
        while index < text.count, text[index] != UInt8(ascii: "\"") {
            index += text[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        index = min(index + 1, text.count)
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
}
