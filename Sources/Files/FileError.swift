import Foundation

/// Why a file that somebody named is not read or not written; each description is one sentence that says what would be
/// right.
package struct FileError: Error, Equatable, CustomStringConvertible {
    package enum Reason: Sendable, Equatable {
        case absent
        /// Something else stands there: "a FIFO".
        case notAFile(kind: String)
        case unreadable(String)
        case tooLarge(limitBytes: Int)
        /// What an output would replace, in words.
        case protected(what: String)
        case unwritable(String)
    }

    package let path: String
    package let reason: Reason
    /// What may be named there beside a file: "- for standard input".
    private var alternative: String?

    package init(path: String, reason: Reason) {
        self.path = path
        self.reason = reason
    }

    /// The same, where the command takes something else in place of a file.
    package func offering(_ alternative: String) -> FileError {
        var error = self
        error.alternative = alternative
        return error
    }

    package var description: String {
        switch reason {
        case .absent: "\(path) does not exist; check the path."
        case .notAFile(let kind):
            "\(path) is \(kind) and not a file, so it was left alone; name a file"
                + (alternative.map { ", or \($0)." } ?? ".")
        case .unreadable(let reason): "\(path) cannot be read: \(reason)."
        case .tooLarge(let limit):
            "\(path) is larger than \(limit >> 20) MiB, which is the most that is read at once; cut it into smaller files."
        case .protected(let what): "\(path) is \(what), so nothing is written there; name another file."
        case .unwritable(let reason): "\(path) cannot be written: \(reason)."
        }
    }
}

/// What stands at a path that is no regular file, in words; nil for a regular one.
///
/// - Parameter mode: `st_mode` (inode(7)).
/// - Returns: "a FIFO".
package func otherKind(_ mode: UInt32) -> String? {
    switch mode & S_IFMT {
    case S_IFREG: nil
    case S_IFDIR: "a directory"
    case S_IFLNK: "a link"
    case S_IFIFO: "a FIFO"
    case S_IFSOCK: "a socket"
    case S_IFCHR, S_IFBLK: "a device"
    default: "something else"
    }
}

/// The system's sentence for the last error.
func systemError(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }
