/// What kind of personal data or secret was found; the word in its placeholder.
package struct RedactionKind: Sendable, Hashable, RawRepresentable, CustomStringConvertible {
    /// Capitals, digits and `_`, starting with a capital: `EMAIL` gives `<EMAIL_1>`.
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package var description: String { rawValue }

    package static let email = RedactionKind(rawValue: "EMAIL")
    package static let phone = RedactionKind(rawValue: "PHONE")
    /// An international bank account number that passes mod 97.
    package static let iban = RedactionKind(rawValue: "IBAN")
    /// A payment card's number that passes Luhn.
    package static let card = RedactionKind(rawValue: "CARD")
    /// The address of a network interface (IEEE 802's EUI-48) other than broadcast and none.
    package static let mac = RedactionKind(rawValue: "MAC")
    /// An IPv4 or IPv6 address other than loopback and the unspecified one.
    package static let ip = RedactionKind(rawValue: "IP")
    package static let jwt = RedactionKind(rawValue: "JWT")
    /// A key that its vendor's prefix gives away.
    package static let apiKey = RedactionKind(rawValue: "API_KEY")
    /// What follows `Bearer` or `Authorization:`.
    package static let token = RedactionKind(rawValue: "TOKEN")
    /// What follows `password=`, `"api_key":`, `CVV:` and the like.
    package static let secret = RedactionKind(rawValue: "SECRET")
    /// User and password in a URL.
    package static let credentials = RedactionKind(rawValue: "CREDENTIALS")
    package static let privateKey = RedactionKind(rawValue: "PRIVATE_KEY")
    /// A number that a state gives to a person.
    package static let nationalID = RedactionKind(rawValue: "NATIONAL_ID")

    /// All that there was no time to look at; nothing was found, and it is not kept.
    package static let notScanned = RedactionKind(rawValue: "NOT_SCANNED")

    /// The kinds that are found without rules of one's own.
    package static let builtIn: [RedactionKind] = [
        .email, .phone, .iban, .card, .ip, .mac, .jwt, .apiKey, .token, .secret, .credentials, .privateKey, .nationalID,
    ]

    /// Whether two spellings with different separators are one value.
    var isDigits: Bool { self == .phone || self == .card || self == .nationalID }
}
