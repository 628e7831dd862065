// The heads that leave the gateway: the received ones, with a few lines changed.
//
// Lines that stay are copied in runs, in order and with their duplicates. What changes, and by which rule:
//   request   the version is the gateway's own (RFC 9110 section 6.2), Host names the upstream, its base path comes before the
//             target, hop-by-hop fields and those that `Connection` names are dropped (RFC 9110 section 7.6.1), `Expect` of an
//             HTTP/1.0 client is dropped, X-Understudy-Leg too, and the fields of proxies are corrected
//             (`ForwardingFields`).
//   answer    the version likewise, hop-by-hop fields dropped, X-Model-Version set, and a `Connection` line where needed.
// `Transfer-Encoding: chunked` stays where the body passes in the upstream's own chunks. Everything else passes untouched.

import NIOCore

/// What the gateway writes into every request head.
package struct RequestRewriting: Sendable {
    /// The authority of the upstream, as in its URL.
    package var authority: String
    /// The path of the upstream's URL without a final slash; often empty.
    package var basePath: String
    /// Whether X-Forwarded-For, -Proto and -Host are written, and clients' fields of this kind are dropped.
    package var addsForwarded: Bool
    /// `http` or `https`, as the client came.
    package var clientScheme: String
}

extension RequestHead {
    /// Writes the head that goes to the upstream.
    ///
    /// - Parameters:
    ///   - rewriting: What changes.
    ///   - clientAddress: The client's address.
    ///   - isTrusted: Whether the client is a trusted proxy, whose fields on scheme, host and client pass.
    ///   - out: Where to write.
    func write(
        _ rewriting: RequestRewriting,
        clientAddress: String?,
        isTrusted: Bool = false,
        into out: inout ByteBuffer
    ) {
        fields.bytes.withUnsafeReadableBytes { bytes in
            _ = out.writeBytes(bytes[line.method])
            out.writeInteger(Octet.space)
            out.writeString(rewriting.basePath)
            let isAsterisk = line.target.count == 1 && bytes[line.target.lowerBound] == 0x2a
            if isAsterisk && !rewriting.basePath.isEmpty {
                // For the client, the whole server is the part below the base path.
                out.writeInteger(UInt8(0x2f))
            } else {
                // An absolute-form target without a path names the root.
                if line.target.isEmpty || bytes[line.target.lowerBound] == 0x3f { out.writeInteger(UInt8(0x2f)) }
                _ = out.writeBytes(bytes[line.target])
            }
            out.writeStaticString(" HTTP/1.1\r\nHost: ")
            out.writeString(rewriting.authority)
            out.writeStaticString("\r\n")
            let address = rewriting.addsForwarded ? clientAddress : nil
            let believes = isTrusted || !rewriting.addsForwarded
            fields.copyLines(bytes, into: &out) { line in
                switch line.known {
                case .connection, .keepAlive, .proxyConnection, .te, .upgrade, .host: return .drop
                case .expect where isHTTP10: return .drop
                case .understudyLeg: return .drop
                case .forwardedFor where address != nil: return .drop
                case .forwardedProto where !believes, .forwardedHost where !believes: return .drop
                case .otherForwarding where !believes: return .drop
                default: return line.isNominated ? .drop : .keep
                }
            }
            if rewriting.addsForwarded { writeForwarded(rewriting, address, isTrusted, bytes, into: &out) }
        }
        out.writeStaticString("\r\n")
    }

    private func writeForwarded(
        _ rewriting: RequestRewriting,
        _ address: String?,
        _ isTrusted: Bool,
        _ bytes: UnsafeRawBufferPointer,
        into out: inout ByteBuffer
    ) {
        var hasProto = false
        var hasHost = false
        var host: FieldLine?
        if let address { writeForwardedFor(address, bytes, into: &out) }
        for line in fields.lines where !line.isNominated {
            switch line.known {
            case .forwardedProto: hasProto = isTrusted
            case .forwardedHost: hasHost = isTrusted
            case .host: host = line
            default: break
            }
        }
        if !hasProto {
            out.writeStaticString("X-Forwarded-Proto: ")
            out.writeString(rewriting.clientScheme)
            out.writeStaticString("\r\n")
        }
        if !hasHost, let host, host.valueEnd > host.valueStart {
            out.writeStaticString("X-Forwarded-Host: ")
            _ = out.writeBytes(bytes.part(host.valueStart, host.valueEnd))
            out.writeStaticString("\r\n")
        }
    }

