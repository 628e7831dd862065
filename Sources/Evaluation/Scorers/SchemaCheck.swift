// The check of a value against a subset of JSON Schema (2020-12) that is enough for structured output and tool arguments.
//
// Understood: `type`, `enum`, `const`, `properties`, `required`, `additionalProperties`, `items`, `prefixItems`,
// `minItems`, `maxItems`, `uniqueItems`, `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`, `multipleOf`,
// `minLength`, `maxLength`, `minProperties`, `maxProperties`, `allOf`, `anyOf`, `oneOf`, `$ref` within the document, and
// `true`/`false`. Everything else (`pattern`, `format`, `if`, `patternProperties`, …) is *not checked*: it makes the
// result `notChecked` instead of `fits`, never a violation.
//
// A schema comes from a stranger, and a few bytes of it can ask for any amount of work: `{"anyOf":[{"$ref":"#"},{"$ref":"#"}]}`
// doubles at every level. So each rule, name and value is paid for before it is looked at, canonical forms by the size of
// what they are made of; and a reference that is met again before the check has gone into a part of the value is a cycle. In
// either case the check is given up.

import Vocabulary
import Wire

/// One check of one value.
struct SchemaCheck {
    /// In steps (`StepBudget`), as measured on the release build.
    private enum Cost {
        /// A rule of a schema at a value.
        static let rule = 60
        /// A name that is compared with another.
        static let name = 8
        /// A name that goes into a table, or is looked up there.
        static let entry = 120
        /// A value of which a canonical form is made.
        static let canonical = 350
        /// A number that is read, beside its digits.
        static let number = 80
    }

    private static let maximumDepth = 64

    let root: JSON
    private(set) var budget: StepBudget
    private var resolved: [String: JSON?] = [:]

    init(root: JSON, budget: StepBudget) {
        self.root = root
        self.budget = budget
    }

    /// What a value is to a part of the schema.
    ///
    /// - Parameters:
    ///   - value: a part of the value.
    ///   - schema: a part of the schema.
    ///   - depth: how many parts this one is in.
    ///   - references: those that were followed on the way, since the check last went into a part of the value.
    /// - Returns: `givenUp` where that could not be found out.
    mutating func check(_ value: JSON, _ schema: JSON, depth: Int, references: [String]) -> SchemaResult {
        guard depth < Self.maximumDepth, budget.pay(Cost.rule) else { return .givenUp }
        switch schema {
        case .bool(let allows): return allows ? .fits : .violates
        case .object(let members):
            var result = SchemaResult.fits
            for rule in members.members {
                guard budget.pay(Cost.rule) else { return .givenUp }
                result = result && check(value, rule, in: schema, depth, references)
                if result == .violates { return .violates }
            }
            return result
        default: return .notChecked
        }
    }

    /// The check of a part of a value, into which no reference has led yet.
    private mutating func checkPart(_ value: JSON, _ schema: JSON, _ depth: Int) -> SchemaResult {
        check(value, schema, depth: depth + 1, references: [])
    }

    private mutating func check(
        _ value: JSON,
        _ rule: JSON.Object.Member,
        in schema: JSON,
        _ depth: Int,
        _ references: [String]
    ) -> SchemaResult {
        switch rule.key {
        case "type", "enum", "const", "nullable": checkKind(value, rule, in: schema)
        case "properties", "required", "additionalProperties", "minProperties", "maxProperties":
            checkObject(value, rule, in: schema, depth)
        case "items", "prefixItems", "minItems", "maxItems", "uniqueItems":
            checkArray(value, rule, in: schema, depth)
        case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf": checkNumber(value, rule)
        case "minLength", "maxLength": checkString(value, rule)
        case "allOf", "anyOf", "oneOf": checkCombined(value, rule, depth, references)
        case "$ref": checkReferred(value, rule, depth, references)
        case "title", "description", "default", "examples", "$schema", "$id", "$defs", "definitions", "$comment",
            "deprecated", "readOnly", "writeOnly", "strict":
            .fits
        default: .notChecked
        }
    }

    /// A member of a part of the schema; nil where there is none, or where the steps are spent.
    private mutating func member(_ name: String, of schema: JSON) -> JSON? {
        guard budget.pay(Cost.name * (schema.objectValue?.count ?? 0)) else { return nil }
        return schema[name]
    }

    // MARK: Kinds and equality

