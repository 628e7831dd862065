// Reads one answer from the bytes of an upstream's connection: any number of 1xx heads, the final head, the body.

package import NIOCore

package struct AnswerReader: Sendable {
    package enum Event: Sendable {
        case needMore
        // A head comes once and is large; an event of a stream is neither.
        indirect case informational(ResponseHead)
        indirect case head(ResponseHead)
        /// Raw bytes of the body, in stable's own framing.
        case body(ByteBuffer)
        case end
        /// The bytes are not an answer; no further event follows.
        case broken(AnswerFault)
    }

    private enum State: Sendable {
        case head
        case body
        case ended
        case done
    }

    /// An answer head longer than this is not passed on.
    static let headLimit = 65536
    /// More 1xx answers than this are a fault: no other limit applies to them.
    static let maximumInformational = 32

    // Fields that each event of a stream needs come first, for the reason given in `ClientConnection.Ongoing`.
    private let isAnswerToHead: Bool
    private var state = State.head
    private var pending = ByteBuffer()
    package private(set) var framing = BodyFraming(.none, isStrict: false)
    private var scanner = HeadScanner(limit: headLimit)
    private var informationalCount = 0
    /// A 1xx answer announced a body.
    ///
    /// It cannot have one (RFC 9112 section 6.3), so what follows may be that body, with the true answer after it.
    private var isOutOfStep = false

    package init(isAnswerToHead: Bool) {
        self.isAnswerToHead = isAnswerToHead
    }

    /// Whether bytes beyond the end of the answer came, or have to be expected.
    package var hasStrayBytes: Bool { pending.readableBytes > 0 || isOutOfStep }

    package mutating func receive(_ bytes: ByteBuffer) {
        if pending.readableBytes == 0 {
            pending = bytes
        } else {
            pending.appendToUnread(bytes)
        }
    }

    /// Says whether payload ranges of the body are wanted (`framing.payloadRanges`).
    package mutating func recordPayload(_ isWanted: Bool = true) {
        framing.recordsPayload = isWanted
    }

    /// Stable closed its connection in good order.
    ///
    /// - Returns: Whether this is the proper end of the answer.
    package mutating func inputEnded() -> Bool {
        guard case .body = state, framing.kind == .untilClose else { return false }
        state = .done
        return true
    }

    package mutating func next() -> Event {
        // An emptied buffer is released, so that the channel can read into it again.
        if pending.readableBytes == 0 { pending = ByteBuffer() }
        switch state {
        case .head: return nextHead()
        case .body:
            if let raw = framing.take(from: &pending) { return .body(raw) }
            if let fault = framing.fault { return broken(.body(fault)) }
            guard framing.isComplete else { return .needMore }
            state = .done
            return .end
        case .ended:
            state = .done
            return .end
        case .done: return .needMore
        }
    }

    private mutating func broken(_ fault: AnswerFault) -> Event {
        state = .done
        pending = ByteBuffer()
        return .broken(fault)
    }

    private mutating func nextHead() -> Event {
        guard pending.readableBytes > 0 else { return .needMore }
        var scanner = self.scanner
        let scanned: Result<Int?, HeadFault> = pending.withUnsafeReadableBytes { bytes in
            do throws(HeadFault) { return .success(try scanner.scan(bytes)) } catch { return .failure(error) }
        }
        self.scanner = scanner
        let length: Int
        switch scanned {
        case .failure(let fault): return broken(.head(fault))
        case .success(nil): return .needMore
        case .success(let found?): length = found
        }
        guard let startLine = scanner.startLine, let bytes = pending.readSlice(length: length) else { return .needMore }
        do throws(AnswerFault) {
            let fields = HeaderFields(bytes: bytes, lines: scanner.lines)
            let head = try ResponseHead(fields: fields, startLine: startLine, isAnswerToHead: isAnswerToHead)
            self.scanner = HeadScanner(limit: Self.headLimit)
            guard !head.isInformational else {
                informationalCount += 1
                guard informationalCount <= Self.maximumInformational else { return broken(.badStatusLine) }
                isOutOfStep = isOutOfStep || head.announcesBody
                return .informational(head)
            }
            framing = BodyFraming(head.framing, isStrict: false)
            state = framing.isComplete ? .ended : .body
            return .head(head)
        } catch {
            return broken(error)
        }
    }
}
