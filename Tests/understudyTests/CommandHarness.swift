import Foundation
import TestSupport
import Vocabulary

/// The built command, run as a user runs it.
enum Command {
    struct Outcome: Sendable {
        var status: Int32
        var output: String
        var complaint: String
    }

    /// The binary that was built beside this test bundle.
    static let path: String = {
        let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        return bundle.appendingPathComponent("understudy").path
    }()

    /// Runs the command to its end; both pipes are read while it runs, so that much output cannot block it.
    static func run(
        _ arguments: [String],
        environment: [String: String] = [:],
        input: String? = nil
    ) async throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("UNDERSTUDY_") }
        variables.merge(environment) { $1 }
        process.environment = variables
        let (output, complaint, fed) = (Pipe(), Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = complaint
        process.standardInput = fed
        try process.run()
        async let said = readAll(output)
        async let complained = readAll(complaint)
        if let input { try fed.fileHandleForWriting.write(contentsOf: Data(input.utf8)) }
        try fed.fileHandleForWriting.close()
        let (text, sentence) = await (said, complained)
        process.waitUntilExit()
        return Outcome(status: process.terminationStatus, output: text, complaint: sentence)
    }

    /// Reads a pipe to its end on a thread of its own: the read blocks.
    private static func readAll(_ pipe: Pipe) async -> String {
        await withCheckedContinuation { continuation in
            let thread = Thread {
                let data = (try? pipe.fileHandleForReading.readToEnd()) ?? Data()
                continuation.resume(returning: String(decoding: data, as: UTF8.self))
            }
            thread.start()
        }
    }
}

/// A folder that is gone after the test.
func withFolder<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
    try await withTemporaryFolder { try await body(URL(fileURLWithPath: $0, isDirectory: true)) }
}

extension URL {
    /// Writes a file into this folder and returns its path.
    func file(_ name: String, _ text: String) throws -> String {
        let url = appendingPathComponent(name)
        try Data(text.utf8).write(to: url)
        return url.path
    }
}
