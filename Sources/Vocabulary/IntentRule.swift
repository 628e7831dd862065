/// One of the ordered rules that give a request its intent class; the first that matches wins.
///
/// Either the caller's own word:
/// - `from` (`header:NAME` or `body:PATH`): where it stands.
/// - `classes` (list of class names, required with `from`): the words that count; any other is as if none were given.
///
/// or what the prompt looks like, where *every* condition that the rule gives has to hold:
/// - `class` (class name): what a match is called.
/// - `any_of` (list of texts): one of them occurs, as whole words, whatever the case.
/// - `matches` (ICU regular expression, as `NSRegularExpression` reads it): found somewhere in the prompt.
/// - `pasted` (list of `json`, `table`, `csv`, `log`, `code`): one of these is pasted into the prompt.
package enum IntentRule: Sendable, Equatable {
    case callersWord(RequestField, classes: [IntentClass])
    case prompt(class: IntentClass, PromptConditions)

    /// The classes that the rule can assign.
    package var classes: [IntentClass] {
        switch self {
        case .callersWord(_, let classes): classes
        case .prompt(let name, _): [name]
        }
    }
}

/// The conditions of a rule on the prompt; all that are given have to hold, and at least one is given.
package struct PromptConditions: Sendable, Equatable {
    /// Empty: not asked for.
    package var anyOf: [String]
    /// An ICU regular expression that compiles; nil: not asked for.
    package var matches: String?
    /// Empty: not asked for.
    package var pasted: [PastedKind]

    package init(anyOf: [String] = [], matches: String? = nil, pasted: [PastedKind] = []) {
        self.anyOf = anyOf
        self.matches = matches
        self.pasted = pasted
    }
}

/// A kind of structured data that a user can paste into a prompt.
package enum PastedKind: String, Sendable, Hashable, CaseIterable {
    case json
    case table
    case csv
    case log
    case code
}
