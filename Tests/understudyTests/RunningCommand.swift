import Foundation
import Threads

/// A command that runs until it is told to stop, and whose lines a test waits for.
final class RunningCommand: Sendable {
    private let process: SendableProcess
    private let lines: AsyncStream<String>
    private let complaints: AsyncStream<String>
    private let said: Transcript

    /// Safe to share: `Process` is started once before it is shared, and `terminate`, `waitUntilExit` and
    /// `terminationStatus` may be called from any thread.
    private struct SendableProcess: @unchecked Sendable {
        let process: Process
    }

    /// Every line of both outputs.
    private final class Transcript: Sendable {
        let lines = Locked<[String]>([])
    }

    /// - Parameters:
    ///   - arguments: of the command.
    ///   - environment: further variables.
    ///   - openFiles: how many files it may open; nil for as many as the test may.
    /// - Throws: What `Process` throws.
    init(_ arguments: [String], environment: [String: String] = [:], openFiles: Int? = nil) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: openFiles == nil ? Command.path : "/bin/sh")
        let limited = openFiles.map { ["-c", "ulimit -n \($0) && exec \"$0\" \"$@\"", Command.path] } ?? []
        process.arguments = limited + arguments
        var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("UNDERSTUDY_") }
        variables.merge(environment) { $1 }
        process.environment = variables
        let (output, complaint) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = complaint
        try process.run()
        self.process = SendableProcess(process: process)
        said = Transcript()
        lines = Self.lines(of: output.fileHandleForReading, said)
        complaints = Self.lines(of: complaint.fileHandleForReading, said)
    }

    /// The lines that come through a pipe; the stream ends with the process.
    private static func lines(of pipe: FileHandle, _ said: Transcript) -> AsyncStream<String> {
        let (lines, continuation) = AsyncStream<String>.makeStream()
        // The read blocks, so it has a thread of its own.
        let thread = Thread {
            // FileHandle's reads wait for a full buffer; read(2) gives what is there.
            var rest: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 4_096)
            while true {
                let count = read(pipe.fileDescriptor, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                rest += buffer[..<count]
                while let end = rest.firstIndex(of: 0x0a) {
                    let line = String(decoding: rest[..<end], as: UTF8.self)
                    said.lines.withLock { $0.append(line) }
                    continuation.yield(line)
                    rest.removeSubrange(...end)
                }
            }
            continuation.finish()
        }
        thread.start()
        return lines
    }

    /// A test that ends early, by an error or its time limit, leaves no server behind.
    deinit {
        if process.process.isRunning { kill(process.process.processIdentifier, SIGKILL) }
    }

    /// The next line that begins with a word; nil where the command ended before it said so.
    func line(beginning word: String) async -> String? {
        for await line in lines where line.hasPrefix(word) { return line }
        return nil
    }

    /// Waits until `serve` has said both of its addresses, in any order; nil where it ended before.
    func ports() async -> (gateway: Int, console: Int)? {
        var gateway: Int?
        var console: Int?
        for await line in lines {
            if line.hasPrefix("gateway on") { gateway = line.port }
            if line.hasPrefix("console on") { console = line.port }
            if let gateway, let console { return (gateway, console) }
        }
        return nil
    }

    /// The next line on standard error that contains some words; nil where the command ended before it said so.
    func complaint(containing words: String) async -> String? {
        for await line in complaints where line.contains(words) { return line }
        return nil
    }

    /// All that it has said so far, on both outputs.
    var transcript: String { said.lines.withLock { $0.joined(separator: "\n") } }

    var processIdentifier: Int32 { process.process.processIdentifier }

    func signal(_ number: Int32) {
        kill(process.process.processIdentifier, number)
    }

    /// Waits for the end, off the cooperative pool.
    func ended() async -> Int32 {
        let process = process
        return await withCheckedContinuation { continuation in
            Thread {
                process.process.waitUntilExit()
                continuation.resume(returning: process.process.terminationStatus)
            }.start()
        }
    }
}

extension String {
    /// The port of the first URL in this line.
    var port: Int? {
        firstMatch(of: /http:\/\/127\.0\.0\.1:(\d+)/).flatMap { Int($0.1) }
    }
}
