// The identifiers of a prompt, and how many of them an answer takes up.
//
// An answer about order ORD-48213 that names neither the order nor any amount has not read what was pasted.
// What counts as an identifier: a token that begins with a letter and has at least three digits (`ORD-48213`,
// `INV2024-07`), a number of five digits or more that is not round and is announced ("order 48213", `#48213`,
// `"id": 48213`) or has eight, a hexadecimal or long dashed code. Amounts (`$1,299.99`, `49.90`) count only beside such an
// identifier or in pasted structure, so that the options of a multiple-choice question do not. Not counted: years and
// short numbers, units (`100km`, `300-volt`), e-mail addresses and URLs (they are redacted), placeholders in brackets.
// Limits: an answer that rightly needs none of them ("Yes.") looks as if it ignored them; both legs alike.

/// Tokens that an answer is expected to take up.
struct Identifiers {
    /// Hashes of the distinct tokens, lower case, thousands separators removed.
    private(set) var hashes: [UInt64] = []

    var isEmpty: Bool { hashes.isEmpty }

    /// The identifiers of a prompt.
    init(inPrompt bytes: UnsafeBufferPointer<UInt8>) {
        var scanner = TokenScanner(bytes: bytes)
        var identifiers: [UInt64] = []
        var amounts: [UInt64] = []
        while let token = scanner.next() {
            switch token.kind {
            case .identifier: identifiers.append(token.hash)
            case .amount: amounts.append(token.hash)
            case .other: break
            }
        }
        let counted =
            identifiers.isEmpty && !(amounts.count >= 2 && PastedStructure.isPresent(in: bytes)) ? [] : amounts
        var seen = Set<UInt64>()
        hashes = (identifiers + counted).filter { seen.insert($0).inserted }
    }

    /// How many of them stand in an answer.
    func found(in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var wanted = Set(hashes)
        var scanner = TokenScanner(bytes: bytes)
        while let token = scanner.next(), !wanted.isEmpty { wanted.remove(token.hash) }
        return hashes.count - wanted.count
    }
}

/// Runs of letters and digits with inner `-`, `_`, and `.` or `,` between digits.
private struct TokenScanner {
    enum Kind {
        case identifier
        case amount
        case other
    }

    struct Token {
        var hash: UInt64
        var kind: Kind
    }

    let bytes: UnsafeBufferPointer<UInt8>
    var position = 0

    mutating func next() -> Token? {
        while position < bytes.count {
            guard Self.isAlphanumeric(bytes[position]) else {
                position += 1
                continue
            }
            let start = position
            // Most of a text is words, which are no identifiers.
            var end = start
            while end < bytes.count, Self.isLetter(bytes[end]) { end += 1 }
            let isWord = end == bytes.count || !(Self.isDigit(bytes[end]) || Self.isConnector(bytes[end]))
            if end > start, isWord {
                position = end
                continue
            }
            if let token = read(from: start) { return token }
        }
        return nil
    }

