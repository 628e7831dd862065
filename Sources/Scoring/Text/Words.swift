// Text as a sequence of hashed words.
//
// What: one pass over UTF-8 bytes gives a 64-bit hash, a length and a sentence number per word. Everything that
// compares texts (relevance, repetition, ROUGE-L, refusal phrases, language) works on these, so no substring is built.
// A word is a run of letters, digits and inner apostrophes; every character from U+2E80 on (Chinese, Japanese, Korean)
// is a word of its own, because those scripts do not separate words. Upper case is folded for ASCII and for Latin-1
// letters. Limits: no Unicode normalisation, and two words collide with probability 2⁻⁶⁴.

/// One word of a text.
struct Word: Equatable {
    var hash: UInt64
    /// In bytes, at most 65,535.
    var length: UInt16
    /// Counts up at `.`, `!`, `?` before whitespace, and at every line's end; at most 65,535.
    var sentence: UInt16
    /// The languages in which it is a function word, bit n for `Language(rawValue: n)`.
    var functionWordOf: UInt8
}

/// The words of a text.
func words(of bytes: UnsafeBufferPointer<UInt8>) -> [Word] {
    let functionWords = FunctionWords.shared
    return scannedWords(of: bytes) { functionWords.languages(of: $0) }
}

/// The words of a text for those who do not ask for function words, which costs a look-up each.
func plainWords(of bytes: UnsafeBufferPointer<UInt8>) -> [Word] {
    scannedWords(of: bytes) { _ in 0 }
}

/// The words of a text, with what `functionWordOf` says of their hashes.
func scannedWords(of bytes: UnsafeBufferPointer<UInt8>, _ functionWordOf: (UInt64) -> UInt8) -> [Word] {
    var found: [Word] = []
    found.reserveCapacity(bytes.count / 4 + 8)
    var scanner = WordScanner(bytes: bytes)
    while var word = scanner.next() {
        // No function word has more than 8 bytes.
        if word.length <= FunctionWords.longest { word.functionWordOf = functionWordOf(word.hash) }
        found.append(word)
    }
    return found
}

/// The words of a text.
func words(of bytes: [UInt8]) -> [Word] {
    bytes.withUnsafeBufferPointer { words(of: $0) }
}

/// The words of a text for those who do not ask for function words.
func plainWords(of bytes: [UInt8]) -> [Word] {
    bytes.withUnsafeBufferPointer { plainWords(of: $0) }
}

/// The hash that a single word has in a text.
func wordHash(_ word: String) -> UInt64 {
    // Function words are themselves made of hashes, so none is looked up here.
    plainWords(of: Array(word.utf8)).first?.hash ?? 0
}

/// The hashes of a list of words that are parted by spaces.
func wordHashes(_ list: String) -> Set<UInt64> {
    Set(list.split(whereSeparator: \.isWhitespace).map { wordHash(String($0)) })
}

private struct WordScanner {
    let bytes: UnsafeBufferPointer<UInt8>
    var position = 0
    var sentence: UInt16 = 0
    var sentenceHasWords = false

    @inline(__always)
    mutating func next() -> Word? {
        skipMarks()
        return shortWord() ?? anyWord()
    }

    /// Steps over ASCII characters that begin no word.
    @inline(__always)
    private mutating func skipMarks() {
        while position < bytes.count {
            let byte = bytes[position]
            // No sentence ends with what stands between most words.
            if byte == 0x20 {
                position += 1
            } else if byte < 0x80, Self.folded(byte) == nil {
                position += 1
                noteBoundary(byte)
            } else {
                return
            }
        }
    }

