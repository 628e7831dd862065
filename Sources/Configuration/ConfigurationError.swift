/// What is wrong with the configuration: one whole sentence that names the place, the key and the fix.
///
/// `understudy.yaml:12: sampling.rate is 1.5, but a rate lies between 0 and 1; write for example 0.1.`
package struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of mistake it is; bounded, for tests and metrics.
    package enum Kind: String, Sendable, CaseIterable {
        /// The file cannot be read.
        case unreadable
        /// It is not YAML, or not a mapping.
        case syntax
        case unknownKey
        case wrongValue
        case missing
        /// Values that are right each by itself but not together.
        case contradiction
        /// A variable that a `…_env` key names is not set.
        case missingSecret
        /// A variable that looks like a misspelt `UNDERSTUDY_…`.
        case unknownVariable
    }

    /// Where the wrong value was said.
    package enum Place: Sendable, Equatable {
        /// Line and column count from 1; nil where the file as a whole is meant.
        case file(String, line: Int?, column: Int?)
        case environment(variable: String)
        case flag(String)
    }

    package var kind: Kind
    package var place: Place
    /// The key's full path, as in `gates[2].margin`; empty where no key is meant.
    package var key: String
    /// The sentence without the place.
    ///
    /// It never holds a secret.
    package var message: String

    package init(kind: Kind, place: Place, key: String, message: String) {
        self.kind = kind
        self.place = place
        self.key = key
        self.message = message
    }

    package var file: String? {
        if case .file(let name, _, _) = place { name } else { nil }
    }

    /// The line in the file, from 1.
    package var line: Int? {
        if case .file(_, let line, _) = place { line } else { nil }
    }

    package var description: String {
        switch place {
        case .file(let name, let line?, _): "\(name):\(line): \(message)"
        case .file(let name, nil, _): "\(name): \(message)"
        case .environment(let variable): "\(variable): \(message)"
        case .flag(let name): "\(name): \(message)"
        }
    }
}
