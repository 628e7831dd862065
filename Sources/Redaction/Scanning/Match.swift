/// A finding: where it is, what it is, and how its placeholder has to stand there.
struct Match {
    /// What JSON asks for around the placeholder.
    enum Quoting {
        case none
        /// In the place of a bare number.
        case quoted
        /// In the place of a bare number of JSON inside a JSON string.
        case escapedQuotes
    }

    var range: Range<Int>
    var kind: RedactionKind
    var quoting = Quoting.none
    /// What makes two spellings one value, where that was read in another text than the range is of.
    var value: [UInt8]?

    /// The bytes that make two spellings one value.
    func normalised(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        if let value { return value }
        let raw = bytes[range]
        if kind.isDigits {
            let kept = raw.filter { $0.isAlphanumeric }.map { $0.isUpper ? $0.lowercased : $0 }
            return kind == .phone && kept.starts(with: [0x30, 0x30]) ? Array(kept.dropFirst(2)) : kept
        }
        switch kind {
        case .iban: return raw.filter { $0.isAlphanumeric }.map(\.lowercased)
        case .email:
            var value: [UInt8] = []
            var index = raw.startIndex
            while index < raw.endIndex {
                if raw[index...].starts(with: "%40".utf8) {
                    value.append(UInt8(ascii: "@"))
                    index += 3
                } else {
                    value.append(raw[index].lowercased)
                    index += 1
                }
            }
            return value
        default: return Array(raw)
        }
    }
}
