// Has an answer fallen into a loop?
//
// What: a run is a stretch of words that equals the stretch one period before it. The longest run over all periods of
// 1 to 64 words decides: an answer loops where some phrase stands at least four times in a row and the loop fills 24
// words and a quarter of the answer, or 150 words. Texts without spaces are looked at by bytes, periods 1 to 32, from
// 240 bytes on. Loops of numbers or of marks (tables, rules, lists of zeros) need four times as much.
// Misses: loops with a changing number in them, and paragraphs of more than 64 words that come back.

/// Finds degenerate loops, and measures how much of a text repeats itself.
struct RepetitionDetector {
    /// Whether the text ends in, or consists of, a loop.
    private(set) var loops = false
    /// The share of the text's four-word sequences that stood there before, 0…1; 0 under eight words.
    private(set) var repeatedShare = 0.0

    init(words: [Word], bytes: UnsafeBufferPointer<UInt8>) {
        let (repeated, all) = Self.repeatedSequences(words)
        repeatedShare = all == 0 ? 0 : Double(repeated) / Double(all)
        // A loop of 24 words whose period stands there four times repeats 18 words, and so 15 sequences of four.
        loops = repeated >= 15 && Self.wordsLoop(words)
        if !loops, words.count < bytes.count / 24 { loops = Self.bytesLoop(bytes) }
    }

    /// How many of the text's four-word sequences stood there before, and of how many.
    private static func repeatedSequences(_ words: [Word]) -> (repeated: Int, all: Int) {
        guard words.count >= 8 else { return (0, 0) }
        var table = CountTable(capacity: words.count)
        for index in 0..<(words.count - 3) {
            // Odd factors, each word its own: one does not wait for another.
            let first = words[index].hash &* 0x9E37_79B9_7F4A_7C15 &+ words[index + 1].hash &* 0xC2B2_AE3D_27D4_EB4F
            let second = words[index + 2].hash &* 0x1656_67B1_9E37_79F9 &+ words[index + 3].hash
            table.add(mixed(first &+ second))
        }
        return (words.count - 3 - table.distinct, words.count - 3)
    }

    private static func wordsLoop(_ words: [Word]) -> Bool {
        guard words.count >= 24 else { return false }
        return words.withUnsafeBufferPointer { words in
            (1...min(64, words.count / 4)).contains { period in
                hasRun(in: words.count, period: period, shortest: max(18, 3 * period)) {
                    words[$0].hash == words[$0 - period].hash
                } isLoop: { run in
                    isLoop(run: run.count, period: period, end: run.upperBound, words)
                }
            }
        }
    }

    /// Whether among `count` elements there is a run that makes a loop: a stretch of which each element equals the one a period
    /// before.
    ///
    /// - Parameters:
    ///   - count: how many elements there are.
    ///   - period: in elements.
    ///   - shortest: a run that makes a loop has at least this length, so only places that lie so far apart are looked at.
    ///   - repeats: whether the element at a place equals the one a period before.
    ///   - isLoop: whether a run, as long as it goes, makes a loop.
    /// - Returns: whether `isLoop` held for one.
    @inline(__always)
    private static func hasRun(
        in count: Int,
        period: Int,
        shortest: Int,
        repeats: (Int) -> Bool,
        isLoop: (Range<Int>) -> Bool
    ) -> Bool {
        var index = period + shortest - 1
        var end = period
        while index < count {
            guard index >= end, repeats(index) else {
                index += shortest
                continue
            }
            var start = index
            while start > period, repeats(start - 1) { start -= 1 }
            end = index + 1
            while end < count, repeats(end) { end += 1 }
            if isLoop(start..<end) { return true }
            index += shortest
        }
        return false
    }

    /// Whether `run` words before `end`, each equal to the one a period before, make a loop.
    private static func isLoop(run: Int, period: Int, end: Int, _ words: UnsafeBufferPointer<Word>) -> Bool {
        guard run >= 3 * period else { return false }
        let length = run + period
        guard length >= 24, length * 4 >= words.count || length >= 150 else { return false }
        let first = end - length
        let letters = (first..<first + period).reduce(0) { $0 + Int(words[$1].length) }
        // One-letter words and short numbers: a table's cells, not a loop, unless there are very many of them.
        return letters >= 3 * period || length >= 96
    }

    private static func bytesLoop(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count >= 240 else { return false }
        return (1...32).contains { period in
            hasRun(in: bytes.count, period: period, shortest: max(240 - period, 3 * period)) {
                bytes[$0] == bytes[$0 - period]
            } isLoop: { run in
                guard run.count >= 3 * period, run.count + period >= 240 else { return false }
                let isText = bytes[run].contains { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A || $0 >= 0x80 }
                return isText || run.count + period >= 960
            }
        }
    }
}
