/// What gave a score: its name, which is the score's name, and its version.
package struct Scorer: Sendable, Hashable {
    package var name: String
    package var version: String

    /// The version of every score that came with an imported pair.
    package static let importedVersion = "imported"

    package init(name: String, version: String) {
        self.name = name
        self.version = version
    }
}

/// Whose score it is: an answer's, or the pair's as a whole.
package enum ScoreSubject: Sendable, Hashable {
    case leg(Leg)
    case pair
}

/// One score of a pair or of one of its answers.
package struct Score: Sendable, Equatable {
    package var name: String
    package var subject: ScoreSubject
    package var value: Double

    package init(name: String, subject: ScoreSubject, value: Double) {
        self.name = name
        self.subject = subject
        self.value = value
    }
}
