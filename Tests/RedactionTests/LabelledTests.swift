import Redaction
import Testing

@Suite struct LabelledTests {
    /// What is known not to be found; it stays in the set and counts as missed.
    ///
    /// A column's heading says what a number is, and is not looked at from the lines below it. Four numbers of four digits
    /// with commas between are a list more often than a card.
    static let knownMisses: Set<String> = ["name,pesel\nAnna,78112355125", "4242,4242,4242,4242"]

    @Test func `the set is as large and as hard as it claims, and no snippet stands in it twice`() {
        let all = LabelledSet.all
        #expect(all.count >= 810)
        #expect(Set(all.map(\.text)).count == all.count)
        #expect(LabelledSet.positives.allSatisfy { !$0.labels.isEmpty })
        #expect(LabelledSet.hardNegatives.allSatisfy { $0.labels.isEmpty && !$0.text.contains("⟦") })
        #expect(Double(LabelledSet.hardNegatives.count) >= 0.42 * Double(all.count))
    }

    @Test(arguments: RedactionKind.builtIn)
    func `precision and recall of each kind are 0.98 at least, by spans`(_ kind: RedactionKind) {
        let measurement = Measurement(LabelledSet.all)
        let counts = measurement.byKind[kind] ?? Measurement.Counts()
        #expect(counts.truePositives >= 15)
        #expect(counts.precision >= 0.98, "\(measurement.mistakes)")
        #expect(counts.recall >= 0.98, "\(measurement.mistakes)")
    }

    @Test func `precision and recall of all kinds together are 0.98 at least`() {
        let measurement = Measurement(LabelledSet.all)
        #expect(measurement.total.precision >= 0.98, "\(measurement.mistakes)")
        #expect(measurement.total.recall >= 0.98, "\(measurement.mistakes)")
    }

    @Test func `nothing but the known misses is wrong`() {
        for snippet in LabelledSet.all {
            let isRight = snippet.found == snippet.labels
            #expect(isRight != Self.knownMisses.contains(snippet.text), "\(snippet.text.debugDescription)")
        }
    }

    /// What is stored is what `redact` writes, which reads its own result again.
    @Test func `the text that comes out is the text that went in, but for the spans`() {
        for snippet in LabelledSet.all where !Self.knownMisses.contains(snippet.text) {
            var scope = RedactionScope()
            let result = Redactor().redact(snippet.text, in: &scope)
            var rest = result[...]
            var copied = 0
            let bytes = Array(snippet.text.utf8)
            for label in snippet.labels {
                let before = String(decoding: bytes[copied..<label.range.lowerBound], as: UTF8.self)
                #expect(rest.hasPrefix(before), "\(result.debugDescription)")
                rest = rest.dropFirst(before.count).drop { $0 == "\\" || $0 == "\"" }
                #expect(rest.hasPrefix("<\(label.kind)_"), "\(result.debugDescription)")
                rest = rest.drop { $0 != ">" }.dropFirst()
                copied = label.range.upperBound
                let after = bytes.dropFirst(copied).first
                if after != UInt8(ascii: "\""), after != UInt8(ascii: "\\") {
                    rest = rest.drop { $0 == "\\" || $0 == "\"" }
                }
            }
            #expect(rest == String(decoding: bytes[copied...], as: UTF8.self), "\(result.debugDescription)")
        }
    }

    /// Precision and recall in the places where ordinary prose puts things.
    @Test(arguments: [("Hello, ", " and thank you."), ("- ", "\n- next"), ("(", ")"), ("“", "”"), ("> ", "\n")])
    func `words around a snippet do not change what is found in it`(_ before: String, _ after: String) {
        let measurement = Measurement(LabelledSet.all.map { $0.framed(before, after) })
        #expect(measurement.total.precision >= 0.98, "\(measurement.mistakes)")
        #expect(measurement.total.recall >= 0.98, "\(measurement.mistakes)")
    }

    @Test func `a measurement counts a span cut short as wrong and as missed`() {
        let cut = Measurement(["mail ⟦EMAIL:to jane@example.com⟧"]).total
        #expect((cut.truePositives, cut.falsePositives, cut.falseNegatives) == (0, 1, 1))
        let unlabelled = Measurement(["mail jane@example.com"]).total
        #expect((unlabelled.truePositives, unlabelled.falsePositives, unlabelled.falseNegatives) == (0, 1, 0))
        let otherKind = Measurement(["⟦PHONE:jane@example.com⟧"])
        #expect(otherKind.byKind[.phone]?.recall == 0)
        #expect(otherKind.byKind[.email]?.precision == 0)
    }
}

/// What has to come out to the byte: numbering, and quotes where JSON asks for them.
@Suite struct StructureTests {
    @Test(arguments: [
        ("a@b.co, c@d.io and a@b.co", "<EMAIL_1>, <EMAIL_2> and <EMAIL_1>"),
        ("NL91ABNA0417164300 and NL91 ABNA 0417 1643 00", "<IBAN_1> and <IBAN_1>"),
        ("+1 415 555 2671 or (415) 555-2671", "<PHONE_1> or <PHONE_2>"),
        ("{\"card\": 4111111111111111, \"n\": 1}", "{\"card\": \"<CARD_1>\", \"n\": 1}"),
        ("[4111111111111111]", "[\"<CARD_1>\"]"),
        ("{\"phone\": 4155552671}", "{\"phone\": \"<PHONE_1>\"}"),
        ("{\"phone\": \"4155552671\"}", "{\"phone\": \"<PHONE_1>\"}"),
        ("{\"a\": \"cards: [4111111111111111]\"}", "{\"a\": \"cards: [<CARD_1>]\"}"),
        ("{\"args\": \"{\\\"card\\\": 4111111111111111}\"}", "{\"args\": \"{\\\"card\\\": \\\"<CARD_1>\\\"}\"}"),
        ("{\"to\": \"a\\tjane@example.com\"}", "{\"to\": \"a\\t<EMAIL_1>\"}"),
        ("{\"x\": \"caf\\u00e9jane@example.com\"}", "{\"x\": \"caf\\u00e9<EMAIL_1>\"}"),
        (
            "{\"h\":{\"Authorization\":\"Bearer abc123DEF456ghi789\"},\"c\":4111111111111111}",
            "{\"h\":{\"Authorization\":\"Bearer <TOKEN_1>\"},\"c\":\"<CARD_1>\"}"
        ),
        ("```json\n{\"c\": 4111111111111111}\n```", "```json\n{\"c\": \"<CARD_1>\"}\n```"),
        ("card: 4111111111111111, thanks", "card: <CARD_1>, thanks"),
        ("[{\"a\": [1]}] card: 4111111111111111, thanks", "[{\"a\": [1]}] card: <CARD_1>, thanks"),
        ("{\"password\":\"Tr1cky\\\"Pass\",\"n\":1}", "{\"password\":\"<SECRET_1>\",\"n\":1}"),
    ])
    func `placeholders are numbered by value and quoted where a bare number stood`(_ text: String, _ expected: String) {
        var scope = RedactionScope()
        #expect(Redactor().redact(text, in: &scope) == expected)
    }
}
