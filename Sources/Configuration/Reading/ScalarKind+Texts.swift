import Foundation
import Vocabulary

extension ScalarKind where Value == String {
    /// A text of at least one visible character and no control characters.
    static func text(_ noun: String, example: String) -> ScalarKind {
        ScalarKind(
            form: .text("text"),
            expected: "\(noun) is a text of one line; write for example \(example)",
            parse: { text in
                let isVisible = text.contains { !$0.isWhitespace }
                return isVisible && !text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } ? text : nil
            },
            show: { $0 }
        )
    }

    /// A version of the form that is understood.
    static func semanticVersion(example: String) -> ScalarKind {
        ScalarKind(
            form: .text("semantic version"),
            expected: "a version is semantic (MAJOR.MINOR.PATCH, with or without a leading v); "
                + "write for example \(example)",
            parse: { SemanticVersion($0) == nil ? nil : $0 },
            show: { $0 }
        )
    }

    /// The name of an environment variable (POSIX.1-2017, chapter 8.1), never quoted when wrong: it may be the secret.
    static let variableName = ScalarKind(
        form: .text("name of an environment variable", pattern: "^[A-Z_][A-Z0-9_]*$"),
        expected: "is not the name of an environment variable (capitals, digits and _); give the name of the variable "
            + "that holds the secret, not the secret itself, for example SHADOW_KEY",
        mayQuote: false,
        parse: { text in
            let isName = text.utf8.allSatisfy {
                (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
            }
            return isName && !text.isEmpty && text.first?.isNumber == false ? text : nil
        },
        show: { $0 }
    )

    /// The name of an intent class.
    static let className = ScalarKind(
        form: .text("name of a class", pattern: "^[A-Za-z0-9_.-]{1,64}$"),
        expected: "the name of a class has letters, digits, '_', '-' and '.', up to 64; write for example order_status",
        parse: { text in
            let isName = text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D, 0x2E: true
                default: false
                }
            }
            return isName && (1...64).contains(text.utf8.count) ? text : nil
        },
        show: { $0 }
    )

    /// An ICU regular expression that compiles, as `NSRegularExpression` reads it.
    static func pattern(example: String, refusingEmptyMatch: Bool) -> ScalarKind {
        ScalarKind(
            form: .text("regular expression (ICU)"),
            expected: "that is no regular expression that compiles (ICU syntax): look for an open bracket or a stray "
                + "quantifier; write for example \(example)",
            parse: { text throws(Flaw) in
                guard !text.isEmpty, let pattern = try? NSRegularExpression(pattern: text) else { return nil }
                if refusingEmptyMatch, pattern.firstMatch(in: "", range: NSRange(location: 0, length: 0)) != nil {
                    throw Flaw("it matches the empty text and so would match everywhere; write for example \(example)")
                }
                return text
            },
            show: { $0 }
        )
    }

    /// The name of one of the operator's own kinds, as it stands in a placeholder.
    static let placeholderName = ScalarKind(
        form: .text("capitals, digits and `_`", pattern: "^[A-Z][A-Z0-9_]{0,31}$"),
        expected: "the name of a placeholder starts with a capital and has capitals, digits and _; "
            + "write for example TICKET",
        parse: { text in
            let isName = text.utf8.allSatisfy {
                (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
            }
            guard let first = text.utf8.first, (0x41...0x5A).contains(first) else { return nil }
            return isName && text.utf8.count <= 32 ? text : nil
        },
        show: { $0 }
    )
}

extension ScalarKind where Value == NetworkAddress {
    static func address(example: String) -> ScalarKind {
        ScalarKind(
            form: .text("HOST:PORT", pattern: ":[0-9]{1,5}$"),
            expected: "an address is HOST:PORT with a port up to 65535; write for example \(example)",
            parse: { NetworkAddress($0) },
            show: { $0.description }
        )
    }
}

extension ScalarKind where Value == String {
    static func addressRange(example: String) -> ScalarKind {
        ScalarKind(
            form: .text("IP address or CIDR range"),
            expected: "is no IP address, nor a range of them as CIDR writes it; write for example \(example)",
            parse: { text in
                let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
                var octets = [UInt8](repeating: 0, count: 16)
                let isV4 = inet_pton(AF_INET, parts[0], &octets) == 1
                guard isV4 || inet_pton(AF_INET6, parts[0], &octets) == 1, parts.count <= 2 else { return nil }
                guard parts.count == 2 else { return text }
                let isNumber =
                    (1...3).contains(parts[1].utf8.count) && parts[1].utf8.allSatisfy { (0x30...0x39).contains($0) }
                guard isNumber, let length = Int(parts[1]), length <= (isV4 ? 32 : 128) else { return nil }
                return text
            },
            show: { $0 }
        )
    }
}

extension ScalarKind where Value == ServerURL {
    static func url(example: String) -> ScalarKind {
        ScalarKind(
            form: .text("http or https URL", pattern: "^[hH][tT][tT][pP][sS]?://"),
            expected: "is not http://HOST:PORT or https://HOST:PORT; write for example \(example)",
            mayQuote: false,
            parse: { text throws(Flaw) in
                let flaw: ServerURL.Flaw
                do throws(ServerURL.Flaw) {
                    return try ServerURL(text)
                } catch {
                    flaw = error
                }
                switch flaw {
                case .scheme(let scheme):
                    throw Flaw(
                        "has the scheme \(scheme), but only http and https are spoken; write for example \(example)"
                    )
                case .credentials:
                    throw Flaw(
                        "has a user name or password in it; take it out, and name a variable with the key in api_key_env"
                    )
                case .queryOrFragment:
                    throw Flaw("has a query or a fragment, which a base URL cannot have; write for example \(example)")
                case .apiVersionPath:
                    throw Flaw(
                        "ends in /v1, but the client's path, which starts with /v1, is appended to it; leave out the /v1"
                    )
                case .notAURL:
                    return nil
                }
            },
            show: { $0.description }
        )
    }
}

extension ScalarKind where Value == RequestField {
    static let field = ScalarKind(
        form: .text("`header:NAME` or `body:FIELD.FIELD`", pattern: "^(header|body):.+$"),
        expected: "a place in a request is header:NAME or body:FIELD.FIELD; write for example header:x-session-id",
        parse: { RequestField($0) },
        show: { $0.description }
    )
}
