// Server-sent events, as the WHATWG HTML standard §9.2.6 ("Interpreting an event stream") defines them.
//
// What: bytes in, in slices cut anywhere; whole events out. Lines end with CR, LF or CRLF; one byte order mark at the start is
// ignored; several `data:` lines are joined with LF; comments are dropped; an event cut by the end of the stream is discarded.
// Limits: an event (all of its data, and any one line) may hold `maximumEventBytes`; past that the parser reports
// `eventTooLarge` once and takes nothing more, so an endless line costs bounded memory. A type or an id of more than
// `maximumWordBytes` is ignored, as the standard has it for ids with a NUL: they are kept from event to event.
// Not done: reconnection. A mirror never requests a stream again.

import Foundation
import JSON

/// One event of a stream.
package struct ServerSentEvent: Sendable, Equatable {
    /// The `event:` field; `message` where there was none.
    package var type: String
    /// The `data:` lines joined with LF, as bytes: UTF-8 unless the sender erred.
    package var data: [UInt8]
    /// The last event id in force.
    package var lastEventID: String

    package init(type: String = "message", data: [UInt8], lastEventID: String = "") {
        self.type = type
        self.data = data
        self.lastEventID = lastEventID
    }

    /// The data as text, with U+FFFD for what is not UTF-8.
    package var text: String { String(decoding: data, as: UTF8.self) }
}

/// Why a stream of events can be read no further.
package enum ServerSentEventError: Error, Equatable, CustomStringConvertible {
    case eventTooLarge(limit: Int)

    package var description: String {
        switch self {
        case .eventTooLarge(let limit): "An event of the stream holds more than \(limit) bytes."
        }
    }
}

