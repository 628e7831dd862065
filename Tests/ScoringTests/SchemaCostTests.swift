import JSON
import TestSupport
import Testing
import Vocabulary

@testable import Scoring

/// Schemas that ask for more work than an answer is worth.
@Suite(.timeLimit(.minutes(5)))  // It computes, and without optimisation.
struct SchemaCostTests {
    private static func format(_ schema: JSON) -> RequestParameters {
        RequestParameters(
            responseFormat: JSON.object(["type": "json_schema", "json_schema": .object(["schema": schema])]).text()
        )
    }

    private static func list(_ count: Int, _ element: (Int) -> JSON) -> JSON { JSON((0..<count).map(element)) }

    private static func object(_ count: Int, _ value: (Int) -> JSON) -> JSON {
        .object(JSON.Object(members: (0..<count).map { .init(key: "k\($0)", value: value($0)) }))
    }

    @Test(arguments: [2, 30])
    func `a schema that refers to itself without taking any of the value is given up`(count: Int) {
        let cycle = Self.list(count) { _ in ["$ref": "#"] }
        for rule in ["anyOf", "allOf", "oneOf"] {
            #expect(JSONSchema(.object([rule: cycle])).check([:]) == .givenUp, "\(rule)")
        }
        #expect(JSONSchema(["$ref": "#"]).check(1) == .givenUp)
        // By way of another, and back.
        let twoSteps = JSONSchema([
            "$ref": "#/$defs/a",
            "$defs": ["a": ["$ref": "#/$defs/b"], "b": ["anyOf": [["$ref": "#/$defs/a"], false]]],
        ])
        #expect(twoSteps.check("x") == .givenUp)
    }

    @Test func `what decides without the cycle is still decided`() {
        #expect(JSONSchema(["anyOf": [["type": "string"], ["$ref": "#"]]]).check("x") == .fits)
        #expect(JSONSchema(["allOf": [["type": "string"], ["$ref": "#"]]]).check(1) == .violates)
    }

    @Test func `a schema of trees is checked to the leaves`() {
        let tree = JSONSchema([
            "type": "object", "required": ["value"],
            "properties": ["value": ["type": "integer"], "children": ["type": "array", "items": ["$ref": "#"]]],
        ])
        let leaf: JSON = ["value": 1]
        #expect(tree.check(["value": 1, "children": [leaf, ["value": 2, "children": [leaf, leaf]]]]) == .fits)
        #expect(tree.check(["value": 1, "children": [["value": 2, "children": [["value": "x"]]]]]) == .violates)
    }

    /// Each takes billions of steps to the end; none may say that the value fits or that it does not.
    @Test(arguments: [
        "doubling", "enumeration", "objects", "constant", "required", "properties", "unique", "long reference",
        "long names", "names of one length",
    ])
    func `a check that takes too many steps says nothing`(kind: String) {
        let thousands = 20_000
        let schema: JSON
        let value: JSON
        switch kind {
        case "doubling":
            let chain = (0..<40).map { number -> JSON.Object.Member in
                let next: JSON = ["$ref": .string("#/$defs/a\(number + 1)")]
                return .init(key: "a\(number)", value: ["anyOf": [next, next]])
            }
            let last = JSON.Object.Member(key: "a40", value: false)
            schema = ["$ref": "#/$defs/a0", "$defs": .object(JSON.Object(members: chain + [last]))]
            value = 1
        case "enumeration":
            schema = ["items": ["enum": Self.list(thousands) { .string("e\($0)") }]]
            value = Self.list(thousands) { _ in .string("e\(thousands - 1)") }
        case "objects":
            schema = ["items": ["enum": Self.list(thousands) { ["e": JSON($0)] }]]
            value = Self.list(thousands) { _ in ["e": JSON(thousands - 1)] }
        case "constant":
            let text = JSON.string(String(repeating: "x", count: 100_000))
            schema = ["items": ["const": text]]
            value = Self.list(2_000) { _ in text }
        case "required":
            schema = ["items": ["required": Self.list(thousands) { _ in "r0" }]]
            value = Self.list(thousands) { _ in ["r0": 1] }
        case "properties":
            schema = ["items": ["properties": Self.object(thousands) { _ in true }]]
            value = Self.list(thousands) { _ in ["k": 1] }
        case "unique":
            schema = ["allOf": Self.list(thousands) { _ in ["uniqueItems": true] }]
            value = Self.list(thousands) { JSON($0) }
        case "long names":
            // As many steps for the names themselves as there are, if their bytes cost nothing.
            let names = (0..<23).map { String(repeating: "n", count: 40_000) + "\($0)" }
            schema = ["anyOf": Self.list(3_000) { _ in ["required": Self.list(23) { .string("r\($0)") }] }]
            value = .object(JSON.Object(members: names.map { .init(key: $0, value: 1) }))
        case "names of one length":
            let names = (10..<30).map { String(repeating: "n", count: 40_000) + "\($0)" }
            schema = ["anyOf": Self.list(3_000) { _ in ["required": JSON(names.map { $0.dropLast() + "x" })] }]
            value = .object(JSON.Object(members: names.map { .init(key: $0, value: 1) }))
        default:
            let reference = "#" + String(repeating: "/a~1b", count: 20_000)
            schema = ["allOf": Self.list(1_000) { ["$ref": .string(reference + "/\($0)")] }]
            value = 1
        }
        #expect(JSONSchema(schema).check(value) == .givenUp)
    }

