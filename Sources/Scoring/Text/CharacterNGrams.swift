// The share of character sequences that two texts have in common.
//
// What: for n = 1…6 the n-grams of one text are counted in a hash table and taken out again by those of the other. Only
// what can still match goes on to the next order: an n-gram whose first n − 1 characters the other text does not have is
// not looked at again, on either side, so that two different texts cost little more than their first three orders. Where
// both texts have few different characters, as in Latin letters, single ones and pairs are counted in plain arrays.
// Keys: an n-gram is its last character behind the number that its first n − 1 have, which is their place in the table of
// the order before. So keys are exact and small: no two n-grams are ever taken for one.
// Limits: time and memory are linear in the characters, and what is compared is paid for in steps: two texts of some 300 KB
// are the longest. A count has 24 bits.

import Vocabulary

/// Character n-gram F-score of two texts, n = 1…6, β = 2, white space left out.
///
/// Equals sacreBLEU's `CHRF(char_order=6, word_order=0, beta=2)` on a sentence, divided by 100: precision and recall are
/// averaged over the orders for which both texts have n-grams.
///
/// - Returns: 0…1; nil where either text has no character but white space, or the steps do not reach.
func characterNGramF(_ reference: String, _ other: String, _ budget: inout StepBudget) -> Double? {
    guard budget.pay(nGramCost * (reference.utf8.count + other.utf8.count)) else { return nil }
    var alphabet = SmallAlphabet()
    if let left = alphabet.visible(in: reference), let right = alphabet.visible(in: other) {
        return nGramF(left, right) { NarrowGrams($0, $1) }
    }
    return nGramF(visibleScalars(reference), visibleScalars(other)) { ScalarGrams($0, $1) }
}

/// Steps for a byte in all orders.
private let nGramCost = 60

private func nGramF<Character: Equatable, Grams: CommonGrams>(
    _ left: [Character],
    _ right: [Character],
    _ grams: ([Character], [Character]) -> Grams
) -> Double? {
    guard !left.isEmpty, !right.isEmpty else { return left.isEmpty == right.isEmpty ? nil : 0 }
    if left == right { return 1 }
    let orders = min(6, left.count, right.count)
    var precision = 0.0
    var recall = 0.0
    var grams = grams(left, right)
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
private protocol CommonGrams {
    /// How many n-grams of the right text find a partner; orders must be asked for in ascending order.
    mutating func matches(ofOrder order: Int) -> Int
}

/// The n-grams of texts of any characters.
private struct ScalarGrams: CommonGrams {
    private var grams: GramTable<UInt32, UInt64>

    init(_ left: [UInt32], _ right: [UInt32]) {
        grams = GramTable(left, right)
        grams.startWithAll()
    }

    mutating func matches(ofOrder order: Int) -> Int { grams.matches(ofOrder: order, characterBits: 21) }
}

/// The n-grams of texts in a small alphabet: the first two orders are counted in arrays, and the second says who goes on.
private struct NarrowGrams: CommonGrams {
    private var grams: GramTable<UInt8, UInt32>

    init(_ left: [UInt8], _ right: [UInt8]) {
        grams = GramTable(left, right)
    }

    mutating func matches(ofOrder order: Int) -> Int {
        switch order {
        case 1: commonCharacters()
        case 2: commonPairs()
        default: grams.matches(ofOrder: order, characterBits: 7)
        }
    }

    private func commonCharacters() -> Int {
        var counts = Array(repeating: 0, count: 128)
        for character in grams.left { counts[Int(character)] += 1 }
        var matches = 0
        for character in grams.right where counts[Int(character)] > 0 {
            counts[Int(character)] -= 1
            matches += 1
        }
        return matches
    }

    private mutating func commonPairs() -> Int {
        let (left, right) = (grams.left, grams.right)
        let (inLeft, inBoth): (UInt32, UInt32) = (1 << 31, 1 << 30)
        var matches = 0
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 1 << 14) { counts in
            counts.initialize(repeating: 0)
            func pair(_ text: [UInt8], _ index: Int) -> Int { Int(text[index]) << 7 | Int(text[index + 1]) }
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
                grams.rightGrams.append(.init(stem: Int32(place), position: Int32(index)))
            }
            for index in 0..<(left.count - 1) where counts[pair(left, index)] & inBoth != 0 {
                grams.leftGrams.append(.init(stem: Int32(pair(left, index)), position: Int32(index)))
            }
        }
        return matches
    }
}

/// The n-grams of two texts, and the table that counts those of one order.
private struct GramTable<Character: FixedWidthInteger & UnsignedInteger, Key: FixedWidthInteger & UnsignedInteger> {
    struct Gram {
        /// The number of all but the last character.
        var stem: Int32
        var position: Int32
    }

    private struct Slot {
        var key: Key
        /// From the lowest bit: how many of the left text no one of the right has taken yet (24 bits), whether the right text
        /// has it (1), and the order that it was filled for; what has another order is empty.
        var state: UInt32

        static var empty: Slot { Slot(key: 0, state: 0) }
        static var inBoth: UInt32 { 1 << 24 }
        static var countBits: UInt32 { inBoth - 1 }
        static var orderShift: UInt32 { 25 }
    }

    let left: [Character]
    let right: [Character]
    var leftGrams: [Gram] = []
    var rightGrams: [Gram] = []
    /// Room for every n-gram of the left text; of a higher order, which has fewer, only the beginning is used.
    private var table: [Slot]

    init(_ left: [Character], _ right: [Character]) {
        self.left = left
        self.right = right
        leftGrams.reserveCapacity(left.count)
        rightGrams.reserveCapacity(right.count)
        table = Array(repeating: .empty, count: 1 << Self.bits(for: left.count))
    }

