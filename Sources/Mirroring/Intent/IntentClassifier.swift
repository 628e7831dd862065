package import Vocabulary

/// Assigns intent classes: the first matching rule wins; without one the class is `other`.
///
/// A word or phrase is found whatever the letter case and the width of white space. Where it begins or ends with a letter or
/// digit, the text must have a word boundary there: `refund` is not found in `refunds`. A search for a regular expression is
/// given up after 50 ms and matches nothing; so are all further ones once the searches in a request have taken 100 ms.
package struct IntentClassifier: Sendable {
    /// The part of a text that is searched; rules are meant for the beginning of a request and for pasted data.
    static let maximumTextBytes = 256 << 10
    /// The limit for one expression.
    private static let maximumSearchTime = Duration.milliseconds(50)
    /// The limit for all expressions on one text.
    private static let maximumTimePerText = Duration.milliseconds(100)

    package let rules: [IntentRule]
    private let tests: [Test]

    /// A classifier that calls everything `other`.
    package init() {
        rules = []
        tests = []
    }

    /// Makes a classifier of ordered rules.
    ///
    /// - Throws: Foundation's error where an expression does not compile.
    package init(_ rules: [IntentRule]) throws {
        self.rules = rules
        tests = try rules.map(Test.init)
    }

    /// Every class that can be assigned, `other` included.
    package var classes: [IntentClass] {
        Set(rules.flatMap(\.classes)).union([.other]).sorted()
    }

    /// The places in a request that the rules look at besides its text.
    var fields: [RequestField] {
        tests.compactMap { test in
            if case .callersWord(let field, _) = test { field } else { nil }
        }
    }

    /// The class of a request, and who assigned it.
    ///
    /// `text` is the user's last message; `field` reads a place in the request.
    package func classify(
        text: String,
        field: (RequestField) -> String?
    ) -> (intent: IntentClass, source: IntentSource) {
        let looked = LookedAtText(text)
        for test in tests {
            switch test {
            case .callersWord(let place, let classes):
                guard let word = field(place)?.trimmingEnds(of: " \t") else { continue }
                let intent = IntentClass(rawValue: String(word))
                guard classes.contains(intent) else { continue }
                if case .header = place { return (intent, .header) }
                return (intent, .body)
            case .text(let conditions, let intent):
                if !conditions.isEmpty, conditions.allSatisfy(looked.fulfils) { return (intent, .rule) }
            }
        }
        return (.other, .fallback)
    }

    /// A rule prepared for use: its words folded, its expression compiled.
    private enum Test: Sendable {
        case callersWord(RequestField, classes: Set<IntentClass>)
        /// Conditions on the user's last message; all must hold.
        case text([Condition], IntentClass)

        init(_ rule: IntentRule) throws {
            switch rule {
            case .callersWord(let field, let classes): self = .callersWord(field, classes: Set(classes))
            case .prompt(let intent, let conditions):
                var all: [Condition] = []
                if !conditions.anyOf.isEmpty { all.append(.words(conditions.anyOf.map(WordPattern.init))) }
                if let pattern = conditions.matches { all.append(.expression(try BoundedExpression(pattern))) }
                if !conditions.pasted.isEmpty { all.append(.pasted(Set(conditions.pasted))) }
                self = .text(all, intent)
            }
        }
    }

    /// One condition on a text.
    private enum Condition: Sendable {
        case words([WordPattern])
        case expression(BoundedExpression)
        case pasted(Set<PastedKind>)
    }

    /// A text with its derived forms, each made once and only when a rule asks.
    private final class LookedAtText {
        let text: String
        lazy var folded = FoldedText(text)
        lazy var structured = StructuredText(text)
        private var searchTimeLeft = IntentClassifier.maximumTimePerText

        init(_ text: String) {
            let most = IntentClassifier.maximumTextBytes
            self.text = text.utf8.count <= most ? text : String(decoding: text.utf8.prefix(most), as: UTF8.self)
        }

        func fulfils(_ condition: Condition) -> Bool {
            switch condition {
            case .words(let patterns): patterns.contains { $0.isIn(folded) }
            case .expression(let expression): isFound(expression)
            case .pasted(let kinds): kinds.contains(where: structured.contains)
            }
        }

        /// Whether it matches anywhere; false also without time left.
        private func isFound(_ expression: BoundedExpression) -> Bool {
            guard searchTimeLeft > .zero else { return false }
            let begin = ContinuousClock.now
            let end = begin + min(IntentClassifier.maximumSearchTime, searchTimeLeft)
            defer { searchTimeLeft -= begin.duration(to: .now) }
            var isFound = false
            _ = expression.search(
                text,
                isOver: { ContinuousClock.now > end },
                found: { _ in
                    isFound = true
                    return false
                }
            )
            return isFound
        }
    }
}
