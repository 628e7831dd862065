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
            for period in 1...min(64, words.count / 4) {
                func repeats(_ index: Int) -> Bool { words[index].hash == words[index - period].hash }
                // A run that makes a loop is so long that it covers one of these places.
                let stride = max(18, 3 * period)
                var index = period + stride - 1
                var end = period
                while index < words.count {
                    guard index >= end, repeats(index) else {
                        index += stride
                        continue
                    }
                    var start = index
                    while start > period, repeats(start - 1) { start -= 1 }
                    end = index + 1
                    while end < words.count, repeats(end) { end += 1 }
                    if isLoop(run: end - start, period: period, end: end, words) { return true }
                    index += stride
                }
            }
            return false
        }
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
        for period in 1...32 {
            func repeats(_ index: Int) -> Bool { bytes[index] == bytes[index - period] }
            // A run that makes a loop is so long that it covers one of these places.
            let stride = max(240 - period, 3 * period)
            var index = period + stride - 1
            var end = period
            while index < bytes.count {
                guard index >= end, repeats(index) else {
                    index += stride
                    continue
                }
                var start = index
                while start > period, repeats(start - 1) { start -= 1 }
                end = index + 1
                while end < bytes.count, repeats(end) { end += 1 }
                let run = end - start
                if run >= 3 * period, run + period >= 240 {
                    let isText = bytes[start..<end].contains { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A || $0 >= 0x80 }
                    if isText || run + period >= 960 { return true }
                }
                index += stride
            }
        }
        return false
    }
}
