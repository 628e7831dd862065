/// Counts by 64-bit key in one flat block of memory: open addressing, linear probing, no growth.
///
/// Made for a known number of keys, and many times faster than a dictionary for keys that are hashes already. Memory is
/// linear in the capacity asked for.
struct CountTable {
    private struct Slot {
        var key: UInt64
        /// −1 in an empty slot.
        var count: Int32
        static let empty = Slot(key: 0, count: -1)
    }

    private var slots: [Slot]
    private var mask: Int
    /// Distinct keys.
    private(set) var distinct = 0

    /// - Parameter capacity: the greatest number of distinct keys that will be added.
    init(capacity: Int) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        slots = Array(repeating: .empty, count: size)
        mask = size - 1
    }

    /// Adds to a key's count, and returns what it was before.
    @discardableResult
    mutating func add(_ key: UInt64, _ amount: Int32 = 1) -> Int32 {
        let index = index(of: key)
        let before = slots[index].count
        if before < 0 {
            slots[index] = Slot(key: key, count: amount)
            distinct += 1
            return 0
        }
        slots[index].count = before + amount
        return before
    }

    /// The key's count; 0 where it was never added.
    func count(of key: UInt64) -> Int32 {
        max(0, slots[index(of: key)].count)
    }

    func contains(_ key: UInt64) -> Bool {
        slots[index(of: key)].count >= 0
    }

    private func index(of key: UInt64) -> Int {
        slots.withUnsafeBufferPointer { slots in
            var index = Int(truncatingIfNeeded: key) & mask
            while slots[index].count >= 0, slots[index].key != key { index = (index + 1) & mask }
            return index
        }
    }
}
