/// Lines of the text exposition format 0.0.4.
struct PrometheusText {
    private(set) var body = ""

    /// Starts a family.
    mutating func begin(_ name: String, type: String, help: String?) {
        if let help {
            body += "# HELP \(name) \(Self.escaped(help, quotes: false))\n"
        }
        body += "# TYPE \(name) \(type)\n"
    }

    /// Adds one sample of the family that was begun last.
    mutating func sample(_ name: String, labels: [(String, String)], value: Double) {
        body += name
        if !labels.isEmpty {
            let pairs = labels.map { "\($0.0)=\"\(Self.escaped($0.1, quotes: true))\"" }
            body += "{" + pairs.joined(separator: ",") + "}"
        }
        body += " \(Self.number(value))\n"
    }

    /// A number as the format writes it: integers without a fraction.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
        return "\(value)"
    }

    /// "Label values … backslash, double-quote and line feed are escaped"; HELP text escapes no quotes.
    private static func escaped(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
