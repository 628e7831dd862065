import Vocabulary

/// The length of the longest common subsequence of two word sequences.
///
/// Bit-parallel (Hyyrö 2004, "Bit-parallel LCS-length computation revisited"): time n·m/64, whatever the words are; memory
/// linear in n + m. A word's match vector is set from the list of its positions when its turn comes and cleared afterwards;
/// of words that stand so often that this would take longer than the step itself, of which there are at most 64, it is kept.
///
/// - Returns: nil where the steps do not reach.
func longestCommonSubsequence(_ left: [UInt64], _ right: [UInt64], _ budget: inout StepBudget) -> Int? {
    // Common ends need no table.
    var start = 0
    let shorter = min(left.count, right.count)
    while start < shorter, left[start] == right[start] { start += 1 }
    var end = 0
    while end < shorter - start, left[left.count - 1 - end] == right[right.count - 1 - end] { end += 1 }
    let (left, right) = (left[start..<(left.count - end)], right[start..<(right.count - end)])
    guard !left.isEmpty, !right.isEmpty else { return start + end }
    let (columns, rows) = left.count < right.count ? (left, right) : (right, left)
    let blocks = (columns.count + 63) / 64
    // A step of a block and its share of setting and clearing bits; and some for each word.
    guard budget.pay(2 * rows.count * blocks + 20 * (rows.count + columns.count)) else { return nil }
    return start + end + MatchTable(columns, blocks: blocks).commonLength(with: rows)
}

/// Where each word stands among the columns.
private struct MatchTable {
    private struct Place {
        /// One more than the last position; positions before it follow in `previous`.
        var last: Int32 = 0
        var count: Int32 = 0
        /// Where the kept vector begins in `kept`; −1 where none is.
        var vector: Int32 = -1
    }

    private let blocks: Int
    private let columnCount: Int
    /// By word: one more than its place in `places`.
    private var numbers: CountTable
    private var places: [Place] = []
    /// Of each position one more than the position before it of the same word; 0 at the first.
    private var previous: [Int32]
    private var kept: [UInt64] = []

    init(_ columns: ArraySlice<UInt64>, blocks: Int) {
        self.blocks = blocks
        columnCount = columns.count
        numbers = CountTable(capacity: columns.count)
        previous = Array(repeating: 0, count: columns.count)
        for (position, word) in columns.enumerated() {
            var number = Int(numbers.count(of: word))
            if number == 0 {
                places.append(Place())
                number = places.count
                numbers.add(word, Int32(number))
            }
            previous[position] = places[number - 1].last
            places[number - 1].last = Int32(position + 1)
            places[number - 1].count += 1
        }
        for index in places.indices where places[index].count >= blocks { keep(index) }
    }

    private mutating func keep(_ index: Int) {
        let begin = kept.count
        places[index].vector = Int32(begin)
        kept.append(contentsOf: repeatElement(0, count: blocks))
        var next = places[index].last
        while next > 0 {
            let position = Int(next - 1)
            kept[begin + position >> 6] |= 1 << UInt64(position & 63)
            next = previous[position]
        }
    }

    func commonLength(with rows: ArraySlice<UInt64>) -> Int {
        var state = Array(repeating: UInt64.max, count: blocks)
        var match = Array(repeating: UInt64(0), count: blocks)
        state.withUnsafeMutableBufferPointer { state in
            match.withUnsafeMutableBufferPointer { match in
                kept.withUnsafeBufferPointer { kept in
                    for word in rows {
                        let number = Int(numbers.count(of: word))
                        guard number > 0 else { continue }
                        let place = places[number - 1]
                        guard place.vector < 0 else {
                            let vector = Int(place.vector)
                            Self.step(state, UnsafeBufferPointer(rebasing: kept[vector..<(vector + blocks)]))
                            continue
                        }
                        forEachPosition(of: place) { match[$0 >> 6] |= 1 << UInt64($0 & 63) }
                        Self.step(state, UnsafeBufferPointer(match))
                        forEachPosition(of: place) { match[$0 >> 6] = 0 }
                    }
                }
            }
        }
        var length = 0
        for block in 0..<blocks {
            let used = min(64, columnCount - block * 64)
            let mask = used == 64 ? UInt64.max : (1 << UInt64(used)) - 1
            length += (~state[block] & mask).nonzeroBitCount
        }
        return length
    }

    @inline(__always)
    private static func step(_ state: UnsafeMutableBufferPointer<UInt64>, _ match: UnsafeBufferPointer<UInt64>) {
        var carry: UInt64 = 0
        for block in 0..<state.count {
            let old = state[block]
            let matched = old & match[block]
            let (partial, overflow) = old.addingReportingOverflow(matched)
            let (sum, secondOverflow) = partial.addingReportingOverflow(carry)
            carry = overflow || secondOverflow ? 1 : 0
            state[block] = sum | (old & ~match[block])
        }
    }

    @inline(__always)
    private func forEachPosition(of place: Place, _ body: (Int) -> Void) {
        var next = place.last
        while next > 0 {
            let position = Int(next - 1)
            body(position)
            next = previous[position]
        }
    }
}
