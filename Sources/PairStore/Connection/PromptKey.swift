import Files
import Foundation
import Vocabulary

/// The key under which prompts and sessions are hashed.
///
/// It lies in a file of its own outside the database, so that a copy of the database alone allows no dictionary attack
/// on the hashes. It is made only together with a new store: a key that was made later would silently hash the same
/// prompt to something else.
package struct PromptKey: Sendable, Equatable {
    /// 32 random bytes.
    package let bytes: [UInt8]

    /// Reads a key file.
    ///
    /// - Throws: `StoreError` where the file is absent, no regular file, malformed, open to others, or another user's.
    package static func load(path: String, store: String = "beside it") throws -> PromptKey {
        let text: String
        do {
            let file = try InputFile(path: path)
            // Of the open file, so that nothing can change between the look and the reading.
            let (mode, owner) = try file.ownership()
            guard mode & 0o077 == 0 else {
                throw StoreError.keyPermissions(path: path, mode: String(mode & 0o777, radix: 8))
            }
            guard isTrusted(owner: owner, by: geteuid()) else {
                throw StoreError.keyOwner(path: path, owner: Int(owner))
            }
            text = String(decoding: try file.next(upTo: 128), as: UTF8.self)
                .trimmingCharacters(in: .whitespacesAndNewlines)
        } catch let error as FileError {
            switch error.reason {
            case .absent: throw StoreError.keyMissing(path: path, store: store)
            case .notAFile(let kind): throw StoreError.notAFile(path: path, kind: kind)
            case .unreadable(let reason): throw StoreError.keyNotReadable(path: path, reason: reason)
            default: throw StoreError.keyNotReadable(path: path, reason: error.description)
            }
        }
        guard let bytes = decodeHexadecimal(text), bytes.count == 32 else {
            throw StoreError.keyMalformed(path: path)
        }
        return PromptKey(bytes: bytes)
    }

    /// Whether a key that only its owner can read may be used by a user.
    ///
    /// Root uses everybody's: `sudo understudy store forget` is about the store of the service's user.
    static func isTrusted(owner: UInt32, by user: UInt32) -> Bool { owner == user || owner == 0 || user == 0 }

    /// Reads the key file, or makes one while the store has no pairs.
    ///
    /// - Throws: `StoreError.keyMissing` where the file is absent beside a store that has pairs, and what `load` throws.
    package static func loadOrCreate(path: String, beside store: Store) throws -> PromptKey {
        do {
            return try load(path: path, store: store.path)
        } catch StoreError.keyMissing {
            guard store.access != .readOnly, try store.pairs.isEmpty else {
                throw StoreError.keyMissing(path: path, store: store.path)
            }
        }
        var generator = SystemRandomNumberGenerator()
        let key = PromptKey(bytes: (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) })
        do {
            try key.write(path: path)
        } catch StoreError.keyNotWritten(path, StoreFile.errorText(EEXIST)) {
            // Another process made it in the meantime.
            return try load(path: path, store: store.path)
        }
        return key
    }

    /// Writes beside and links, so that nobody ever reads half a key and no key is ever replaced.
    private func write(path: String) throws {
        let draft = "\(path).\(getpid()).\(UInt32.random(in: 0...UInt32.max)).new"
        func failure() -> StoreError { .keyNotWritten(path: path, reason: StoreFile.errorText()) }
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure() }
        defer { unlink(draft) }
        let text = Array((hexadecimal(bytes) + "\n").utf8)
        let written = text.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
        let synced = fsync(descriptor)
        close(descriptor)
        guard written == text.count, synced == 0 else { throw failure() }
        guard link(draft, path) == 0 else { throw failure() }
    }
}

/// The bytes of an even number of hexadecimal digits, either case; nil for anything else.
func decodeHexadecimal(_ text: some StringProtocol) -> [UInt8]? {
    func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x41 + 10
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }
    let digits = text.utf8
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 2)
    var high: UInt8?
    for digit in digits {
        guard let value = value(digit) else { return nil }
        if let first = high {
            bytes.append(first << 4 | value)
            high = nil
        } else {
            high = value
        }
    }
    return bytes
}
