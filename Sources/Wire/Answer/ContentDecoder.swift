// Undoing gzip and deflate content codings (RFC 9110 §8.4.1) with the system's zlib, slice by slice.
//
// Why streamed: an event stream may be compressed, and its timings are those of the slices.
// Output comes in pieces of at most 32 KiB and the receiver may stop at any of them, so a small body that unpacks to
// gigabytes costs only as much as its receiver allows.
// `deflate` is the zlib format by the standard, and raw deflate from some servers: the first two bytes tell.

import CZlib
import JSON

/// Why a body cannot be decoded.
package struct ContentCodingError: Error, CustomStringConvertible {
    package enum Reason: Sendable {
        case broken
        /// The decoded body exceeds its limit.
        case tooLarge
        /// No room was granted.
        case noRoom
    }

    package var reason = Reason.broken

    package var description: String {
        switch reason {
        case .broken: "The body is not what its Content-Encoding says."
        case .tooLarge: "The body decodes to more than a body may have."
        case .noRoom: "There is no room for what the body decodes to."
        }
    }
}

/// An incremental decoder with value semantics.
package struct ContentDecoder: Sendable {
    /// The decoding for a Content-Encoding.
    package enum Choice: Sendable {
        case identity
        case decoder(ContentDecoder)
        /// A coding, or a chain of codings, that is not decoded here.
        case unknown
    }

    private enum Format {
        case gzip
        case deflate
    }

    /// Bytes of memory that zlib keeps for a stream (zlib.h: 32 KiB of window, and its tables).
    package static let stateBytes = 40 << 10

    private let format: Format
    private var stream: InflateStream?
    /// The first byte of a deflate body, until the second tells the kind.
    private var held: [UInt8] = []
    private var ignoresRest = false

    private init(format: Format) {
        self.format = format
    }

    /// The decoder for a Content-Encoding field's value.
    package static func decoder(for contentEncoding: String?) -> Choice {
        let codings = (contentEncoding ?? "").lowercased().split(separator: ",")
            .map { $0.filter { $0 != " " && $0 != "\t" } }.filter { !$0.isEmpty && $0 != "identity" }
        guard codings.count <= 1 else { return .unknown }
        switch codings.first {
        case nil: return .identity
        case "gzip", "x-gzip": return .decoder(ContentDecoder(format: .gzip))
        case "deflate": return .decoder(ContentDecoder(format: .deflate))
        default: return .unknown
        }
    }

    /// Decodes a whole body, for instance a request's; nil where the coding is unknown.
    ///
    /// - Parameters:
    ///   - slices: the body.
    ///   - contentEncoding: the field's value; nil where there is none.
    ///   - limit: how many bytes it may decode to.
    ///   - resize: is asked before memory is allocated, with the new total in bytes.
    /// - Returns: the decoded bytes.
    /// - Throws: `ContentCodingError` where the body is broken, incomplete, or larger than `limit` when decoded.
    package static func decoded(
        _ slices: [some Collection<UInt8>],
        contentEncoding: String?,
        limit: Int,
        resize: (Int) -> Bool = { _ in true }
    ) throws(ContentCodingError) -> [UInt8]? {
        var output: [UInt8] = []
        var failure: ContentCodingError.Reason?
        func append(_ piece: UnsafeRawBufferPointer) -> Bool {
            let count = output.count + piece.count
            if count > limit {
                failure = .tooLarge
            } else if count > output.capacity {
                let capacity = min(limit, max(count, 2 * output.capacity))
                // Until it is moved, both copies exist.
                if resize(output.capacity + capacity) {
                    output.reserveCapacity(capacity)
                    _ = resize(output.capacity)
                } else {
                    failure = .noRoom
                }
            }
            guard failure == nil else { return false }
            output.append(contentsOf: piece)
            return true
        }
        let choice = decoder(for: contentEncoding)
        if case .unknown = choice { return nil }
        guard case .decoder(var decoder) = choice else {
            // In one piece of memory of the exact size.
            let count = slices.reduce(0) { $0 + $1.count }
            guard count <= limit else { throw ContentCodingError(reason: .tooLarge) }
            guard resize(count) else { throw ContentCodingError(reason: .noRoom) }
            output.reserveCapacity(count)
            for slice in slices { output.append(contentsOf: slice) }
            return output
        }
        for slice in slices {
            try withRawBytes(of: slice) { raw throws(ContentCodingError) in try decoder.decode(raw, append) }
            if let failure { throw ContentCodingError(reason: failure) }
        }
        guard decoder.isComplete else { throw ContentCodingError() }
        return output
    }

    /// Whether the coding's own end has been read.
    package var isComplete: Bool { stream?.membersEnded ?? 0 > 0 && stream?.isBetweenMembers == true }

    /// Takes the next bytes and hands on what they decode to, until `body` returns false.
    ///
    /// - Throws: `ContentCodingError`; the decoder is of no further use then.
    package mutating func decode(
        _ bytes: UnsafeRawBufferPointer,
        _ body: (UnsafeRawBufferPointer) -> Bool
    ) throws(ContentCodingError) {
        if ignoresRest { return }
        if stream == nil {
            if format == .deflate, held.count + bytes.count < 2 { return held.append(contentsOf: bytes) }
            let start = held + bytes.prefix(2)
            let isZlib =
                start.count >= 2 && start[0] & 0x0F == 8 && (Int(start[0]) << 8 | Int(start[1])).isMultiple(of: 31)
            stream = InflateStream(windowBits: format == .gzip ? 31 : isZlib ? 15 : -15)
            if !held.isEmpty {
                let first = held
                held = []
                try withRawBytes(of: first) { raw throws(ContentCodingError) in try inflate(raw, body) }
            }
        }
        try inflate(bytes, body)
    }

    private mutating func inflate(
        _ bytes: UnsafeRawBufferPointer,
        _ body: (UnsafeRawBufferPointer) -> Bool
    ) throws(ContentCodingError) {
        if !isKnownUniquelyReferenced(&stream) { stream = stream?.copy() }
        guard let stream else { throw ContentCodingError() }
        do {
            try stream.inflate(bytes, body)
        } catch {
            // RFC 1952 allows several members in a row; other bytes after a member are padding.
            guard format == .gzip, stream.membersEnded > 0, stream.isBetweenMembers else { throw error }
            ignoresRest = true
        }
    }
}

