// Reads the requests of one client connection, one after the other, from its bytes.
//
// A pure value: bytes go in, events come out. It stops after each request until `startNext`, so pipelined requests wait as
// bytes; the connection stops reading when too many of them wait.

package import NIOCore

package struct RequestReader: Sendable {
    package enum Event: Sendable {
        /// More bytes are needed.
        case needMore
        case head(RequestHead)
        /// Raw bytes of the body, in the sender's own framing.
        case body(ByteBuffer)
        case end
        /// The request is refused; no further event comes.
        case refuse(Refusal)
    }

    private enum State: Sendable {
        case head
        case body
        case ended
        case waiting
        case refused
    }

    private let headerLimit: Int
    private let bodyLimit: Int
    /// Whether a path with `..` is refused, because an upstream has a base path (`PathConfinement`).
    package var confinesPaths: Bool
    private var state = State.head
    private var scanner: HeadScanner
    private var line: RequestLine?
    private var pending = ByteBuffer()
    /// The framing of the body being read.
    package private(set) var framing = BodyFraming(.none, isStrict: true)

    /// - Parameters:
    ///   - headerLimit: Bytes of a head, its final empty line included.
    ///   - bodyLimit: Payload bytes of a body.
    ///   - confinesPaths: Whether a path with `..` is refused, because an upstream has a base path (`PathConfinement`).
    package init(headerLimit: Int, bodyLimit: Int, confinesPaths: Bool = false) {
        self.headerLimit = headerLimit
        self.bodyLimit = bodyLimit
        self.confinesPaths = confinesPaths
        self.scanner = HeadScanner(limit: headerLimit)
    }

    /// Bytes that were received and are in no event yet.
    package var pendingByteCount: Int { pending.readableBytes }

    /// The memory that they occupy.
    package var pendingStorageByteCount: Int { pending.storageCapacity }

    /// Whether no byte of a next request has come yet.
    package var isBetweenRequests: Bool {
        if case .head = state { pending.readableBytes == 0 } else { false }
    }

    package var isReadingBody: Bool {
        if case .body = state { true } else { false }
    }

    package mutating func receive(_ bytes: ByteBuffer) {
        if pending.readableBytes == 0 {
            pending = bytes
        } else {
            pending.appendToUnread(bytes)
        }
    }

    /// Whether payload ranges of the body are wanted (`framing.payloadRanges`).
    package mutating func recordPayload() {
        framing.recordsPayload = true
    }

    /// Goes on to the next request of the connection; only after `.end`.
    package mutating func startNext() {
        guard case .waiting = state else { return }
        state = .head
        line = nil
        scanner = HeadScanner(limit: headerLimit)
    }

    package mutating func next() -> Event {
        // An emptied buffer is released, so that the channel can read into it again.
        if pending.readableBytes == 0 { pending = ByteBuffer() }
        switch state {
        case .head: return nextHead()
        case .body:
            let raw = framing.take(from: &pending)
            if framing.payloadByteCount > bodyLimit { return refuse(.bodyTooLarge) }
            return raw.map(Event.body) ?? afterBody()
        case .ended:
            state = .waiting
            return .end
        case .waiting, .refused: return .needMore
        }
    }

    /// What follows when the body took nothing more.
    private mutating func afterBody() -> Event {
        if let fault = framing.fault { return refuse(Refusal(fault)) }
        guard framing.isComplete else { return .needMore }
        state = .waiting
        return .end
    }

    private mutating func refuse(_ refusal: Refusal) -> Event {
        state = .refused
        pending = ByteBuffer()
        return .refuse(refusal)
    }

    private mutating func nextHead() -> Event {
        guard pending.readableBytes > 0 else { return .needMore }
        do throws(Refusal) {
            guard let length = try scanHead(), let line, let bytes = pending.readSlice(length: length) else {
                return .needMore
            }
            let fields = HeaderFields(bytes: bytes, lines: scanner.lines)
            let head = try RequestHead(line: line, fields: fields, bodyLimit: bodyLimit)
            if confinesPaths, head.climbs { throw Refusal.malformed("The path leads out of what is served here.") }
            framing = BodyFraming(head.framing, isStrict: true)
            state = framing.isComplete ? .ended : .body
            return .head(head)
        } catch {
            return refuse(error)
        }
    }

    /// Looks for the end of the head, and checks the request line as soon as it is complete.
    private mutating func scanHead() throws(Refusal) -> Int? {
        var scanner = self.scanner
        var line = self.line
        defer {
            self.scanner = scanner
            self.line = line
        }
        let outcome: Result<Int?, Refusal> = pending.withUnsafeReadableBytes { bytes in
            do throws(HeadFault) {
                let length = try scanner.scan(bytes)
                if line == nil, let startLine = scanner.startLine {
                    do throws(Refusal) { line = try RequestLine(bytes, startLine) } catch { return .failure(error) }
                }
                return .success(length)
            } catch {
                // A wrong request line is reported first: it explains later faults.
                if line == nil, let startLine = scanner.startLine {
                    do throws(Refusal) { _ = try RequestLine(bytes, startLine) } catch { return .failure(error) }
                }
                return .failure(Refusal(error))
            }
        }
        return try outcome.get()
    }
}
