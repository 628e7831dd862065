import Foundation

/// A file that is written beside its place and takes it in one step.
///
/// Why. Exports hold people's words. So the file is its owner's alone from the first byte, whoever reads the old one never
/// sees half of the new one, and where writing does not come to its end (an error, a signal, a full disk) nothing of it
/// stays. What stands at the place is looked at first: nothing but a regular file is ever replaced, and none of ours
/// (`ProtectedFiles`).
///
/// Limits. SIGKILL and a loss of power leave the file beside, which others cannot read. The place is looked at twice, when
/// writing begins and when it ends; what is put there in between is replaced, and never followed or written to.
package final class OutputFile {
    package let path: String
    private let beside: String
    /// nil once the file is in its place, or gone: the place in the table may then be another file's.
    private var removal: RemovalOnSignal.Slot
    private let protected: ProtectedFiles
    /// -1 when it is closed.
    private var descriptor: Int32
    private var isMade = false
    private var isInPlace = false

    /// Begins a file.
    ///
    /// - Parameters:
    ///   - path: where it is going to be.
    ///   - protected: files that it must not replace.
    /// - Throws: `FileError` where it cannot be written, or must not be.
    package init(path: String, sparing protected: ProtectedFiles) throws(FileError) {
        try protected.refuse(path)
        let (folder, name) = ProtectedFiles.split(path)
        let number = String(UInt64.random(in: 0...UInt64.max), radix: 16)
        // A name of a file has 255 bytes at most.
        beside = "\(folder)/.\(String(decoding: name.utf8.prefix(150), as: UTF8.self)).\(number)"
        self.path = path
        self.protected = protected
        removal = RemovalOnSignal.add(beside)
        descriptor = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let reason = errno == ENOENT ? "the folder \(folder) does not exist" : systemError()
            RemovalOnSignal.remove(removal)
            removal = nil
            throw FileError(path: path, reason: .unwritable(reason))
        }
        isMade = true
    }

    deinit { discard() }

    package func write(_ bytes: some Sequence<UInt8>) throws(FileError) {
        let failure = Array(bytes).withUnsafeBytes { writeAll($0, to: descriptor) }
        guard failure == 0 else { throw FileError(path: path, reason: .unwritable(systemError(failure))) }
    }

    /// Ends the file and puts it into its place, where it is safe from a loss of power.
    package func commit() throws(FileError) {
        let ended = descriptor
        guard fsync(ended) == 0 else { throw FileError(path: path, reason: .unwritable(systemError())) }
        // It is closed even where close(2) tells an error, and its number may be another file's at once.
        descriptor = -1
        guard close(ended) == 0 else { throw FileError(path: path, reason: .unwritable(systemError())) }
        try protected.refuse(path)
        guard rename(beside, path) == 0 else { throw FileError(path: path, reason: .unwritable(systemError())) }
        RemovalOnSignal.remove(removal)
        removal = nil
        isInPlace = true
        let folder = open(ProtectedFiles.split(path).folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        // A file system that cannot sync a folder has its own way.
        fsync(folder)
        close(folder)
    }

    /// Leaves nothing behind, where it was not put into its place.
    private func discard() {
        guard isMade, !isInPlace else { return }
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
        unlink(beside)
        RemovalOnSignal.remove(removal)
    }
}
