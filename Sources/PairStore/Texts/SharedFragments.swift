// What several sessions' texts have in common, which is all that a dictionary may hold.
//
// Why. A dictionary outlives the texts that it was made of: retention and `store forget` delete rows, and every later row
// needs the dictionary. So nothing goes into one that only one or two persons wrote: each run of eight bytes in it stood
// in the texts of at least three sessions. On recorded answers that costs about a hundredth of the gain, since what
// repeats is what a dictionary is for.
//
// How. All windows of eight bytes are sorted as numbers, with the session that had each; exact, with no table that grows. One
// part of them is sorted after another, since a serving process trains while it serves: of a megabyte of texts, all at
// once would be 12 MB, and half as much again to sort them.
//
// Limits. Time and memory grow with the bytes given (a byte and a half for each, and eight for each window that is shared),
// so a caller bounds them. Pieces that were shared can stand beside each other in an order that was not.

/// Texts of one session.
struct TextSample: Sendable, Equatable {
    /// Equal for texts of one session.
    var session: Int
    var bytes: [UInt8]

    /// A number for whose texts these are, in this process.
    ///
    /// Without a session, what begins alike counts as one: every turn of a conversation repeats its first one.
    static func session(_ session: (some Hashable)?, prompt: [UInt8]?) -> Int {
        session.map(\.hashValue) ?? prompt?.prefix(64).hashValue ?? 0
    }
}

extension Sequence<TextSample> {
    /// Of all texts together.
    var byteCount: Int { reduce(0) { $0 + $1.bytes.count } }
}

/// Texts behind each other in one piece of memory, as zdict.h takes them.
struct JoinedTexts {
    private(set) var bytes: [UInt8] = []
    /// How many bytes each is, in order.
    private(set) var sizes: [Int] = []

    /// - Parameter capacity: the bytes of all that will be appended, at most; memory that is not written to takes none.
    init(capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    init(_ samples: [TextSample]) {
        self.init(capacity: samples.byteCount)
        for sample in samples { append { $0.append(contentsOf: sample.bytes) } }
    }

    /// Appends what the body appends; no text where that is nothing.
    mutating func append(_ body: (inout [UInt8]) -> Void) {
        let before = bytes.count
        body(&bytes)
        if bytes.count > before { sizes.append(bytes.count - before) }
    }
}

enum SharedFragments {
    /// Bytes of a window; a window is one number.
    static let windowBytes = 8
    static let minimumSessions = 3

    private struct Window {
        var value: UInt64
        var session: Int

        static func precedes(_ left: Window, _ right: Window) -> Bool {
            left.value != right.value ? left.value < right.value : left.session < right.session
        }
    }

    /// What of each text is shared, in the order of the texts; texts of which nothing is are left out.
    static func of(_ samples: [TextSample]) -> JoinedTexts {
        let shared = sharedWindows(samples)
        var fragments = JoinedTexts(capacity: samples.byteCount)
        for sample in samples {
            var taken = 0
            fragments.append { fragment in
                forEachWindow(of: sample.bytes) { start, value in
                    guard contains(shared[part(of: value)], value) else { return }
                    fragment.append(contentsOf: sample.bytes[max(start, taken)..<(start + windowBytes)])
                    taken = start + windowBytes
                }
            }
        }
        return fragments
    }

    private static let partCount = 16

    /// Multiplied by the golden ratio, numbers that look alike part (Knuth, The Art of Computer Programming, 6.4).
    private static func part(of value: UInt64) -> Int {
        Int((value &* 0x9e37_79b9_7f4a_7c15) >> 60)
    }

    /// The windows that enough sessions have, part by part, ascending in each.
    private static func sharedWindows(_ samples: [TextSample]) -> [[UInt64]] {
        var windows: [Window] = []
        return (0..<partCount).map { wanted in
            windows.removeAll(keepingCapacity: true)
            for sample in samples {
                forEachWindow(of: sample.bytes) { _, value in
                    if part(of: value) == wanted { windows.append(Window(value: value, session: sample.session)) }
                }
            }
            return shared(in: &windows)
        }
    }

    private static func shared(in windows: inout [Window]) -> [UInt64] {
        windows.sort(by: Window.precedes)
        var shared: [UInt64] = []
        var sessions = 0
        for index in windows.indices {
            let isNewValue = index == 0 || windows[index - 1].value != windows[index].value
            if isNewValue {
                sessions = 1
            } else if windows[index - 1].session != windows[index].session {
                sessions += 1
            } else {
                continue
            }
            if sessions == minimumSessions { shared.append(windows[index].value) }
        }
        return shared
    }

    private static func forEachWindow(of bytes: [UInt8], _ body: (Int, UInt64) -> Void) {
        guard bytes.count >= windowBytes else { return }
        var value: UInt64 = 0
        for index in bytes.indices {
            value = value << 8 | UInt64(bytes[index])
            if index >= windowBytes - 1 { body(index - windowBytes + 1, value) }
        }
    }

    private static func contains(_ sorted: [UInt64], _ value: UInt64) -> Bool {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low < sorted.count && sorted[low] == value
    }
}
