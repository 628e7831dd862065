// A request head: the request line and fields as ranges, validated by RFC 9112.

import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Why the gateway refuses a request.
package enum Refusal: Error, Equatable, Sendable {
    /// 400: ambiguous or unreadable.
    case malformed(String)
    /// 408: the client was silent for too long within its request.
    case requestTimeout
    /// 413: longer than `limits.body`.
    case bodyTooLarge
    /// 431: longer than `limits.header`.
    case headerTooLarge
    /// 501: CONNECT.
    case notImplemented
    /// 505: not HTTP/1.x.
    case unsupportedVersion
}

extension Refusal {
    /// The refusal that a fault in a head means.
    init(_ fault: HeadFault) {
        switch fault {
        case .tooLarge, .tooManyFields: self = .headerTooLarge
        case .bareLineFeed: self = .malformed("A line of the head ends with LF alone instead of CRLF.")
        case .bareCarriageReturn: self = .malformed("The head contains a CR without an LF.")
        case .controlCharacter: self = .malformed("The head contains a control character.")
        case .foldedLine: self = .malformed("A field line is folded, which RFC 9112 section 5.2 forbids.")
        case .emptyFieldName: self = .malformed("A field line has no name.")
        case .spaceBeforeColon: self = .malformed("A field name is followed by white space before its colon.")
        case .badFieldName: self = .malformed("A field line is not a token followed by a colon.")
        }
    }

    /// The refusal that a fault in a body means.
    init(_ fault: FramingFault) {
        switch fault {
        case .badChunkSize: self = .malformed("A chunk size is not a hexadecimal number followed by CRLF.")
        case .badChunkExtension: self = .malformed("A chunk extension is malformed or too long.")
        case .badChunkEnd: self = .malformed("A chunk is not followed by CRLF.")
        case .badTrailer(let fault): self = Refusal(fault)
        case .forbiddenTrailer: self = .malformed("A trailer field may not frame, route or authorise a message.")
        case .tooMuchOverhead: self = .malformed("The chunked coding spends far more bytes on framing than on data.")
        }
    }
}

/// The start line of a request, as ranges.
struct RequestLine: Sendable {
    var method: Range<Int>
    /// Path and query, empty for `/`; the scheme and authority of an absolute-form target are left out.
    var target: Range<Int>
    var minorVersion: UInt8
    var knownMethod: KnownMethod
}

/// Methods that the gateway treats apart.
enum KnownMethod: Sendable {
    case get
    case head
    case options
    case post
    case connect
    /// PUT, DELETE, TRACE.
    case otherIdempotent
    case other

