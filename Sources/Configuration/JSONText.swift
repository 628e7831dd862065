/// A JSON value that is written in one way only: keys sorted, one space after a colon and a comma (YAML asks for the first), numbers at
/// their shortest.
enum JSONText {
    indirect enum Value: Equatable {
        case text(String)
        case number(Double)
        case whole(Int)
        case list([Value])
        case object([String: Value])
    }

    static func text(of value: Value) -> String {
        switch value {
        case .text(let text): quoted(text)
        case .number(let number): "\(number)"
        case .whole(let number): "\(number)"
        case .list(let values): "[" + values.map(text(of:)).joined(separator: ", ") + "]"
        case .object(let members):
            "{"
                + members.sorted { $0.key < $1.key }.map { "\(quoted($0.key)): \(text(of: $0.value))" }
                .joined(separator: ", ") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
