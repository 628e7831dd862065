import Foundation

/// A folder of this process alone for a copy of something large, gone when it is let go or a signal comes.
package final class TemporaryFolder {
    package let path: String
    private let removals: [RemovalOnSignal.Slot]

    /// Makes a folder where there is room.
    ///
    /// - Parameters:
    ///   - bytes: what is going to be put into it.
    ///   - names: the files that it is going to hold; a signal removes these, and leaves the folder empty.
    /// - Throws: `FileError` where no place has so much room.
    package init(roomBytes bytes: Int, names: [String]) throws(FileError) {
        // The last is memory, where all disks are full.
        let places = [ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp", "/var/tmp", "/dev/shm"]
        var made: String?
        for place in places where Self.freeBytes(at: place) ?? 0 > bytes + bytes / 4 + (16 << 20) {
            var template = Array("\(place)/understudy-XXXXXX".utf8CString)
            // With mode 0700 (mkdtemp(3)).
            guard mkdtemp(&template) != nil else { continue }
            made = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
            break
        }
        guard let path = made else {
            throw FileError(
                path: places[0],
                reason: .unwritable(
                    "a copy of \(bytes >> 20) MiB needs a temporary folder with room, which TMPDIR names"
                )
            )
        }
        self.path = path
        removals = names.map { RemovalOnSignal.add(path + "/" + $0) }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
        removals.forEach(RemovalOnSignal.remove)
    }

    /// What the file system of a folder has left for others than root; nil where that cannot be told.
    package static func freeBytes(at folder: String) -> Int? {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return nil }
        return Int(clamping: status.f_bavail.multipliedReportingOverflow(by: UInt(status.f_frsize)).partialValue)
    }
}
