import Foundation

/// Files that no output of a command may replace.
///
/// Why. `--out` with the wrong name has replaced the store, its key, `/dev/null` and files behind links. Everything but a
/// regular file is refused, and so is what the command itself reads or writes. What it does not know of, another store
/// with its log or a key, is recognised by what it holds.
package struct ProtectedFiles: Sendable {
    /// A place in a folder, by whatever path it is named.
    private struct Place: Hashable {
        var device: dev_t
        var folder: ino_t
        var name: String

        init?(_ path: String) {
            var status = stat()
            let (folder, name) = ProtectedFiles.split(path)
            guard stat(folder, &status) == 0 else { return nil }
            (device, self.folder, self.name) = (status.st_dev, status.st_ino, name)
        }
    }

    private struct Identity: Hashable {
        var device: dev_t
        var number: ino_t
    }

    /// What SQLite keeps beside a database.
    private static let databaseCompanions = ["-wal", "-shm", "-journal"]
    /// What we keep beside one.
    private static let ownCompanions = [".serve", ".funnel", ".new"]
    private static let storeCompanions = [""] + databaseCompanions + ownCompanions
    private static let databaseMagic = Array("SQLite format 3\0".utf8)

    private var places: [Place: String] = [:]
    private var identities: [Identity: String] = [:]

    package init() {}

    /// Protects a file, whether or not it is there yet.
    ///
    /// - Parameters:
    ///   - path: where it is; `-` is none.
    ///   - what: for the message, "the configuration of this command".
    package mutating func protect(_ path: String, as what: String) {
        guard path != "-" else { return }
        if let place = Place(path) { places[place] = what }
        var status = stat()
        // By itself too: a link elsewhere may lead to it, and another name of it may be its own.
        if stat(path, &status) == 0 { identities[Identity(device: status.st_dev, number: status.st_ino)] = what }
    }

    /// Protects a store with all that lies beside it, and beside the file that a link leads to: there SQLite has its own
    /// (its documentation of `SQLITE_OPEN_NOFOLLOW`).
    package mutating func protect(store path: String) {
        var paths = [path]
        if let real = realpath(path, nil) {
            paths.append(String(cString: real))
            free(real)
        }
        for store in paths {
            for companion in Self.storeCompanions {
                protect(
                    store + companion,
                    as: companion.isEmpty ? "the store of this command" : "a part of the store \(path)"
                )
            }
        }
    }

    /// - Throws: `FileError` where nothing may be written to a path.
    func refuse(_ path: String) throws(FileError) {
        let (_, name) = Self.split(path)
        var status = stat()
        let isThere = lstat(path, &status) == 0
        guard isThere || errno == ENOENT || errno == ENOTDIR else {
            throw FileError(path: path, reason: .unwritable(systemError()))
        }
        if name.isEmpty || name == "." || name == ".." {
            throw FileError(path: path, reason: .notAFile(kind: "a directory"))
        }
        if isThere, let kind = otherKind(status.st_mode) {
            throw FileError(path: path, reason: .notAFile(kind: kind))
        }
        let identity = Identity(device: status.st_dev, number: status.st_ino)
        let named = Place(path).flatMap { places[$0] } ?? (isThere ? identities[identity] : nil)
        if let what = named ?? Self.recognised(path, isThere: isThere) {
            throw FileError(path: path, reason: .protected(what: what))
        }
    }

    /// The folder and the name of a path; `.` for the present folder.
    static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let folder = path[..<slash]
        return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
    }

    // MARK: - By what it holds

    /// By its name first: where a process has a database open, to close another descriptor of one of its files takes the
    /// process's locks of it (fcntl(2)).
    private static func recognised(_ path: String, isThere: Bool) -> String? {
        var status = stat()
        for companion in databaseCompanions where path.hasSuffix(companion) {
            let store = String(path.dropLast(companion.count))
            if stat(store, &status) == 0 { return "a part of the database \(store)" }
        }
        if isThere, path.hasSuffix(".key") { return "a key" }
        for companion in ownCompanions where path.hasSuffix(companion) {
            let store = String(path.dropLast(companion.count))
            if beginning(of: store).starts(with: databaseMagic) { return "a part of the database \(store)" }
        }
        return isThere ? recognisedContent(path) : nil
    }

    private static func recognisedContent(_ path: String) -> String? {
        let head = beginning(of: path)
        if head.starts(with: databaseMagic) { return "a database" }
        // The two magic numbers of a log (sqlite.org/fileformat2.html, §4.1).
        if head.starts(with: [0x37, 0x7F, 0x06]), head.count >= 32 { return "the log of a database" }
        let digits = head.last == 0x0A ? head.dropLast() : head[...]
        let isHexadecimal = digits.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte | 0x20 ^ 0x20)
        }
        return digits.count == 64 && isHexadecimal ? "a key" : nil
    }

    /// The first bytes of a regular file, one more than a key has; none where it cannot be read.
    private static func beginning(of path: String) -> [UInt8] {
        (try? InputFile(path: path).next(upTo: 66)) ?? []
    }
}
