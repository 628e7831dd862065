/// A place in a request where a word of the caller stands: a header, or a field of its JSON body.
package enum RequestField: Sendable, Hashable, CustomStringConvertible {
    /// A header's name, compared without case; in lower case where it was read from a text.
    case header(String)
    /// A field of the JSON body by its dotted path from the top level.
    case body(String)

    /// Where a session's id is looked for unless the configuration says otherwise, in this order.
    package static let defaultSessionFields: [RequestField] = [
        .header("x-session-id"), .body("metadata.session_id"), .body("user"),
    ]

    /// Reads `header:NAME` or `body:FIELD.FIELD`; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty else { return nil }
        switch parts[0] {
        case "header":
            guard parts[1].utf8.allSatisfy(Self.isTokenByte) else { return nil }
            self = .header(parts[1].lowercased())
        case "body":
            guard parts[1].split(separator: ".", omittingEmptySubsequences: false).allSatisfy({ !$0.isEmpty }) else {
                return nil
            }
            self = .body(String(parts[1]))
        default: return nil
        }
    }

    package var description: String {
        switch self {
        case .header(let name): "header:\(name)"
        case .body(let path): "body:\(path)"
        }
    }

    /// RFC 9110 §5.6.2: a field name is a token.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

/// What is drawn as a whole when requests are sampled.
package enum SamplingUnit: String, Sendable, CaseIterable {
    case session
    case request
}
