import Files
package import Foundation
import Vocabulary

/// Where words go: results to standard output, complaints and progress to standard error.
package enum Output {
    /// Writes a result.
    ///
    /// - Throws: `CommandFailure` where nobody reads any more.
    package static func write(_ text: String) throws {
        try write(Data(text.utf8))
    }

    package static func write(_ bytes: Data) throws {
        guard bytes.withUnsafeBytes({ writeAll($0, to: STDOUT_FILENO) }) == 0 else {
            throw CommandFailure.inputOutput("Standard output cannot be written to.")
        }
    }

    /// Writes a line of a result in words, in which names from elsewhere may stand.
    package static func say(_ line: String) throws {
        try write(line.visible() + "\n")
    }

    /// Writes a complaint to standard error, in which names from elsewhere may stand.
    package static func complain(_ sentence: String) {
        tell("understudy: \(sentence.visible())\n")
    }

    /// Shows how far long work has come, on one line, where standard error is a terminal.
    package static func progress(_ text: String) {
        guard isTerminal else { return }
        tell("\r\u{1b}[K\(text.visible())")
    }

    package static func endProgress() {
        guard isTerminal else { return }
        tell("\r\u{1b}[K")
    }

    /// Where nobody reads standard error, there is nobody to tell it to.
    private static func tell(_ text: String) {
        _ = Data(text.utf8).withUnsafeBytes { writeAll($0, to: STDERR_FILENO) }
    }

    private static let isTerminal = isatty(STDERR_FILENO) == 1
}
