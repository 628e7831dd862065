import Foundation

/// A file that somebody named, of which only a regular one is ever read, or a pipe that this process was given.
///
/// Why. open(2) of a FIFO waits for a writer that may never come, and a device may never end. So a path is opened without
/// waiting, and what was opened is looked at before a byte is read: nothing can change in between. A link is followed, as
/// secrets and configurations are mounted as links.
///
/// Pipes. What a shell puts for `<(zcat pairs.gz)` is `/dev/fd/63`, a pipe whose other end another process has from the
/// start, and `/dev/stdin` is one behind `|`. Where that is allowed, a FIFO is read that this process has open already, by
/// whatever path, and a FIFO that lies in a folder is not.
package final class InputFile {
    /// What messages call it.
    package let path: String
    private let descriptor: Int32
    private let isOwned: Bool
    /// At the time of opening; nil for standard input and for a pipe.
    package let byteCount: Int?

    /// Opens a regular file.
    ///
    /// - Parameters:
    ///   - path: where it is.
    ///   - allowsPipe: whether a pipe that this process was given will do; reading it waits for who writes it.
    /// - Throws: `FileError` where it is absent, unreadable or not a regular file.
    package init(path: String, allowsPipe: Bool = false) throws(FileError) {
        let opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard opened >= 0 else {
            switch errno {
            case ENOENT: throw FileError(path: path, reason: .absent)
            // What open(2) says of a socket.
            case ENXIO: throw FileError(path: path, reason: .notAFile(kind: "a socket or a device"))
            default: throw FileError(path: path, reason: .unreadable(systemError()))
            }
        }
        var status = stat()
        let isKnown = fstat(opened, &status) == 0
        let isPipe = isKnown && allowsPipe && Self.isGivenPipe(opened, status)
        if !isKnown || otherKind(status.st_mode) != nil && !isPipe {
            let reason: FileError.Reason =
                isKnown
                ? .notAFile(kind: otherKind(status.st_mode) ?? "something else") : .unreadable(systemError())
            close(opened)
            throw FileError(path: path, reason: reason)
        }
        self.path = path
        descriptor = opened
        isOwned = true
        byteCount = isPipe ? nil : Int(status.st_size)
    }

    /// What somebody else opened and closes, whatever it is.
    init(descriptor: Int32, named name: String) {
        path = name
        self.descriptor = descriptor
        isOwned = false
        byteCount = nil
    }

    /// The file of a path, or a pipe that this process was given, where `-` stands for standard input.
    package static func named(_ path: String) throws(FileError) -> InputFile {
        guard path != "-" else { return InputFile(descriptor: STDIN_FILENO, named: "standard input") }
        do {
            return try InputFile(path: path, allowsPipe: true)
        } catch {
            throw error.offering("- for standard input")
        }
    }

    /// Whether an opened file is a pipe whose reading end this process has beside, and whose writing end it has not: that
    /// would never end.
    private static func isGivenPipe(_ opened: Int32, _ status: stat) -> Bool {
        guard status.st_mode & S_IFMT == S_IFIFO,
            let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        else { return false }
        var isReader = false
        for other in names.compactMap({ Int32($0) }) where other != opened {
            var found = stat()
            guard fstat(other, &found) == 0, found.st_dev == status.st_dev, found.st_ino == status.st_ino else {
                continue
            }
            guard fcntl(other, F_GETFL) & O_ACCMODE == O_RDONLY else { return false }
            isReader = true
        }
        return isReader
    }

    deinit {
        if isOwned { close(descriptor) }
    }

    /// The next bytes; empty at the end.
    package func next(upTo count: Int = 1 << 18) throws(FileError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            (filled, failure) = readSome(UnsafeMutableRawBufferPointer(buffer), from: descriptor)
        }
        guard failure == 0 else { throw FileError(path: path, reason: .unreadable(systemError(failure))) }
        return bytes
    }

    /// The whole of a file that is not larger than it may be.
    ///
    /// - Throws: `FileError`; one that is too large is not read, as far as its size is known.
    package func whole(limitBytes limit: Int) throws(FileError) -> [UInt8] {
        guard byteCount ?? 0 <= limit else { throw FileError(path: path, reason: .tooLarge(limitBytes: limit)) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount ?? 0)
        while true {
            let more = try next()
            if more.isEmpty { return bytes }
            guard bytes.count + more.count <= limit else {
                throw FileError(path: path, reason: .tooLarge(limitBytes: limit))
            }
            bytes += more
        }
    }

    /// The mode and the owner of the opened file.
    package func ownership() throws(FileError) -> (mode: UInt32, owner: UInt32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw FileError(path: path, reason: .unreadable(systemError()))
        }
        return (status.st_mode, status.st_uid)
    }
}
