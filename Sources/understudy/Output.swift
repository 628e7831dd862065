import Foundation

/// Where words go: results to standard output, complaints and progress to standard error.
enum Output {
    /// Writes a result.
    ///
    /// - Throws: `CommandFailure` where nobody reads any more.
    static func write(_ text: String) throws {
        try write(Data(text.utf8))
    }

    static func write(_ bytes: Data) throws {
        do {
            try FileHandle.standardOutput.write(contentsOf: bytes)
        } catch {
            throw CommandFailure.inputOutput("Standard output cannot be written to.")
        }
    }

    static func complain(_ sentence: String) {
        FileHandle.standardError.write(Data("understudy: \(sentence)\n".utf8))
    }

    /// Shows how far long work has come, on one line, where standard error is a terminal.
    static func progress(_ text: String) {
        guard isTerminal else { return }
        FileHandle.standardError.write(Data("\r\u{1b}[K\(text)".utf8))
    }

    static func endProgress() {
        guard isTerminal else { return }
        FileHandle.standardError.write(Data("\r\u{1b}[K".utf8))
    }

    private static let isTerminal = isatty(STDERR_FILENO) == 1

    /// Replaces a file in one step, readable by its owner alone: written beside, then renamed.
    static func replaceFile(atPath path: String, with bytes: Data) throws {
        let target = URL(fileURLWithPath: path)
        let beside = target.deletingLastPathComponent()
            .appendingPathComponent(".\(target.lastPathComponent).\(UUID().uuidString)")
        let manager = FileManager.default
        guard manager.createFile(atPath: beside.path, contents: bytes, attributes: [.posixPermissions: 0o600]) else {
            throw CommandFailure.inputOutput("\(path) cannot be written; check the folder and its permissions.")
        }
        guard rename(beside.path, target.path) == 0 else {
            try? manager.removeItem(at: beside)
            throw CommandFailure.inputOutput("\(path) cannot be replaced; check what stands there.")
        }
    }
}
