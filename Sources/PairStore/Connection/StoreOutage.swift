import GRDB

/// Why the store takes nothing for now; a bounded set, used as a metric label.
package enum StoreOutage: String, Error, Sendable, CaseIterable {
    /// The disk is full, or a quota is.
    case full
    /// The file, or its file system, cannot be written to.
    case readOnly = "read_only"
    /// The disk does not do what it is asked.
    case ioError = "io_error"
    /// Another process is writing for longer than the busy time-out.
    case locked
    /// Pages of the file are damaged.
    case corrupt
    /// The file cannot be opened, or is gone.
    case unavailable

    /// What of an operator's concern an error is; nil for an error that is about a row, not about the file.
    ///
    /// The result codes are those of sqlite.org/rescode.html.
    package init?(_ error: any Error) {
        guard let error = error as? DatabaseError else {
            guard let error = error as? StoreError else { return nil }
            switch error {
            case .damaged: self = .corrupt
            case let error where error.isAboutData: return nil
            default: self = .unavailable
            }
            return
        }
        switch error.resultCode {
        case .SQLITE_FULL: self = .full
        case .SQLITE_READONLY: self = error.extendedResultCode == .SQLITE_READONLY_DBMOVED ? .unavailable : .readOnly
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .locked
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .corrupt
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH: self = .unavailable
        case .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_TOOBIG, .SQLITE_RANGE: return nil
        default: self = .ioError
        }
    }

    /// What an operator reads.
    package var sentence: String {
        switch self {
        case .full: "the disk that the store is on is full"
        case .readOnly: "the store's file or its file system is read-only"
        case .ioError: "the disk that the store is on reports errors"
        case .locked: "another process is writing to the store"
        case .corrupt: "pages of the store are damaged"
        case .unavailable: "the store's file cannot be opened, or was moved"
        }
    }
}
