import Foundation
import Testing

@testable import Files

struct InputFileTests {
    @Test(.timeLimit(.minutes(1)))
    func `only a regular file is opened, and nothing is waited for`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("files-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
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

    @Test func `a file is read to its end, and one that is too large is not read`() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("file-\(UUID().uuidString)").path
        let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        defer { unlink(path) }
        let link = path + ".link"
        symlink(path, link)
        defer { unlink(link) }
        #expect(try InputFile(path: link).whole(limitBytes: bytes.count) == bytes)
        let error = #expect(throws: FileError.self) { try InputFile(path: path).whole(limitBytes: bytes.count - 1) }
        #expect(error?.reason == .tooLarge(limitBytes: bytes.count - 1))
    }
}
