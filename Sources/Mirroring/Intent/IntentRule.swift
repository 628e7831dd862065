import Foundation
package import Vocabulary

/// One rule of `intents:`.
package struct IntentRule: Sendable {
    /// What a rule looks at.
    enum Test: Sendable {
        case callersWord(RequestField, classes: Set<IntentClass>)
        /// All of some conditions on what the user wrote last.
        case text([Condition], IntentClass)
    }

    /// One condition on a text.
    enum Condition: Sendable {
        case words([WordPattern])
        case expression(BoundedExpression)
        case pasted(Set<PastedStructure>)
    }

    let test: Test

    /// The caller's own word, where it is one of these classes.
    package static func callersWord(from field: RequestField, classes: [IntentClass]) -> IntentRule {
        IntentRule(test: .callersWord(field, classes: Set(classes)))
    }

    /// One of some words or phrases in what the user wrote last.
    ///
    /// Letter case and the width of white space do not matter. Where a phrase begins or ends with a letter or digit,
    /// the text must have a word boundary there: `refund` is not found in `refunds`.
    package static func anyOf(_ words: [String], _ intent: IntentClass) -> IntentRule {
        IntentRule(test: .text([.words(words.map(WordPattern.init))], intent))
    }

    /// A regular expression (ICU) that matches anywhere in what the user wrote last.
    ///
    /// A search that takes longer than 50 ms is given up and matches nothing, and so is each behind it once all searches in a
    /// request have taken 100 ms.
    ///
    /// - Throws: where the expression is none.
    package static func matches(_ expression: String, _ intent: IntentClass) throws -> IntentRule {
        IntentRule(test: .text([.expression(try BoundedExpression(expression))], intent))
    }

    /// Structured data that was pasted into what the user wrote last.
    package static func pasted(_ structures: [PastedStructure], _ intent: IntentClass) -> IntentRule {
        IntentRule(test: .text([.pasted(Set(structures))], intent))
    }

    /// All of several rules about the text for one class.
    ///
    /// What looks at the caller's own word is no condition on the text and is left out.
    package static func all(of rules: [IntentRule], _ intent: IntentClass) -> IntentRule {
        let conditions = rules.flatMap { rule -> [Condition] in
            if case .text(let conditions, _) = rule.test { conditions } else { [] }
        }
        return IntentRule(test: .text(conditions, intent))
    }

    /// The classes that this rule can assign.
    package var classes: [IntentClass] {
        switch test {
        case .callersWord(_, let classes): classes.sorted()
        case .text(_, let intent): [intent]
        }
    }
}

/// Assigns intent classes: the first rule that matches wins, what none claims is `other`.
package struct IntentClassifier: Sendable {
    /// More of a text is not looked at; rules are meant for how a request begins and what is pasted into it.
    static let maximumTextBytes = 256 << 10

    package let rules: [IntentRule]

    package init(_ rules: [IntentRule]) {
        self.rules = rules
    }

    /// Every class that can be assigned, `other` included.
    package var classes: [IntentClass] {
        Set(rules.flatMap(\.classes)).union([.other]).sorted()
    }

    /// The places in a request that the rules look at besides its text.
    var fields: [RequestField] {
        rules.compactMap { rule in
            if case .callersWord(let field, _) = rule.test { field } else { nil }
        }
    }

    /// The class of a request, and who assigned it.
    ///
    /// `text` is what the user wrote last; `field` reads a place in the request.
    package func classify(
        text: String,
        field: (RequestField) -> String?
    ) -> (intent: IntentClass, source: IntentSource) {
        let looked = LookedAtText(text, maximumBytes: Self.maximumTextBytes)
        for rule in rules {
            switch rule.test {
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
}

/// A text and what is derived from it, once and only when a rule asks.
private final class LookedAtText {
    let text: String
    lazy var folded = FoldedText(text)
    lazy var structured = StructuredText(text)
    private var searchTimeLeft = BoundedExpression.maximumTimePerText

    init(_ text: String, maximumBytes: Int) {
        self.text =
            text.utf8.count <= maximumBytes ? text : String(decoding: text.utf8.prefix(maximumBytes), as: UTF8.self)
    }

    func fulfils(_ condition: IntentRule.Condition) -> Bool {
        switch condition {
        case .words(let patterns): patterns.contains { $0.isIn(folded) }
        case .expression(let expression): expression.matches(text, within: &searchTimeLeft)
        case .pasted(let kinds): kinds.contains(where: structured.contains)
        }
    }
}
