// The check of a value against a subset of JSON Schema (2020-12) that is enough for structured output and tool arguments.
//
// Understood: `type`, `enum`, `const`, `properties`, `required`, `additionalProperties`, `items`, `prefixItems`,
// `minItems`, `maxItems`, `uniqueItems`, `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`, `multipleOf`,
// `minLength`, `maxLength`, `minProperties`, `maxProperties`, `allOf`, `anyOf`, `oneOf`, `$ref` within the document, and
// `true`/`false`. Everything else (`pattern`, `format`, `if`, `patternProperties`, …) is *not checked*: it makes the
// result `notChecked` instead of `fits`, never a violation.
//
// A schema comes from a stranger, and a few bytes of it can ask for any amount of work: `{"anyOf":[{"$ref":"#"},{"$ref":"#"}]}`
// doubles at every level. So each rule, name and value is paid for before it is looked at, texts and canonical forms by their
// bytes; and a reference that is met again before the check has gone into a part of the value is a cycle. In either case the
// check is given up. Texts are equal where their bytes are: Swift's `==` takes "é" in one and in two code points for the same,
// which JSON Schema does not, and reads both texts' decompositions to find out.

import JSON
import Vocabulary

/// One check of one value.
struct SchemaCheck {
    /// In steps (`StepBudget`), as measured on the release build.
    private enum Cost {
        /// A rule of a schema at a value.
        static let rule = 60
        /// A name that is compared with another, beside its bytes.
        static let name = 8
        /// A byte that is hashed, and compared.
        static let hashedByte = 2
        /// So many bytes that are compared with as many others are a step.
        static let comparedBytes = 8
        /// A name that goes into a table, or is looked up there.
        static let entry = 120
        /// A value of which a canonical form is made.
        static let canonical = 350
        /// A number that is read, beside its digits.
        static let number = 80
    }

    private static let maximumDepth = 64
    /// Bytes of the longest word that is understood ("additionalProperties"), and some more: longer ones are none of ours.
    private static let longestWord = 32

    let root: JSON
    private(set) var budget: StepBudget
    private var resolved: [ExactText: JSON] = [:]

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
        guard rule.key.utf8.count <= Self.longestWord else { return .notChecked }
        return switch rule.key {
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
        guard let object = schema.objectValue, payComparing(name.utf8.count, with: object.count) else { return nil }
        return object[name]
    }

