// The share of character sequences that two texts have in common.
//
// What: for n = 1…6 the n-grams of one text are counted in a hash table and taken out again by those of the other. Only
// what can still match goes on to the next order: an n-gram whose first n − 1 characters the other text does not have is
// not looked at again, on either side, so that two different texts cost little more than their first three orders. Of
// ASCII, single characters and pairs are counted in plain arrays.
// Limits: time and memory are linear in the characters; two n-grams collide with probability 2⁻⁶⁴.

/// Character n-gram F-score of two texts, n = 1…6, β = 2, white space left out.
///
/// Equals sacreBLEU's `CHRF(char_order=6, word_order=0, beta=2)` on a sentence, divided by 100: precision and recall are
/// averaged over the orders for which both texts have n-grams.
///
/// - Returns: 0…1; nil where either text has no character but white space.
func characterNGramF(_ reference: String, _ other: String) -> Double? {
    let left = visibleScalars(reference)
    let right = visibleScalars(other)
    guard !left.isEmpty, !right.isEmpty else { return left.isEmpty == right.isEmpty ? nil : 0 }
    if left == right { return 1 }
    let orders = min(6, left.count, right.count)
    var precision = 0.0
    var recall = 0.0
    var grams = CommonGrams(left, right)
    for order in 1...orders {
        let matches = Double(grams.matches(ofOrder: order))
        precision += matches / Double(right.count - order + 1)
        recall += matches / Double(left.count - order + 1)
    }
    precision /= Double(orders)
    recall /= Double(orders)
    guard precision + recall > 0 else { return 0 }
    return 5 * precision * recall / (4 * precision + recall)
}

/// The n-grams of two texts that have matched up to the order before.
private struct CommonGrams {
    private struct Gram {
        var key: UInt64 = 0
        var position: Int32
        /// Where the table has it.
        var slot: Int32 = 0
    }

    private struct Slot {
        var key: UInt64
        /// Those of the left text that no one of the right has taken yet; −1 in an empty slot.
        var count: Int32
        var isInBoth: Bool
        static let empty = Slot(key: 0, count: -1, isInBoth: false)
    }

    private let left: [UInt32]
    private let right: [UInt32]
    private let isASCII: Bool
    private var leftGrams: [Gram]
    private var rightGrams: [Gram]
    /// Room for every n-gram of the left text; of a higher order, which has fewer, only the beginning is used.
    private var table: [Slot]

    init(_ left: [UInt32], _ right: [UInt32]) {
        self.left = left
        self.right = right
        isASCII = left.allSatisfy { $0 < 128 } && right.allSatisfy { $0 < 128 }
        // Of ASCII the first two orders are counted otherwise, and the second says who goes on.
        leftGrams = isASCII ? [] : left.indices.map { Gram(position: Int32($0)) }
        rightGrams = isASCII ? [] : right.indices.map { Gram(position: Int32($0)) }
        table = Array(repeating: .empty, count: 1 << Self.bits(for: left.count))
    }

    /// A table of twice as many slots as there are n-grams at least, as a power of two.
    private static func bits(for count: Int) -> Int {
        max(4, Int.bitWidth - max(0, count * 2 - 1).leadingZeroBitCount)
    }

    /// How many n-grams of the right text find a partner; orders must be asked for in ascending order.
    mutating func matches(ofOrder order: Int) -> Int {
        if isASCII, order == 1 { return commonCharacters() }
        if isASCII, order == 2 { return commonPairs() }
        guard !leftGrams.isEmpty, !rightGrams.isEmpty else { return 0 }
        let bits = Self.bits(for: leftGrams.count)
        let shift = UInt64(64 - bits)
        return table.withUnsafeMutableBufferPointer { whole in
            let table = UnsafeMutableBufferPointer(rebasing: whole[..<(1 << bits)])
            if order > 1 { table.update(repeating: .empty) }
            Self.advance(&leftGrams, along: left, order) { gram in
                let slot = Self.slot(of: gram.key, in: table, shift)
                if table[slot].count < 0 { table[slot] = Slot(key: gram.key, count: 0, isInBoth: false) }
                table[slot].count += 1
                gram.slot = Int32(slot)
                return true
            }
            var matches = 0
            Self.advance(&rightGrams, along: right, order) { gram in
                let slot = Self.slot(of: gram.key, in: table, shift)
                guard table[slot].count >= 0 else { return false }
                table[slot].isInBoth = true
                if table[slot].count > 0 {
                    table[slot].count -= 1
                    matches += 1
                }
                return true
            }
            Self.filter(&leftGrams) { table[Int($0.slot)].isInBoth }
            return matches
        }
    }