    /// Recognises a method, which is case-sensitive (RFC 9110 section 9.1).
    init(_ name: UnsafeRawBufferPointer) {
        func isExactly(_ text: StaticString) -> Bool {
            name.elementsEqual(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
        }
        if isExactly("POST") {
            self = .post
        } else if isExactly("GET") {
            self = .get
        } else if isExactly("HEAD") {
            self = .head
        } else if isExactly("OPTIONS") {
            self = .options
        } else if isExactly("CONNECT") {
            self = .connect
        } else if isExactly("PUT") || isExactly("DELETE") || isExactly("TRACE") {
            self = .otherIdempotent
        } else {
            self = .other
        }
    }

    /// RFC 9110 section 9.2.2.
    var isIdempotent: Bool {
        switch self {
        case .get, .head, .options, .otherIdempotent: true
        case .post, .connect, .other: false
        }
    }
}

/// A request head that passed every rule.
package struct RequestHead: Sendable {
    package let fields: HeaderFields
    let line: RequestLine
    let framing: BodyFraming.Kind
    /// Whether the client wants its connection kept, by RFC 9112 section 9.3.
    let keepsAlive: Bool
    let expectsContinue: Bool

    /// Whether the client speaks HTTP/1.0, which has neither chunks nor 1xx answers.
    var isHTTP10: Bool { line.minorVersion == 0 }

    package var method: String { text(line.method) }
    /// Path and query.
    package var target: String { line.target.isEmpty ? "/" : text(line.target) }
    /// The target without its query.
    package var path: String {
        fields.bytes.withUnsafeReadableBytes { bytes in
            let target = bytes[line.target]
            let end = target.firstIndex(of: 0x3f) ?? target.endIndex
            return target.isEmpty ? "/" : String(decoding: target[..<end], as: UTF8.self)
        }
    }

    package var isPost: Bool { line.knownMethod == .post }

    /// Whether `path` is this one; makes no string.
    package func hasPath(_ path: StaticString) -> Bool {
        fields.bytes.withUnsafeReadableBytes { bytes in
            let count = path.utf8CodeUnitCount
            guard line.target.count >= count, let base = bytes.baseAddress else { return false }
            let start = base + line.target.lowerBound
            guard memcmp(start, path.utf8Start, count) == 0 else { return false }
            return line.target.count == count || start.load(fromByteOffset: count, as: UInt8.self) == 0x3f
        }
    }

    /// A head from parts, for tests and other sources; nil for an invalid request line.
    package init?(method: String, target: String, headers: [(name: String, value: String)]) {
        let start = "\(method) \(target) HTTP/1.1"
        let fields = HeaderFields(headers, after: start)
        let line = fields.bytes.withUnsafeReadableBytes { bytes in
            try? RequestLine(bytes, 0..<start.utf8.count)
        }
        guard let line else { return nil }
        self.init(fields: fields, line: line, framing: .none, keepsAlive: true, expectsContinue: false)
    }

    init(fields: HeaderFields, line: RequestLine, framing: BodyFraming.Kind, keepsAlive: Bool, expectsContinue: Bool) {
        self.fields = fields
        self.line = line
        self.framing = framing
        self.keepsAlive = keepsAlive
        self.expectsContinue = expectsContinue
    }

    private func text(_ range: Range<Int>) -> String {
        fields.bytes.withUnsafeReadableBytes { String(decoding: $0[range], as: UTF8.self) }
    }
}

extension RequestLine {
    /// Reads `method SP request-target SP HTTP-version` (RFC 9112 section 3), with exactly one space at each place.
    init(_ bytes: UnsafeRawBufferPointer, _ line: Range<Int>) throws(Refusal) {
        var index = line.lowerBound
        while index < line.upperBound && Octet.isToken(bytes[index]) { index += 1 }
        guard index > line.lowerBound, index < line.upperBound, bytes[index] == Octet.space else {
            throw .malformed("The request line does not begin with a method and a space.")
        }
        let method = line.lowerBound..<index
        let targetStart = index + 1
        index = targetStart
        while index < line.upperBound, bytes[index] > Octet.space, bytes[index] != 0x7f { index += 1 }
        guard index > targetStart, index < line.upperBound, bytes[index] == Octet.space else {
            throw .malformed("The request line has no target followed by a space and a version.")
        }
        let version = UnsafeRawBufferPointer(rebasing: bytes[(index + 1)..<line.upperBound])
        let knownMethod = KnownMethod(UnsafeRawBufferPointer(rebasing: bytes[method]))
        let minorVersion = try Self.minorVersion(version)
        if knownMethod == .connect { throw .notImplemented }
        let target = try Self.originForm(bytes, targetStart..<index, knownMethod)
        self.init(method: method, target: target, minorVersion: minorVersion, knownMethod: knownMethod)
    }

    private static func minorVersion(_ version: UnsafeRawBufferPointer) throws(Refusal) -> UInt8 {
        let prefix: StaticString = "HTTP/"
        guard version.count == 8,
            version.prefix(5).elementsEqual(UnsafeRawBufferPointer(start: prefix.utf8Start, count: 5)),
            Octet.isDigit(version[5]), version[6] == 0x2e, Octet.isDigit(version[7])
        else {
            throw .malformed("The request line does not end with an HTTP version.")
        }
        guard version[5] == 0x31 else { throw .unsupportedVersion }
        return version[7] - 0x30
    }

    /// RFC 9112 section 3.2: origin form, absolute form, or `*` with OPTIONS.
    private static func originForm(
        _ bytes: UnsafeRawBufferPointer,
        _ target: Range<Int>,
        _ method: KnownMethod
    ) throws(Refusal) -> Range<Int> {
        for index in target where bytes[index] == 0x23 {
            throw .malformed("The request target contains a fragment.")
        }
        if bytes[target.lowerBound] == 0x2f { return target }
        if target.count == 1 && bytes[target.lowerBound] == 0x2a {
            guard method == .options else { throw .malformed("The target * is for OPTIONS only.") }
            return target
        }
        let text = UnsafeRawBufferPointer(rebasing: bytes[target])
        var authorityStart = 0
        for scheme in ["http://", "https://"] as [StaticString] {
            let count = scheme.utf8CodeUnitCount
            if text.count > count,
                UnsafeRawBufferPointer(rebasing: text[0..<count]).equalsIgnoringCase(scheme)
            {
                authorityStart = target.lowerBound + count
            }
        }
        guard authorityStart > 0 else {
            throw .malformed("The request target is neither a path nor an absolute http URL.")
        }
        var index = authorityStart
        while index < target.upperBound, bytes[index] != 0x2f, bytes[index] != 0x3f {
            guard Octet.isAuthority(bytes[index]) else { throw .malformed("The request target's host is malformed.") }
            index += 1
        }
        guard index > authorityStart else { throw .malformed("The request target has no host.") }
        return index..<target.upperBound
    }
}
