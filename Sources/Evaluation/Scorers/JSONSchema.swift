import Wire

// A subset of JSON Schema (2020-12) that is enough for structured output and tool arguments.
//
// Understood: `type`, `enum`, `const`, `properties`, `required`, `additionalProperties`, `items`, `prefixItems`,
// `minItems`, `maxItems`, `uniqueItems`, `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`, `multipleOf`,
// `minLength`, `maxLength`, `minProperties`, `maxProperties`, `allOf`, `anyOf`, `oneOf`, `$ref` within the document, and
// `true`/`false`. Everything else (`pattern`, `format`, `if`, `patternProperties`, …) is *not checked*: it makes the
// result `notChecked` instead of `fits`, never a violation.

/// What a value is to a schema.
enum SchemaResult: Equatable {
    case fits
    /// Nothing is violated, but a part of the schema was not understood.
    case notChecked
    case violates

    /// All of several demands.
    static func && (left: SchemaResult, right: SchemaResult) -> SchemaResult {
        if left == .violates || right == .violates { return .violates }
        return left == .fits ? right : left
    }
}

/// A JSON Schema, and the check of a value against it.
struct JSONSchema: Sendable, Equatable {
    private let root: JSON

    init(_ root: JSON) {
        self.root = root
    }

    func check(_ value: JSON) -> SchemaResult {
        check(value, root, depth: 0)
    }

    private func check(_ value: JSON, _ schema: JSON, depth: Int) -> SchemaResult {
        guard depth < 64 else { return .notChecked }
        switch schema {
        case .bool(let allows): return allows ? .fits : .violates
        case .object(let members):
            var result = SchemaResult.fits
            for member in members.members {
                result = result && check(value, member, in: schema, depth: depth)
                if result == .violates { return .violates }
            }
            return result
        default: return .notChecked
        }
    }

    private func check(_ value: JSON, _ rule: JSON.Object.Member, in schema: JSON, depth: Int) -> SchemaResult {
        switch rule.key {
        case "type", "enum", "const", "nullable": checkKind(value, rule, in: schema)
        case "properties", "required", "additionalProperties", "minProperties", "maxProperties":
            checkObject(value, rule, in: schema, depth: depth)
        case "items", "prefixItems", "minItems", "maxItems", "uniqueItems":
            checkArray(value, rule, in: schema, depth: depth)
        case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf": checkNumber(value, rule)
        case "minLength", "maxLength": checkString(value, rule)
        case "allOf", "anyOf", "oneOf", "$ref": checkCombined(value, rule, depth: depth)
        case "title", "description", "default", "examples", "$schema", "$id", "$defs", "definitions", "$comment",
            "deprecated", "readOnly", "writeOnly", "strict":
            .fits
        default: .notChecked
        }
    }

    private func checkKind(_ value: JSON, _ rule: JSON.Object.Member, in schema: JSON) -> SchemaResult {
        switch rule.key {
        case "type":
            if value.isNull, schema["nullable"]?.boolValue == true { return .fits }
            let names = rule.value.arrayValue?.compactMap(\.stringValue) ?? rule.value.stringValue.map { [$0] } ?? []
            return names.isEmpty ? .notChecked : names.contains { Self.isOfType(value, $0) } ? .fits : .violates
        case "enum":
            guard let allowed = rule.value.arrayValue else { return .notChecked }
            let canonical = value.canonical
            return allowed.contains { $0.canonical == canonical } ? .fits : .violates
        case "const": return rule.value.canonical == value.canonical ? .fits : .violates
        default: return .fits
        }
    }

    private static func isOfType(_ value: JSON, _ name: String) -> Bool {
        switch (name, value) {
        case ("null", .null), ("boolean", .bool), ("string", .string), ("number", .number), ("array", .array),
            ("object", .object):
            true
        case ("integer", .number(let number)): number.int != nil
        default: false
        }
    }