    private mutating func checkKind(_ value: JSON, _ rule: JSON.Object.Member, in schema: JSON) -> SchemaResult {
        switch rule.key {
        case "type":
            if value.isNull, member("nullable", of: schema)?.boolValue == true { return .fits }
            guard budget.pay(Cost.name * (rule.value.arrayValue?.count ?? 0)) else { return .givenUp }
            let names = rule.value.arrayValue?.compactMap(\.stringValue) ?? rule.value.stringValue.map { [$0] } ?? []
            return names.isEmpty ? .notChecked : names.contains { Self.isOfType(value, $0) } ? .fits : .violates
        case "enum":
            guard let allowed = rule.value.arrayValue else { return .notChecked }
            var forms = CanonicalForms()
            for candidate in allowed {
                guard let isSame = isSame(value, candidate, &forms) else { return .givenUp }
                if isSame { return .fits }
            }
            return .violates
        case "const":
            var forms = CanonicalForms()
            return isSame(value, rule.value, &forms).map { $0 ? .fits : .violates } ?? .givenUp
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

    /// Canonical forms of a value that is compared with several, made once.
    private struct CanonicalForms {
        var json: JSON?
        var number: String?
    }

    /// Whether two values mean the same; nil where that takes too many steps.
    private mutating func isSame(_ value: JSON, _ other: JSON, _ forms: inout CanonicalForms) -> Bool? {
        guard budget.pay(Cost.name) else { return nil }
        switch (value, other) {
        case (.null, .null): return true
        case (.bool(let left), .bool(let right)): return left == right
        case (.string(let left), .string(let right)):
            // Texts that differ at once cost nothing, but how soon these do is not known.
            guard budget.pay(min(left.utf8.count, right.utf8.count) / 4) else { return nil }
            return left == right
        case (.number(let left), .number(let right)):
            guard budget.pay(Cost.canonical + 4 * (left.text.utf8.count + right.text.utf8.count)) else { return nil }
            let normalised = forms.number ?? left.normalised
            forms.number = normalised
            return normalised == right.normalised
        case (.array, .array), (.object, .object):
            if forms.json == nil {
                guard budget.pay(forAll: value, each: Cost.canonical) else { return nil }
                forms.json = value.canonical
            }
            // Both are walked through once more to be compared.
            guard budget.pay(forAll: other, each: Cost.canonical) else { return nil }
            return forms.json == other.canonical
        default: return false
        }
    }

    // MARK: Objects and arrays

    private mutating func checkObject(
        _ value: JSON,
        _ rule: JSON.Object.Member,
        in schema: JSON,
        _ depth: Int
    ) -> SchemaResult {
        guard let object = value.objectValue else { return .fits }
        switch rule.key {
        case "properties":
            guard let properties = rule.value.objectValue else { return .notChecked }
            guard let known = names(of: properties, lookups: object.count) else { return .givenUp }
            var result = SchemaResult.fits
            for member in object.members {
                if let property = known[member.key] { result = result && checkPart(member.value, property, depth) }
                if result == .violates || budget.isSpent { return result }
            }
            return result
        case "required":
            guard let wanted = rule.value.arrayValue else { return .notChecked }
            guard let present = names(of: object, lookups: wanted.count) else { return .givenUp }
            return wanted.allSatisfy { name in name.stringValue.map { present[$0] != nil } ?? true } ? .fits : .violates
        case "additionalProperties":
            if member("patternProperties", of: schema) != nil { return .notChecked }
            let properties = member("properties", of: schema)?.objectValue ?? JSON.Object()
            guard let known = names(of: properties, lookups: object.count) else { return .givenUp }
            var result = SchemaResult.fits
            for member in object.members where known[member.key] == nil {
                result = result && checkPart(member.value, rule.value, depth)
                if result == .violates || budget.isSpent { return result }
            }
            return result
        case "minProperties": return compare(Double(object.count), rule.value, >=)
        default: return compare(Double(object.count), rule.value, <=)
        }
    }

    /// An object's members, for so many look-ups; nil where they take too many steps.
    private mutating func names(of object: JSON.Object, lookups: Int) -> MembersByName? {
        let pairs = object.count.multipliedReportingOverflow(by: lookups)
        let isSmall = !pairs.overflow && pairs.partialValue <= 512
        let steps = isSmall ? Cost.name * pairs.partialValue : Cost.entry * (object.count + lookups)
        return budget.pay(steps) ? MembersByName(object, isSmall: isSmall) : nil
    }

    private mutating func checkArray(
        _ value: JSON,
        _ rule: JSON.Object.Member,
        in schema: JSON,
        _ depth: Int
    ) -> SchemaResult {
        guard let elements = value.arrayValue else { return .fits }
        switch rule.key {
        case "items":
            let skipped = member("prefixItems", of: schema)?.arrayValue?.count ?? 0
            return checkParts(elements.dropFirst(skipped).lazy.map { ($0, rule.value) }, depth)
        case "prefixItems":
            guard let schemas = rule.value.arrayValue else { return .notChecked }
            return checkParts(zip(elements, schemas), depth)
        case "uniqueItems":
            guard rule.value.boolValue == true else { return .fits }
            guard budget.pay(forAll: value, each: Cost.canonical) else { return .givenUp }
            return Set(elements.map(\.canonicalBytes)).count == elements.count ? .fits : .violates
        case "minItems": return compare(Double(elements.count), rule.value, >=)
        default: return compare(Double(elements.count), rule.value, <=)
        }
    }

    private mutating func checkParts(_ parts: some Sequence<(JSON, JSON)>, _ depth: Int) -> SchemaResult {
        var result = SchemaResult.fits
        for (value, schema) in parts {
            result = result && checkPart(value, schema, depth)
            if result == .violates || budget.isSpent { return result }
        }
        return result
    }

    // MARK: Numbers and strings

    private mutating func checkNumber(_ value: JSON, _ rule: JSON.Object.Member) -> SchemaResult {
        guard case .number(let written) = value else { return .fits }
        guard budget.pay(Cost.number + written.text.utf8.count) else { return .givenUp }
        guard let number = value.doubleValue else { return .fits }
        switch rule.key {
        case "minimum": return compare(number, rule.value, >=)
        case "maximum": return compare(number, rule.value, <=)
        case "exclusiveMinimum": return compare(number, rule.value, >)
        case "exclusiveMaximum": return compare(number, rule.value, <)
        default:
            guard let step = limit(rule.value), step > 0 else { return budget.isSpent ? .givenUp : .notChecked }
            let times = number / step
            return abs(times - times.rounded()) < 1e-9 * max(1, abs(times)) ? .fits : .violates
        }
    }

    private mutating func checkString(_ value: JSON, _ rule: JSON.Object.Member) -> SchemaResult {
        guard let text = value.stringValue else { return .fits }
        guard budget.pay(text.utf8.count) else { return .givenUp }
        // RFC 8259 characters, that is code points, not graphemes (JSON Schema Validation §6.3.1).
        let length = Double(text.unicodeScalars.count)
        return rule.key == "minLength" ? compare(length, rule.value, >=) : compare(length, rule.value, <=)
    }

    private mutating func compare(_ value: Double, _ limit: JSON, _ holds: (Double, Double) -> Bool) -> SchemaResult {
        guard let limit = self.limit(limit) else { return budget.isSpent ? .givenUp : .notChecked }
        return holds(value, limit) ? .fits : .violates
    }

    /// A number of the schema; nil where it is none, or where the steps are spent.
    private mutating func limit(_ json: JSON) -> Double? {
        guard case .number(let number) = json, budget.pay(Cost.number + number.text.utf8.count) else { return nil }
        return number.double
    }

    // MARK: Combinations and references

    private mutating func checkCombined(
        _ value: JSON,
        _ rule: JSON.Object.Member,
        _ depth: Int,
        _ references: [String]
    ) -> SchemaResult {
        guard let schemas = rule.value.arrayValue, !schemas.isEmpty else { return .notChecked }
        var all = SchemaResult.fits
        var fitting = 0
        var (isGivenUp, isUnchecked) = (false, false)
        for schema in schemas {
            let result = check(value, schema, depth: depth + 1, references: references)
            if budget.isSpent { return .givenUp }
            all = all && result
            fitting += result == .fits ? 1 : 0
            isGivenUp = isGivenUp || result == .givenUp
            isUnchecked = isUnchecked || result == .notChecked
            // No later one changes what is decided.
            if rule.key == "allOf" ? all == .violates : fitting > (rule.key == "anyOf" ? 0 : 1) { break }
        }
        if rule.key == "allOf" { return all }
        if rule.key == "oneOf", fitting > 1 { return .violates }
        if rule.key == "anyOf", fitting > 0 { return .fits }
        if isGivenUp { return .givenUp }
        if isUnchecked { return .notChecked }
        return fitting == 1 ? .fits : .violates
    }

    private mutating func checkReferred(
        _ value: JSON,
        _ rule: JSON.Object.Member,
        _ depth: Int,
        _ references: [String]
    ) -> SchemaResult {
        guard let reference = rule.value.stringValue else { return .notChecked }
        guard budget.pay(Cost.entry + reference.utf8.count + Cost.name * references.count) else { return .givenUp }
        // Nothing of the value was used up since it was followed last: it leads nowhere.
        if references.contains(reference) { return .givenUp }
        guard let target = resolve(reference) else { return budget.isSpent ? .givenUp : .notChecked }
        return check(value, target, depth: depth + 1, references: references + [reference])
    }

    /// A JSON Pointer (RFC 6901) into this document, `#` or `#/$defs/Name`; nil for anything else.
    private mutating func resolve(_ reference: String) -> JSON? {
        if let known = resolved[reference] { return known }
        guard reference.hasPrefix("#"), budget.pay(20 * reference.utf8.count) else { return nil }
        var current = root
        for part in reference.dropFirst().split(separator: "/") {
            let name = part.replacing("~1", with: "/").replacing("~0", with: "~")
            guard let next = member(String(name), of: current) ?? Int(name).flatMap({ current[$0] }) else { return nil }
            current = next
        }
        resolved[reference] = current
        return current
    }
}

/// An object's members by name: looked through where that is quick, else by a table.
private struct MembersByName {
    private let object: JSON.Object
    private var places: [String: Int]?

    init(_ object: JSON.Object, isSmall: Bool) {
        self.object = object
        guard !isSmall else { return }
        // As everywhere, the last of several members of a name counts.
        places = Dictionary(object.members.enumerated().map { ($0.element.key, $0.offset) }) { $1 }
    }

    subscript(name: String) -> JSON? {
        guard let places else { return object[name] }
        return places[name].map { object.members[$0].value }
    }
}
