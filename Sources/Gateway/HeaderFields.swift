// The fields of one message head, as ranges in the bytes that were received.
//
// Order, case and duplicates stay as received; nothing is copied, and strings are made only when asked for.

package import NIOCore

/// Fields that the gateway itself reads or drops.
enum KnownField: UInt8, Sendable {
    case other
    case host
    case contentLength
    case transferEncoding
    case connection
    case keepAlive
    case proxyConnection
    case te
    case upgrade
    case trailer
    case expect
    case contentType
    case forwardedFor
    case forwardedHost
    case forwardedProto
    /// Another field in which proxies name the client they forward for (`ForwardingFields`).
    case otherForwarding
    case modelVersion
    /// X-Understudy-Leg; only the mirror writes it.
    case understudyLeg

    /// Recognises a field name, without regard to case.
    init(name: UnsafeRawBufferPointer) {
        self = .other
        switch name.count {
        case 2 where name.equalsIgnoringCase("te"): self = .te
        case 4 where name.equalsIgnoringCase("host"): self = .host
        case 6 where name.equalsIgnoringCase("expect"): self = .expect
        case 7 where name.equalsIgnoringCase("upgrade"): self = .upgrade
        case 7 where name.equalsIgnoringCase("trailer"): self = .trailer
        case 10 where name.equalsIgnoringCase("connection"): self = .connection
        case 10 where name.equalsIgnoringCase("keep-alive"): self = .keepAlive
        case 12 where name.equalsIgnoringCase("content-type"): self = .contentType
        case 14 where name.equalsIgnoringCase("content-length"): self = .contentLength
        case 15 where name.equalsIgnoringCase("x-forwarded-for"): self = .forwardedFor
        case 15 where name.equalsIgnoringCase("x-model-version"): self = .modelVersion
        case 16 where name.equalsIgnoringCase("proxy-connection"): self = .proxyConnection
        case 16 where name.equalsIgnoringCase("x-forwarded-host"): self = .forwardedHost
        case 16 where name.equalsIgnoringCase("x-understudy-leg"): self = .understudyLeg
        case 17 where name.equalsIgnoringCase("transfer-encoding"): self = .transferEncoding
        case 17 where name.equalsIgnoringCase("x-forwarded-proto"): self = .forwardedProto
        default: break
        }
        if case .other = self, ForwardingFields.contains(name) { self = .otherForwarding }
    }
}

/// Where one field line lies in the bytes of its head; the line begins where its name begins.
struct FieldLine: Sendable {
    var nameStart: UInt32
    var nameEnd: UInt32
    var valueStart: UInt32
    var valueEnd: UInt32
    /// After the line's CRLF.
    var lineEnd: UInt32
    var known: KnownField
    /// Set when a `Connection` field names this one: it is for one hop only and dropped.
    var isNominated = false
}

/// The fields of a head in order, duplicates kept.
package struct HeaderFields: Sendable {
    /// The bytes of the whole head; reader index 0, ranges count from there.
    package let bytes: ByteBuffer
    var lines: [FieldLine]

    init(bytes: ByteBuffer, lines: [FieldLine]) {
        self.bytes = bytes
        self.lines = lines
    }

    /// Fields as a test or another source lists them.
    ///
    /// Names and values are not validated.
    package init(_ pairs: [(name: String, value: String)]) {
        self.init(pairs, after: "")
    }

    /// Fields behind a start line, which is kept in the same bytes.
    init(_ pairs: [(name: String, value: String)], after startLine: String) {
        var bytes = ByteBuffer()
        if !startLine.isEmpty { bytes.writeString(startLine + "\r\n") }
        var lines: [FieldLine] = []
        for (name, value) in pairs {
            let start = UInt32(bytes.writerIndex)
            bytes.writeString(name)
            let nameEnd = UInt32(bytes.writerIndex)
            bytes.writeString(": ")
            let valueStart = UInt32(bytes.writerIndex)
            bytes.writeString(value)
            let valueEnd = UInt32(bytes.writerIndex)
            bytes.writeString("\r\n")
            let known = bytes.withUnsafeReadableBytes { KnownField(name: $0.part(start, nameEnd)) }
            lines.append(
                FieldLine(
                    nameStart: start,
                    nameEnd: nameEnd,
                    valueStart: valueStart,
                    valueEnd: valueEnd,
                    lineEnd: UInt32(bytes.writerIndex),
                    known: known
                )
            )
        }
        self.init(bytes: bytes, lines: lines)
    }

    /// The value of the first field of this name, compared without case; nil where there is none.
    package func first(_ name: String) -> String? {
        var name = name
        return name.withUTF8 { name in
            let name = UnsafeRawBufferPointer(name)
            return bytes.withUnsafeReadableBytes { bytes in
                for line in lines where bytes.part(line.nameStart, line.nameEnd).equalsIgnoringCase(name) {
                    return String(decoding: bytes.part(line.valueStart, line.valueEnd), as: UTF8.self)
                }
                return nil
            }
        }
    }

    /// The values of every field of this name in order, compared without case.
    package func all(_ name: String) -> [String] {
        var name = name
        return name.withUTF8 { name in
            let name = UnsafeRawBufferPointer(name)
            return bytes.withUnsafeReadableBytes { bytes in
                lines.compactMap { line in
                    guard bytes.part(line.nameStart, line.nameEnd).equalsIgnoringCase(name) else { return nil }
                    return String(decoding: bytes.part(line.valueStart, line.valueEnd), as: UTF8.self)
                }
            }
        }
    }

    /// The bytes of the first value of a field that the gateway knows.
    func withFirst<Result>(_ known: KnownField, _ body: (UnsafeRawBufferPointer) -> Result) -> Result? {
        guard let line = lines.first(where: { $0.known == known }) else { return nil }
        return bytes.withUnsafeReadableBytes { body($0.part(line.valueStart, line.valueEnd)) }
    }
}

extension HeaderFields: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { lines.count }

    /// The field at this place: its name with the case as received, and its value without surrounding white space.
    ///
    /// Bytes that are not UTF-8 become U+FFFD.
    package subscript(position: Int) -> (name: String, value: String) {
        let line = lines[position]
        return bytes.withUnsafeReadableBytes { bytes in
            (
                String(decoding: bytes.part(line.nameStart, line.nameEnd), as: UTF8.self),
                String(decoding: bytes.part(line.valueStart, line.valueEnd), as: UTF8.self)
            )
        }
    }
}

/// The fields of a request or an answer, for taps.
package typealias TappedHeaders = HeaderFields