    @Test func `texts are the same where their code points are`() {
        let (composed, decomposed) = ("é", "e\u{301}")
        func texts(_ text: String) -> JSON { Self.list(80) { .string(String(repeating: text, count: 340) + "\($0)") } }
        func named(_ text: String) -> JSON { .object(JSON.Object(members: [.init(key: text, value: 1)])) }
        #expect(JSONSchema(["items": ["enum": texts(decomposed)]]).check(texts(decomposed)) == .fits)
        #expect(JSONSchema(["items": ["enum": texts(decomposed)]]).check(texts(composed)) == .violates)
        #expect(JSONSchema(["const": [.string(composed)]]).check([.string(decomposed)]) == .violates)
        #expect(JSONSchema(["const": named(composed)]).check(named(decomposed)) == .violates)
        for count in [1, 600] {
            let required = JSONSchema(["required": Self.list(count) { _ in .string(composed) }])
            #expect(required.check(named(composed)) == .fits)
            #expect(required.check(named(decomposed)) == .violates)
        }
        let referring = JSONSchema(["$ref": .string("#/$defs/" + composed), "$defs": named(decomposed)])
        #expect(referring.check(1) == .notChecked)
    }

    @Test func `a reference is read as a JSON Pointer`() {
        let schema: JSON = ["$ref": "#/$defs/a~1b~01/items", "$defs": ["a/b~1": ["items": ["type": "string"]]]]
        #expect(JSONSchema(schema).check("x") == .fits)
        #expect(JSONSchema(schema).check(1) == .violates)
    }

    @Test func `a word with marks on it is none that is understood`() {
        let marks = String(repeating: "\u{301}", count: 20_000)
        #expect(JSONSchema(named: "type" + marks, ["string"]).check(1) == .notChecked)
        #expect(JSONSchema(["type": .string("integer" + marks)]).check(1) == .violates)
    }

    @Test func `an answer whose check was given up has neither passed nor failed`() {
        let request = Self.format(["anyOf": [["$ref": "#"], ["$ref": "#"]]])
        let pair = Sample.pair(request: request, stable: Sample.answer("{}"), shadow: Sample.answer("not JSON"))
        var scorers = Scorers()
        let scores = scorers.score(pair)
        #expect(scores.stable["malformed"] == nil)
        #expect(scores.stable["quality"] == nil)
        #expect(scores.stable["error"] == 0)
        #expect(scores.stable["refusal"] == 0)
        // What needs no schema to be told is told.
        #expect(scores.shadow["malformed"] == 1)
        #expect(scores.pair["exact_match"] == 0)
    }

    @Test func `a tool's schema is given up alike`() {
        let tools: JSON = [
            ["type": "function", "function": ["name": "f", "parameters": ["allOf": [["$ref": "#"], ["$ref": "#"]]]]]
        ]
        let call = Sample.answer("", calls: [ToolCall(name: "f", arguments: "{}")])
        let unknown = Sample.answer("", calls: [ToolCall(name: "g", arguments: "{}")])
        var scorers = Scorers()
        let scores = scorers.score(
            Sample.pair(request: RequestParameters(tools: tools.text()), stable: call, shadow: unknown)
        )
        #expect(scores.stable["malformed"] == nil)
        #expect(scores.shadow["malformed"] == 1)
    }

    @Test func `a schema that is too large to be read is not checked`() {
        let request = Self.format(["const": .string(String(repeating: "x", count: RequestShape.maximumBytes))])
        var scorers = Scorers()
        #expect(scorers.score(Sample.pair(request: request)).stable["malformed"] == nil)
    }
}

extension JSONSchema {
    fileprivate init(named rule: String, _ value: JSON) {
        self.init(.object(JSON.Object(members: [.init(key: rule, value: value)])))
    }
}