    /// Pays for the comparison of names of so many bytes in all with each of so many others.
    private mutating func payComparing(_ bytes: Int, names: Int = 1, with others: Int) -> Bool {
        budget.pay(others * (Cost.name * names + bytes / Cost.comparedBytes))
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
            for other in allowed {
                guard let isSame = isSame(value, other, &forms) else { return .givenUp }
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
        guard name.utf8.count <= longestWord else { return false }
        return switch (name, value) {
        case ("null", .null), ("boolean", .bool), ("string", .string), ("number", .number), ("array", .array),
            ("object", .object):
            true
        case ("integer", .number(let number)): number.int != nil
        default: false
        }
    }

    /// Canonical forms of a value that is compared with several, made once.
    private struct CanonicalForms {
        var bytes: [UInt8]?
        var number: String?
    }

    /// Whether two values mean the same; nil where that takes too many steps.
    private mutating func isSame(_ value: JSON, _ other: JSON, _ forms: inout CanonicalForms) -> Bool? {
        guard budget.pay(Cost.name) else { return nil }
        switch (value, other) {
        case (.null, .null): return true
        case (.bool(let left), .bool(let right)): return left == right
        case (.string(let left), .string(let right)):
            guard left.utf8.count == right.utf8.count else { return false }
            // Texts that differ at once cost nothing, but how soon these do is not known.
            guard budget.pay(left.utf8.count / 4) else { return nil }
            return left.hasSameBytes(as: right)
        case (.number(let left), .number(let right)):
            guard budget.pay(Cost.canonical + 4 * (left.text.utf8.count + right.text.utf8.count)) else { return nil }
            let normalised = forms.number ?? left.normalised
            forms.number = normalised
            return normalised == right.normalised
        case (.array, .array), (.object, .object):
            if forms.bytes == nil {
                guard budget.pay(forAll: value, each: Cost.canonical) else { return nil }
                forms.bytes = value.canonicalBytes
            }
            // Both are walked through once more to be compared.
            guard budget.pay(forAll: other, each: Cost.canonical) else { return nil }
            return forms.bytes == other.canonicalBytes
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
            guard let known = names(of: properties, lookups: object.members.lazy.map(\.key)) else { return .givenUp }
            var result = SchemaResult.fits
            for member in object.members {
                if let property = known[member.key] { result = result && checkPart(member.value, property, depth) }
                if result == .violates || budget.isSpent { return result }
            }
            return result
        case "required":
            guard let wanted = rule.value.arrayValue else { return .notChecked }
            guard budget.pay(Cost.name * wanted.count) else { return .givenUp }
            let names = wanted.compactMap(\.stringValue)
            guard let present = self.names(of: object, lookups: names) else { return .givenUp }
            return names.allSatisfy { present[$0] != nil } ? .fits : .violates
        case "additionalProperties":
            if member("patternProperties", of: schema) != nil { return .notChecked }
            let properties = member("properties", of: schema)?.objectValue ?? JSON.Object()
            guard let known = names(of: properties, lookups: object.members.lazy.map(\.key)) else { return .givenUp }
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

    /// An object's members, for the look-ups of some names; nil where they take too many steps.
    private mutating func names(of object: JSON.Object, lookups: some Collection<String>) -> MembersByName? {
        guard budget.pay(Cost.name * (object.count + lookups.count)) else { return nil }
        let lookedUp = lookups.reduce(0) { $0 + $1.utf8.count }
        let pairs = object.count.multipliedReportingOverflow(by: lookups.count)
        if !pairs.overflow, pairs.partialValue <= 512 {
            guard payComparing(lookedUp, names: lookups.count, with: object.count) else { return nil }
            return MembersByName(object, isSmall: true)
        }
        let bytes = object.members.reduce(lookedUp) { $0 + $1.key.utf8.count }
        let steps = Cost.entry * (object.count + lookups.count) + Cost.hashedByte * bytes
        return budget.pay(steps) ? MembersByName(object, isSmall: false) : nil
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
        let length = reference.utf8.count
        guard budget.pay(Cost.entry + Cost.hashedByte * length), payComparing(length, with: references.count) else {
            return .givenUp
        }
        // Nothing of the value was used up since it was followed last: it leads nowhere.
        if references.contains(where: { $0.hasSameBytes(as: reference) }) { return .givenUp }
        guard let target = resolve(reference) else { return budget.isSpent ? .givenUp : .notChecked }
        return check(value, target, depth: depth + 1, references: references + [reference])
    }

    /// A JSON Pointer (RFC 6901) into this document, `#` or `#/$defs/Name`; nil for anything else.
    private mutating func resolve(_ reference: String) -> JSON? {
        if let known = resolved[ExactText(reference)] { return known }
        let bytes = reference.utf8
        guard bytes.first == UInt8(ascii: "#"), budget.pay(20 * bytes.count) else { return nil }
        var current = root
        for part in bytes.dropFirst().split(separator: UInt8(ascii: "/")) {
            let name = Self.unescaped(part)
            guard let next = member(name, of: current) ?? Int(name).flatMap({ current[$0] }) else { return nil }
            current = next
        }
        resolved[ExactText(reference)] = current
        return current
    }

    /// A part of a JSON Pointer with `~1` read as `/` and `~0` as `~`.
    private static func unescaped(_ part: Substring.UTF8View) -> String {
        var name: [UInt8] = []
        var isEscape = false
        for byte in part {
            switch byte {
            case UInt8(ascii: "0") where isEscape: isEscape = false
            case UInt8(ascii: "1") where isEscape:
                name[name.count - 1] = UInt8(ascii: "/")
                isEscape = false
            default:
                name.append(byte)
                isEscape = byte == UInt8(ascii: "~")
            }
        }
        return String(decoding: name, as: UTF8.self)
    }
}
