/// A secret from the environment, which no description, dump or interpolation shows.
package struct Secret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let value: String

    package init(_ value: String) {
        self.value = value
    }

    /// The secret itself, for the one place that sends or compares it.
    package func reveal() -> String { value }

    package var description: String { "(secret)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// The secrets that the configuration names, read from the environment.
package struct Secrets: Sendable, Equatable {
    /// Nil: the console changes nothing.
    package var consoleToken: Secret?
    package var stableAPIKey: Secret?
    package var shadowAPIKey: Secret?

    package init(consoleToken: Secret? = nil, stableAPIKey: Secret? = nil, shadowAPIKey: Secret? = nil) {
        self.consoleToken = consoleToken
        self.stableAPIKey = stableAPIKey
        self.shadowAPIKey = shadowAPIKey
    }
}
