import Foundation

/// The right to serve a store, which one process has at a time.
///
/// A lock by flock(2) on a file beside the store: the kernel gives it back when the process ends, however it ends. Not on
/// the store itself, because closing any descriptor of a database file drops SQLite's own locks on it
/// (sqlite.org/howtocorrupt.html §2.2).
package final class ServingLock: Sendable {
    private let descriptor: Int32

    /// - Parameter path: the store's.
    /// - Throws: `StoreError.served` where another process has it.
    package init(store path: String) throws {
        let file = path + ".serve"
        let opened = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW, 0o600)
        guard opened >= 0 else { throw StoreError.notReadable(path: file, reason: StoreFile.errorText()) }
        descriptor = opened
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw StoreError.notReadable(path: file, reason: "it is not a file")
        }
        // An initialiser that throws with every property set runs `deinit`, which closes. Closing here too would close
        // whatever another thread has opened in between.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw StoreError.served(path: path) }
    }

    deinit { close(descriptor) }
}
