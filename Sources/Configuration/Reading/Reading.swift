internal import Yams

/// One reading of a configuration: what has been found wrong, what is in force, and where each value was said.
///
/// The reading is by hand rather than through `Codable`, because `Codable` loses the line of a value and stops at the
/// first mistake in its own order. Every key is read through ``Section``, which looks, in this order, at the flags, the
/// environment, the file and the default, and notes the key as known. So the list of keys, the variables' names and the
/// rows that `check` prints cannot drift from what is read.
final class Reading {
    let file: String
    let purpose: ConfigurationPurpose
    let environment: [String: String]
    let flags: [ConfigurationFlag]

    /// Mistakes of single values.
    private(set) var problems: [ConfigurationError] = []
    private(set) var rows: [ConfigurationRow] = []
    private(set) var places: [String: ConfigurationError.Place] = [:]
    /// The variables that stand for a key, with the key.
    private(set) var variables: [String: String] = [:]
    /// Variables whose *names* the configuration gives, and which are therefore no misspelt keys.
    var namedVariables: Set<String> = []
    private var sections: [Section] = []
    /// The full paths of every fixed key, by the last component.
    private var pathsByName: [String: [String]] = [:]

    init(file: String, purpose: ConfigurationPurpose, environment: [String: String], flags: [ConfigurationFlag]) {
        self.file = file
        self.purpose = purpose
        self.environment = environment
        self.flags = flags
    }

    /// What is not there at all is told at the beginning.
    var wholeFile: ConfigurationError.Place { .file(file, line: 1, column: nil) }

    func place(_ mark: Mark?) -> ConfigurationError.Place {
        .file(file, line: mark?.line, column: mark?.column)
    }

    func report(
        _ kind: ConfigurationError.Kind,
        _ place: ConfigurationError.Place,
        _ key: String,
        _ message: String
    ) {
        problems.append(ConfigurationError(kind: kind, place: place, key: key, message: message))
    }

    /// Reports a mistake at the place where the key was said, or where the nearest section around it stands.
    func report(_ kind: ConfigurationError.Kind, at key: String, _ message: String) {
        report(kind, placeOrParent(of: key), key, message)
    }

    func placeOrParent(of key: String) -> ConfigurationError.Place {
        var path = Substring(key)
        while true {
            if let place = places[String(path)] { return place }
            guard let cut = path.lastIndex(where: { $0 == "." || $0 == "[" }) else { return wholeFile }
            path = path[..<cut]
        }
    }

    func note(_ key: String, _ place: ConfigurationError.Place) {
        places[key] = place
    }

    func note(_ key: String, value: String, _ place: ConfigurationError.Place?) {
        places[key] = place ?? places[key]
        let origin: ConfigurationOrigin =
            switch place {
            case .file(let name, let line, _): .file(name, line: line ?? 1)
            case .environment(let variable): .environment(variable: variable)
            case .flag(let name): .flag(name)
            case nil: .builtIn
            }
        rows.append(ConfigurationRow(key: key, value: value, origin: origin))
    }

    func replaceRow(_ key: String, value: String) {
        guard let index = rows.firstIndex(where: { $0.key == key }) else { return }
        rows[index].value = value
    }

    func isSaid(_ key: String) -> Bool {
        rows.contains { $0.key == key && $0.origin != .builtIn }
    }

    /// Whether anything below a path was said.
    func isAnythingSaid(below path: String) -> Bool {
        places.keys.contains { $0 == path || $0.hasPrefix(path + ".") || $0.hasPrefix(path + "[") }
    }

    func register(_ section: Section) { sections.append(section) }

    func register(key: String, path: String, variable: String?) {
        pathsByName[key, default: []].append(path)
        if let variable { variables[variable] = path }
    }

    /// A key of that name elsewhere in the file format.
    func elsewhere(_ name: String) -> String? { pathsByName[name]?.first }

    func reportUnknownKeys() {
        for section in sections { section.reportUnknownKeys() }
    }

    /// The mistake to report: the first by line; keys that are missing only where nothing else is wrong, because a
    /// misspelt key is missing too.
    var firstProblem: ConfigurationError? {
        let wrong = problems.filter { $0.kind != .missing }
        return (wrong.isEmpty ? problems : wrong).enumerated().min { left, right in
            let (a, b) = (Self.rank(left.element), Self.rank(right.element))
            return a == b ? left.offset < right.offset : a < b
        }?.element
    }

    private static func rank(_ error: ConfigurationError) -> (Int, Int) {
        switch error.place {
        case .file(_, let line, let column): (line ?? .max - 2, column ?? 0)
        case .flag: (.max - 1, 0)
        case .environment: (.max, 0)
        }
    }
}