/// zlib's inflate state.
///
/// Sendable although mutable: `ContentDecoder`, its only owner, mutates it only while it holds the one reference, and
/// copies it first otherwise, as any copy-on-write storage does.
private final class InflateStream: @unchecked Sendable {
    private static let pieceBytes = 32 << 10

    private let state: UnsafeMutablePointer<z_stream>
    private let windowBits: Int32
    private(set) var membersEnded = 0
    /// No byte of a further member has been read since the last one ended.
    private(set) var isBetweenMembers = false

    init?(windowBits: Int32) {
        let state = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        state.initialize(to: z_stream())
        // Checked before the last property is set: afterwards `deinit` would free the state, too.
        guard understudy_inflate_init(state, windowBits) == Z_OK else {
            state.deallocate()
            return nil
        }
        self.state = state
        self.windowBits = windowBits
    }

    private init(copying other: InflateStream) {
        windowBits = other.windowBits
        membersEnded = other.membersEnded
        isBetweenMembers = other.isBetweenMembers
        state = .allocate(capacity: 1)
        state.initialize(to: z_stream())
        // Fails only for want of memory, and then the copy reports broken data on its first use.
        _ = inflateCopy(state, other.state)
    }

    deinit {
        inflateEnd(state)
        state.deallocate()
    }

    func copy() -> InflateStream {
        InflateStream(copying: self)
    }

    func inflate(
        _ bytes: UnsafeRawBufferPointer,
        _ body: (UnsafeRawBufferPointer) -> Bool
    ) throws(ContentCodingError) {
        guard !bytes.isEmpty else { return }
        let input = UnsafeMutablePointer(mutating: bytes.assumingMemoryBound(to: UInt8.self).baseAddress)
        state.pointee.next_in = input
        state.pointee.avail_in = UInt32(bytes.count)
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceBytes, alignment: 1)
        defer {
            piece.deallocate()
            state.pointee.next_in = nil
            state.pointee.avail_in = 0
        }
        while true {
            if isBetweenMembers {
                if state.pointee.avail_in == 0 { return }
                // zlib and raw deflate have one member; gzip may have more.
                guard windowBits == 31, inflateReset(state) == Z_OK else { return }
                let isMagic = state.pointee.next_in.pointee == 0x1F
                guard isMagic else { throw ContentCodingError() }
                isBetweenMembers = false
            }
            state.pointee.next_out = piece.assumingMemoryBound(to: UInt8.self).baseAddress
            state.pointee.avail_out = UInt32(piece.count)
            let result = CZlib.inflate(state, Z_NO_FLUSH)
            let produced = piece.count - Int(state.pointee.avail_out)
            if produced > 0, !body(UnsafeRawBufferPointer(rebasing: piece[..<produced])) { return }
            switch result {
            case Z_STREAM_END:
                membersEnded += 1
                isBetweenMembers = true
            case Z_OK:
                if state.pointee.avail_in == 0, state.pointee.avail_out > 0 { return }
            case Z_BUF_ERROR where state.pointee.avail_in == 0: return
            default: throw ContentCodingError()
            }
        }
    }
}