    /// The word that begins here, if it is one of those that most of a text is made of: up to seven ASCII letters or digits,
    /// and behind them an ASCII character that ends it.
    @inline(__always)
    private mutating func shortWord() -> Word? {
        guard position + 8 <= bytes.count else { return nil }
        let eight = UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: position, as: UInt64.self).littleEndian
        let letters = TextHash.leadingLetters(eight)
        guard letters > 0, letters < 8 else { return nil }
        let next = UInt8(truncatingIfNeeded: eight >> UInt64(letters * 8))
        guard next < 0x80, next != UInt8(ascii: "'") else { return nil }
        var hash = TextHash()
        hash.add(letters: eight, count: letters)
        position += letters
        return finish(hash, letters)
    }

    @inline(never)
    private mutating func anyWord() -> Word? {
        var hash = TextHash()
        var length = 0
        while position < bytes.count {
            let byte = bytes[position]
            if byte < 0x80 {
                // Most of a text is runs of letters.
                let letters = hash.add(lettersOf: bytes, from: position)
                if letters > 0 {
                    length += letters
                    position += letters
                    continue
                }
                if byte == UInt8(ascii: "'"), length > 0, startsWord(at: position + 1) {
                    hash.add(byte)
                    length += 1
                    position += 1
                    continue
                }
                if length > 0 { return finish(hash, length) }
                skipMarks()
                continue
            }
            let size = Self.sequenceLength(byte)
            if size == 3, isApostrophe(at: position) {
                if length > 0, startsWord(at: position + 3) {
                    hash.add(UInt8(ascii: "'"))
                    length += 1
                    position += 3
                    continue
                }
                if length > 0 { return finish(hash, length) }
                position += 3
                continue
            }
            if isPunctuation(at: position) {
                if length > 0 { return finish(hash, length) }
                noteWidePunctuation(size: size)
                position += size
                continue
            }
            if size >= 3, isWordOfItsOwn(at: position, size: size) {
                if length > 0 { return finish(hash, length) }
                let end = min(position + size, bytes.count)
                while position < end {
                    hash.add(bytes[position])
                    position += 1
                }
                return finish(hash, size)
            }
            let end = min(position + size, bytes.count)
            // U+00C0…U+00DE but U+00D7 fold to U+00E0…U+00FE.
            if byte == 0xC3, end - position == 2 {
                let low = bytes[position + 1]
                hash.add(byte)
                hash.add(low >= 0x80 && low <= 0x9E && low != 0x97 ? low + 0x20 : low)
                position = end
                length += 2
                continue
            }
            while position < end {
                hash.add(bytes[position])
                position += 1
                length += 1
            }
        }
        return length > 0 ? finish(hash, length) : nil
    }

    private mutating func finish(_ hash: TextHash, _ length: Int) -> Word {
        sentenceHasWords = true
        return Word(hash: hash.value, length: UInt16(clamping: length), sentence: sentence, functionWordOf: 0)
    }

    private mutating func noteBoundary(_ byte: UInt8) {
        guard sentenceHasWords else { return }
        switch byte {
        case UInt8(ascii: "\n"): break
        case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"):
            if position < bytes.count, !Self.isSpace(bytes[position]) { return }
        default: return
        }
        advanceSentence()
    }

    private mutating func noteWidePunctuation(size: Int) {
        // U+3002 IDEOGRAPHIC FULL STOP.
        if size == 3, position + 2 < bytes.count, bytes[position] == 0xE3, bytes[position + 1] == 0x80,
            bytes[position + 2] == 0x82
        {
            advanceSentence()
        }
    }

    private mutating func advanceSentence() {
        if sentence < .max { sentence += 1 }
        sentenceHasWords = false
    }

    private func startsWord(at index: Int) -> Bool {
        guard index < bytes.count else { return false }
        return bytes[index] >= 0xC3 && bytes[index] != 0xE2 || Self.folded(bytes[index]) != nil
    }

    /// U+2019 RIGHT SINGLE QUOTATION MARK, which most models write for an apostrophe.
    private func isApostrophe(at index: Int) -> Bool {
        index + 2 < bytes.count && bytes[index] == 0xE2 && bytes[index + 1] == 0x80 && bytes[index + 2] == 0x99
    }

    /// U+0080…U+00BF, U+2000…U+2BFF, U+3000…U+303F and stray continuation bytes.
    private func isPunctuation(at index: Int) -> Bool {
        let byte = bytes[index]
        if byte < 0xC0 { return true }
        if byte == 0xC2 { return true }
        if byte == 0xE2 {
            return index + 1 < bytes.count && bytes[index + 1] < 0xB0
        }
        return byte == 0xE3 && index + 1 < bytes.count && bytes[index + 1] == 0x80
    }

    private func isWordOfItsOwn(at index: Int, size: Int) -> Bool {
        if size == 4 { return true }
        let byte = bytes[index]
        if byte == 0xE2 { return index + 1 < bytes.count && bytes[index + 1] >= 0xBA }
        return byte >= 0xE3
    }

    static func sequenceLength(_ lead: UInt8) -> Int {
        switch lead {
        case 0xC0..<0xE0: 2
        case 0xE0..<0xF0: 3
        case 0xF0...: 4
        default: 1
        }
    }

    /// The lower-case form of an ASCII letter or digit; nil for any other byte.
    static func folded(_ byte: UInt8) -> UInt8? {
        let lower = byte | 0x20
        if lower &- UInt8(ascii: "a") < 26 { return lower }
        return byte &- UInt8(ascii: "0") < 10 ? byte : nil
    }

    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
    }
}

