import Statistics
import TestSupport
import Testing

@testable import Redaction

/// The text as it is meant, and the way back.
@Suite struct NormalisedTextTests {
    private func normalised(_ text: String) -> String? {
        var text = text
        return text.withUTF8 { NormalisedText($0).map { String(decoding: $0.bytes, as: UTF8.self) } }
    }

    @Test(arguments: [
        ("jane\u{200B}roe@exam\u{AD}ple.org", "janeroe@example.org"), ("４１１１", "4111"), ("٤١ @", "41 @"),
        ("jane&#64;example&period;org", "jane@example.org"), ("jane&amp;#x40;x", "jane@x"), ("a%2540b", "a@b"),
        ("x%C2%A01", "x 1"), (#"a\\\u0040b"#, "a@b"), (#"\ud835\udfd2 1"#, "4 1"), (#"a\x40b"#, "a@b"),
        (#"jane\_roe"#, "jane_roe"), ("a**b**c", "abc"), ("a@<b>b</b>.c", "a@b.c"), ("a (at) b [dot] c", "a@b.c"),
        ("a&#00000000064;b", "a@b"), ("a&#x0000000000000000040;b", "a@b"), ("a\\u{00000000040}b", "a@b"),
        ("a&#\(String(repeating: "0", count: 32))64;b", "a@b"), ("𝗃𝗈", "jo"), ("①② 1", "12 1"),
        ("4\u{FE0F}\u{20E3}1", "41"),
    ])
    func `a text is read as a reader sees it`(_ text: String, _ expected: String) {
        #expect(normalised(text) == expected)
    }

    @Test(arguments: [
        "plain words", "👩\u{200D}👩\u{200D}👧 and ❤\u{FE0F}", "**Note**: x = a * b, i*2", "10–20 words — and more",
        "{\"a\": \"b \\\"c\\\" \\n\"}", "<b>bold</b> text", "1 & 2 &lt; 3", "100 % sure", "日本語、中文。", "über größe",
        "“quoted” and it’s", "f(a) [b] {c}", "x² and ① one",
    ])
    func `a text that hides nothing is not read again`(_ text: String) {
        #expect(normalised(text) == nil)
    }

    @Test func `each range of what is meant leads back to whole spellings`() throws {
        var text = "a\u{AD}b%40c&#46;ｄ\\u0065 (at) f"
        let bytes = Array(text.utf8)
        try text.withUTF8 { buffer in
            let meant = try #require(NormalisedText(buffer))
            #expect(String(decoding: meant.bytes, as: UTF8.self) == "ab@c.de@f")
            let pieces = meant.bytes.indices.map { meant.original(of: $0..<($0 + 1)) }
            #expect(
                pieces.map { String(decoding: bytes[$0], as: UTF8.self) }
                    == ["a", "b", "%40", "c", "&#46;", "ｄ", "\\u0065", " (at) ", "f"]
            )
            #expect(meant.original(of: 0..<9) == bytes.indices)
        }
    }

    @Test func `what is read as it is meant has the number of what is written plainly`() {
        var scope = RedactionScope()
        let text = "jane@example.org, jane&#64;example.org and ｊａｎｅ＠example.org; 4111 1111 1111 1111, ４１１１１１１１１１１１１１１１"
        #expect(Redactor().redact(text, in: &scope) == "<EMAIL_1>, <EMAIL_1> and <EMAIL_1>; <CARD_1>, <CARD_1>")
    }

    @Test func `own rules see a text as it is meant too`() throws {
        let redactor = try Redactor(rules: [Redactor.Rule(name: "TICKET", pattern: "T-[0-9]{6}")])
        var scope = RedactionScope()
        #expect(
            redactor.redact("T-123456, T-12\u{200B}3456 and T&#45;123456.", in: &scope)
                == "<TICKET_1>, <TICKET_2> and <TICKET_3>."
        )
    }

    @Test func `keys of JSON are looked at like its values, in JSON within JSON too`() {
        var scope = RedactionScope()
        let text = #"{"jane@example.org":1,"a":"{\"b\\u0040example.org\":{\"4111 1111 1111 1111\":[true]}}"}"#
        #expect(
            Redactor().redact(text, in: &scope) == #"{"<EMAIL_1>":1,"a":"{\"<EMAIL_2>\":{\"<CARD_1>\":[true]}}"}"#
        )
    }
}

/// What the two readings of a text found, put together.
@Suite struct UnionTests {
    private func union(_ meant: [Match], _ written: [Match]) -> [String] {
        Finder.union(meant, written).map { "\($0.kind.rawValue) \($0.range.lowerBound)-\($0.range.upperBound)" }
    }

