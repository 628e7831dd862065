/// Marks of Markdown and HTML within a value, and addresses spelled out.
extension SpellingReader {
    /// `**jane**.roe@…`, `4111 **1111**`: signs of Markdown between what belongs together.
    func emphasis(at start: Int) -> Spelling? {
        let mark = byte(start)
        var end = start + 1
        while byte(end) == mark { end += 1 }
        let asItIs = Spelling(.itself, length: end - start)
        let length = end - start
        guard length <= 3, mark == UInt8(ascii: "*") || mark == UInt8(ascii: "`") || length == 2 else { return asItIs }
        let isInside = joins(start - 1, end)
        let isInNumber =
            byte(end) == 0x20 && isBetweenDigits(start - 1, end + 1)
            || byte(start - 1) == 0x20 && isBetweenDigits(start - 2, end)
        guard isInside || isInNumber else { return asItIs }
        // `i*2` is a product.
        let isTelling =
            length > 1 || isInNumber || ".@".utf8.contains(byte(start - 1)) || ".@".utf8.contains(byte(end))
            || byte(start - 2).isDigit && isBetweenDigits(start - 1, end)
        return Spelling(.nothing, length: length, isTelling: isTelling)
    }

    /// `jane<wbr>.roe@…`, `<b>jane</b>@…`, `4111<!-- -->1111`: elements of HTML that change the look alone.
    func tag(at start: Int) -> Spelling? {
        guard Self.isOfWord(byte(start - 1)) else { return nil }
        if byte(start + 1) == UInt8(ascii: "!") {
            guard byte(start + 2) == 0x2D, byte(start + 3) == 0x2D else { return nil }
            var end = start + 4
            while end - start < 64, end < bytes.count, bytes[end] != UInt8(ascii: ">") { end += 1 }
            guard byte(end) == UInt8(ascii: ">"), joins(start - 1, end + 1) else { return nil }
            return Spelling(.nothing, length: end + 1 - start, isTelling: true)
        }
        let name = byte(start + 1) == UInt8(ascii: "/") ? start + 2 : start + 1
        var end = name
        while end - name < 7, byte(end).isLetter { end += 1 }
        // `<CODE_1>` is a placeholder, whatever it is named.
        guard end > name, "> /".utf8.contains(byte(end)),
            Self.isInline(UnsafeBufferPointer(rebasing: bytes[name..<end]))
        else { return nil }
        while end - name < 64, end < bytes.count, bytes[end] != UInt8(ascii: ">"), bytes[end] != UInt8(ascii: "<") {
            end += 1
        }
        let isInNumber = byte(end + 1) == 0x20 && isBetweenDigits(start - 1, end + 2)
        guard byte(end) == UInt8(ascii: ">"), isInNumber || joins(start - 1, end + 1) else { return nil }
        return Spelling(.nothing, length: end + 1 - start, isTelling: true)
    }

    private static func isOfWord(_ byte: UInt8) -> Bool { byte.isAlphanumeric || ".@-_+".utf8.contains(byte) }

    private static func isInline(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        let names: [StaticString] = [
            "b", "i", "u", "s", "em", "strong", "span", "wbr", "mark", "font", "code", "small",
        ]
        return names.contains { known in
            known.utf8CodeUnitCount == name.count
                && name.indices.allSatisfy { name[$0].lowercased == known.utf8Start[$0] }
        }
    }

    /// `jane (at) example [dot] org`, `203[.]0[.]113[.]77`: in brackets it is meant as a sign; without, it is prose and stays.
    func spelledOut(at start: Int) -> Spelling? {
        let closing: UInt8 =
            switch byte(start) {
            case UInt8(ascii: "("): UInt8(ascii: ")")
            case UInt8(ascii: "["): UInt8(ascii: "]")
            default: UInt8(ascii: "}")
            }
        let first = byte(start + 1)
        if first == UInt8(ascii: ".") || first == UInt8(ascii: "@") {
            guard byte(start + 2) == closing, byte(start - 1).isAlphanumeric, byte(start + 3).isAlphanumeric else {
                return nil
            }
            return Spelling(.scalar(UInt32(first)), length: 3, isTelling: true)
        }
        var word = start + 1
        while byte(word).isLetter, word - start < 8 { word += 1 }
        guard byte(word) == closing, let sign = Self.sign(UnsafeBufferPointer(rebasing: bytes[(start + 1)..<word]))
        else { return nil }
        var before = start
        while start - before < 2, byte(before - 1) == 0x20 { before -= 1 }
        var after = word + 1
        while after - word < 3, byte(after) == 0x20 { after += 1 }
        guard byte(before - 1).isAlphanumeric, byte(after).isLetter else { return nil }
        var spelling = Spelling(.scalar(UInt32(sign)), length: after - start, isTelling: true)
        spelling.blanksBefore = start - before
        return spelling
    }

    private static func sign(_ word: UnsafeBufferPointer<UInt8>) -> UInt8? {
        let words: [(StaticString, UInt8)] = [
            ("at", 0x40), ("arroba", 0x40), ("dot", 0x2E), ("punkt", 0x2E), ("point", 0x2E), ("punto", 0x2E),
            ("ponto", 0x2E),
        ]
        return words.first { known, _ in
            known.utf8CodeUnitCount == word.count
                && word.indices.allSatisfy { word[$0].lowercased == known.utf8Start[$0] }
        }?.1
    }
}
