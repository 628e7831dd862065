import Redaction

/// Precision and recall over labelled snippets, counted by spans.
///
/// A true positive is a span replaced whose kind and whose every byte are as labelled. Any other replaced span is a
/// false positive, and any other label a false negative: a span cut short is both.
struct Measurement {
    struct Counts {
        var truePositives = 0
        var falsePositives = 0
        var falseNegatives = 0

        var precision: Double { share(falsePositives) }
        var recall: Double { share(falseNegatives) }

        private func share(_ wrong: Int) -> Double {
            truePositives + wrong == 0 ? 1 : Double(truePositives) / Double(truePositives + wrong)
        }
    }

    private(set) var total = Counts()
    private(set) var byKind: [RedactionKind: Counts] = [:]
    /// What went wrong, in words.
    private(set) var mistakes: [String] = []

    init(_ snippets: [Snippet]) {
        for snippet in snippets { count(snippet) }
    }

    private mutating func count(_ snippet: Snippet) {
        let labels = Set(snippet.labels)
        let found = snippet.found
        for span in found where labels.contains(span) {
            total.truePositives += 1
            byKind[span.kind, default: Counts()].truePositives += 1
        }
        for span in found where !labels.contains(span) {
            total.falsePositives += 1
            byKind[span.kind, default: Counts()].falsePositives += 1
            mistakes.append(
                "wrong \(span.kind) \(snippet.value(span).debugDescription) in \(snippet.text.debugDescription)"
            )
        }
        for label in labels.subtracting(found) {
            total.falseNegatives += 1
            byKind[label.kind, default: Counts()].falseNegatives += 1
            mistakes.append(
                "missed \(label.kind) \(snippet.value(label).debugDescription) in \(snippet.text.debugDescription)"
            )
        }
    }
}
