/// A text as a reader sees it, with the way back to its bytes.
///
/// What. Characters that cannot be seen are left out, digits and letters of other forms become ASCII's, and what HTML,
/// URLs, JSON and Markdown escape is written out. The recognisers read that, and what they find is replaced where it
/// stands in the original, so that every other byte stays.
///
/// Why. `jane&#64;example.org` and `４１１１ …` are an address and a card to whoever reads them, and a single soft hyphen
/// would hide anything from a recogniser.
///
/// How. Most texts hold nothing of the kind: one look for signs that may begin a spelling (see ``Spelling``) ends with
/// none that is telling, and nothing is allocated. Else the text is copied once, with a ``Piece`` for each spelling: at
/// worst twelve bytes for each three, while the text is looked at. Both passes are linear.
struct NormalisedText {
    /// A stretch of the normalised text and where it comes from.
    private struct Piece {
        /// Where it begins, normalised.
        var start: Int32
        /// Where it begins in the original.
        var original: Int32
        /// The length of the spelling in the original that all of the piece stands for; 0 where it is a copy.
        var spelled: Int32
    }

    private(set) var bytes: [UInt8] = []
    private var pieces: [Piece] = []

    /// - Returns: nil where reading it so changes nothing that matters.
    init?(_ original: UnsafeBufferPointer<UInt8>) {
        guard original.count < Int(Int32.max), Self.needsNormalising(original) else { return nil }
        bytes.reserveCapacity(original.count)
        var copied = 0
        var index = Signs.first(in: original, from: 0)
        while index < original.count {
            guard let spelling = Spelling(original, at: index) else {
                index = Signs.first(in: original, from: index + 1)
                continue
            }
            let end = index + spelling.length
            if spelling.meaning != .itself {
                let start = max(copied, index - spelling.blanksBefore)
                copy(original, copied..<start)
                write(spelling.meaning, for: start..<end)
                copied = end
            }
            index = Signs.first(in: original, from: end)
        }
        copy(original, copied..<original.count)
    }

    static func needsNormalising(_ original: UnsafeBufferPointer<UInt8>) -> Bool {
        var index = Signs.first(in: original, from: 0)
        while index < original.count {
            var length = 1
            if let spelling = Spelling(original, at: index) {
                if spelling.isTelling { return true }
                length = spelling.length
            }
            index = Signs.first(in: original, from: index + length)
        }
        return false
    }

    private mutating func copy(_ original: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
        guard !range.isEmpty else { return }
        pieces.append(Piece(start: Int32(bytes.count), original: Int32(range.lowerBound), spelled: 0))
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: original[range]))
    }

    private mutating func write(_ meaning: Spelling.Meaning, for range: Range<Int>) {
        guard case .scalar(let value) = meaning, let scalar = Unicode.Scalar(value) else { return }
        pieces.append(
            Piece(start: Int32(bytes.count), original: Int32(range.lowerBound), spelled: Int32(range.count))
        )
        bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    // MARK: The way back

    /// Where a range that is not empty stands in the original, with the whole of each spelling that it touches.
    func original(of range: Range<Int>) -> Range<Int> {
        let (first, start) = piece(at: range.lowerBound)
        let (last, end) = piece(at: range.upperBound - 1)
        let lower = Int(first.original) + (first.spelled == 0 ? start : 0)
        let upper = Int(last.original) + (last.spelled == 0 ? end + 1 : Int(last.spelled))
        return lower..<upper
    }

    /// The piece that holds a normalised byte, and how far in it stands.
    private func piece(at index: Int) -> (Piece, Int) {
        var low = 0
        var high = pieces.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int(pieces[middle].start) <= index { low = middle } else { high = middle }
        }
        return (pieces[low], index - Int(pieces[low].start))
    }
}
