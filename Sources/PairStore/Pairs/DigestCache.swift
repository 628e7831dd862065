// What is remembered of texts that strangers chose: a value for each, in bounded memory.
//
// Why. The writer looks up the same few words, classes and formats for every pair, so their numbers are remembered. Whoever
// may choose such a text must not choose how much memory that takes: `tools` of 30 MB, each a little different, once were
// 28 MB for each request, for good.
// How. The key is a digest of fixed size, never the text. Entries live in two generations: a full younger one becomes the
// older, whose entries are forgotten but for those that were asked for meanwhile (as caches of two queues do it; T. Johnson
// and D. Shasha, "2Q", VLDB 1994, is the idea at length). No entry has links or a time of its own, so a hit costs one look.
// Limits. What is forgotten is looked up in the store again. SHA-256 is not expected to collide, so equal keys are taken for
// equal texts.

import Crypto

/// What tells texts apart, in 33 bytes.
struct TextDigest: Hashable, Sendable {
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    /// The length stands in the last byte of a text that is its own digest.
    private let fourth: UInt64
    /// So that no short text can pose as the digest of a long one.
    private let isDigest: Bool

    /// A text of up to 31 bytes is kept as it is, which costs a word nothing; a longer one as its SHA-256.
    init(_ bytes: UnsafeRawBufferPointer) {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        isDigest = bytes.count > 31
        withUnsafeMutableBytes(of: &words) { target in
            if bytes.count > 31 {
                SHA256.hash(data: bytes).withUnsafeBytes { target.copyMemory(from: $0) }
            } else {
                target.copyMemory(from: bytes)
                target[31] = UInt8(bytes.count)
            }
        }
        (first, second, third, fourth) = words
    }

    init(_ text: String) {
        var text = text
        self = text.withUTF8 { TextDigest(UnsafeRawBufferPointer($0)) }
    }

    init(_ bytes: [UInt8]) {
        self = bytes.withUnsafeBytes { TextDigest($0) }
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(first)
        hasher.combine(second)
        hasher.combine(third)
        hasher.combine(fourth)
    }
}

/// Values by the digests of texts, in at most so many bytes.
struct DigestCache<Value> {
    /// Key, value, and their places in a table that is half empty.
    private static var entryBytes: Int { 2 * (MemoryLayout<TextDigest>.stride + MemoryLayout<Entry>.stride) }

    private struct Entry {
        var value: Value
        var bytes: Int
    }

    private let generationBytes: Int
    private var younger: [TextDigest: Entry] = [:]
    private var older: [TextDigest: Entry] = [:]
    private var youngerBytes = 0
    private var olderBytes = 0

    /// - Parameter maximumBytes: what may be kept in all, tables included.
    init(maximumBytes: Int) {
        generationBytes = maximumBytes / 2
    }

    /// About the memory that is taken, never more than the maximum.
    var byteCount: Int { youngerBytes + olderBytes }

    var count: Int { younger.count + older.count }

    /// The value of a text; nil where it is not remembered.
    mutating func value(of key: TextDigest) -> Value? {
        if let entry = younger[key] { return entry.value }
        guard let entry = older.removeValue(forKey: key) else { return nil }
        // Asked for again, it is worth another generation.
        olderBytes -= entry.bytes
        keep(entry, of: key)
        return entry.value
    }

    /// Remembers a value.
    ///
    /// - Parameters:
    ///   - value: what to remember.
    ///   - key: of which text.
    ///   - extraBytes: what the value holds besides itself, such as a string's text.
    mutating func remember(_ value: Value, of key: TextDigest, extraBytes: Int = 0) {
        let bytes = Self.entryBytes + extraBytes
        guard bytes <= generationBytes else { return }
        keep(Entry(value: value, bytes: bytes), of: key)
    }

    private mutating func keep(_ entry: Entry, of key: TextDigest) {
        if youngerBytes + entry.bytes > generationBytes {
            (older, olderBytes) = (younger, youngerBytes)
            (younger, youngerBytes) = ([:], 0)
        }
        youngerBytes += entry.bytes - (younger.updateValue(entry, forKey: key)?.bytes ?? 0)
    }

    mutating func forgetAll() {
        self = DigestCache(maximumBytes: 2 * generationBytes)
    }
}
