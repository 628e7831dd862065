import Files
import Foundation
package import PairStore

/// Stores to look at, whether or not anything can be written where they lie.
///
/// Why. A store is looked at most when something is wrong, and a full disk is what goes wrong. SQLite needs a file beside
/// the store to read it, scores that are missing are worked out and kept, and neither is possible then or on a read-only
/// file system.
///
/// How. The store is opened as always. Where that or the scoring fails because nothing can be written, a private copy in a
/// temporary folder is opened in its place, and is gone afterwards. A serving process's store is copied by SQLite, as one
/// snapshot; one that nobody has open is copied as it lies.
package enum StoreLook {
    /// Less is taken for a full disk: a log that cannot grow by this is soon one.
    private static let leastFreeBytes = 1 << 20
    private static let name = "store.sqlite"

    /// Opens stores for the time of a closure.
    ///
    /// - Parameters:
    ///   - paths: the stores.
    ///   - scored: whether pairs that have no scores are scored first.
    ///   - body: must not keep the stores.
    /// - Returns: what the body returns.
    /// - Throws: what opening and the body throw.
    package static func with<Result>(
        _ paths: [String],
        scored: Bool,
        _ body: ([Store]) throws -> Result
    ) throws -> Result {
        var folders: [TemporaryFolder] = []
        defer { withExtendedLifetime(folders) {} }
        let stores = try paths.map { path in
            do {
                return try open(path, scored: scored)
            } catch {
                guard let outage = unwritable(error) else { throw error }
                let (store, folder) = try copy(of: path)
                folders.append(folder)
                Output.complain(
                    "Nothing can be written beside \(path) (\(outage.sentence)), so a copy of it in \(folder.path) is looked "
                        + "at; scores that are worked out now are not kept."
                )
                if scored { try store.scoreWhatLacksScores() }
                return store
            }
        }
        return try body(stores)
    }

    private static func open(_ path: String, scored: Bool) throws -> Store {
        let folder = (path as NSString).deletingLastPathComponent
        if FileManager.default.fileExists(atPath: path),
            let free = TemporaryFolder.freeBytes(at: folder.isEmpty ? "." : folder), free < leastFreeBytes
        {
            throw StoreOutage.full
        }
        let store = try Store.open(path: path, access: .readWrite)
        if scored { try store.scoreWhatLacksScores() }
        return store
    }

    /// The outage that a copy helps against; nil for every other error.
    private static func unwritable(_ error: any Error) -> StoreOutage? {
        let outage: StoreOutage?
        switch error {
        case let error as StoreOutage: outage = error
        // SQLite's word where another process holds the store: a copy would not help against that.
        case StoreError.notReadable(_, let reason): outage = reason.contains("locked") ? nil : .readOnly
        case is StoreError: outage = nil
        default: outage = StoreOutage(error)
        }
        return outage.flatMap { [.full, .readOnly, .ioError, .unavailable].contains($0) ? $0 : nil }
    }

    /// Copies a store that somebody may have open, or had open when they were killed.
    ///
    /// - Throws: what reading says, where it cannot be read and somebody may be writing: file and log as they lie may then be of
    ///   two times.
    package static func copyBesideOthers(_ path: String, parts: [String], to target: String) throws {
        do {
            try Store.open(path: path, access: .readOnly).copy(to: target)
        } catch {
            guard let lock = try? ServingLock(store: path) else { throw error }
            defer { withExtendedLifetime(lock) {} }
            for part in ["", "-wal", "-journal"] { try? FileManager.default.removeItem(atPath: target + part) }
            try copyAsItLies(path, parts: parts, to: target)
        }
    }

    private static func copyAsItLies(_ path: String, parts: [String], to target: String) throws {
        for part in parts { try FileManager.default.copyItem(atPath: path + part, toPath: target + part) }
    }

    private static func copy(of path: String) throws -> (Store, TemporaryFolder) {
        let manager = FileManager.default
        let parts = ["", "-wal"].filter { manager.fileExists(atPath: path + $0) }
        // What a directory or a FIFO is told by.
        let sizes = try parts.map { try InputFile(path: path + $0).byteCount ?? 0 }
        let folder = try TemporaryFolder(
            roomBytes: sizes.reduce(0, +),
            names: ["", "-wal", "-shm", "-journal"].map { name + $0 }
        )
        let target = folder.path + "/" + name
        if manager.fileExists(atPath: path + "-shm") {
            try copyBesideOthers(path, parts: parts, to: target)
        } else {
            try copyAsItLies(path, parts: parts, to: target)
        }
        return (try Store.open(path: target, access: .readWrite), folder)
    }
}
