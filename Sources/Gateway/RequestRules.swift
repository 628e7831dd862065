// Validates a request head: RFC 9112 sections 3.2, 6 and 9, RFC 9110 section 7.6.1.
//
// The principle: a request is refused if stable could read it as two requests, or as another one than the gateway does. So one
// Content-Length or one `Transfer-Encoding: chunked`, never both, never twice, never a list.

import NIOCore

/// The fields of a head about its connection and its body.
struct ConnectionFacts {
    var hostCount = 0
    var lengthCount = 0
    var length: Int?
    var transferEncodingCount = 0
    var isChunked = false
    var asksToClose = false
    var asksToKeep = false
    var expectsContinue = false
    /// `Connection` names other fields.
    var nominates = false
    var badHost = false
    /// A field that frames the body has blanks around its value beyond the one after the colon.
    ///
    /// RFC 9112 section 5.1 allows them, and attackers use them to hide a second `Transfer-Encoding` from one of two recipients.
    var hasOddBlanks = false

    init(_ fields: HeaderFields) {
        fields.bytes.withUnsafeReadableBytes { bytes in
            for line in fields.lines where line.known != .other {
                note(line.known, bytes.part(line.valueStart, line.valueEnd))
                if line.known == .contentLength || line.known == .transferEncoding {
                    let before = bytes.part(line.nameEnd + 1, line.valueStart)
                    let isPlain = before.isEmpty || (before.count == 1 && before[0] == Octet.space)
                    hasOddBlanks = hasOddBlanks || !isPlain || line.valueEnd + 2 != line.lineEnd
                }
            }
        }
    }

    private mutating func note(_ known: KnownField, _ value: UnsafeRawBufferPointer) {
        switch known {
        case .host:
            hostCount += 1
            badHost = badHost || !value.allSatisfy(Octet.isAuthority)
        case .contentLength:
            let parsed = Self.decimal(value)
            // Two fields with the same number are one length, with different numbers none (RFC 9110 section 8.6).
            length = lengthCount == 0 || length == parsed ? parsed : nil
            lengthCount += 1
        case .transferEncoding:
            transferEncodingCount += 1
            isChunked = value.equalsIgnoringCase("chunked")
        case .connection:
            var facts = self
            value.forEachListElement { option in
                if option.equalsIgnoringCase("close") {
                    facts.asksToClose = true
                } else if option.equalsIgnoringCase("keep-alive") {
                    facts.asksToKeep = true
                } else {
                    facts.nominates = true
                }
            }
            self = facts
        case .expect:
            expectsContinue = expectsContinue || value.equalsIgnoringCase("100-continue")
        default:
            break
        }
    }

    /// `1*DIGIT`, at most 18 digits; anything else is no length.
    static func decimal(_ text: UnsafeRawBufferPointer) -> Int? {
        guard !text.isEmpty, text.count <= 18 else { return nil }
        var value = 0
        for octet in text {
            guard Octet.isDigit(octet) else { return nil }
            value = value * 10 + Int(octet - 0x30)
        }
        return value
    }
}

extension HeaderFields {
    /// More connection options than this in one head are refused.
    private static let maximumNominations = 64

    /// Marks every field that a `Connection` field names (RFC 9110 section 7.6.1: they must not be passed on).
    ///
    /// - Returns: False where there are too many options, or one names a field that frames or routes the message: dropping
    ///   such a field would change the meaning of the message.
    mutating func markNominated() -> Bool {
        var nominated: [Int] = []
        var options = 0
        var isHarmless = true
        bytes.withUnsafeReadableBytes { bytes in
            for line in lines where line.known == .connection {
                bytes.part(line.valueStart, line.valueEnd).forEachListElement { option in
                    options += 1
                    guard options <= Self.maximumNominations else { return }
                    switch KnownField(name: option) {
                    case .contentLength, .transferEncoding, .host: isHarmless = false
                    default: break
                    }
                    for index in lines.indices {
                        let name = bytes.part(lines[index].nameStart, lines[index].nameEnd)
                        if name.equalsIgnoringCase(option) { nominated.append(index) }
                    }
                }
            }
        }
        for index in nominated { lines[index].isNominated = true }
        return isHarmless && options <= Self.maximumNominations
    }
}

extension RequestHead {
    /// Validates a complete request head.
    init(line: RequestLine, fields: HeaderFields, bodyLimit: Int) throws(Refusal) {
        var fields = fields
        let facts = ConnectionFacts(fields)
        let isHTTP10 = line.minorVersion == 0
        guard facts.hostCount <= 1, isHTTP10 || facts.hostCount == 1 else {
            throw .malformed("An HTTP/1.1 request needs exactly one Host field.")
        }
        if facts.badHost { throw .malformed("The Host field is not a host with an optional port.") }
        if facts.nominates, !fields.markNominated() {
            throw .malformed("The Connection field names a field that is not for one hop.")
        }
        self.framing = try Self.framing(facts, isHTTP10: isHTTP10, bodyLimit: bodyLimit)
        self.line = line
        self.fields = fields
        self.keepsAlive = !facts.asksToClose && (!isHTTP10 || facts.asksToKeep)
        // RFC 9110 section 10.1.1: a 100-continue expectation in an HTTP/1.0 request is to be ignored.
        self.expectsContinue = facts.expectsContinue && !isHTTP10
    }

    /// RFC 9112 section 6.3, where every "ought to be handled as an error" is one.
    private static func framing(
        _ facts: ConnectionFacts,
        isHTTP10: Bool,
        bodyLimit: Int
    ) throws(Refusal) -> BodyFraming.Kind {
        if facts.hasOddBlanks {
            throw .malformed("The field that frames the body has unusual white space around its value.")
        }
        if facts.transferEncodingCount > 0 {
            guard facts.lengthCount == 0 else {
                throw .malformed("A request may not carry both Content-Length and Transfer-Encoding.")
            }
            guard !isHTTP10 else { throw .malformed("An HTTP/1.0 request may not carry Transfer-Encoding.") }
            guard facts.transferEncodingCount == 1, facts.isChunked else {
                throw .malformed("The only transfer coding understood is one field `Transfer-Encoding: chunked`.")
            }
            return .chunked
        }
        guard facts.lengthCount > 0 else { return .none }
        guard facts.lengthCount == 1, let length = facts.length else {
            throw .malformed("Content-Length must be one decimal number, given once.")
        }
        guard length <= bodyLimit else { throw .bodyTooLarge }
        return length == 0 ? .none : .length(length)
    }
}
