/// What the words right before a number say about it.
enum NumberContext: Equatable {
    case none
    case phone
    case card
    /// A number that a state gives to a person, and whose check digits then decide.
    case nationalID(NationalSchemes)
    /// An IP address, a host.
    case address
    case version
    /// An order, an invoice, a ticket: whatever it looks like, it is not personal.
    case reference

    var isPersonal: Bool {
        switch self {
        case .phone, .card, .nationalID: true
        default: false
        }
    }
}

/// Words are looked for only once a number has the right shape, so the lists cost nothing in ordinary text. They
/// cover the larger languages of Europe, and the words of other scripts that stand on forms.
extension Scanner {
    /// The kind that the nearest telling word gives the number at an index.
    ///
    /// Looks back at most 32 bytes on the same line, and not past a digit: a number farther on has its own words.
    func context(before index: Int) -> NumberContext {
        if let last, last.end <= index, index - last.end <= 5, last.kind == .phone, isList(last.end..<index) {
            return .phone
        }
        let limit = max(0, index - 32)
        var end = index
        // What a word says that the one before it may overrule.
        var weak: NumberContext?
        while end > limit {
            var byte = bytes[end - 1]
            while !isWordPart(byte) {
                guard byte != 0x0A, !byte.isDigit, byte != UInt8(ascii: ">") else { return weak ?? .none }
                end -= 1
                guard end > limit else { return weak ?? .none }
                byte = bytes[end - 1]
            }
            var start = end
            while start > limit, isWordPart(bytes[start - 1]) { start -= 1 }
            let word = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self)
            let isShortGap =
                index - end <= 8 && bytes[end..<index].allSatisfy { $0.isLetter || $0 == 0x20 || $0 == 0x3A }
            let found = ContextWords.meaning(word.lowercased(), isShortGap: isShortGap)
            // "Steuer-ID", "Medicare card": the word before says whose.
            if let weak {
                return found.isPersonal ? found : weak
            } else if found == .reference && word.utf8.count <= 2 || found == .card && word.utf8.count == 4 {
                weak = found
            } else if found != .none {
                return found
            }
            end = start
        }
        return weak ?? .none
    }

    private func isWordPart(_ byte: UInt8) -> Bool { byte.isLetter || byte >= 0x80 }

    /// `, `, ` / `, ` or `: what stands between two of a kind.
    private func isList(_ range: Range<Int>) -> Bool {
        bytes[range].allSatisfy { $0 == 0x20 || ",/;|&\"".utf8.contains($0) || $0.isLetter }
            && bytes[range].contains { $0 != 0x20 }
    }
}

/// The telling words.
private enum ContextWords {
    static func meaning(_ raw: String, isShortGap: Bool) -> NumberContext {
        if raw.utf8.allSatisfy({ $0 < 0x80 }) { return meaning(of: raw, isShortGap: isShortGap) }
        // Quotation marks and dashes of other scripts stick to the words.
        var word = raw.drop { !$0.isLetter && $0 != "§" }
        while let last = word.last, !last.isLetter, last != "§" { word.removeLast() }
        return meaning(of: String(word), isShortGap: isShortGap)
    }

    private static func meaning(of word: String, isShortGap: Bool) -> NumberContext {
        if let exact = exact[word] { return exact }
        // A verb such as "call" says something about a number only right behind it: "call me at …".
        if isShortGap, verbs.contains(word) { return .phone }
        guard word.utf8.count >= 3, word != "iphone", word != "smartphone" else { return .none }
        return meaning(ofPartOf: Array(word.utf8))
    }

    /// The meaning of the first part of a word that has one.
    private static func meaning(ofPartOf word: [UInt8]) -> NumberContext {
        for start in word.indices {
            for entry in partsByFirstByte[Int(word[start])] {
                let count = entry.part.utf8CodeUnitCount
                guard start + count <= word.count else { continue }
                if (1..<count).allSatisfy({ word[start + $0] == entry.part.utf8Start[$0] }) {
                    return entry.meaning
                }
            }
        }
        return .none
    }

    /// Few parts begin with any one byte, so that a word is compared with few.
    private static let partsByFirstByte: [[(part: StaticString, meaning: NumberContext)]] = {
        let all = NationalSchemes.parts.map { ($0.part, NumberContext.nationalID($0.schemes)) } + parts
        return (0..<256).map { byte in all.filter { Int($0.0.utf8Start[0]) == byte } }
    }()

    private static let exact: [String: NumberContext] = {
        let lists: [(NumberContext, String)] = [
            (
                .phone,
                "tel tlf tfno cell ph mob sms gsm mobile handy hotline landline portable rufnummer 电话 電話 手机 "
                    + "тел τηλ puh gsm mobiel telefoon"
            ),
            (.card, "cc pan visa amex mastercard maestro discover diners jcb karte carte tarjeta cartão carta"),
            (.address, "ip ips ipv4 ipv6 host server client dns ping gateway subnet proxy peer addr"),
            (
                .version,
                "v ver vers oid objectidentifier release releases build rev chapter section kapitel abschnitt § "
                    + "table tabelle figure fig abb appendix clause"
            ),
            (
                .reference,
                "id ids ref refs sku ean upc isbn issn imei lot part po no_ case item order orders ticket vin rma awb uuid "
                    + "commit hash epoch timestamp seed"
            ),
        ]
        var table = NationalSchemes.words.mapValues { NumberContext.nationalID($0) }
        for (meaning, words) in lists {
            for word in words.split(separator: " ") { table[String(word)] = meaning }
        }
        return table
    }()

    private static let verbs: Set<String> = [
        "call", "dial", "text", "ring", "reach", "contact", "callback", "appelez", "appeler", "llama", "llame",
        "llamar",
        "anrufen", "anruf", "ligue", "chiama",
    ]

    private static let parts: [(part: StaticString, meaning: NumberContext)] = [
        ("phone", .phone), ("telef", .phone), ("fono", .phone), ("mobil", .phone), ("móvil", .phone),
        ("celular", .phone),
        ("whatsapp", .phone), ("fax", .phone), ("téléphone", .phone), ("cellulare", .phone),
        ("card", .card), ("kredit", .card), ("credit", .card),
        ("телефон", .phone), ("τηλέφ", .phone), ("电话", .phone), ("電話", .phone), ("手机", .phone), ("携帯", .phone),
        ("전화", .phone), ("휴대폰", .phone), ("फ़ोन", .phone), ("फोन", .phone), ("मोबाइल", .phone), ("هاتف", .phone),
        ("جوال", .phone), ("טלפון", .phone),
        ("卡号", .card), ("カード", .card), ("карт", .card), ("karty", .card),
        ("ipaddress", .address), ("address", .address), ("server", .address), ("resolver", .address),
        ("version", .version), ("firmware", .version), ("upgrade", .version),
        ("order", .reference), ("invoice", .reference), ("ticket", .reference), ("tracking", .reference),
        ("serial", .reference), ("reference", .reference), ("receipt", .reference), ("account", .reference),
        ("konto", .reference), ("policy", .reference), ("claim", .reference), ("barcode", .reference),
        ("batch", .reference), ("booking", .reference), ("transaction", .reference), ("shipment", .reference),
        ("parcel", .reference), ("bestell", .reference), ("auftrag", .reference), ("rechnung", .reference),
        ("pedido", .reference), ("factura", .reference), ("commande", .reference), ("facture", .reference),
        ("artikel", .reference), ("article", .reference), ("product", .reference), ("model", .reference),
        ("sendung", .reference), ("ordine", .reference), ("fattura", .reference), ("member", .reference),
    ]
}
