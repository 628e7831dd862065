/// Counts by 64-bit key in one flat block of memory: open addressing, linear probing, no growth.
///
/// Made for a known number of keys, and many times faster than a dictionary for keys that are hashes already. Memory is
/// linear in the capacity asked for. Where a key lies depends on a number that each process draws for itself, so that nobody
/// can write a text whose words all fall on one place.
struct CountTable {
    private struct Slot {
        var key: UInt64
        /// −1 in an empty slot.
        var count: Int32
        static let empty = Slot(key: 0, count: -1)
    }

    private var slots: [Slot]
    private var mask: Int
    private var hash: PlaceHash
    /// Distinct keys.
    private(set) var distinct = 0

    /// - Parameter capacity: the greatest number of distinct keys that will be added.
    init(capacity: Int) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        slots = Array(repeating: .empty, count: size)
        mask = size - 1
        hash = PlaceHash(bits: size.trailingZeroBitCount)
    }

    /// A table that is only asked: four slots for each key, so that most that are absent are told by one look.
    init(_ counts: [UInt64: Int32]) {
        self.init(capacity: counts.count * 2)
        for (key, count) in counts { add(key, count) }
    }

    /// Adds to a key's count, and returns what it was before.
    @discardableResult
    @inline(__always)
    mutating func add(_ key: UInt64, _ amount: Int32 = 1) -> Int32 {
        let before = slots.withUnsafeMutableBufferPointer { slots in
            let index = Self.index(of: key, in: UnsafeBufferPointer(slots), mask, hash)
            let before = slots[index].count
            slots[index] = Slot(key: key, count: max(before, 0) + amount)
            return before
        }
        guard before < 0 else { return before }
        distinct += 1
        return 0
    }

    /// The key's count; 0 where it was never added.
    func count(of key: UInt64) -> Int32 {
        max(0, found(key))
    }

    func contains(_ key: UInt64) -> Bool { found(key) >= 0 }

    /// The key's count; negative where it was never added.
    @inline(__always)
    private func found(_ key: UInt64) -> Int32 {
        slots.withUnsafeBufferPointer { $0[Self.index(of: key, in: $0, mask, hash)].count }
    }

    /// Where a key is, or the empty slot that it would take.
    @inline(__always)
    private static func index(
        of key: UInt64,
        in slots: UnsafeBufferPointer<Slot>,
        _ mask: Int,
        _ hash: PlaceHash
    ) -> Int {
        var index = hash.place(of: key)
        while slots[index].count >= 0, slots[index].key != key { index = (index + 1) & mask }
        return index
    }
}

/// Where keys lie in a table of a power of two of places: multiplication by an odd number that the process drew, of which the
/// highest bits count (Dietzfelbinger and others 1997, "A reliable randomized algorithm for the closest-pair problem").
struct PlaceHash: Sendable {
    private static let drawn = UInt64.random(in: .min ... .max) | 1

    private let multiplier = Self.drawn
    private let shift: UInt64

    /// - Parameter bits: of a place's number, 1 to 63.
    init(bits: Int) {
        shift = UInt64(64 - bits)
    }

    @inline(__always)
    func place(of key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* multiplier) &>> shift)
    }
}
