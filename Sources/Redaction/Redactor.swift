import Foundation

/// Finds personal data and secrets in a text and replaces each by a typed placeholder, keeping nothing.
///
/// Why. Prompts and answers are other people's words, and are redacted before they touch the disk. Raters and scorers
/// must still see what kind of thing stood there, and that an answer echoed it: hence `<EMAIL_1>`, not `***`.
///
/// Order. The operator's own rules go first, each over the whole text in the order given, then one pass from left to
/// right finds the built-in kinds. Where two would begin at the same byte, the more precise is asked first: private
/// keys, URL credentials, keys by vendor prefix and JWTs, tokens and secrets told by the word before them, IBAN; for
/// digits: IP, card, national id, phone. A match is never looked at again, and what looks like a placeholder is left
/// alone, so that redacting twice changes nothing.
///
/// Disguise. Rules and built-in kinds are looked for in the text as it stands and as it is meant (``NormalisedText``):
/// without what cannot be seen, with digits and letters of other forms as ASCII's, and with the escapes of URLs, HTML,
/// JSON and Markdown written out. What is replaced is replaced in the original, and every other byte stays.
///
/// Time. All of it is linear, and has a budget beside that: own rules and passes are given time in proportion to the
/// text, and all texts of a scope together in proportion to them, however many they are. What was left unread is replaced
/// as a whole, by the rule's placeholder or `<NOT_SCANNED_1>`: what cannot be checked is not kept.
///
/// Structure. Inside JSON a placeholder in the place of a bare number is put in quotes, and no match reaches over a
/// quote or into half an escape, so that JSON stays JSON. Its keys are looked at like its values.
///
/// Limits. What is not found, on purpose:
/// - Names, postal addresses, dates of birth, coordinates, vehicle numbers: nothing in their form tells them from other
///   words and numbers, and a list of names would take most of a text with it. An operator's rule may.
/// - Wallets and seed phrases: a public address is published to be paid to, and twelve words are a sentence.
/// - Digits as words ("four one one …") and addresses as prose ("jane at example dot com", without brackets): they would
///   have to be understood.
/// - What is encoded and not only escaped: base64, hexadecimal, quoted-printable, compressed, reversed. Every text can be
///   hidden so, and most of what looks like base64 is an image.
/// - Letters of other alphabets that look like Latin ones: see ``Characters``.
/// - A number with nothing around it that says what it is (ten digits, no separators, no word such as "phone" before
///   it), since order numbers look the same; a table's heading is not looked at from the rows below it.
/// - A secret with neither form nor word: 32 hexadecimal digits are a hash more often than a key.
package struct Redactor: Sendable {
    /// One of the operator's own kinds.
    package struct Rule: Sendable {
        /// The word in the placeholder: capitals, digits and `_`.
        package var name: String
        /// An ICU regular expression.
        package var pattern: String

        package init(name: String, pattern: String) {
            self.name = name
            self.pattern = pattern
        }
    }

    /// Why a rule cannot be used.
    package enum RuleError: Error, CustomStringConvertible {
        case badName(String)
        case badPattern(name: String)

        package var description: String {
            switch self {
            case .badName(let name):
                "The redaction rule \(name) has a name that no placeholder can have; use capitals, digits and _."
            case .badPattern(let name):
                "The pattern of the redaction rule \(name) is no regular expression that compiles (ICU syntax)."
            }
        }
    }

    /// How often a text is looked at again because something was replaced in it.
    private static let maximumPasses = 8

    let rules: [(kind: RedactionKind, expression: BoundedSearch)]
    /// Of one text.
    var budget = ScanBudget()
    /// Of all texts of one scope: of the passes, and of the rules, for each of which a byte counts anew.
    var scopeBudget = ScanBudget(base: .seconds(1))

    /// A redactor with the built-in kinds alone.
    package init() {
        rules = []
    }

    /// A redactor with rules of the operator's own, which go first.
    ///
    /// - Throws: ``RuleError`` for the first rule that cannot be used.
    package init(rules: [Rule]) throws(RuleError) {
        var compiled: [(RedactionKind, BoundedSearch)] = []
        for rule in rules {
            guard Placeholder.isName(rule.name.utf8) else { throw .badName(rule.name) }
            guard let expression = try? BoundedSearch(rule.pattern) else {
                throw .badPattern(name: rule.name)
            }
            compiled.append((RedactionKind(rawValue: rule.name), expression))
        }
        self.rules = compiled
    }

    /// The text with every finding replaced; the same text where there is none.
    package func redact(_ text: String, in scope: inout RedactionScope) -> String {
        guard !text.isEmpty else { return text }
        var text = text
        scope.byteCount += text.utf8.count
        Placeholder.reserveNumbers(of: text, in: &scope)
        for rule in rules { apply(rule.expression, as: rule.kind, to: &text, &scope) }
        let left = scopeBudget.time(forBytes: scope.byteCount) - scope.scanTime
        guard left > .zero else { return Placeholder.notScanned(in: &scope) }
        let start = ThreadTime.now
        defer { scope.scanTime += ThreadTime.now - start }
        let finder = Finder(deadline: start + min(left, budget.time(forBytes: text.utf8.count)))
        // A placeholder can bring two things together that were apart, so a text that changed is looked at again.
        for _ in 0..<Self.maximumPasses {
            let replaced: String? = text.withUTF8 { bytes in
                let matches = finder.matches(in: bytes)
                return matches.isEmpty ? nil : replace(matches, in: bytes, &scope)
            }
            guard let replaced else { return text }
            text = replaced
        }
        // No text that anybody writes comes here.
        return Placeholder.notScanned(in: &scope)
    }

    /// How often each kind occurs in a text; the values themselves are not kept.
    package func findings(in text: String) -> [RedactionKind: Int] {
        var scope = RedactionScope()
        _ = redact(text, in: &scope)
        return scope.findings
    }

    private func replace(
        _ matches: [Match],
        in bytes: UnsafeBufferPointer<UInt8>,
        _ scope: inout RedactionScope
    ) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count + 16 * matches.count)
        var copied = 0
        for match in matches {
            output.append(contentsOf: bytes[copied..<match.range.lowerBound])
            let number = scope.number(of: match.kind, value: match.kind == .notScanned ? [] : match.normalised(bytes))
            switch match.quoting {
            case .none: Placeholder.append(match.kind, number, to: &output)
            case .quoted:
                output.append(UInt8(ascii: "\""))
                Placeholder.append(match.kind, number, to: &output)
                output.append(UInt8(ascii: "\""))
            case .escapedQuotes:
                output.append(contentsOf: "\\\"".utf8)
                Placeholder.append(match.kind, number, to: &output)
                output.append(contentsOf: "\\\"".utf8)
            }
            copied = match.range.upperBound
        }
        output.append(contentsOf: bytes[copied...])
        return String(decoding: output, as: UTF8.self)
    }
}
