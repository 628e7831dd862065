/// A file that somebody named, of which only a regular one is ever read.
///
/// Why. open(2) of a FIFO waits for a writer that may never come, and a device may never end. So a path is opened without
/// waiting, and what was opened is looked at before a byte is read: nothing can change in between. A link is followed, as
/// secrets and configurations are mounted as links.

import Foundation

package final class InputFile {
    /// What messages call it.
    package let path: String
    private let descriptor: Int32
    private let isOwned: Bool
    /// At the time of opening; nil for standard input.
    package let byteCount: Int?

    /// Opens a regular file.
    ///
    /// - Throws: `FileError` where it is absent, unreadable or not a regular file.
    package init(path: String) throws(FileError) {
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
        if !isKnown || otherKind(status.st_mode) != nil {
            let reason: FileError.Reason =
                isKnown
                ? .notAFile(kind: otherKind(status.st_mode) ?? "something else") : .unreadable(systemError())
            close(opened)
            throw FileError(path: path, reason: reason)
        }
        self.path = path
        descriptor = opened
        isOwned = true
        byteCount = Int(status.st_size)
    }

    /// Standard input, whatever it is.
    private init(standardInputNamed name: String) {
        path = name
        descriptor = STDIN_FILENO
        isOwned = false
        byteCount = nil
    }

    /// The file of a path, where `-` stands for standard input.
    package static func named(_ path: String) throws(FileError) -> InputFile {
        path == "-" ? InputFile(standardInputNamed: "standard input") : try InputFile(path: path)
    }

    deinit {
        if isOwned { close(descriptor) }
    }

    /// The next bytes; empty at the end.
    package func next(upTo count: Int = 1 << 18) throws(FileError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            var found: Int
            repeat {
                found = read(descriptor, buffer.baseAddress, count)
                failure = found < 0 ? errno : 0
            } while failure == EINTR
            filled = max(0, found)
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
