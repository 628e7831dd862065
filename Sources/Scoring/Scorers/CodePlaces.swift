/// Says of places in a text whether they are in inline code, or in a code fence that is closed.
///
/// Places have to be asked for in ascending order; each backtick and each line's end is then looked at once, however many
/// places there are. A smaller place begins anew.
struct CodePlaces {
    private static let tick = UInt8(ascii: "`")

    private let text: UnsafeBufferPointer<UInt8>
    private var ticks: ByteSearch
    private var newlines: ByteSearch
    /// The next of each that was not gone past; the text's end where there is none.
    private var nextTick: Int
    private var nextNewline: Int
    /// Up to here everything was gone past.
    private var position = 0
    private var isFenced = false
    /// Backticks of inline code in the line.
    private var inline = 0
    /// Whether the line has nothing but spaces so far, of which all before `lineFrom` were looked at.
    private var isLineBlank = true
    private var lineFrom = 0
    /// Where the last fence mark stands; −1 where none does; nil where nobody has asked.
    private var lastFence: Int?

    init(_ text: UnsafeBufferPointer<UInt8>) {
        self.text = text
        ticks = ByteSearch(text)
        newlines = ByteSearch(text)
        nextTick = ticks.next(Self.tick) ?? text.count
        nextNewline = newlines.next(0x0A) ?? text.count
    }

    mutating func contains(_ index: Int) -> Bool {
        if index < position {
            let fence = lastFence
            self = CodePlaces(text)
            lastFence = fence
        }
        goPast(index)
        if isFenced {
            let last = lastFence ?? Self.lastFence(in: text)
            lastFence = last
            return last >= index
        }
        return inline % 2 == 1 && nextTick < nextNewline
    }

    private mutating func goPast(_ index: Int) {
        while min(nextTick, nextNewline) < index {
            if nextNewline < nextTick {
                lineFrom = nextNewline + 1
                isLineBlank = true
                inline = 0
                nextNewline = newlines.next(0x0A) ?? text.count
                continue
            }
            let tick = nextTick
            isLineBlank = isLineBlank && text[lineFrom..<tick].allSatisfy { $0 == 0x20 }
            lineFrom = tick
            if isLineBlank, text.holds("```", at: tick) {
                isFenced.toggle()
                // The other two of it.
                _ = ticks.next(Self.tick)
                _ = ticks.next(Self.tick)
            } else {
                inline += 1
            }
            isLineBlank = false
            nextTick = ticks.next(Self.tick) ?? text.count
        }
        position = index
    }

    private static func lastFence(in text: UnsafeBufferPointer<UInt8>) -> Int {
        var index = text.count - 3
        while index >= 0, !text.holds("```", at: index) { index -= 1 }
        return max(index, -1)
    }
}
