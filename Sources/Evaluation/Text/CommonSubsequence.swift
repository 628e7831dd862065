/// The length of the longest common subsequence of two word sequences.
///
/// Bit-parallel (Hyyrö 2004, "Bit-parallel LCS-length computation revisited"): time n·m/64 and, for each word, the product
/// of its occurrences on both sides; memory linear in n + m, because the match vector of a word is set from the list of its
/// positions when the word's turn comes and cleared afterwards.
func longestCommonSubsequence(_ left: [UInt64], _ right: [UInt64]) -> Int {
    // Common ends need no table.
    var start = 0
    let shorter = min(left.count, right.count)
    while start < shorter, left[start] == right[start] { start += 1 }
    var end = 0
    while end < shorter - start, left[left.count - 1 - end] == right[right.count - 1 - end] { end += 1 }
    let middle = coreLength(left[start..<(left.count - end)], right[start..<(right.count - end)])
    return start + end + middle
}

private func coreLength(_ left: ArraySlice<UInt64>, _ right: ArraySlice<UInt64>) -> Int {
    guard !left.isEmpty, !right.isEmpty else { return 0 }
    let (columns, rows) = left.count < right.count ? (left, right) : (right, left)
    // Positions of each column word as linked lists: `head[word]` is one more than the last position.
    var head = CountTable(capacity: columns.count)
    var previous = Array(repeating: Int32(0), count: columns.count)
    for (position, word) in columns.enumerated() {
        let last = head.add(word, 0)
        previous[position] = last
        head.add(word, Int32(position + 1) - last)
    }
    let blocks = (columns.count + 63) / 64
    var state = Array(repeating: UInt64.max, count: blocks)
    var match = Array(repeating: UInt64(0), count: blocks)
    for word in rows {
        let first = head.count(of: word)
        guard first > 0 else { continue }
        setBits(of: first, previous, &match) { $0 | $1 }
        var carry: UInt64 = 0
        for block in 0..<blocks {
            let old = state[block]
            let matched = old & match[block]
            let (partial, overflow) = old.addingReportingOverflow(matched)
            let (sum, secondOverflow) = partial.addingReportingOverflow(carry)
            carry = overflow || secondOverflow ? 1 : 0
            state[block] = sum | (old & ~match[block])
        }
        setBits(of: first, previous, &match) { $0 & ~$1 }
    }
    var length = 0
    for block in 0..<blocks {
        let used = min(64, columns.count - block * 64)
        let mask = used == 64 ? UInt64.max : (1 << UInt64(used)) - 1
        length += (~state[block] & mask).nonzeroBitCount
    }
    return length
}

private func setBits(
    of first: Int32,
    _ previous: [Int32],
    _ bits: inout [UInt64],
    _ combine: (UInt64, UInt64) -> UInt64
) {
    var next = first
    while next > 0 {
        let position = Int(next - 1)
        bits[position >> 6] = combine(bits[position >> 6], 1 << UInt64(position & 63))
        next = previous[position]
    }
}
