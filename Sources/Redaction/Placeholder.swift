/// The form of a placeholder, `<KIND_NUMBER>`, written and recognised.
enum Placeholder {
    static func append(_ kind: RedactionKind, _ number: Int, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "<"))
        output.append(contentsOf: kind.rawValue.utf8)
        output.append(UInt8(ascii: "_"))
        output.append(contentsOf: String(number).utf8)
        output.append(UInt8(ascii: ">"))
    }

    /// What stands for a text that there was no time to look at.
    static func notScanned(in scope: inout RedactionScope) -> String {
        var output: [UInt8] = []
        append(.notScanned, scope.number(of: .notScanned, value: []), to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    /// Whether a name can stand in a placeholder: a capital, then capitals, digits and `_`, up to 32.
    static func isName(_ name: some Collection<UInt8>) -> Bool {
        guard let first = name.first, first.isUpper, name.count <= 32 else { return false }
        return name.allSatisfy { $0.isUpper || $0.isDigit || $0 == UInt8(ascii: "_") }
    }

    /// The end of the placeholder that begins at an index, with its name and number; nil where none does.
    static func parse(
        _ bytes: UnsafeBufferPointer<UInt8>,
        at start: Int
    ) -> (end: Int, name: Range<Int>, number: Int)? {
        guard start + 3 < bytes.count, bytes[start] == UInt8(ascii: "<"), bytes[start + 1].isUpper else { return nil }
        let limit = min(bytes.count, start + 48)
        var index = start + 1
        var underscore: Int?
        while index < limit {
            let byte = bytes[index]
            if byte == UInt8(ascii: "_") { underscore = index }
            guard byte.isUpper || byte.isDigit || byte == UInt8(ascii: "_") else { break }
            index += 1
        }
        guard index < limit, bytes[index] == UInt8(ascii: ">"), let underscore, index - underscore > 1,
            index - underscore <= 10
        else { return nil }
        var number = 0
        for digit in bytes[(underscore + 1)..<index] {
            guard digit.isDigit else { return nil }
            number = number * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return (index + 1, (start + 1)..<underscore, number)
    }

    /// Keeps the numbers of placeholders that a text already has from being given again.
    static func reserveNumbers(of text: String, in scope: inout RedactionScope) {
        var text = text
        text.withUTF8 { bytes in
            forEach(in: bytes) { _, parsed in
                let name = String(decoding: bytes[parsed.name], as: UTF8.self)
                scope.reserve(parsed.number, of: RedactionKind(rawValue: name))
            }
        }
    }

    /// Where the placeholders stand, in order.
    static func ranges(in bytes: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        forEach(in: bytes) { start, parsed in ranges.append(start..<parsed.end) }
        return ranges
    }

    private static func forEach(
        in bytes: UnsafeBufferPointer<UInt8>,
        _ body: (Int, (end: Int, name: Range<Int>, number: Int)) -> Void
    ) {
        var rest = bytes[...]
        while let start = rest.firstIndex(of: UInt8(ascii: "<")) {
            if let parsed = parse(bytes, at: start) {
                body(start, parsed)
                rest = bytes[parsed.end...]
            } else {
                rest = bytes[(start + 1)...]
            }
        }
    }
}
