/// A key of the configuration file that holds one value.
///
/// Everything that is known of a key stands here once: reading, `check`, a reload, the reference and the schema ask it.
package struct Key<Value: Sendable>: Sendable {
    /// From the top of the file, dotted; `[]` stands for an item of a list, `CLASS` for the name of a class.
    package let path: String
    /// What it may hold, and the end of the sentence where it holds something else.
    let kind: ScalarKind<Value>
    /// What a number counts; nil where the value says it itself, or is a share.
    let unit: String?
    let effect: KeyEffect
    /// The end of the sentence where the key is missing; nil where it may be left out.
    let fix: String?
    /// The section that may be written as this one value.
    let shortFormOf: String?
    /// One sentence for the reference.
    let meaning: String

    init(
        _ path: String,
        _ kind: ScalarKind<Value>,
        unit: String? = nil,
        effect: KeyEffect = .atRestart,
        fix: String? = nil,
        shortFormOf: String? = nil,
        _ meaning: String
    ) {
        self.path = path
        self.kind = kind
        self.unit = unit
        self.effect = effect
        self.fix = fix
        self.shortFormOf = shortFormOf
        self.meaning = meaning
    }

    /// Its last component.
    var name: String { String(path.split(separator: ".").last ?? "") }
}

/// When a changed value holds.
enum KeyEffect: Sendable {
    /// From SIGHUP on, without a restart.
    case live
    case atRestart
}

/// A key with the value that holds where nothing is said.
package struct DefaultedKey<Value: Sendable>: Sendable {
    let key: Key<Value>
    package let builtIn: Value
    /// The default for the reference, where it depends on something else.
    let builtInText: String?

    init(
        _ path: String,
        _ kind: ScalarKind<Value>,
        default builtIn: Value,
        shownAs builtInText: String? = nil,
        unit: String? = nil,
        effect: KeyEffect = .atRestart,
        shortFormOf: String? = nil,
        _ meaning: String
    ) {
        key = Key(path, kind, unit: unit, effect: effect, shortFormOf: shortFormOf, meaning)
        self.builtIn = builtIn
        self.builtInText = builtInText
    }
}

/// A key of the file that holds a list.
package struct ListKey: Sendable {
    package let path: String
    /// What the items are, as in "it is a list of rules".
    let noun: String
    let example: String
    /// One item, where items are sections.
    let itemExample: String
    /// What holds where nothing is said, for the reference.
    let builtInText: String
    let meaning: String

    init(
        _ path: String,
        of noun: String,
        example: String,
        item itemExample: String = "",
        default builtInText: String = "none",
        _ meaning: String
    ) {
        self.path = path
        self.noun = noun
        self.example = example
        self.itemExample = itemExample
        self.builtInText = builtInText
        self.meaning = meaning
    }

    var name: String { String(path.split(separator: ".").last ?? "") }
}

/// A list whose items are single values.
package struct ScalarListKey<Value: Sendable>: Sendable {
    let list: ListKey
    let kind: ScalarKind<Value>

    init(
        _ path: String,
        _ kind: ScalarKind<Value>,
        of noun: String,
        example: String,
        default builtInText: String = "none",
        _ meaning: String
    ) {
        list = ListKey(path, of: noun, example: example, default: builtInText, meaning)
        self.kind = kind
    }
}
