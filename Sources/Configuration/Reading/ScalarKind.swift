import Foundation

/// What a scalar key may hold: how it is read, how it is shown, and the sentence's end when it is wrong.
struct ScalarKind<Value: Sendable>: Sendable {
    let form: ValueForm
    /// What is right, as in "a rate lies between 0 and 1; write for example 0.1".
    let expected: String
    /// Whether a wrong value may be quoted in a message; not where somebody may have pasted a secret.
    ///
    /// Where it may not, ``expected`` follows the key itself and starts with "is not".
    var mayQuote = true
    /// Whether the value is a text, so that quotes around it in the file are no mistake.
    var isText = true
    /// Gives nil where the text is wrong.
    ///
    /// May throw a ``Flaw`` that says more than ``expected``.
    let parse: @Sendable (String) throws(Flaw) -> Value?
    let show: @Sendable (Value) -> String
}

/// A more precise end of the sentence than ``ScalarKind/expected``.
struct Flaw: Error {
    let expected: String
    init(_ expected: String) { self.expected = expected }
}

extension ScalarKind where Value == Double {
    static func number(
        _ noun: String,
        in range: ClosedRange<Double> = 0...1,
        open: Bool = false,
        example: String
    ) -> ScalarKind {
        let bounds = "\(noun) lies between \(short(range.lowerBound)) and \(short(range.upperBound))"
        let expected = "\(bounds)\(open ? ", both excluded" : ""); write for example \(example)"
        return ScalarKind(
            form: .number(range, isOpen: open),
            expected: expected,
            isText: false,
            parse: { text throws(Flaw) in
                if text.hasSuffix("%"), let percent = Double(text.dropLast()), range.contains(percent / 100) {
                    throw Flaw("\(noun) is written as a number, not in percent; write \(percent / 100)")
                }
                guard isPlainNumber(text), let value = Double(text), range.contains(value) else { return nil }
                return open && (value == range.lowerBound || value == range.upperBound) ? nil : value
            },
            show: { "\($0)" }
        )
    }

    /// A quotient above 1.
    static let ratio = ScalarKind(
        form: .ratio,
        expected: "a ratio is shadow ÷ stable and lies above 1, up to 100; write for example 1.2",
        isText: false,
        parse: { text in
            guard isPlainNumber(text), let value = Double(text), value > 1, value <= 100 else { return nil }
            return value
        },
        show: { "\($0)" }
    )

    private static func short(_ value: Double) -> String {
        value == value.rounded() ? "\(Int(value))" : "\(value)"
    }
}

/// Whether a text is a decimal number as JSON has it, with a leading `.` or `+` allowed; no `nan`, `inf` or hexadecimal.
private func isPlainNumber(_ text: String) -> Bool {
    text.contains { $0.isNumber } && text.utf8.allSatisfy { "0123456789.eE+-".utf8.contains($0) }
}

extension ScalarKind where Value == Int {
    static func whole(_ noun: String, in range: ClosedRange<Int>, example: Int) -> ScalarKind {
        ScalarKind(
            form: .whole(range),
            expected: "\(noun) is a whole number between \(range.lowerBound) and \(range.upperBound); "
                + "write for example \(example)",
            isText: false,
            parse: { text in
                guard let value = Int(text.replacingOccurrences(of: "_", with: "")), range.contains(value) else {
                    return nil
                }
                return value
            },
            show: { "\($0)" }
        )
    }
}

extension ScalarKind where Value == ByteSize {
    static func size(in range: ClosedRange<ByteSize>, example: String) -> ScalarKind {
        ScalarKind(
            form: .size(range),
            expected: "a size here lies between \(range.lowerBound) and \(range.upperBound), in B, KiB, MiB, GiB, kB, "
                + "MB or GB; write for example \(example)",
            parse: { text in
                guard let value = ByteSize(text), range.contains(value) else { return nil }
                return value
            },
            show: { $0.description }
        )
    }
}

extension ScalarKind where Value == Duration {
    static func duration(in range: ClosedRange<Duration>, example: String) -> ScalarKind {
        let bounds = "\(DurationText.text(range.lowerBound)) and \(DurationText.text(range.upperBound))"
        return ScalarKind(
            form: .duration(range),
            expected:
                "a duration here lies between \(bounds), with a unit ms, s, m, h or d; write for example \(example)",
            parse: { text in
                guard let value = DurationText.parse(text), range.contains(value) else { return nil }
                return value
            },
            show: { DurationText.text($0) }
        )
    }
}

extension ScalarKind where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    static func choice(_ noun: String) -> ScalarKind {
        let names = Value.allCases.map(\.rawValue)
        let list = names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
        return ScalarKind(
            form: .choice(names),
            expected: "\(noun) is \(list)",
            parse: { text throws(Flaw) in
                if let value = Value(rawValue: text) { return value }
                let nearest = NearestName.nearest(to: text, among: names)
                let hint = nearest.map {
                    $0.distance <= 2 ? "; did you mean \($0.name)?" : "; write for example \($0.name)"
                }
                throw Flaw("\(noun) is \(list)\(hint ?? "")")
            },
            show: { $0.rawValue }
        )
    }
}
