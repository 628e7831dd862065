import Foundation
import JSON
import Statistics
import TestSupport
import Testing
import Vocabulary

@testable import Scoring

struct ScorerTests {
    private func score(
        _ answer: LegAnswer,
        prompt: String? = nil,
        request: RequestParameters = RequestParameters()
    ) -> [String: Double] {
        var scorers = Scorers()
        return scorers.score(Sample.pair(prompt: prompt, request: request, shadow: answer)).shadow.byName
    }

    @Test func `nothing is known of a call that our own budget shed`() {
        let shed = Sample.answer("", outcome: .shed, finish: nil)
        #expect(score(shed, prompt: "Why?") == [:])
        var scorers = Scorers()
        let scores = scorers.score(Sample.pair(prompt: "Why?", control: shed))
        #expect(scores.control.byName == [:])
        #expect(scores.stable.byName["quality"] != nil)
    }

    @Test(arguments: Outcome.allCases.filter { $0 != .shed })
    func `every outcome is scored`(outcome: Outcome) {
        let scores = score(Sample.answer("Half an ans", outcome: outcome, finish: nil), prompt: "Why?")
        #expect(scores["error"] == (outcome == .ok ? 0 : 1))
        #expect(scores["quality"] != nil)
        if outcome != .ok { #expect(scores["quality"] == 0) }
        #expect((scores["refusal"] == nil) == (outcome != .ok))
    }

    // MARK: Empty and truncated

    @Test(arguments: [
        ("", 1.0), ("  \n\t", 1), ("\u{200B}\u{00A0}", 1), ("<think>hm</think>\n", 1), ("<think>never closed", 1),
        ("0", 0), (".", 0), ("<think>hm</think>Yes.", 0),
    ])
    func `an answer of nothing is empty`(text: String, expected: Double) {
        #expect(score(Sample.answer(text))["empty"] == expected)
    }

    @Test func `a tool call without text is not empty`() {
        let answer = Sample.answer("", calls: [ToolCall(name: "find", arguments: "{}")])
        #expect(score(answer)["empty"] == 0)
    }

    @Test(arguments: [("stop", 0.0), ("length", 1), ("max_tokens", 1), ("tool_calls", 0), ("end_turn", 0)])
    func `a token limit truncates`(finish: String, expected: Double) {
        #expect(score(Sample.answer("Text", finish: finish))["truncated"] == expected)
    }

    @Test func `a cut stream is truncated and a time-out is not defined`() {
        #expect(score(Sample.answer("Te", outcome: .truncated, finish: nil))["truncated"] == 1)
        #expect(score(Sample.answer("", outcome: .timeout, finish: nil))["truncated"] == nil)
    }

    // MARK: Malformed

    private let jsonObject = RequestParameters(responseFormat: #"{"type":"json_object"}"#)

    @Test(arguments: [
        (#"{"a":1}"#, 0.0), (" [1, 2]\n", 0), (#"{"a":1"#, 1), ("```json\n{\"a\":1}\n```", 1),
        (#"Here is the JSON: {"a":1}"#, 1), ("{'a': 1}", 1), (#"{"a":1,}"#, 1), ("", 1),
    ])
    func `JSON that was asked for has to parse as it stands`(text: String, expected: Double) {
        #expect(score(Sample.answer(text), request: jsonObject)["malformed"] == expected)
    }

    @Test func `text that nobody asked to be JSON is not defined`() {
        #expect(score(Sample.answer("{"))["malformed"] == nil)
        #expect(
            score(Sample.answer("{"), request: RequestParameters(responseFormat: #"{"type":"text"}"#))["malformed"]
                == nil
        )
    }

    @Test(arguments: [
        (#"{"city":"Lyon","days":3}"#, 0.0), (#"{"city":"Lyon"}"#, 1), (#"{"city":7,"days":3}"#, 1),
        (#"{"city":"Lyon","days":3.5}"#, 1), (#"{"city":"Lyon","days":3,"x":1}"#, 1), (#"{"city":"Lyon","days":9}"#, 1),
        (#"{"city":"Rome","days":3}"#, 1), (#"{"city":"Lyon","days":3,"tags":["a","b"]}"#, 0),
        (#"{"city":"Lyon","days":3,"tags":["a",1]}"#, 1), (#"{"city":"Lyon","days":3.0,"tags":[]}"#, 0),
    ])
    func `JSON has to fit the schema that was given`(text: String, expected: Double) {
        let schema = """
            {"type":"json_schema","json_schema":{"name":"trip","schema":{"type":"object","required":["city","days"],\
            "additionalProperties":false,"properties":{"city":{"enum":["Lyon","Paris"]},\
            "days":{"type":"integer","minimum":1,"maximum":7},"tags":{"$ref":"#/$defs/tags"}},\
            "$defs":{"tags":{"type":"array","items":{"type":"string"}}}}}}
            """
        #expect(score(Sample.answer(text), request: RequestParameters(responseFormat: schema))["malformed"] == expected)
    }

    private let tools = RequestParameters(
        tools: """
            [{"type":"function","function":{"name":"find","parameters":{"type":"object","required":["id"],\
            "properties":{"id":{"type":"string"}}}}},{"name":"note","input_schema":{"type":"object"}}]
            """
    )

    @Test(arguments: [
        ("find", #"{"id":"7"}"#, 0.0), ("find", #"{"id":7}"#, 1), ("find", "{}", 1), ("find", #"{"id":"7""#, 1),
        ("search", #"{"id":"7"}"#, 1), ("note", "", 0), ("note", "[]", 1),
    ])
    func `a tool call needs a known name and arguments that fit`(name: String, arguments: String, expected: Double) {
        let answer = Sample.answer("", calls: [ToolCall(name: name, arguments: arguments)])
        #expect(score(answer, request: tools)["malformed"] == expected)
    }

    @Test func `a schema that is not understood is not checked, and never passes as fitting`() throws {
        let schema = JSONSchema(["type": "string", "pattern": "^a"])
        #expect(schema.check("b") == .notChecked)
        #expect(schema.check(1) == .violates)
        #expect(JSONSchema(["anyOf": [["type": "string"], ["type": "null"]]]).check(.null) == .fits)
        #expect(JSONSchema(["oneOf": [["type": "number"], ["type": "integer"]]]).check(1) == .violates)
        #expect(JSONSchema(false).check(1) == .violates)
    }

    // MARK: Repetition

    @Test func `a loop of words is found`() {
        let loop = "The order is on its way. " + String(repeating: "and it will arrive soon ", count: 20)
        #expect(score(Sample.answer(loop))["repetition"] == 1)
        #expect(score(Sample.answer(String(repeating: "哈", count: 300)))["repetition"] == 1)
        #expect(score(Sample.answer(String(repeating: "ab", count: 200)))["repetition"] == 1)
    }

    @Test(arguments: [
        "no no no no", "Ha ha ha ha ha!",
        "| a | b |\n| --- | --- |\n| 1 | 0 |\n| 2 | 0 |\n| 3 | 0 |\n| 4 | 0 |\n| 5 | 0 |\n| 6 | 0 |\n",
        "[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]",
        "Row, row, row your boat, gently down the stream. Merrily, merrily, merrily, merrily, life is but a dream.",
    ])
    func `ordinary repetition is no loop`(text: String) {
        #expect(score(Sample.answer(text))["repetition"] == 0)
    }

    // MARK: Identifiers

    @Test(arguments: [
        ("Your order ORD-48213 is on its way.", 0.0, 0.5), ("Order ord-48213 over $1299.99 was paid.", 0, 1),
        ("Your order is on its way.", 1, 0),
    ])
    func `identifiers of the prompt are looked for`(text: String, ignored: Double, recall: Double) {
        let scores = score(Sample.answer(text), prompt: "Where is ORD-48213? I paid $1,299.99 for it.")
        #expect(scores["identifiers_ignored"] == ignored)
        #expect(scores["identifier_recall"] == recall)
    }

    @Test(arguments: [
        "What was the cost?\nA. $17,337.50\nB. $18,337.50\nC. $15,337.50", "In 1998 about 250 people ran 100km.",
        "Mail me at [EMAIL_0001] please", "See https://example.org/48213 for more", "How far is it?",
        "Divide 17328 by 24 and take the root of 52441.", "A 300-volt line of 22-26 cm, 32x32 or 20cos1000",
    ])
    func `amounts alone, years, placeholders and addresses are no identifiers`(prompt: String) {
        #expect(score(Sample.answer("Yes."), prompt: prompt)["identifiers_ignored"] == nil)
    }

    @Test func `amounts in pasted structure count`() {
        let prompt = "Sum this:\n| item | price |\n| pen | 12.50 |\n| ink | 31.20 |\n| pad | 4.10 |"
        #expect(score(Sample.answer("It is a table."), prompt: prompt)["identifiers_ignored"] == 1)
        #expect(score(Sample.answer("The ink at 31.20 is dearest."), prompt: prompt)["identifiers_ignored"] == 0)
    }

    // MARK: Quality

    @Test func `quality is graded: each fault costs`() throws {
        let prompt = "Where is my order ORD-48213, and when will the parcel with the blue lamp arrive?"
        let good = "Your order ORD-48213 with the blue lamp left the depot today; the parcel will arrive on Friday."
        func quality(_ text: String, _ finish: String = "stop") -> Double {
            score(Sample.answer(text, finish: finish), prompt: prompt)["quality"] ?? -1
        }
        let best = quality(good)
        #expect(best > 0.85)
        #expect(quality("Your parcel will arrive on Friday.") < best - 0.3)
        #expect(quality(good, "length") < best - 0.3)
        #expect(
            quality("Su pedido ORD-48213 con la lámpara azul salió del almacén y llega para el viernes que viene.")
                < best - 0.3
        )
        #expect(quality(String(repeating: "The order ORD-48213 is on its way. ", count: 30)) < best - 0.5)
        #expect(quality("I'm sorry, but I can't help with that.") == 0)
        #expect(quality("") == 0)
    }

    @Test func `an answer in the language that was asked for is no fault`() {
        let answer = Sample.answer("El pedido está en camino y llega el viernes por la mañana con la lámpara.")
        let asked = score(answer, prompt: "Translate into Spanish: the order is on its way and it arrives on Friday")
        let unasked = score(answer, prompt: "Tell me where the order is and when it will be here with the lamp, please")
        #expect((asked["quality"] ?? 0) > (unasked["quality"] ?? 0) * 2)
    }

    // MARK: Agreement

    private func agreement(_ stable: LegAnswer, _ shadow: LegAnswer) -> [String: Double] {
        var scorers = Scorers()
        return scorers.score(Sample.pair(stable: stable, shadow: shadow)).pair.byName
    }

    @Test func `equal answers agree fully`() {
        let scores = agreement(Sample.answer("The cat sat."), Sample.answer(" The cat sat.\n"))
        #expect(scores["exact_match"] == 1)
        #expect(scores["rouge_l"] == 1)
        #expect(scores["chrf"] == 1)
        #expect((scores["length_ratio"] ?? 0) > 0.8)
        #expect(scores["tool_calls"] == nil)
        #expect(scores["json_fields"] == nil)
    }

    @Test func `ROUGE-L and chrF are those of the reference implementations`() {
        let scores = agreement(
            Sample.answer("the cat was found under the bed"),
            Sample.answer("the cat was under the bed")
        )
        // rouge_score: LCS 6, 12/13.
        #expect(abs((scores["rouge_l"] ?? 0) - 12.0 / 13) < 1e-12)
        #expect(agreement(Sample.answer("abc"), Sample.answer("xyz"))["chrf"] == 0)
        #expect(agreement(Sample.answer("a"), Sample.answer(""))["chrf"] == 0)
        #expect(agreement(Sample.answer(""), Sample.answer(""))["chrf"] == nil)
    }

    @Test func `the bit-parallel subsequence equals the table`() {
        for seed in 0..<200 as Range<UInt64> {
            var generator = SplitMix64(seed: seed)
            let lengths = [Int.random(in: 0...150, using: &generator), Int.random(in: 0...150, using: &generator)]
            let letters = UInt64.random(in: 1...12, using: &generator)
            let texts = lengths.map { length in
                (0..<length).map { _ in UInt64.random(in: 0...letters, using: &generator) }
            }
            var budget = StepBudget.agreement
            #expect(
                longestCommonSubsequence(texts[0], texts[1], &budget) == tableLength(texts[0], texts[1]),
                "seed \(seed)"
            )
        }
    }

    private func tableLength(_ left: [UInt64], _ right: [UInt64]) -> Int {
        var row = Array(repeating: 0, count: right.count + 1)
        for word in left {
            var diagonal = 0
            for column in right.indices {
                let above = row[column + 1]
                row[column + 1] = word == right[column] ? diagonal + 1 : max(above, row[column])
                diagonal = above
            }
        }
        return row.last ?? 0
    }

    @Test func `JSON fields and tool calls compare by meaning`() {
        let scores = agreement(
            Sample.answer(#"{"a":1,"b":{"c":"x"},"d":[1,2]}"#),
            Sample.answer(#"{"b":{"c":"y"},"d":[1,2.0],"a":1.0}"#)
        )
        #expect(scores["json_fields"] == 3.0 / 5)
        let calls = agreement(
            Sample.answer("", calls: [ToolCall(name: "f", arguments: #"{"x":1,"y":2}"#)]),
            Sample.answer(
                "",
                calls: [ToolCall(name: "f", arguments: #"{"y":2, "x":1}"#), ToolCall(name: "g", arguments: "{}")]
            )
        )
        #expect(calls["tool_calls"] == 2.0 / 3)
    }

    @Test func `scorers survive any bytes`() {
        for seed in 0..<300 as Range<UInt64> {
            var generator = SplitMix64(seed: seed)
            func text() -> String {
                let pieces = [
                    "\"", "“", "<think>", "{", "[", "ORD-1", "$", ",", ".", "é", "哈", "\n", ">", " ", "a", "9", "'",
                    "’", "|",
                ]
                let count = Int.random(in: 0...60, using: &generator)
                return (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            }
            var scorers = Scorers()
            let pair = Sample.pair(
                prompt: text(),
                request: RequestParameters(responseFormat: text(), tools: text()),
                stable: Sample.answer(text()),
                shadow: Sample.answer(text(), calls: [ToolCall(name: text(), arguments: text())]),
                control: Sample.answer(text())
            )
            let scores = scorers.score(pair)
            let all = [scores.stable, scores.shadow, scores.control, scores.pair].flatMap(\.values).compactMap { $0 }
            #expect(all.allSatisfy { $0 >= 0 && $0 <= 1 }, "seed \(seed)")
        }
    }
}
