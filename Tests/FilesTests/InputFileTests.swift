import Foundation
import TestSupport
import Testing

@testable import Files

struct InputFileTests {
    private let temporary: TestFolder

    init() throws {
        temporary = try TestFolder()
    }

    @Test(.hangLimit)
    func `only a regular file is opened, and nothing is waited for`() throws {
        let folder = temporary.path
        mkfifo(folder + "/fifo", 0o600)
        symlink(folder + "/fifo", folder + "/link")
        for (path, kind) in [
            (folder, "a directory"), (folder + "/fifo", "a FIFO"), (folder + "/link", "a FIFO"),
            ("/dev/null", "a device"),
        ] {
            #expect(throws: FileError(path: path, reason: .notAFile(kind: kind))) { try InputFile(path: path) }
        }
        #expect(throws: FileError(path: folder + "/none", reason: .absent)) { try InputFile(path: folder + "/none") }
    }

    /// Both ends of a new pipe.
    private func pipeEnds() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        return (ends[0], ends[1])
    }

    @Test(.hangLimit, arguments: ["/dev/fd/", "/proc/self/fd/"])
    func `a pipe that was given is read to its end where pipes are allowed`(_ folder: String) throws {
        let (reading, writing) = try pipeEnds()
        defer { close(reading) }
        let path = folder + "\(reading)"
        let link = temporary.path + "/pipe"
        symlink(path, link)
        _ = Array("words".utf8).withUnsafeBytes { writeAll($0, to: writing) }
        // With its writing end here, reading would wait for ourselves.
        #expect(throws: FileError.self) { try InputFile(path: path, allowsPipe: true) }
        close(writing)
        #expect(throws: FileError(path: path, reason: .notAFile(kind: "a FIFO"))) { try InputFile(path: path) }
        let file = try InputFile(path: link, allowsPipe: true)
        #expect(file.byteCount == nil)
        #expect(try file.whole(limitBytes: 100) == Array("words".utf8))
    }

    @Test(.hangLimit) func `a FIFO in a folder is no pipe that was given, and is told truly`() throws {
        let path = temporary.path + "/fifo"
        mkfifo(path, 0o600)
        let plain = #expect(throws: FileError.self) { try InputFile(path: path, allowsPipe: true) }
        #expect(plain?.description.hasSuffix("is a FIFO and not a file, so it was left alone; name a file.") == true)
        let named = #expect(throws: FileError.self) { try InputFile.named(path) }
        #expect(named?.description.hasSuffix("name a file, or - for standard input.") == true)
    }

    @Test(.hangLimit) func `what does not wait by itself is waited for`() throws {
        let (reading, writing) = try pipeEnds()
        for end in [reading, writing] { _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK) }
        let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        // More than a pipe holds.
        let writer = Thread {
            _ = bytes.withUnsafeBytes { writeAll($0, to: writing) }
            close(writing)
        }
        writer.start()
        defer { close(reading) }
        #expect(try InputFile(descriptor: reading, named: "a pipe").whole(limitBytes: bytes.count) == bytes)
    }

    @Test func `a file is read to its end, and one that is too large is not read`() throws {
        let path = temporary.path + "/file"
        let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let link = path + ".link"
        symlink(path, link)
        #expect(try InputFile(path: link).whole(limitBytes: bytes.count) == bytes)
        let error = #expect(throws: FileError.self) { try InputFile(path: path).whole(limitBytes: bytes.count - 1) }
        #expect(error?.reason == .tooLarge(limitBytes: bytes.count - 1))
    }
}