/// An incremental parser of an event stream.
package struct ServerSentEventParser: Sendable {
    private static let maximumWordBytes = 1_024

    private let maximumEventBytes: Int
    /// The incomplete line at the end of the last slice.
    private var partialLine: [UInt8] = []
    private var lastByteWasCarriageReturn = false
    private var atStart = true
    private var failure: ServerSentEventError?

    private var data: [UInt8] = []
    private var hasData = false
    private var type = ""
    private var lastEventID = ""
    /// The reconnection time that the stream asked for, in milliseconds; nil where it did not.
    package private(set) var retryMilliseconds: Int?

    /// - Parameter maximumEventBytes: bound on the data of one event, and on one line.
    package init(maximumEventBytes: Int = 8 << 20) {
        self.maximumEventBytes = maximumEventBytes
    }

    /// Whether the bytes so far end inside an event that no blank line has completed.
    package var isInsideEvent: Bool { hasData || !type.isEmpty || !partialLine.isEmpty }

    /// Bytes of memory held between slices.
    package var heldByteCount: Int { partialLine.capacity + data.capacity }

    /// Bytes of memory that taking a slice may need, in addition to those held.
    package func byteCount(taking sliceBytes: Int) -> Int {
        let line = partialLine.count + sliceBytes
        let all = data.count + line
        return (line > partialLine.capacity ? max(line, 2 * partialLine.capacity) : 0)
            + (all > data.capacity ? max(all, 2 * data.capacity) : 0)
    }

    /// Takes the next bytes and calls `body` with each event that they complete, in order.
    ///
    /// - Throws: `ServerSentEventError`, now and on every later call.
    package mutating func parse(
        _ slice: UnsafeRawBufferPointer,
        _ body: (ServerSentEvent) -> Void
    ) throws(ServerSentEventError) {
        if let failure { throw failure }
        var position = 0
        if lastByteWasCarriageReturn, let first = slice.first {
            // The second half of a CRLF; the line ended with the CR.
            if first == 0x0A { position = 1 }
            lastByteWasCarriageReturn = false
        }
        while position < slice.count {
            let lineFeed = Self.firstIndex(of: 0x0A, in: slice, from: position, to: slice.count)
            let carriageReturn = Self.firstIndex(of: 0x0D, in: slice, from: position, to: lineFeed ?? slice.count)
            guard let end = carriageReturn ?? lineFeed else { break }
            try endLine(UnsafeRawBufferPointer(rebasing: slice[position..<end]), body)
            position = end + 1
            guard carriageReturn != nil else { continue }
            if position == slice.count {
                lastByteWasCarriageReturn = true
            } else if slice[position] == 0x0A {
                position += 1
            }
        }
        if position < slice.count {
            partialLine.append(contentsOf: UnsafeRawBufferPointer(rebasing: slice[position...]))
            if partialLine.count > maximumEventBytes { throw fail() }
        }
    }

    private static func firstIndex(
        of byte: UInt8,
        in bytes: UnsafeRawBufferPointer,
        from start: Int,
        to end: Int
    ) -> Int? {
        guard start < end, let base = bytes.baseAddress, let found = memchr(base + start, Int32(byte), end - start)
        else {
            return nil
        }
        return UnsafeRawPointer(found) - base
    }

    /// Takes the next bytes and returns the events that they complete.
    ///
    /// - Throws: `ServerSentEventError`, now and on every later call; events before the offending one are then lost.
    package mutating func parse(_ slice: some Collection<UInt8>) throws(ServerSentEventError) -> [ServerSentEvent] {
        try withRawBytes(of: slice) { raw throws(ServerSentEventError) in
            var events: [ServerSentEvent] = []
            try self.parse(raw) { events.append($0) }
            return events
        }
    }

    private mutating func fail() -> ServerSentEventError {
        let error = ServerSentEventError.eventTooLarge(limit: maximumEventBytes)
        failure = error
        partialLine = []
        data = []
        return error
    }

    private mutating func endLine(
        _ rest: UnsafeRawBufferPointer,
        _ body: (ServerSentEvent) -> Void
    ) throws(ServerSentEventError) {
        if partialLine.isEmpty {
            return try line(rest, body)
        }
        partialLine.append(contentsOf: rest)
        // Moved: emptying a copy would take as much memory again.
        var whole: [UInt8] = []
        swap(&whole, &partialLine)
        try withRawBytes(of: whole) { raw throws(ServerSentEventError) in try line(raw, body) }
        guard whole.capacity <= 64 << 10 else { return }
        whole.removeAll(keepingCapacity: true)
        partialLine = whole
    }

    private mutating func line(
        _ bytes: UnsafeRawBufferPointer,
        _ body: (ServerSentEvent) -> Void
    ) throws(ServerSentEventError) {
        // The limit also applies to a line that came whole, so that the result does not depend on the slices.
        guard bytes.count <= maximumEventBytes else { throw fail() }
        var bytes = bytes
        if atStart {
            atStart = false
            if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF {
                bytes = UnsafeRawBufferPointer(rebasing: bytes[3...])
            }
        }
        if bytes.isEmpty { return dispatch(body) }
        let colon = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.count
        // A line that starts with a colon is a comment.
        if colon == 0 { return }
        let name = UnsafeRawBufferPointer(rebasing: bytes[..<colon])
        var valueStart = min(colon + 1, bytes.count)
        if valueStart < bytes.count, bytes[valueStart] == 0x20 { valueStart += 1 }
        try field(name, UnsafeRawBufferPointer(rebasing: bytes[valueStart...]))
    }

    private mutating func field(
        _ name: UnsafeRawBufferPointer,
        _ value: UnsafeRawBufferPointer
    ) throws(ServerSentEventError) {
        if name.elementsEqual("data".utf8) {
            guard data.count + value.count < maximumEventBytes else { throw fail() }
            if hasData { data.append(0x0A) }
            data.append(contentsOf: value)
            hasData = true
        } else if name.elementsEqual("event".utf8) {
            type = value.count <= Self.maximumWordBytes ? String(decoding: value, as: UTF8.self) : ""
        } else if name.elementsEqual("id".utf8) {
            if value.count <= Self.maximumWordBytes, !value.contains(0) {
                lastEventID = String(decoding: value, as: UTF8.self)
            }
        } else if name.elementsEqual("retry".utf8) {
            if !value.isEmpty, value.count <= 20, value.allSatisfy({ $0 >= 48 && $0 <= 57 }) {
                retryMilliseconds = Int(String(decoding: value, as: UTF8.self))
            }
        }
    }

    /// Ends the event at a blank line; without data there is no event (§9.2.6).
    private mutating func dispatch(_ body: (ServerSentEvent) -> Void) {
        if hasData {
            var event = ServerSentEvent(type: type.isEmpty ? "message" : type, data: [], lastEventID: lastEventID)
            // Moved and not copied, unless the receiver keeps it.
            swap(&event.data, &data)
            body(event)
            swap(&event.data, &data)
        }
        data.removeAll(keepingCapacity: data.capacity <= 64 << 10)
        hasData = false
        type = ""
    }
}