    @Test func `of two that overlap in part nothing is left, whichever begins first`() {
        let card = Match(range: 0..<10, kind: .card)
        let phone = Match(range: 5..<15, kind: .phone)
        #expect(union([card], [phone]) == ["CARD 0-15"])
        #expect(union([phone], [card]) == ["PHONE 0-15"])
        let same = Match(range: 5..<15, kind: .card)
        #expect(union([same], [card]) == ["CARD 0-15"])
    }

    @Test func `a chain of overlaps is one, and what follows stays by itself`() {
        let meant = [Match(range: 5..<15, kind: .phone), Match(range: 30..<35, kind: .email)]
        let written = [
            Match(range: 0..<10, kind: .card), Match(range: 12..<20, kind: .ip), Match(range: 25..<30, kind: .mac),
        ]
        #expect(union(meant, written) == ["PHONE 0-20", "MAC 25-30", "EMAIL 30-35"])
    }

    @Test func `every byte that either found is in what both found`() {
        for seed in 0..<500 as Range<UInt64> {
            var generator = SplitMix64(seed: seed)
            func drawn() -> [Match] {
                var start = 0
                return (0..<Int.random(in: 0...5, using: &generator)).map { _ in
                    let from = start + Int.random(in: 0...6, using: &generator)
                    start = from + Int.random(in: 1...9, using: &generator)
                    let kind = [RedactionKind.card, .phone, .email].randomElement(using: &generator) ?? .card
                    return Match(range: from..<start, kind: kind)
                }
            }
            let (meant, written) = (drawn(), drawn())
            let found = Finder.union(meant, written)
            let isRight =
                Set((meant + written).flatMap(\.range)) == Set(found.flatMap(\.range))
                && zip(found, found.dropFirst()).allSatisfy { $0.range.upperBound <= $1.range.lowerBound }
            #expect(isRight, "seed \(seed)")
        }
    }
}

/// Values under disguises drawn at random.
@Suite struct DisguisePropertyTests {
    /// A value, and what of it must not be read anywhere in the result, however that is read.
    private static let values = [
        "jane.doe@example.com", "4111 1111 1111 1111", "5500-0000-0000-0004", "+49 151 12345678", "203.0.113.77",
        "DE89 3704 0044 0532 0130 00", Keys.gitHub, Keys.openAI, Keys.aws,
    ]
    private static let fillers = [
        "please", "check", "the", "10:30", "übung", "(see)", "日本", "v1.2.3", "**bold**", "&amp;", "it’s", "❤\u{FE0F}",
        "—",
        "a*b", "100%", "`code`", "{}", "\n",
    ]

    private func disguise(_ value: String, _ generator: inout SplitMix64) -> String {
        let kind = Int.random(in: 0..<9, using: &generator)
        var result = ""
        for (index, scalar) in value.unicodeScalars.enumerated() {
            let isInside = index > 0 && index < value.unicodeScalars.count
            let mayChange = Int.random(in: 0..<3, using: &generator) == 0
            let plain = String(scalar)
            switch kind {
            case 0 where isInside && mayChange: result += "\u{200B}" + plain
            case 1 where isInside && mayChange: result += "\u{AD}\u{2060}" + plain
            case 2 where scalar.value > 0x20:
                result.unicodeScalars.append(Unicode.Scalar(scalar.value + 0xFEE0) ?? scalar)
            case 3 where mayChange: result += "&#\(scalar.value);"
            case 4 where mayChange: result += "&#x\(String(scalar.value, radix: 16));"
            case 5 where mayChange: result += "%" + String(scalar.value, radix: 16)
            case 6 where mayChange: result += "\\u00" + String(scalar.value, radix: 16)
            case 7 where mayChange: result += "%25" + String(scalar.value, radix: 16)
            default: result += plain
            }
        }
        return result
    }

    @Test func `a planted value is gone under every disguise, and every byte outside of the placeholders stays`() throws
    {
        for seed in 0..<1500 as Range<UInt64> {
            var generator = SplitMix64(seed: seed)
            var parts: [String] = []
            var expected: [String] = []
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let filler = try #require(Self.fillers.randomElement(using: &generator))
                parts.append(filler)
                expected.append(filler)
                guard Bool.random(using: &generator) else { continue }
                let value = try #require(Self.values.randomElement(using: &generator))
                parts.append(disguise(value, &generator))
                expected.append("<>")
            }
            let text = parts.joined(separator: " | ")
            var scope = RedactionScope()
            let result = Redactor().redact(text, in: &scope)
            #expect(
                result.replacing(/<[A-Z_]+_[0-9]+>/, with: "<>") == expected.joined(separator: " | "),
                "seed \(seed): \(text)"
            )
            let again = Redactor().redact(result, in: &scope)
            #expect(again == result, "seed \(seed)")
        }
    }
}
