import JSON

/// What a value looks like, for people and for a JSON schema.
enum ValueForm: Sendable {
    case number(ClosedRange<Double>, isOpen: Bool)
    /// Above 1, up to 100.
    case ratio
    case whole(ClosedRange<Int>)
    case size(ClosedRange<ByteSize>)
    case duration(ClosedRange<Duration>)
    case choice([String])
    /// A text, and what is asked of it.
    case text(String, pattern: String? = nil)
    /// A mapping, as an item of a list.
    case section

    /// In a few words, as in "number, 0 to 1".
    var words: String {
        switch self {
        case .number(let range, let isOpen):
            "number, \(Self.short(range.lowerBound)) to \(Self.short(range.upperBound))\(isOpen ? ", both excluded" : "")"
        case .ratio: "number, above 1 to 100"
        case .whole(let range): "whole number, \(range.lowerBound) to \(range.upperBound)"
        case .size(let range): "size, \(range.lowerBound) to \(range.upperBound)"
        case .duration(let range):
            "duration, \(DurationText.text(range.lowerBound)) to \(DurationText.text(range.upperBound))"
        case .choice(let names): names.map { "`\($0)`" }.joined(separator: ", ")
        case .text(let noun, _): noun
        case .section: "section"
        }
    }

    /// As JSON Schema (draft 2020-12) has it.
    var schema: JSON.Object {
        switch self {
        case .number(let range, isOpen: false):
            ["type": "number", "minimum": JSON(range.lowerBound), "maximum": JSON(range.upperBound)]
        case .number(let range, isOpen: true):
            ["type": "number", "exclusiveMinimum": JSON(range.lowerBound), "exclusiveMaximum": JSON(range.upperBound)]
        case .ratio: ["type": "number", "exclusiveMinimum": 1, "maximum": 100]
        case .whole(let range):
            ["type": "integer", "minimum": JSON(range.lowerBound), "maximum": JSON(range.upperBound)]
        case .size: ["type": ["string", "integer"], "pattern": #"^[0-9]+(\.[0-9]+)? *([kKmMgGtT][iI]?)?[bB]?$"#]
        case .duration: ["type": "string", "pattern": #"^([0-9]+(\.[0-9]{1,3})?(d|h|m|s|ms) *)+$"#]
        case .choice(let names): ["enum": JSON(names)]
        case .text(_, let pattern?): ["type": "string", "pattern": .string(pattern)]
        case .text(_, nil): ["type": "string", "minLength": 1]
        case .section: ["type": "object"]
        }
    }

    private static func short(_ value: Double) -> String {
        value == value.rounded() ? "\(Int(value))" : "\(value)"
    }
}