    /// One line with the received addresses in order, the client's own last.
    private func writeForwardedFor(_ address: String, _ bytes: UnsafeRawBufferPointer, into out: inout ByteBuffer) {
        out.writeStaticString("X-Forwarded-For: ")
        for line in fields.lines
        where line.known == .forwardedFor && !line.isNominated && line.valueEnd > line.valueStart {
            _ = out.writeBytes(bytes.part(line.valueStart, line.valueEnd))
            out.writeStaticString(", ")
        }
        out.writeString(address)
        out.writeStaticString("\r\n")
    }
}

/// What the gateway changes in one answer head.
package struct ResponseRewriting: Equatable, Sendable {
    package enum ConnectionLine: Equatable, Sendable {
        case absent
        case close
        case keepAlive
    }

    package var connection = ConnectionLine.absent
    /// Whether `Transfer-Encoding` passes: the body does so in the upstream's own chunks.
    package var keepsTransferEncoding = true
    /// Whether `Content-Length` passes; RFC 9110 section 8.6 forbids it in 1xx and 204.
    package var keepsContentLength = true
    /// Whether `Trailer` passes.
    package var keepsTrailer = true
}

extension ResponseHead {
    /// Writes the head that goes to the client.
    ///
    /// - Parameters:
    ///   - rewriting: What changes.
    ///   - modelVersion: The value of X-Model-Version, nil for 1xx answers.
    ///   - out: Where to write.
    func write(_ rewriting: ResponseRewriting, modelVersion: String?, into out: inout ByteBuffer) {
        fields.bytes.withUnsafeReadableBytes { bytes in
            out.writeStaticString("HTTP/1.1 ")
            _ = out.writeBytes(bytes[statusAndReason])
            // RFC 9112 section 4: the space before an absent reason phrase is not optional.
            out.writeStaticString(statusAndReason.count == 3 ? " \r\n" : "\r\n")
            fields.copyLines(bytes, into: &out) { line in
                switch line.known {
                case .connection, .keepAlive, .proxyConnection, .te, .upgrade: return .drop
                case .modelVersion where modelVersion != nil: return .drop
                case .transferEncoding: return rewriting.keepsTransferEncoding ? .keep : .drop
                case .contentLength: return rewriting.keepsContentLength ? .keep : .drop
                case .trailer where !rewriting.keepsTrailer: return .drop
                default: return line.isNominated ? .drop : .keep
                }
            }
        }
        if let modelVersion {
            out.writeStaticString("X-Model-Version: ")
            out.writeString(modelVersion)
            out.writeStaticString("\r\n")
        }
        switch rewriting.connection {
        case .absent: out.writeStaticString("\r\n")
        case .close: out.writeStaticString("Connection: close\r\n\r\n")
        case .keepAlive: out.writeStaticString("Connection: keep-alive\r\n\r\n")
        }
    }
}

extension HeaderFields {
    enum LineFate {
        case keep
        case drop
    }

    /// Copies the lines that stay, adjacent ones in one go.
    ///
    /// A second and further Content-Length with the same number (RFC 9110 section 8.6) is left out: one is enough.
    func copyLines(_ bytes: UnsafeRawBufferPointer, into out: inout ByteBuffer, fate: (FieldLine) -> LineFate) {
        var runStart: UInt32 = 0
        var runEnd: UInt32 = 0
        var hasLength = false
        for line in lines {
            var keeps = fate(line) == .keep
            if line.known == .contentLength && keeps {
                keeps = !hasLength
                hasLength = true
            }
            guard keeps else { continue }
            if line.nameStart != runEnd {
                if runEnd > runStart { _ = out.writeBytes(bytes.part(runStart, runEnd)) }
                runStart = line.nameStart
            }
            runEnd = line.lineEnd
        }
        if runEnd > runStart { _ = out.writeBytes(bytes.part(runStart, runEnd)) }
    }
}
