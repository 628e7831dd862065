// Which fields must not come after a body.
//
// RFC 9110 section 6.5.1: "a sender MUST NOT generate a trailer field unless … the field permits it". RFC 7230 section 4.1.2 lists
// the kinds that never do: framing, routing, request modifiers, authentication, response control, and how the payload is to be
// read. A recipient that merges trailers into its head, as some do, would take such a field for one that every rule of ours on
// heads was applied to.

enum TrailerRule {
    /// Whether a trailer line, without its CRLF, is of a field that must not come late.
    ///
    /// - Throws: `HeadFault` where it is no field line.
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
        // Who asks.
        "authorization", "proxy-authorization", "www-authenticate", "proxy-authenticate", "cookie", "set-cookie",
        "x-api-key",
        "api-key",
        // How the request or the answer is meant.
        "cache-control", "max-forwards", "pragma", "range", "age", "date", "expires", "location", "retry-after", "vary",
        "warning", "prefer", "strict-transport-security", "content-security-policy", "access-control-allow-origin",
        // How the payload is read.
        "content-encoding", "content-range", "content-location", "content-disposition", "accept-ranges",
    ]
}
