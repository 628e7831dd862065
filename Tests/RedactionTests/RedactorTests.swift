import Foundation
import Redaction
import Statistics
import TestSupport
import Testing

@Suite struct ScopeTests {
    @Test func `one value has one number in prompt and answers, however it is written`() {
        let redactor = Redactor()
        var scope = RedactionScope()
        #expect(
            redactor.redact("I am jane@example.com, card 4111 1111 1111 1111", in: &scope)
                == "I am <EMAIL_1>, card <CARD_1>"
        )
        #expect(
            redactor.redact("Thanks, JANE@example.com (4111111111111111)", in: &scope) == "Thanks, <EMAIL_1> (<CARD_1>)"
        )
        #expect(redactor.redact("Not bob@example.com or 4539526018159083?", in: &scope) == "Not <EMAIL_2> or <CARD_2>?")
        #expect(scope.findings == [.email: 3, .card: 3])
    }

    @Test func `another scope begins at one again`() {
        let redactor = Redactor()
        var first = RedactionScope()
        var second = RedactionScope()
        _ = redactor.redact("a@example.com b@example.com", in: &first)
        #expect(redactor.redact("b@example.com", in: &second) == "<EMAIL_1>")
    }

    @Test func `a placeholder that a text brings along keeps its number to itself`() {
        var scope = RedactionScope()
        #expect(
            Redactor().redact("a@example.com, <EMAIL_1>, <EMAIL_4>", in: &scope) == "<EMAIL_5>, <EMAIL_1>, <EMAIL_4>"
        )
    }

    @Test func `a scope holds no value`() {
        var scope = RedactionScope()
        _ = Redactor().redact("canary@example.com password: canary1", in: &scope)
        var dumped = ""
        dump(scope, to: &dumped)
        #expect(!dumped.contains("canary"))
        #expect(!"\(scope)".contains("canary"))
    }

    @Test func `findings are counts by kind`() {
        let text = "a@b.co a@b.co +4915112345678 and order 4711"
        #expect(Redactor().findings(in: text) == [.email: 2, .phone: 1])
        #expect(Redactor().findings(in: "nothing here").isEmpty)
    }
}

@Suite struct RuleTests {
    private func redactor() throws -> Redactor {
        try Redactor(rules: [
            Redactor.Rule(name: "TICKET", pattern: "T-[0-9]{6}"),
            Redactor.Rule(name: "STAFF", pattern: "(?i)agent \\w+"),
        ])
    }

    @Test func `own rules go first and are numbered like the others`() throws {
        let redactor = try redactor()
        var scope = RedactionScope()
        #expect(
            redactor.redact("T-123456 and T-654321 by Agent Smith, a@b.co, T-123456", in: &scope)
                == "<TICKET_1> and <TICKET_2> by <STAFF_1>, <EMAIL_1>, <TICKET_1>"
        )
        #expect(
            scope.findings == [RedactionKind(rawValue: "TICKET"): 3, RedactionKind(rawValue: "STAFF"): 1, .email: 1]
        )
    }

    @Test func `a rule that would match inside placeholders leaves them alone`() throws {
        let redactor = try Redactor(rules: [Redactor.Rule(name: "WORD", pattern: "[A-Z]+")])
        var scope = RedactionScope()
        let once = redactor.redact("HELLO a@b.co 😀 WORLD", in: &scope)
        #expect(once == "<WORD_1> <EMAIL_1> 😀 <WORD_2>")
        #expect(redactor.redact(once, in: &scope) == once)
    }

    @Test(arguments: ["(a+)+$", "(a|aa)+$", "(?:a|b)*c"])
    func `a rule that would not finish keeps nothing of what it did not search`(pattern: String) throws {
        let redactor = try Redactor(rules: [Redactor.Rule(name: "SLOW", pattern: pattern)])
        let text = String(repeating: "a", count: 2_000_000) + "!"
        var scope = RedactionScope()
        let start = ProcessorTime.ofThread
        let result = redactor.redact(text, in: &scope)
        #expect(ProcessorTime.ofThread - start < .seconds(20))
        #expect(result == "<SLOW_1>", "\(result.prefix(20))")
    }

    @Test func `a rule that finishes leaves the rest of a long text as it is`() throws {
        let redactor = try Redactor(rules: [Redactor.Rule(name: "TICKET", pattern: "T-[0-9]{6}")])
        let filler = String(repeating: "many words, ", count: 5_000)
        var scope = RedactionScope()
        #expect(redactor.redact(filler + "T-123456" + filler, in: &scope) == filler + "<TICKET_1>" + filler)
    }

    @Test func `a rule that cannot be used is an error that names it`() {
        let bad = #expect(throws: Redactor.RuleError.self) {
            try Redactor(rules: [Redactor.Rule(name: "A", pattern: "(")])
        }
        #expect(bad?.description.contains("rule A") == true)
        #expect(throws: Redactor.RuleError.self) { try Redactor(rules: [Redactor.Rule(name: "a b", pattern: "x")]) }
    }
}

