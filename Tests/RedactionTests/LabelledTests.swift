import Redaction
import Testing

@Suite struct LabelledTests {
    static let positives =
        emails + phones + cards + accounts + addresses + keys + nationalIDs + structured

    @Test(arguments: positives)
    func `what is personal or secret is replaced, and nothing beside it`(_ snippet: Snippet) {
        var scope = RedactionScope()
        #expect(Redactor().redact(snippet.input, in: &scope) == snippet.expected)
    }

    @Test(arguments: untouched)
    func `what only looks like it stays to the byte`(_ text: String) {
        var scope = RedactionScope()
        #expect(Redactor().redact(text, in: &scope) == text)
        #expect(scope.findings.isEmpty)
    }

    @Test func `the table is as large as it claims, two fifths of it hard negatives`() {
        let negatives = untouched.count
        #expect(Self.positives.count + negatives >= 250)
        #expect(Double(negatives) / Double(Self.positives.count + negatives) >= 0.4)
    }

    /// Precision and recall over the table, in the places where ordinary prose puts things.
    @Test func `words around a snippet do not change what is found in it`() {
        let frames = [("Hello, ", " and thank you."), ("- ", "\n- next"), ("(", ")"), ("“", "”"), ("> ", "\n")]
        var found = 0
        var missed = 0
        var wrong = 0
        for (before, after) in frames {
            for snippet in Self.positives {
                var scope = RedactionScope()
                let result = Redactor().redact(before + snippet.input + after, in: &scope)
                if result == before + snippet.expected + after {
                    found += 1
                } else {
                    missed += 1
                }
            }
            for text in untouched {
                var scope = RedactionScope()
                if Redactor().redact(before + text + after, in: &scope) != before + text + after {
                    wrong += 1
                }
            }
        }
        let recall = Double(found) / Double(found + missed)
        let precision = Double(found) / Double(found + wrong)
        #expect(recall >= 0.98, "recall \(recall)")
        #expect(precision >= 0.98, "precision \(precision)")
    }
}