    private mutating func read(from start: Int) -> Token? {
        var hash = TextHash()
        var digits = 0
        var letters = 0
        var connectors = 0
        var letterRuns = 0
        var isInLetters = false
        var fraction = 0
        var inFraction = false
        var zeros = 0
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            if Self.isDigit(byte) {
                digits += 1
                zeros = byte == UInt8(ascii: "0") ? zeros + 1 : 0
                if inFraction { fraction += 1 }
                isInLetters = false
                hash.add(byte)
            } else if Self.isAlphanumeric(byte) {
                letters += 1
                if !isInLetters { letterRuns += 1 }
                isInLetters = true
                inFraction = false
                hash.add(byte | 0x20)
            } else if byte == UInt8(ascii: ","), digits > 0, isThousandsSeparator(index), letters == 0 {
                // Left out of the hash: `1,299.99` and `1299.99` are the same amount.
            } else if byte == UInt8(ascii: "."), digits > 0, letters == 0, Self.isDigit(next), !inFraction {
                inFraction = true
                hash.add(byte)
            } else if Self.isConnector(byte), Self.isAlphanumeric(next) {
                connectors += 1
                isInLetters = false
                inFraction = false
                hash.add(byte)
            } else {
                break
            }
            index += 1
        }
        position = index
        guard digits > 0, !isPlaceholder(start, index), !isInAddress(start, index) else {
            return Token(hash: hash.value, kind: .other)
        }
        let length = index - start
        let kind: Kind
        if letters == 0, connectors == 0 {
            let isMoney = start > 0 && Self.isCurrency(bytes, before: start)
            if fraction == 2 || isMoney, digits >= 2 {
                kind = .amount
            } else {
                let isCode = digits >= 5 && fraction == 0 && zeros < 3 && (digits >= 8 || isAnnounced(start))
                kind = isCode ? .identifier : .other
            }
        } else if Self.isDigit(bytes[start]) {
            // `300-volt`, `22-26` and `100km` are no codes; `8f3a-9c21-77` is one, and so is a long dashed number.
            let isDate = letters == 0 && digits == 8 && connectors == 2
            let isCode = letters == 0 ? digits >= 7 && !isDate : letterRuns >= 2 && digits >= 3
            kind = isCode && length >= 8 ? .identifier : .other
        } else {
            kind = digits >= 3 && length >= 5 ? .identifier : .other
        }
        return Token(hash: hash.value, kind: kind)
    }

    /// A comma between digits with exactly three behind it.
    private func isThousandsSeparator(_ index: Int) -> Bool {
        guard index > 0, index + 3 < bytes.count, Self.isDigit(bytes[index - 1]) else { return false }
        let behind = (1...3).allSatisfy { Self.isDigit(bytes[index + $0]) }
        return behind && !(index + 4 < bytes.count && Self.isDigit(bytes[index + 4]))
    }

    /// Whether a number stands behind `#`, `:`, `=` or a quotation mark, or behind a word such as "order" or "invoice".
    private func isAnnounced(_ start: Int) -> Bool {
        var index = start - 1
        while index >= 0, bytes[index] == 0x20 { index -= 1 }
        guard index >= 0 else { return false }
        switch bytes[index] {
        case UInt8(ascii: "#"), UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "\""): return true
        default: break
        }
        if bytes[index] == UInt8(ascii: ".") { index -= 1 }
        let end = index + 1
        // No announcing word is nearly so long, and what is longer would be gone through again for each number behind it.
        while index >= 0, end - index <= 64, Self.isAlphanumeric(bytes[index]) || bytes[index] >= 0x80 { index -= 1 }
        guard end > index + 1, end - index <= 64 else { return false }
        let word = UnsafeBufferPointer(rebasing: bytes[(index + 1)..<end])
        return words(of: word).first.map { Self.announcing.contains($0.hash) } ?? false
    }

    private static let announcing = wordHashes(
        """
        order orders number no nr id invoice ticket case ref reference account tracking booking customer item sku article \
        transaction shipment parcel pedido factura número referencia commande facture numéro bestellung rechnung nummer \
        kunde encomenda fatura ordine fattura numero
        """
    )

    /// `[EMAIL_1234]` and `<CARD_0001>` are what redaction left.
    private func isPlaceholder(_ start: Int, _ end: Int) -> Bool {
        guard start > 0, end < bytes.count else { return false }
        return (bytes[start - 1] == UInt8(ascii: "[") && bytes[end] == UInt8(ascii: "]"))
            || (bytes[start - 1] == UInt8(ascii: "<") && bytes[end] == UInt8(ascii: ">"))
    }

    private func isInAddress(_ start: Int, _ end: Int) -> Bool {
        (start > 0 && (bytes[start - 1] == UInt8(ascii: "/") || bytes[start - 1] == UInt8(ascii: "@")))
            || (end < bytes.count && bytes[end] == UInt8(ascii: "@"))
    }

    private static func isCurrency(_ bytes: UnsafeBufferPointer<UInt8>, before index: Int) -> Bool {
        var index = index - 1
        if bytes[index] == 0x20, index > 0 { index -= 1 }
        if bytes[index] == UInt8(ascii: "$") { return true }
        // U+20AC EURO SIGN, U+00A3 POUND SIGN.
        if bytes[index] == 0xAC, index >= 2 { return bytes[index - 1] == 0x82 && bytes[index - 2] == 0xE2 }
        return bytes[index] == 0xA3 && index >= 1 && bytes[index - 1] == 0xC2
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 97 < 26 }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }

    /// What may join the parts of an identifier.
    private static func isConnector(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") }
}

/// Whether somebody pasted data: JSON, a table, CSV, or key-value lines.
enum PastedStructure {
    static func isPresent(in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var rows = 0
        var commas = 0
        var bars = 0
        var tabs = 0
        var keys = 0
        for index in bytes.indices {
            switch bytes[index] {
            case UInt8(ascii: ","): commas += 1
            case UInt8(ascii: "|"): bars += 1
            case 0x09: tabs += 1
            case UInt8(ascii: ":") where index > 0 && bytes[index - 1] == UInt8(ascii: "\""): keys += 1
            case 0x0A:
                if bars >= 2 || tabs >= 1 || commas >= 3 { rows += 1 }
                (commas, bars, tabs) = (0, 0, 0)
            default: break
            }
        }
        if bars >= 2 || tabs >= 1 || commas >= 3 { rows += 1 }
        return rows >= 3 || keys >= 2
    }
}
