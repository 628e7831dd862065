// The head of an answer from stable, and how its body is delimited (RFC 9112 sections 4 and 6.3).

import NIOCore

/// Why stable's answer cannot be passed on.
package enum AnswerFault: Error, Equatable, Sendable {
    case head(HeadFault)
    case badStatusLine
    case ambiguousLength
    case unknownTransferCoding
    case unexpectedUpgrade
    case body(FramingFault)
}

package struct ResponseHead: Sendable {
    package let fields: HeaderFields
    /// From the first digit of the status code to the end of the status line.
    let statusAndReason: Range<Int>
    package let status: Int
    let framing: BodyFraming.Kind
    /// Whether its connection may carry the next request: stable keeps it, and no stray body can follow.
    let keepsAlive: Bool
    /// Whether the fields announce a body, even where the rules allow none.
    let announcesBody: Bool
    let isEventStream: Bool

    var isInformational: Bool { status < 200 }

    /// Validates a complete answer head.
    ///
    /// - Parameters:
    ///   - fields: The fields, in the bytes of the whole head.
    ///   - startLine: Where the status line lies in those bytes.
    ///   - isAnswerToHead: Whether the request's method was HEAD, so that there is no body, whatever the fields say.
    /// - Throws: `AnswerFault`.
    init(fields: HeaderFields, startLine: Range<Int>, isAnswerToHead: Bool) throws(AnswerFault) {
        var fields = fields
        let (status, minorVersion) = try fields.bytes.withUnsafeReadableBytes { bytes throws(AnswerFault) in
            try Self.statusLine(UnsafeRawBufferPointer(rebasing: bytes[startLine]))
        }
        let facts = ConnectionFacts(fields)
        if facts.nominates { _ = fields.markNominated() }
        let hasNoBody = isAnswerToHead || status < 200 || status == 204 || status == 304
        let framing = try Self.framing(facts, minorVersion: minorVersion)
        self.framing = hasNoBody ? .none : framing
        self.announcesBody = framing != .none && framing != .untilClose
        self.status = status
        self.statusAndReason = (startLine.lowerBound + 9)..<startLine.upperBound
        // Connections to HTTP/1.0 servers are closed: some could be kept, but nothing is lost. So are connections that carried an
        // answer without a body (RFC 9110 sections 9.3.2, 15.3.5, 15.3.6, 15.4.5): some servers send a body all the same, perhaps
        // later, and it would be taken for the answer to the next user's request. Content-Length does not reveal them, since HEAD
        // and 304 may have one (section 8.6).
        let mayHaveNoBody = hasNoBody || status == 205
        self.keepsAlive = minorVersion > 0 && !facts.asksToClose && self.framing != .untilClose && !mayHaveNoBody
        self.isEventStream =
            fields.withFirst(.contentType) { value in
                value.count >= 17
                    && UnsafeRawBufferPointer(rebasing: value[..<17]).equalsIgnoringCase("text/event-stream")
            } ?? false
        self.fields = fields
    }

    /// `HTTP/1.x SP 3DIGIT [ SP reason ]`.
    private static func statusLine(_ line: UnsafeRawBufferPointer) throws(AnswerFault) -> (Int, UInt8) {
        let prefix: StaticString = "HTTP/1."
        guard line.count >= 12,
            line.prefix(7).elementsEqual(UnsafeRawBufferPointer(start: prefix.utf8Start, count: 7)),
            Octet.isDigit(line[7]), line[8] == Octet.space,
            line.count == 12 || line[12] == Octet.space,
            let status = ConnectionFacts.decimal(UnsafeRawBufferPointer(rebasing: line[9..<12])), status >= 100
        else {
            throw .badStatusLine
        }
        guard status != 101 else { throw .unexpectedUpgrade }
        return (status, line[7] - 0x30)
    }

    private static func framing(_ facts: ConnectionFacts, minorVersion: UInt8) throws(AnswerFault) -> BodyFraming.Kind {
        if facts.transferEncodingCount > 0 {
            guard facts.lengthCount == 0 else { throw .ambiguousLength }
            guard facts.transferEncodingCount == 1, facts.isChunked, minorVersion > 0 else {
                throw .unknownTransferCoding
            }
            return .chunked
        }
        guard facts.lengthCount > 0 else { return .untilClose }
        guard let length = facts.length else { throw .ambiguousLength }
        return length == 0 ? .none : .length(length)
    }
}