@Suite struct PropertyTests {
    private static let fillers = [
        "please", "check", "the", "order", "42", "v1.2.3", "{", "}", "\"key\":", ",", "\n", "…", "10:30", "übung", "(",
        ")",
        "2024-01-15", "<b>", "\\n", "%20", "+", "@", "550e8400-e29b", "phone", "call", "$5.00", "日本", "::", "[1]",
    ]
    private static let values =
        ["jane.doe@example.com", "+49 151 12345678", "4111 1111 1111 1111", "DE89370400440532013000", "203.0.113.77"]
        + [Keys.openAI, Keys.gitHub, Keys.aws, Keys.jwt, Keys.slack, "529.982.247-25", "415-555-2671"]

    /// A text of fillers with values between them, blanks around each.
    private func text(seed: UInt64) -> (text: String, planted: [String]) {
        var generator = SplitMix64(seed: seed)
        var parts: [String] = []
        var planted: [String] = []
        for _ in 0..<Int.random(in: 1...30, using: &generator) {
            if Int.random(in: 0..<4, using: &generator) == 0, let value = Self.values.randomElement(using: &generator) {
                // A number that the words before it call an order is one.
                if parts.last(where: { !$0.isEmpty }) == "order" { parts.append("for") }
                parts.append(value)
                planted.append(value)
            } else if let filler = Self.fillers.randomElement(using: &generator) {
                parts.append(filler)
            }
        }
        return (parts.joined(separator: " "), planted)
    }

    @Test func `a planted value never survives, and the words around it do`() {
        for seed in 0..<600 as Range<UInt64> {
            let (text, planted) = text(seed: seed)
            var scope = RedactionScope()
            let result = Redactor().redact(text, in: &scope)
            // The American layout gives way to a word such as "order" nearby; every other value is certain.
            for value in planted where value != "415-555-2671" {
                #expect(!result.contains(value), "seed \(seed): \(result)")
            }
        }
    }

    @Test func `redacting twice changes nothing`() {
        for seed in 0..<600 as Range<UInt64> {
            let (text, _) = text(seed: seed)
            var scope = RedactionScope()
            let once = Redactor().redact(text, in: &scope)
            #expect(Redactor().redact(once, in: &scope) == once, "seed \(seed)")
            var fresh = RedactionScope()
            #expect(Redactor().redact(once, in: &fresh) == once, "seed \(seed)")
        }
        for snippet in LabelledSet.all {
            var scope = RedactionScope()
            let once = Redactor().redact(snippet.text, in: &scope)
            #expect(Redactor().redact(once, in: &scope) == once)
        }
    }

    @Test func `arbitrary bytes are no danger`() {
        let alphabet = Array("@:+(-<\\\"{}[]%. 0123456789abcdefgskeyJBIDE_/=\n\u{A0}é".utf8)
        for seed in 0..<2000 as Range<UInt64> {
            var generator = SplitMix64(seed: seed)
            let bytes = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
            }
            let text = String(decoding: bytes, as: UTF8.self)
            var scope = RedactionScope()
            let once = Redactor().redact(text, in: &scope)
            #expect(Redactor().redact(once, in: &scope) == once, "seed \(seed): \(text.debugDescription)")
        }
    }

    @Test func `JSON stays JSON, with the same shape`() throws {
        for seed in 0..<300 as Range<UInt64> {
            var generator = SplitMix64(seed: seed)
            let value: Any = ["value": json(depth: 3, &generator)]
            let data = try JSONSerialization.data(
                withJSONObject: value,
                options: seed % 2 == 0 ? [.fragmentsAllowed] : [.fragmentsAllowed, .prettyPrinted]
            )
            let text = String(decoding: data, as: UTF8.self)
            var scope = RedactionScope()
            let result = Redactor().redact(text, in: &scope)
            let parsed = try? JSONSerialization.jsonObject(with: Data(result.utf8), options: .fragmentsAllowed)
            #expect(parsed != nil, "seed \(seed): \(result)")
            if let parsed { #expect(shape(parsed) == shape(value), "seed \(seed)") }
        }
    }

    private func json(depth: Int, _ generator: inout SplitMix64) -> Any {
        switch Int.random(in: 0..<(depth > 0 ? 6 : 4), using: &generator) {
        case 0: return 4_111_111_111_111_111
        case 1: return Int.random(in: 0..<100_000, using: &generator)
        case 2: return text(seed: generator.next() % 1000).text
        case 3:
            return ["{\"phone\": 4155552671, \"m\": \"a@b.co\"}", "line\n\(Keys.pem)\n", "a\ta@b.co"].randomElement(
                using: &generator
            ) ?? ""
        case 4: return (0..<3).map { _ in json(depth: depth - 1, &generator) }
        default:
            return Dictionary(
                ["card", "phone", "Authorization", "password", "note"].map { ($0, json(depth: depth - 1, &generator)) },
                uniquingKeysWith: { $1 }
            )
        }
    }

    /// Keys and nesting, without the scalars.
    private func shape(_ value: Any) -> String {
        switch value {
        case let list as [Any]: "[" + list.map(shape).joined(separator: ",") + "]"
        case let object as [String: Any]:
            "{" + object.sorted { $0.key < $1.key }.map { "\($0.key):\(shape($0.value))" }.joined(separator: ",") + "}"
        default: "."
        }
    }
}