    private func checkObject(
        _ value: JSON,
        _ rule: JSON.Object.Member,
        in schema: JSON,
        depth: Int
    ) -> SchemaResult {
        guard let object = value.objectValue else { return .fits }
        switch rule.key {
        case "properties":
            guard let properties = rule.value.objectValue else { return .notChecked }
            return object.members.reduce(.fits) { result, member in
                guard let property = properties[member.key] else { return result }
                return result && check(member.value, property, depth: depth + 1)
            }
        case "required":
            guard let names = rule.value.arrayValue?.compactMap(\.stringValue) else { return .notChecked }
            return names.allSatisfy { object[$0] != nil } ? .fits : .violates
        case "additionalProperties":
            if schema["patternProperties"] != nil { return .notChecked }
            let known = schema["properties"]?.objectValue
            return object.members.reduce(.fits) { result, member in
                if known?[member.key] != nil { return result }
                return result && check(member.value, rule.value, depth: depth + 1)
            }
        case "minProperties": return Self.compare(Double(object.count), rule.value, >=)
        default: return Self.compare(Double(object.count), rule.value, <=)
        }
    }

    private func checkArray(_ value: JSON, _ rule: JSON.Object.Member, in schema: JSON, depth: Int) -> SchemaResult {
        guard let elements = value.arrayValue else { return .fits }
        switch rule.key {
        case "items":
            let skipped = schema["prefixItems"]?.arrayValue?.count ?? 0
            return elements.dropFirst(skipped).reduce(.fits) { $0 && check($1, rule.value, depth: depth + 1) }
        case "prefixItems":
            guard let schemas = rule.value.arrayValue else { return .notChecked }
            return zip(elements, schemas).reduce(.fits) { $0 && check($1.0, $1.1, depth: depth + 1) }
        case "uniqueItems":
            guard rule.value.boolValue == true else { return .fits }
            return Set(elements.map(\.canonicalBytes)).count == elements.count ? .fits : .violates
        case "minItems": return Self.compare(Double(elements.count), rule.value, >=)
        default: return Self.compare(Double(elements.count), rule.value, <=)
        }
    }

    private func checkNumber(_ value: JSON, _ rule: JSON.Object.Member) -> SchemaResult {
        guard case .number = value, let number = value.doubleValue else { return .fits }
        switch rule.key {
        case "minimum": return Self.compare(number, rule.value, >=)
        case "maximum": return Self.compare(number, rule.value, <=)
        case "exclusiveMinimum": return Self.compare(number, rule.value, >)
        case "exclusiveMaximum": return Self.compare(number, rule.value, <)
        default:
            guard let step = rule.value.doubleValue, step > 0 else { return .notChecked }
            let times = number / step
            return abs(times - times.rounded()) < 1e-9 * max(1, abs(times)) ? .fits : .violates
        }
    }

    private func checkString(_ value: JSON, _ rule: JSON.Object.Member) -> SchemaResult {
        guard let text = value.stringValue else { return .fits }
        // RFC 8259 characters, that is code points, not graphemes (JSON Schema Validation §6.3.1).
        let length = Double(text.unicodeScalars.count)
        return rule.key == "minLength"
            ? Self.compare(length, rule.value, >=) : Self.compare(length, rule.value, <=)
    }

    private func checkCombined(_ value: JSON, _ rule: JSON.Object.Member, depth: Int) -> SchemaResult {
        if rule.key == "$ref" {
            guard let target = rule.value.stringValue.flatMap(resolve) else { return .notChecked }
            return check(value, target, depth: depth + 1)
        }
        guard let schemas = rule.value.arrayValue, !schemas.isEmpty else { return .notChecked }
        let results = schemas.map { check(value, $0, depth: depth + 1) }
        let fitting = results.count { $0 == .fits }
        switch rule.key {
        case "allOf": return results.reduce(.fits, &&)
        case "anyOf":
            if fitting > 0 { return .fits }
            return results.contains(.notChecked) ? .notChecked : .violates
        default:
            if fitting > 1 { return .violates }
            if results.contains(.notChecked) { return .notChecked }
            return fitting == 1 ? .fits : .violates
        }
    }

    private static func compare(_ value: Double, _ limit: JSON, _ holds: (Double, Double) -> Bool) -> SchemaResult {
        guard let limit = limit.doubleValue else { return .notChecked }
        return holds(value, limit) ? .fits : .violates
    }

    /// A JSON Pointer (RFC 6901) into this document, `#` or `#/$defs/Name`; nil for anything else.
    private func resolve(_ reference: String) -> JSON? {
        guard reference.hasPrefix("#") else { return nil }
        var current = root
        for part in reference.dropFirst().split(separator: "/") {
            let name = part.replacing("~1", with: "/").replacing("~0", with: "~")
            guard let next = current[String(name)] ?? Int(name).flatMap({ current[$0] }) else { return nil }
            current = next
        }
        return current
    }
}
