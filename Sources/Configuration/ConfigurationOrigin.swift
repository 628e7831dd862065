/// Where a value that is in force was said.
///
/// Precedence: flag, environment, file, default.
package enum ConfigurationOrigin: Sendable, Equatable, CustomStringConvertible {
    case flag(String)
    case environment(variable: String)
    case file(String, line: Int)
    case builtIn

    package var description: String {
        switch self {
        case .flag(let name): name
        case .environment(let variable): "environment \(variable)"
        case .file(let name, let line): "\(name):\(line)"
        case .builtIn: "default"
        }
    }
}

/// One line of what `understudy check` prints: a key, its value and where it was said.
package struct ConfigurationRow: Sendable, Equatable {
    /// The full path, as in `shadow.breaker.failures`.
    package var key: String
    /// As it would be written in the file.
    ///
    /// Secrets are not values: a `…_env` key shows the variable's name.
    package var value: String
    package var origin: ConfigurationOrigin

    package init(key: String, value: String, origin: ConfigurationOrigin) {
        self.key = key
        self.value = value
        self.origin = origin
    }
}

/// A command-line flag that stands for a key of the file, and wins over it.
package struct ConfigurationFlag: Sendable, Equatable {
    /// As the user typed it: `--store`.
    package var name: String
    /// The key's full path: `store.path`.
    package var key: String
    package var value: String

    package init(name: String, key: String, value: String) {
        self.name = name
        self.key = key
        self.value = value
    }
}
