import Testing
import Vocabulary

@testable import Scoring
@testable import Statistics

/// The text functions beside naive ones that are written for being read.
struct TextTests {
    private static let alphabets: [[Character]] = [
        Array("ab c"), Array("abcdefghijklmnopqrstuvwxyz   ABC0123456789.,;'"), Array("aé ü漢字 🙂'x9"),
        // More characters than a small alphabet has numbers for, or as many; white space beyond ASCII; control characters.
        Array("абвгдежзийклмнопрстуфхцчшщъыьэюя a\u{A0}\u{2003}é"), Array("aб\u{1}\u{0} \u{7F}\u{1F}\t\u{3000}xx"),
    ]

    private func text(_ alphabet: [Character], _ generator: inout SplitMix64) -> String {
        String((0..<Int(generator.next() % 90)).map { _ in alphabet[Int(generator.next() % UInt64(alphabet.count))] })
    }

    @Test func `chrF is what counting every sequence gives`() {
        for seed in 0..<600 {
            var generator = SplitMix64(seed: UInt64(seed))
            let alphabet = Self.alphabets[seed % Self.alphabets.count]
            let left = text(alphabet, &generator)
            // Often a changed copy: unrelated texts share no long sequences.
            let right =
                seed % 2 == 0
                ? text(alphabet, &generator) : String(left.dropLast(3)) + text(alphabet, &generator).prefix(5)
            var budget = StepBudget.agreement
            let (found, expected) = (characterNGramF(left, right, &budget), naiveChrF(left, right))
            #expect((found == nil) == (expected == nil), "seed \(seed)")
            if let found, let expected { #expect(abs(found - expected) < 1e-12, "seed \(seed)") }
        }
    }

    private func naiveChrF(_ reference: String, _ other: String) -> Double? {
        let left = reference.unicodeScalars.filter { !$0.properties.isWhitespace }
        let right = other.unicodeScalars.filter { !$0.properties.isWhitespace }
        guard !left.isEmpty, !right.isEmpty else { return left.isEmpty == right.isEmpty ? nil : 0 }
        let orders = min(6, left.count, right.count)
        func counts(_ text: String.UnicodeScalarView, _ order: Int) -> [[Unicode.Scalar]: Int] {
            let scalars = Array(text)
            return (0...(scalars.count - order)).reduce(into: [:]) {
                $0[Array(scalars[$1..<($1 + order)]), default: 0] += 1
            }
        }
        var (precision, recall) = (0.0, 0.0)
        for order in 1...orders {
            let (ours, theirs) = (counts(left, order), counts(right, order))
            let matches = theirs.reduce(0) { $0 + min($1.value, ours[$1.key] ?? 0) }
            precision += Double(matches) / Double(right.count - order + 1) / Double(orders)
            recall += Double(matches) / Double(left.count - order + 1) / Double(orders)
        }
        return precision + recall > 0 ? 5 * precision * recall / (4 * precision + recall) : 0
    }

    @Test func `a word's hash depends on its letters alone, not on its case, its place or its length`() {
        var seen: [UInt64: String] = [:]
        for seed in 0..<400 {
            var generator = SplitMix64(seed: UInt64(seed))
            let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
            let count = 1 + Int(generator.next() % 20)
            let word = String((0..<count).map { _ in letters[Int(generator.next() % 36)] })
            let alone = wordHash(word)
            for before in 0..<9 {
                let found = words(of: Array((String(repeating: ".", count: before) + word.uppercased() + " x").utf8))
                #expect(found.map(\.hash) == [alone, wordHash("x")], "seed \(seed), behind \(before)")
                #expect(found.first.map { Int($0.length) } == count, "seed \(seed), behind \(before)")
            }
            #expect(seen.updateValue(word, forKey: alone) ?? word == word, "seed \(seed)")
        }
    }

    @Test func `every byte that is no letter ends a word`() {
        for byte in UInt8(0)..<128 {
            let scalar = Unicode.Scalar(byte)
            let isLetter = scalar.properties.isAlphabetic || ("0"..."9").contains(Character(scalar))
            let found = words(of: Array("abcdefg".utf8) + [byte] + Array("hijklmnop".utf8))
            // An apostrophe between letters belongs to the word.
            #expect(found.count == (isLetter || scalar == "'" ? 1 : 2), "byte \(byte)")
        }
    }
}
