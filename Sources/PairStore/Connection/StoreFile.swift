import Files
import Foundation

/// The store's file on disk: who may read it, and whether it is a store at all.
///
/// SQLite gives `-wal` and `-shm` the mode of the database file when it creates them (`findCreateFileMode` in
/// os_unix.c), so a file that is created with 0600 before SQLite opens it keeps its companions private too. Files that
/// were loosened later are tightened on the next opening for writing.
enum StoreFile {
    /// "USTY", in the header's application id (sqlite.org/fileformat2.html §1.3.15).
    static let applicationID = 0x5553_5459

    private static let companions = ["", "-wal", "-shm"]

    enum Kind: Equatable {
        case absent
        /// A file of no bytes, as `mktemp` leaves: may become a store.
        case empty
        case database
        case foreign
    }

    /// What the path holds, by its first bytes; opens nothing as a database.
    static func kind(of path: String) throws -> Kind {
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard errno == ENOENT else {
                throw StoreError.notReadable(path: path, reason: errorText())
            }
            return .absent
        }
        guard status.st_mode & S_IFMT == S_IFREG else { return .foreign }
        guard status.st_size > 0 else { return .empty }
        // Without waiting: it may have become a FIFO since.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw StoreError.notReadable(path: path, reason: errorText()) }
        defer { close(descriptor) }
        let magic = Array("SQLite format 3\0".utf8)
        var head = [UInt8](repeating: 0, count: magic.count)
        let count = read(descriptor, &head, head.count)
        return count == magic.count && head == magic ? .database : .foreign
    }

    /// Refuses companions that are no files: SQLite would wait for ever for a FIFO that is called like a journal.
    static func refuseOtherCompanions(of path: String) throws {
        for companion in companions.dropFirst() + ["-journal"] {
            var status = stat()
            guard stat(path + companion, &status) == 0, let kind = otherKind(status.st_mode) else { continue }
            throw StoreError.notAFile(path: path + companion, kind: kind)
        }
    }

    /// What tells one file from another at the same path.
    struct Identity: Hashable {
        var device: dev_t
        var number: ino_t
    }

    /// Which file is at the path; nil for none.
    static func identity(of path: String) -> Identity? {
        var status = stat()
        return stat(path, &status) == 0 ? Identity(device: status.st_dev, number: status.st_ino) : nil
    }

    /// Creates an empty file that only its owner can read, or leaves an empty one that is there.
    static func create(at path: String) throws {
        let folder = (path as NSString).deletingLastPathComponent
        var isFolder: ObjCBool = false
        let folderPath = folder.isEmpty ? "." : folder
        guard FileManager.default.fileExists(atPath: folderPath, isDirectory: &isFolder), isFolder.boolValue else {
            throw StoreError.noFolder(path: folderPath)
        }
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else { throw StoreError.notReadable(path: path, reason: errorText()) }
        close(descriptor)
        try restrict(path)
    }

    /// A name beside the store that nothing has, by the second.
    static func asidePath(of path: String, at time: Date) throws -> String {
        let digits = ISO8601DateFormatter.string(
            from: time,
            timeZone: .gmt,
            formatOptions: [.withYear, .withMonth, .withDay, .withTime, .withTimeZone]
        )
        let name = "\(path).corrupt-\(digits)"
        for number in 1...1_000 {
            let aside = number == 1 ? name : "\(name)-\(number)"
            if try kind(of: aside) == .absent { return aside }
        }
        throw StoreError.notReadable(path: path, reason: "a thousand damaged stores lie beside it")
    }

    /// Deletes what an earlier try left of a store that never came to be.
    static func remove(_ path: String) throws {
        for companion in companions {
            guard unlink(path + companion) == 0 || errno == ENOENT else {
                throw StoreError.notReadable(path: path + companion, reason: errorText())
            }
        }
    }

    /// Renames a store with its companions; nothing is ever replaced.
    static func move(_ path: String, to target: String) throws {
        // The log first: a store without its log is older than one that was not moved.
        for companion in companions.reversed() {
            guard rename(path + companion, target + companion) == 0 || errno == ENOENT else {
                throw StoreError.notReadable(path: path + companion, reason: errorText())
            }
        }
    }

    /// Takes every right of others away from the store and its companions.
    static func restrict(_ path: String) throws {
        for companion in companions {
            let file = path + companion
            var status = stat()
            guard stat(file, &status) == 0, status.st_mode & 0o077 != 0 else { continue }
            guard chmod(file, 0o600) == 0 else {
                throw StoreError.notReadable(
                    path: file,
                    reason: "others may read it and its mode cannot be changed (\(errorText()))"
                )
            }
        }
    }

    /// The system's sentence for the last error.
    static func errorText(_ code: Int32 = errno) -> String {
        String(cString: strerror(code))
    }
}