    /// Every character of both texts is to be looked at.
    mutating func startWithAll() {
        leftGrams = left.indices.map { Gram(stem: 0, position: Int32($0)) }
        rightGrams = right.indices.map { Gram(stem: 0, position: Int32($0)) }
    }

    /// A table of twice as many slots as there are n-grams at least, as a power of two.
    private static func bits(for count: Int) -> Int {
        max(4, Int.bitWidth - max(0, count * 2 - 1).leadingZeroBitCount)
    }

    mutating func matches(ofOrder order: Int, characterBits: Int) -> Int {
        guard !leftGrams.isEmpty, !rightGrams.isEmpty else { return 0 }
        let bits = Self.bits(for: leftGrams.count)
        let hash = PlaceHash(bits: bits)
        return table.withUnsafeMutableBufferPointer { whole in
            let table = UnsafeMutableBufferPointer(rebasing: whole[..<(1 << bits)])
            let stamp = UInt32(order) << Slot.orderShift
            Self.advance(&leftGrams, along: left, order, characterBits) { gram, key in
                let slot = Self.slot(of: key, in: table, hash, stamp)
                if table[slot].state < stamp { table[slot] = Slot(key: key, state: stamp) }
                table[slot].state += 1
                gram.stem = Int32(truncatingIfNeeded: slot)
                return true
            }
            var matches = 0
            Self.advance(&rightGrams, along: right, order, characterBits) { gram, key in
                let slot = Self.slot(of: key, in: table, hash, stamp)
                let state = table[slot].state
                guard state >= stamp else { return false }
                let left: UInt32 = state & Slot.countBits > 0 ? 1 : 0
                table[slot].state = (state | Slot.inBoth) - left
                matches += Int(left)
                gram.stem = Int32(truncatingIfNeeded: slot)
                return true
            }
            Self.filter(&leftGrams) { table[Int($0.stem)].state & Slot.inBoth != 0 }
            return matches
        }
    }

    /// Lengthens each n-gram by the next character, and keeps those that `isKept` says.
    private static func advance(
        _ grams: inout [Gram],
        along text: [Character],
        _ order: Int,
        _ characterBits: Int,
        _ isKept: (inout Gram, Key) -> Bool
    ) {
        text.withUnsafeBufferPointer { text in
            filter(&grams) { gram in
                let last = Int(gram.position) + order - 1
                guard last < text.count else { return false }
                let key = Key(truncatingIfNeeded: gram.stem) << Key(characterBits) | Key(truncatingIfNeeded: text[last])
                return isKept(&gram, key)
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

    /// Where a key is, or the empty slot that it would take; of the orders that were asked for, the last has the largest stamp.
    private static func slot(
        of key: Key,
        in table: UnsafeMutableBufferPointer<Slot>,
        _ hash: PlaceHash,
        _ stamp: UInt32
    ) -> Int {
        var slot = hash.place(of: UInt64(truncatingIfNeeded: key))
        while table[slot].state >= stamp, table[slot].key != key { slot = (slot + 1) & (table.count - 1) }
        return slot
    }
}

/// Numbers of 1 to 127 for the characters of texts.
///
/// An ASCII character is its own. The numbers of white space, which is left out, and of control characters, which texts
/// hardly ever have, serve others: 33 are enough for most texts in Latin letters.
private struct SmallAlphabet {
    private static let free = Array(UInt8(1)...0x20) + [0x7F]
    private var others: [UInt32] = []

    /// The numbers of a text's characters that are not white space; nil where there are not enough.
    mutating func visible(in text: String) -> [UInt8]? {
        var text = text
        var fits = true
        let visible = text.withUTF8 { bytes in
            [UInt8](unsafeUninitializedCapacity: bytes.count) { buffer, count in
                var index = 0
                while index < bytes.count, fits {
                    let byte = bytes[index]
                    if byte < 0x80 {
                        let isVisible = byte > 0x20 && byte < 0x7F
                        buffer[count] = byte
                        count += isVisible ? 1 : 0
                        fits = isVisible || isASCIISpace(UInt32(byte))
                        index += 1
                        continue
                    }
                    // A lead byte begins with as many ones as its sequence has bytes (RFC 3629).
                    let size = (~byte).leadingZeroBitCount
                    var scalar = UInt32(byte & (0x7F >> UInt8(size)))
                    for next in 1..<size { scalar = scalar << 6 | UInt32(bytes[index + next] & 0x3F) }
                    index += size
                    guard let place = place(of: scalar) else { continue }
                    fits = place < Self.free.count
                    if fits {
                        buffer[count] = Self.free[place]
                        count += 1
                    }
                }
            }
        }
        return fits ? visible : nil
    }

    /// A character's place among those beyond ASCII; nil for white space.
    private mutating func place(of scalar: UInt32) -> Int? {
        if let known = others.firstIndex(of: scalar) { return known }
        guard !isWideSpace(scalar) else { return nil }
        others.append(scalar)
        return others.count - 1
    }
}

/// The Unicode scalars of a text that are not white space.
private func visibleScalars(_ text: String) -> [UInt32] {
    var scalars: [UInt32] = []
    scalars.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
        let isSpace = scalar.value < 0x80 ? isASCIISpace(scalar.value) : isWideSpace(scalar.value)
        if !isSpace { scalars.append(scalar.value) }
    }
    return scalars
}

private func isASCIISpace(_ scalar: UInt32) -> Bool {
    scalar == 0x20 || (scalar >= 0x09 && scalar <= 0x0D)
}

/// Whether a character beyond ASCII is white space.
private func isWideSpace(_ scalar: UInt32) -> Bool {
    Unicode.Scalar(scalar)?.properties.isWhitespace ?? false
}
