/// Counts by 64-bit key in one flat block of memory: open addressing, linear probing, no growth.
///
/// Made for a known number of keys, and many times faster than a dictionary for keys that are hashes already. Memory is
/// linear in the capacity asked for.
struct CountTable {
    private var keys: [UInt64]
    private var counts: [Int32]
    private var mask: Int
    /// Distinct keys.
    private(set) var distinct = 0

    /// - Parameter capacity: the greatest number of distinct keys that will be added.
    init(capacity: Int) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        keys = Array(repeating: 0, count: size)
        counts = Array(repeating: -1, count: size)
        mask = size - 1
    }

    mutating func removeAll() {
        for index in counts.indices { counts[index] = -1 }
        distinct = 0
    }

    /// Adds to a key's count, and returns what it was before.
    @discardableResult
    mutating func add(_ key: UInt64, _ amount: Int32 = 1) -> Int32 {
        let slot = slot(of: key)
        if counts[slot] < 0 {
            keys[slot] = key
            counts[slot] = amount
            distinct += 1
            return 0
        }
        let before = counts[slot]
        counts[slot] = before + amount
        return before
    }

    /// Lowers a key's count by one where it is above 0, and says whether it was.
    mutating func take(_ key: UInt64) -> Bool {
        let slot = slot(of: key)
        guard counts[slot] > 0 else { return false }
        counts[slot] -= 1
        return true
    }

    /// The key's count; 0 where it was never added.
    func count(of key: UInt64) -> Int32 {
        max(0, counts[slot(of: key)])
    }

    func contains(_ key: UInt64) -> Bool {
        counts[slot(of: key)] >= 0
    }

    private func slot(of key: UInt64) -> Int {
        var slot = Int(truncatingIfNeeded: key) & mask
        while counts[slot] >= 0, keys[slot] != key { slot = (slot + 1) & mask }
        return slot
    }
}
