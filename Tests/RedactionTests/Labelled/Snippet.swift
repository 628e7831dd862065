import Testing

@testable import Redaction

/// A text in which every finding is marked where it stands, `⟦KIND:value⟧`; one without marks is a hard negative.
///
/// Every number and key is made up; what claims a checksum has a right one.
struct Snippet: Sendable, ExpressibleByStringInterpolation, CustomTestStringConvertible {
    /// One value to be found: its kind, and where it stands in the UTF-8 of ``text``.
    struct Label: Hashable, Sendable {
        var kind: RedactionKind
        var range: Range<Int>
    }

    /// The text as it comes, without the marks.
    let text: String
    let labels: [Label]

    private init(text: String, labels: [Label]) {
        self.text = text
        self.labels = labels
    }

    init(stringLiteral marked: String) {
        var text: [UInt8] = []
        var labels: [Label] = []
        var rest = marked[...]
        while let open = rest.firstIndex(of: "⟦"), let colon = rest[open...].firstIndex(of: ":"),
            let close = rest[colon...].firstIndex(of: "⟧")
        {
            text += rest[..<open].utf8
            let value = Array(rest[rest.index(after: colon)..<close].utf8)
            let kind = RedactionKind(rawValue: String(rest[rest.index(after: open)..<colon]))
            labels.append(Label(kind: kind, range: text.count..<text.count + value.count))
            text += value
            rest = rest[rest.index(after: close)...]
        }
        self.text = String(decoding: text + rest.utf8, as: UTF8.self)
        self.labels = labels
    }

    var testDescription: String { String(text.prefix(60)) }

    /// The spans that one pass of the built-in kinds replaces.
    var found: [Label] {
        var text = text
        return text.withUTF8 { bytes in
            Finder(deadline: .seconds(Int64.max)).matches(in: bytes).map { Label(kind: $0.kind, range: $0.range) }
        }
    }

    /// The same with words around it.
    func framed(_ before: String, _ after: String) -> Snippet {
        Snippet(
            text: before + text + after,
            labels: labels.map {
                let offset = before.utf8.count
                return Label(kind: $0.kind, range: $0.range.lowerBound + offset..<$0.range.upperBound + offset)
            }
        )
    }

    func value(_ label: Label) -> String { String(decoding: Array(text.utf8)[label.range], as: UTF8.self) }
}

/// The labelled set: written as an adversary would, to be measured against, not to be agreed with.
///
/// Conventions. A label holds the value alone: an address without its port or prefix length, a number without its
/// extension, a token without `Bearer`. A vendor's own prefix makes an API_KEY wherever it stands; without one, the word
/// before makes a SECRET or TOKEN. The user of an SSH remote (`git@host:path`) and of a host without a dot
/// (`root@server`) are accounts of a machine, not mail addresses. Loopback, unspecified and netmask addresses are
/// nobody's; the same of addresses of interfaces. A mask, a reference to the environment and a word of documentation (`YOUR_API_KEY`) are no secrets.
enum LabelledSet {
    static let positives = positiveLists.flatMap { $0 } + mixedLists.filter { !$0.labels.isEmpty }
    static let hardNegatives = hardNegativeLists.flatMap { $0 } + mixedLists.filter { $0.labels.isEmpty }
    static let all = positives + hardNegatives

    private static let mixedLists = secondLook + disguises + disguisesLocked
    private static let positiveLists = [
        emails, phones, cards, accounts, addresses, vendorKeys, tokens, secrets, nationalIDs, mixed,
    ]
    private static let hardNegativeLists = [hardNegativeNumbers, hardNegativeNames, hardNegativeSecrets]
}
