// The fields that are forbidden in a trailer section.
//
// RFC 9110 section 6.5.1: "a sender MUST NOT generate a trailer field unless … the field permits it". RFC 7230 section 4.1.2 lists
// the kinds that never do: framing, routing, request modifiers, authentication, response control, and payload processing. Some
// recipients merge trailers into the head: there, such a field would have bypassed our rules on heads.

enum TrailerRule {
    /// Whether the field of a trailer line, given without its CRLF, is forbidden there.
    ///
    /// - Throws: `HeadFault` for an invalid field line.
    static func forbids(_ line: [UInt8]) throws(HeadFault) -> Bool {
        let known: Result<Bool, HeadFault> = line.withUnsafeBytes { line in
            do throws(HeadFault) {
                let field = try HeadScanner.fieldLine(line, 0..<line.count)
                return .success(forbids(field.known, line.part(field.nameStart, field.nameEnd)))
            } catch {
                return .failure(error)
            }
        }
        return try known.get()
    }

    private static func forbids(_ known: KnownField, _ name: UnsafeRawBufferPointer) -> Bool {
        switch known {
        case .other: names.contains { name.equalsIgnoringCase($0) } || begins(name, "if-")
        // Every field that the gateway itself reads, writes or drops.
        default: true
        }
    }

    private static func begins(_ name: UnsafeRawBufferPointer, _ prefix: StaticString) -> Bool {
        let count = prefix.utf8CodeUnitCount
        return name.count > count && UnsafeRawBufferPointer(rebasing: name[..<count]).equalsIgnoringCase(prefix)
    }

    private static let names: [StaticString] = [
        // Authentication.
        "authorization", "proxy-authorization", "www-authenticate", "proxy-authenticate", "cookie", "set-cookie",
        "x-api-key",
        "api-key",
        // Request modifiers and response control.
        "cache-control", "max-forwards", "pragma", "range", "age", "date", "expires", "location", "retry-after", "vary",
        "warning", "prefer", "strict-transport-security", "content-security-policy", "access-control-allow-origin",
        // Payload processing.
        "content-encoding", "content-range", "content-location", "content-disposition", "accept-ranges",
    ]
}
