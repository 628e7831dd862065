/// What the reference and the schema say of a key.
struct KeyEntry: Sendable {
    var path: String
    var form: ValueForm
    var isList = false
    /// As it would be written in the file, or in words; nil where there is none.
    var builtIn: String?
    /// Whether the default is given in words, because it depends on something else or is a list.
    var isBuiltInWords = false
    var unit: String?
    var effect = KeyEffect.atRestart
    var isRequired = false
    var shortFormOf: String?
    var meaning: String
}

/// A key of whatever kind, as a line of the table.
protocol TableKey: Sendable {
    var entry: KeyEntry { get }
}

extension Key: TableKey {
    var entry: KeyEntry {
        KeyEntry(
            path: path,
            form: kind.form,
            unit: unit,
            effect: effect,
            isRequired: fix != nil,
            shortFormOf: shortFormOf,
            meaning: meaning
        )
    }
}

extension DefaultedKey: TableKey {
    var entry: KeyEntry {
        var entry = key.entry
        entry.builtIn = builtInText ?? key.kind.show(builtIn)
        entry.isBuiltInWords = builtInText != nil
        return entry
    }
}

extension ListKey: TableKey {
    var entry: KeyEntry {
        KeyEntry(
            path: path,
            form: .section,
            isList: true,
            builtIn: builtInText,
            isBuiltInWords: true,
            meaning: meaning
        )
    }
}

extension ScalarListKey: TableKey {
    var entry: KeyEntry {
        var entry = list.entry
        entry.form = kind.form
        return entry
    }
}

extension ConfigurationKeys {
    /// Every key, in the order of the file format.
    static let entries = entries(of: keys)

    /// The paths of keys that change with SIGHUP.
    private static let livePaths = Set(entries.filter { $0.effect == .live }.map(\.path))

    /// Whether a value that a file gives anew holds from SIGHUP on.
    ///
    /// - Parameter path: a key's full path, as in `sampling.rates.payment` or `gates[2].margin`.
    /// - Returns: false also for what is no key.
    package static func isLive(_ path: String) -> Bool {
        livePaths.contains(path) || path.hasPrefix(ratesPrefix)
    }

    /// Whether a key's new value holds from the next start on.
    package static func waits(_ path: String) -> Bool {
        !isLive(path) && entries.contains { $0.path == path }
    }

    private static let ratesPrefix = "sampling.rates."

    /// The members of a group in the order in which they are declared, groups within it opened.
    private static func entries(of group: Any) -> [KeyEntry] {
        Mirror(reflecting: group).children.flatMap { child -> [KeyEntry] in
            if let key = child.value as? any TableKey { return [key.entry] }
            return entries(of: child.value)
        }
    }
}