    private func commonCharacters() -> Int {
        var counts = Array(repeating: 0, count: 128)
        for character in left { counts[Int(character)] += 1 }
        var matches = 0
        for character in right where counts[Int(character)] > 0 {
            counts[Int(character)] -= 1
            matches += 1
        }
        return matches
    }

    private mutating func commonPairs() -> Int {
        let (inLeft, inBoth): (UInt32, UInt32) = (1 << 31, 1 << 30)
        var matches = 0
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 1 << 14) { counts in
            counts.initialize(repeating: 0)
            func pair(_ text: [UInt32], _ index: Int) -> Int { Int(text[index] << 7 | text[index + 1]) }
            for index in 0..<(left.count - 1) {
                counts[pair(left, index)] = (counts[pair(left, index)] | inLeft) + 1
            }
            for index in 0..<(right.count - 1) {
                let place = pair(right, index)
                guard counts[place] & inLeft != 0 else { continue }
                counts[place] |= inBoth
                if counts[place] & (inBoth - 1) > 0 {
                    counts[place] -= 1
                    matches += 1
                }
                rightGrams.append(Gram(key: Self.key(right, index), position: Int32(index)))
            }
            for index in 0..<(left.count - 1) where counts[pair(left, index)] & inBoth != 0 {
                leftGrams.append(Gram(key: Self.key(left, index), position: Int32(index)))
            }
        }
        return matches
    }

    /// The key of a pair of characters.
    private static func key(_ text: [UInt32], _ index: Int) -> UInt64 {
        extended(extended(0, by: text[index]), by: text[index + 1])
    }

    /// A polynomial in an odd number, as Rabin and Karp take it.
    private static func extended(_ key: UInt64, by character: UInt32) -> UInt64 {
        key &* 0xD6E8_FEB8_6659_FD93 &+ UInt64(character) &+ 1
    }

    /// Lengthens each n-gram by the next character, and keeps those that `isKept` says.
    private static func advance(
        _ grams: inout [Gram],
        along text: [UInt32],
        _ order: Int,
        _ isKept: (inout Gram) -> Bool
    ) {
        text.withUnsafeBufferPointer { text in
            filter(&grams) { gram in
                let last = Int(gram.position) + order - 1
                guard last < text.count else { return false }
                gram.key = extended(gram.key, by: text[last])
                return isKept(&gram)
            }
        }
    }

    private static func filter(_ grams: inout [Gram], _ isKept: (inout Gram) -> Bool) {
        let kept = grams.withUnsafeMutableBufferPointer { grams in
            var kept = 0
            for index in 0..<grams.count {
                var gram = grams[index]
                guard isKept(&gram) else { continue }
                grams[kept] = gram
                kept += 1
            }
            return kept
        }
        grams.removeLast(grams.count - kept)
    }

    private static func slot(of key: UInt64, in table: UnsafeMutableBufferPointer<Slot>, _ shift: UInt64) -> Int {
        var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> shift)
        while table[slot].count >= 0, table[slot].key != key { slot = (slot + 1) & (table.count - 1) }
        return slot
    }
}

/// The Unicode scalars of a text that are not white space.
private func visibleScalars(_ text: String) -> [UInt32] {
    var text = text
    return text.withUTF8 { bytes in
        var scalars: [UInt32] = []
        scalars.reserveCapacity(bytes.count)
        for byte in bytes {
            guard byte < 0x80 else { return wideVisibleScalars(String(decoding: bytes, as: UTF8.self)) }
            if !isASCIISpace(UInt32(byte)) { scalars.append(UInt32(byte)) }
        }
        return scalars
    }
}

private func wideVisibleScalars(_ text: String) -> [UInt32] {
    var scalars: [UInt32] = []
    scalars.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
        let isSpace = scalar.value < 0x80 ? isASCIISpace(scalar.value) : scalar.properties.isWhitespace
        if !isSpace { scalars.append(scalar.value) }
    }
    return scalars
}

private func isASCIISpace(_ scalar: UInt32) -> Bool {
    scalar == 0x20 || (scalar >= 0x09 && scalar <= 0x0D)
}
