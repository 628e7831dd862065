/// Bounds of what a scoring program may do.
package struct ExternalLimits: Sendable {
    /// Pairs that are out at a time.
    package var inFlight = 256
    /// How long pairs may be out without an answer to any of them.
    package var timeout: Duration = .seconds(120)
    /// How long the program may take to end after its input or its output has ended, and again after SIGTERM.
    package var patience: Duration = .seconds(10)
    /// How long the answers to the first pair may trickle in, one scorer a line.
    var settle: Duration = .milliseconds(250)
    /// Pairs that were answered or given up and may still get lines.
    var remembered = 16_384
    /// Bad lines without a good one between them, after which the program is ended.
    var badLinesInARow = 10_000
    /// Scorers that one program may be.
    var scorers = 32
    /// Bytes of a line, after which the program is ended.
    var lineBytes = 16 << 20

    package init() {}
}

/// A line of a program's output that does not count.
package struct ExternalFault: Sendable, Equatable, CustomStringConvertible {
    /// Numbered from 1.
    package var line: Int
    /// A whole sentence that quotes nothing of the line.
    package var reason: String

    package var description: String { "Line \(line) of the program's output does not count: \(reason)" }
}
