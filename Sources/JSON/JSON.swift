// JSON values (RFC 8259).
//
// Why not Foundation's: the project hashes, rewrites and compares other people's JSON, so numbers must keep their
// text, members their order, and duplicates must stay visible. `JSONParser` reads, `JSONWriter` writes,
// `JSONMembers` finds byte ranges without building a tree.

/// A JSON value that keeps everything that was parsed but insignificant whitespace and the spelling of strings.
///
/// Equality is literal: numbers compare by their text (`1` is not `1.0`) and objects by their members in order. Compare
/// `canonicalBytes` where only the meaning counts.
package enum JSON: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(Number)
    case string(String)
    case array([JSON])
    case object(Object)
}

extension JSON {
    /// A string, or null.
    package init(_ value: String?) {
        self = value.map(JSON.string) ?? .null
    }

    /// A truth value, or null.
    package init(_ value: Bool?) {
        self = value.map(JSON.bool) ?? .null
    }

    /// An integer, or null.
    package init(_ value: Int?) {
        self = value.map { .number(Number($0)) } ?? .null
    }

    /// A number, or null; infinities and NaN are null, because JSON has none.
    package init(_ value: Double?) {
        self = value.flatMap(Number.init).map(JSON.number) ?? .null
    }

    /// A number that always has a fraction or an exponent, as `1.0`; null for infinities and NaN.
    package static func decimal(_ value: Double) -> JSON {
        Number.decimal(value).map(JSON.number) ?? .null
    }

    /// An array.
    package init(_ values: [JSON]) {
        self = .array(values)
    }

    /// An array of strings.
    package init(_ values: [String]) {
        self = .array(values.map(JSON.string))
    }

    /// An object of numbers, keys in order of their UTF-8 bytes.
    package init(_ values: [String: Double]) {
        let keys = values.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        self = .object(Object(members: keys.map { .init(key: $0, value: JSON(values[$0])) }))
    }
}

extension JSON {
    package var isNull: Bool { self == .null }

    /// The string; nil for any other kind of value.
    package var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The truth value; nil for any other kind of value.
    package var boolValue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The number if it is integral and fits (`3`, `3.0` and `3e0` alike); nil otherwise.
    package var intValue: Int? {
        if case .number(let value) = self { value.int } else { nil }
    }

    /// A number of tokens, 0…10⁹; nil for anything else, which is taken for a server's miscount.
    package var tokenCount: Int? {
        intValue.flatMap { (0...1_000_000_000).contains($0) ? $0 : nil }
    }

    /// The number if it is finite as a `Double`; nil otherwise.
    package var doubleValue: Double? {
        if case .number(let value) = self { value.double } else { nil }
    }

    /// The elements; nil for any other kind of value.
    package var arrayValue: [JSON]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The members; nil for any other kind of value.
    package var objectValue: Object? {
        if case .object(let value) = self { value } else { nil }
    }

    /// What kind of value this is, as a noun with its article for a sentence.
    package var kindDescription: String {
        switch self {
        case .null: "null"
        case .bool: "a truth value"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }

    /// The last member of that name; nil where there is none or this is no object.
    package subscript(key: String) -> JSON? {
        if case .object(let members) = self { members[key] } else { nil }
    }

    /// The element at that index; nil where there is none or this is no array.
    package subscript(index: Int) -> JSON? {
        if case .array(let elements) = self, elements.indices.contains(index) { elements[index] } else { nil }
    }

    /// The value at a dotted path such as `metadata.session_id`; a part that is a number also indexes arrays.
    ///
    /// The path is written by a person, so its names also match another Unicode spelling of the same letters.
    package func value(atPath path: String) -> JSON? {
        var current = self
        for part in path.split(separator: ".", omittingEmptySubsequences: false) {
            let name = String(part)
            let isPlain = name.utf8.allSatisfy { $0 < 0x80 }
            let member = isPlain ? current[name] : current.objectValue?.members.last { $0.key == name }?.value
            let next = member ?? Int(part).flatMap { current[$0] }
            guard let next else { return nil }
            current = next
        }
        return current
    }
}

extension JSON: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    package init(nilLiteral: ()) {
        self = .null
    }

    package init(booleanLiteral value: Bool) {
        self = .bool(value)
    }

    package init(integerLiteral value: Int) {
        self = .number(Number(value))
    }

    package init(floatLiteral value: Double) {
        self = JSON(value)
    }

    package init(stringLiteral value: String) {
        self = .string(value)
    }

    package init(arrayLiteral elements: JSON...) {
        self = .array(elements)
    }

    package init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(Object(members: elements.map { .init(key: $0.0, value: $0.1) }))
    }
}