/// FNV-1a over 64 bits with a final mix, so that the low bits can index a table.
package struct TextHash {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    package init() {}

    package mutating func add(_ byte: UInt8) {
        state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }

    /// Adds the run of ASCII letters and digits that begins at a place, upper case as lower case, eight at a time.
    ///
    /// - Parameters:
    ///   - bytes: the text.
    ///   - start: the run's first byte.
    /// - Returns: the run's length, 0 where something else stands there.
    @inline(__always)
    mutating func add(lettersOf bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let text = UnsafeRawBufferPointer(bytes)
        var index = start
        while index < text.count {
            var eight: UInt64 = 0
            if index + 8 <= text.count {
                eight = text.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
            } else {
                for place in 0..<(text.count - index) { eight |= UInt64(text[index + place]) << UInt64(place * 8) }
            }
            let count = Self.leadingLetters(eight)
            guard count > 0 else { break }
            add(letters: eight, count: count)
            index += count
            if count < 8 { break }
        }
        return index - start
    }

    /// Adds the first 1 to 8 of eight bytes, which are ASCII letters or digits.
    @inline(__always)
    mutating func add(letters eight: UInt64, count: Int) {
        // Bit 5 is set in every lower-case letter and in every digit.
        let mask = UInt64.max >> UInt64(64 - count * 8)
        add(word: (eight | Self.each(0x20)) & mask)
    }

    @inline(__always)
    private static func each(_ byte: UInt8) -> UInt64 { 0x0101_0101_0101_0101 &* UInt64(byte) }

    /// How many of eight bytes, from the lowest on, are ASCII letters or digits.
    ///
    /// Bytes without their highest bit cannot carry into one another: adding 80₁₆ − x sets that bit in all that are x or
    /// more (H. S. Warren, "Hacker's Delight", §6–1).
    @inline(__always)
    static func leadingLetters(_ eight: UInt64) -> Int {
        let low = eight & each(0x7F)
        let lower = low | each(0x20)
        let isLetter = (lower &+ each(0x80 - UInt8(ascii: "a"))) & ~(lower &+ each(0x80 - UInt8(ascii: "z") - 1))
        let isDigit = (low &+ each(0x80 - UInt8(ascii: "0"))) & ~(low &+ each(0x80 - UInt8(ascii: "9") - 1))
        let others = ~((isLetter | isDigit) & ~eight) & each(0x80)
        return others.trailingZeroBitCount / 8
    }

    @inline(__always)
    package mutating func add(word: UInt64) {
        state = (state ^ word) &* 0x9E37_79B9_7F4A_7C15
        state ^= state >> 29
    }

    package var value: UInt64 { mixed(state) }
}

/// A bijective mix of 64 bits (the finaliser of SplitMix64).
package func mixed(_ value: UInt64) -> UInt64 {
    var mixed = value
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
}
