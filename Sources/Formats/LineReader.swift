import JSON
import Vocabulary

/// Why a line, a record or a row is not what its format asks for; the sentence names the key and says what would be
/// right.
///
/// The offending value is never quoted: it may be someone's words.
package struct LineError: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }

    static func missing(_ key: String, _ remedy: String) -> LineError {
        LineError("The key `\(key)` is missing; \(remedy).")
    }

    static func wrong(_ key: String, _ found: JSON, mustBe expected: String) -> LineError {
        LineError("The key `\(key)` must be \(expected); this is \(found.kindDescription).")
    }
}

/// Typed access to the members of an object, with errors that name the key by its whole path.
///
/// A null member counts as absent.
struct LineReader {
    let object: JSON.Object
    /// `stable.` for the members of `stable`; empty at the top.
    let prefix: String

    init(_ value: JSON, key: String? = nil) throws(LineError) {
        guard case .object(let object) = value else {
            guard let key else { throw LineError("The line must be a JSON object; this is \(value.kindDescription).") }
            throw .wrong(key, value, mustBe: "an object")
        }
        self.object = object
        prefix = key.map { $0 + "." } ?? ""
    }

    func path(_ key: String) -> String { prefix + key }

    func member(_ key: String) -> JSON? {
        guard let value = object[key], !value.isNull else { return nil }
        return value
    }

    func string(_ key: String) throws(LineError) -> String? {
        guard let value = member(key) else { return nil }
        guard let text = value.stringValue else { throw .wrong(path(key), value, mustBe: "a string") }
        return text
    }

    func nonEmptyString(_ key: String) throws(LineError) -> String? {
        guard let text = try string(key) else { return nil }
        guard !text.isEmpty else { throw LineError("The key `\(path(key))` must not be empty.") }
        return text
    }

    /// A string, or an integer as its text, for identifiers that some tools number.
    func identifier(_ key: String) throws(LineError) -> String? {
        if let number = member(key)?.intValue { return String(number) }
        return try nonEmptyString(key)
    }

    func bool(_ key: String) throws(LineError) -> Bool? {
        guard let value = member(key) else { return nil }
        guard let flag = value.boolValue else { throw .wrong(path(key), value, mustBe: "true or false") }
        return flag
    }

    func array(_ key: String) throws(LineError) -> [JSON]? {
        guard let value = member(key) else { return nil }
        guard let elements = value.arrayValue else { throw .wrong(path(key), value, mustBe: "an array") }
        return elements
    }

    func nested(_ key: String) throws(LineError) -> LineReader? {
        guard let value = member(key) else { return nil }
        return try LineReader(value, key: path(key))
    }

    func count(_ key: String) throws(LineError) -> Int? {
        guard let value = member(key) else { return nil }
        guard let number = value.intValue, number >= 0 else {
            throw LineError("The key `\(path(key))` must be a whole number of at least 0.")
        }
        // So that sums of them fit.
        guard number <= 1_000_000_000_000 else {
            throw LineError("The key `\(path(key))` must be a whole number of at most a trillion.")
        }
        return number
    }

    func status(_ key: String) throws(LineError) -> Int? {
        guard let number = try count(key) else { return nil }
        guard number <= 999 else {
            throw LineError("The key `\(path(key))` must be an HTTP status, a whole number from 0 to 999.")
        }
        return number
    }

    func number(_ key: String, in range: ClosedRange<Double>, _ expected: String) throws(LineError) -> Double? {
        guard let value = member(key) else { return nil }
        guard let number = value.doubleValue, range.contains(number) else {
            throw LineError("The key `\(path(key))` must be \(expected).")
        }
        return number
    }

    func milliseconds(_ key: String) throws(LineError) -> Duration? {
        // A million seconds: no answer takes longer, and the nanoseconds still fit.
        try number(key, in: 0...1e9, "a number of milliseconds from 0 to 1000000000").map(
            Duration.fractionalMilliseconds
        )
    }

    /// One of the raw values of an enumeration.
    func choice<Value: RawRepresentable & CaseIterable>(
        _ key: String,
        _ type: Value.Type = Value.self
    ) throws(LineError) -> Value? where Value.RawValue == String {
        try choice(key, of: Array(Value.allCases))
    }

    /// One of some words.
    func choice<Value: RawRepresentable>(
        _ key: String,
        of allowed: [Value]
    ) throws(LineError) -> Value? where Value.RawValue == String {
        guard let value = member(key) else { return nil }
        guard let text = value.stringValue, let found = allowed.first(where: { $0.rawValue == text }) else {
            throw LineError("The key `\(path(key))` must be one of \(Self.list(allowed)).")
        }
        return found
    }

    static func list<Value: RawRepresentable>(_ values: [Value]) -> String where Value.RawValue == String {
        values.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
    }

    /// An object of scores, each 0…1; nulls are left out.
    func scores(_ key: String) throws(LineError) -> [String: Double] {
        guard let reader = try nested(key) else { return [:] }
        // Far more than the names of which a store takes any; each is looked for among all.
        guard reader.object.count <= 1_000 else {
            throw LineError("The key `\(path(key))` holds \(reader.object.count) scores; at most 1000 are read.")
        }
        var scores: [String: Double] = [:]
        for member in reader.object.members where !member.value.isNull {
            guard !member.key.isEmpty else { throw LineError("Every score in `\(path(key))` needs a name.") }
            guard member.key.utf8.count <= 200 else {
                throw LineError("A score in `\(path(key))` has a name of more than 200 bytes.")
            }
            if let flag = member.value.boolValue {
                scores[member.key] = flag ? 1 : 0
                continue
            }
            scores[member.key] = try reader.number(member.key, in: 0...1, "a number from 0 to 1")
        }
        return scores
    }
}
