// From the bytes of an answer to its text, tool calls, usage, timings and outcome.
//
// What: a value that is told the head, the payload in slices cut anywhere, and how the transport ended; it never fails,
// it finds an outcome. Events (SSE) and plain JSON are told apart by the content type, and where that does not say, by
// the first bytes: servers answer `stream: true` with a plain JSON error.
//
// Which outcome, first match wins:
//   1. no head: timeout, client_cancelled, else connect_error
//   2. a status other than 2xx: http_error
//   3. an error inside the answer (an `error` event, `response.failed`, a JSON body with `error`): http_error
//   4. something unreadable so far: malformed. Nothing is assembled behind it, because a client stops there too
//   5. the protocol's own end was read (`[DONE]`, `message_stop`, `response.completed`, `response.incomplete`): ok,
//      however the transport ended then; clients stop reading there
//   6. the transport's end: timeout, client_cancelled, truncated
//   7. the transport ended cleanly, or so it says:
//      – fewer bytes than Content-Length, an unfinished content coding, JSON that ends too soon: truncated
//      – a stream without the protocol's end: ok if every choice that began has its finish reason (some servers leave
//        `[DONE]` out), otherwise truncated
//      – no body: ok and empty for 204 and 205, malformed for any other 2xx
//      – otherwise ok; an answer without text is an `ok` answer with empty text
//
// Limits: `Limits`. Past them the outcome is malformed (`too_large`), further bytes are only counted, and `wantsMore`
// is false, so that the caller may stop the transfer. What is kept is bounded by `textBytes` and twice `bufferedBytes`,
// whatever the server sends; what a content coding becomes is bounded by four times `bufferedBytes` in all. Room for it is asked of a `MemoryRoom` before it is taken, also for the tree that a document or
// a large event becomes for a moment; where there is none, `isOutOfRoom` says that the answer was given up for that.

package import JSON
import Vocabulary

/// Assembles one answer of a mirrored API.
package struct AnswerAssembler: Sendable {
    private enum Body {
        /// The first bytes, while they do not yet tell events from JSON.
        case undecided
        case events
        case document
        /// Nothing that follows can change the answer.
        case ignored
    }

    /// What so few bytes become, half a megabyte at most, is not asked for: it is there once at a time.
    private static let unmeasuredBytes = 16 << 10
    /// Enough of an error's body to find its code.
    private static let errorBodyBytes = 64 << 10

    /// What a coding may become in all, as a multiple of what one body may.
    ///
    /// What is not kept, such as the comments of a stream, costs its decoding all the same: a thousand times what was sent.
    private static let decodedShare = 4

    /// Room is asked for in such steps, so that not every token asks.
    private static let roomStepBytes = 512

    private let shape: APIShape
    private let limits: Limits
    private let room: (any MemoryRoom)?
    private var roomBytes = 0
    /// Whether what came was given up because there was no room for it; nothing of the answer is to be believed then.
    package private(set) var isOutOfRoom = false
    private var status: Int?
    private var contentLength: Int?
    private var body = Body.undecided
    private var streamed = false
    private var decoder: ContentDecoder?
    private var parser: ServerSentEventParser
    private var buffer: [UInt8] = []
    private var draft: AnswerDraft
    private var malformed: MalformedReason?
    private var byteCount = 0
    /// Bytes that a content coding became.
    private var decodedByteCount = 0
    private var firstByte: Duration?
    private var firstToken: Duration?
    private var lastToken: Duration?
    private var gaps = GapSummary()

    /// - Parameters:
    ///   - shape: whose answer it is.
    ///   - limits: what it may occupy.
    ///   - room: is asked before memory is taken; nil where nobody counts. Copies of an assembler must not share one.
    package init(shape: APIShape, limits: Limits = Limits(), room: (any MemoryRoom)? = nil) {
        self.shape = shape
        self.limits = limits
        self.room = room
        parser = ServerSentEventParser(maximumEventBytes: limits.bufferedBytes)
        draft = AnswerDraft(maximumBytes: limits.textBytes)
    }

    /// False once no further byte can change the answer but its byte count.
    package var wantsMore: Bool {
        if case .ignored = body { return false }
        return true
    }

    /// Takes the final head of the answer (never a 1xx).
    ///
    /// The fields' values are taken as they stand, with their parameters and lists; nil where a field is absent.
    package mutating func head(
        status: Int,
        contentType: String?,
        contentEncoding: String? = nil,
        contentLength: Int? = nil
    ) {
        self.status = status
        self.contentLength = contentLength
        if contentType?.lowercased().hasPrefix("text/event-stream") == true, isSuccess { body = .events }
        switch ContentDecoder.decoder(for: contentEncoding) {
        case .identity: decoder = nil
        case .decoder(let value): decoder = value
        case .unknown: giveUp(.unknownContentCoding)
        }
    }

    /// Takes the next payload bytes: de-chunked, content coding untouched.
    ///
    /// `time` counts from the moment the request was complete.
    package mutating func consume(_ bytes: UnsafeRawBufferPointer, at time: Duration) {
        guard !bytes.isEmpty else { return }
        byteCount += bytes.count
        if firstByte == nil { firstByte = time }
        guard wantsMore else { return }
        defer { trimRoom() }
        guard var decoding = decoder.take() else { return consumeDecoded(bytes, at: time) }
        guard hasRoom(for: ContentDecoder.stateBytes) else { return }
        do {
            try decoding.decode(bytes) { decoded in
                decodedByteCount += decoded.count
                guard decodedByteCount <= Self.decodedShare * limits.bufferedBytes else {
                    giveUp(.tooLarge)
                    return false
                }
                consumeDecoded(decoded, at: time)
                return wantsMore
            }
        } catch {
            giveUp(.brokenContentCoding)
        }
        decoder = decoding
    }

    /// Takes the next payload bytes: de-chunked, content coding untouched.
    ///
    /// `time` counts from the moment the request was complete.
    package mutating func consume(_ bytes: some Collection<UInt8>, at time: Duration) {
        withRawBytes(of: bytes) { consume($0, at: time) }
    }

    /// Ends the answer; `time` counts from the moment the request was complete.
    package mutating func finish(_ end: TransportEnd, at time: Duration) -> AssembledAnswer {
        let outcome = outcome(of: end)
        // Its texts once more, each as large as it is.
        _ = hasRoom(for: draft.keptBytes)
        let first = draft.choices.first
        var usage = draft.usage
        if let cached = draft.cachedInputTokens { usage.inputTokens = (usage.inputTokens ?? 0) + cached }
        return AssembledAnswer(
            outcome: outcome,
            status: status,
            malformedReason: outcome == .malformed ? malformed : nil,
            errorCode: outcome == .httpError ? draft.errorCode : nil,
            finishReason: first?.finishReason,
            text: Self.fitted(first?.text ?? ""),
            otherChoices: draft.choices.dropFirst().map { Self.fitted($0.text) },
            reasoning: first?.reasoning ?? "",
            toolCalls: first?.toolCalls.map { call in
                ToolCall(id: call.id, name: call.name, arguments: Self.fitted(call.arguments))
            } ?? [],
            usage: usage,
            reportedModel: draft.model,
            timings: Timings(
                firstByte: firstByte,
                firstToken: firstToken,
                total: time,
                interTokenMedian: gaps.median,
                interTokenMaximum: gaps.maximum
            ),
            byteCount: byteCount,
            streamed: streamed
        )
    }

    /// A text that grew token by token, up to twice its size, as large as it is: a pair may wait long for its shadow.
    private static func fitted(_ text: String) -> String { String(decoding: text.utf8, as: UTF8.self) }

    // MARK: Room

    /// Bytes of memory that this assembler holds besides itself.
    package var heldByteCount: Int {
        buffer.capacity + parser.heldByteCount + draft.heldByteCount + gaps.heldByteCount
            + (decoder == nil ? 0 : ContentDecoder.stateBytes)
    }

    /// Asks for room for what is about to be held besides; where there is none, the answer is given up.
    private mutating func hasRoom(for moreBytes: Int) -> Bool {
        guard let room, !isOutOfRoom else { return !isOutOfRoom }
        let wanted = Self.rounded(heldByteCount + moreBytes)
        if wanted <= roomBytes { return true }
        guard room.resize(to: wanted) else {
            isOutOfRoom = true
            giveUp(.tooLarge)
            parser = ServerSentEventParser(maximumEventBytes: limits.bufferedBytes)
            return false
        }
        roomBytes = wanted
        return true
    }

    /// Gives back what was only asked for a moment.
    private mutating func trimRoom() {
        guard let room else { return }
        let held = Self.rounded(heldByteCount)
        guard held != roomBytes else { return }
        // What grew without having been asked for is a few kilobytes of tokens; the next slice finds no room instead.
        if room.resize(to: held) { roomBytes = held }
    }

    private static func rounded(_ bytes: Int) -> Int { (bytes + roomStepBytes - 1) / roomStepBytes * roomStepBytes }

    // MARK: Bytes

    private var isSuccess: Bool { status.map { (200..<300).contains($0) } ?? false }

    private static func isBlank(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF: true
        default: false
        }
    }

    private mutating func giveUp(_ reason: MalformedReason) {
        if malformed == nil { malformed = reason }
        body = .ignored
        buffer = []
    }

    private mutating func consumeDecoded(_ bytes: UnsafeRawBufferPointer, at time: Duration) {
        switch body {
        case .ignored: return
        case .events: consumeEvents(bytes, at: time)
        case .document: append(bytes)
        case .undecided:
            // Leading whitespace and a byte order mark mean nothing in either form.
            var start = 0
            if buffer.isEmpty { while start < bytes.count, Self.isBlank(bytes[start]) { start += 1 } }
            guard start < bytes.count else { return }
            append(UnsafeRawBufferPointer(rebasing: bytes[start...]))
            decide(at: time, isEnd: false)
        }
    }

    private mutating func append(_ bytes: UnsafeRawBufferPointer) {
        let most = isSuccess ? limits.bufferedBytes : Self.errorBodyBytes
        let kept = isSuccess ? bytes : UnsafeRawBufferPointer(rebasing: bytes.prefix(max(0, most - buffer.count)))
        let count = buffer.count + kept.count
        guard count <= most else { return giveUp(.tooLarge) }
        if count > buffer.capacity {
            let capacity = min(most, max(count, 2 * buffer.capacity))
            // Until it is moved, both are there.
            guard hasRoom(for: capacity) else { return }
            buffer.reserveCapacity(capacity)
        }
        buffer.append(contentsOf: kept)
        if !isSuccess, buffer.count == most { body = .ignored }
    }

    /// Tells events from JSON by the first bytes, once there are enough of them.
    private mutating func decide(at time: Duration, isEnd: Bool) {
        guard isSuccess else {
            if case .undecided = body { body = .document }
            return
        }
        let start = buffer.prefix(8)
        let fieldNames = ["data:", "event:", "id:", "retry:", ":"]
        if fieldNames.contains(where: { start.starts(with: $0.utf8) }) {
            body = .events
            let held = buffer
            buffer = []
            withRawBytes(of: held) { consumeEvents($0, at: time) }
        } else if isEnd || !fieldNames.contains(where: { $0.utf8.starts(with: start) }) {
            body = .document
        }
    }

    private mutating func consumeEvents(_ bytes: UnsafeRawBufferPointer, at time: Duration) {
        guard hasRoom(for: parser.byteCount(taking: bytes.count)) else { return }
        var parsing = ServerSentEventParser(maximumEventBytes: limits.bufferedBytes)
        swap(&parsing, &parser)
        do {
            try parsing.parse(bytes) { consumeEvent($0, at: time) }
        } catch {
            giveUp(.tooLarge)
        }
        if !isOutOfRoom { parser = parsing }
    }

    private mutating func consumeEvent(_ event: ServerSentEvent, at time: Duration) {
        guard case .events = body else { return }
        streamed = true
        if event.data.elementsEqual("[DONE]".utf8) {
            draft.ended = true
            body = .ignored
            return
        }
        let value: JSON
        do {
            guard let tree = try tree(of: event.data) else { return }
            value = tree
        } catch {
            return giveUp(MalformedReason(error))
        }
        guard case .object = value else { return giveUp(.unexpectedShape) }
        let tokenBytesBefore = draft.tokenBytes
        shape.answer?.readEvent(&draft, value)
        if event.type == "error", !draft.failed { draft.fail(with: shape.error.cause(value)) }
        // A final event that states the whole answer once more is no further token.
        if draft.tokenBytes > tokenBytesBefore, !draft.ended || firstToken == nil {
            if let lastToken { gaps.add(time - lastToken) }
            if firstToken == nil { firstToken = time }
            lastToken = time
        }
        if draft.isOverLimit { giveUp(.tooLarge) }
        if draft.failed || draft.ended { body = .ignored }
    }

    // MARK: The end

    private mutating func outcome(of end: TransportEnd) -> Outcome {
        guard let status else {
            switch end {
            case .timedOut: return .timeout
            case .clientCancelled: return .clientCancelled
            case .complete, .cut, .unreachable: return .connectError
            }
        }
        if case .undecided = body, !buffer.isEmpty { decide(at: firstByte ?? .zero, isEnd: true) }
        guard (200..<300).contains(status) else {
            if let value = try? tree(of: buffer) { draft.fail(with: shape.error.cause(value)) }
            return .httpError
        }
        if draft.failed { return .httpError }
        if malformed != nil { return .malformed }
        if draft.ended { return .ok }
        switch end {
        case .timedOut: return .timeout
        case .clientCancelled: return .clientCancelled
        case .cut, .unreachable: return .truncated
        case .complete: break
        }
        let hasNoBody = status == 204 || status == 205
        if let contentLength, byteCount < contentLength, !hasNoBody { return .truncated }
        if decoder?.isComplete == false { return .truncated }
        if streamed { return draft.everyChoiceFinished ? .ok : .truncated }
        if hasNoBody, byteCount == 0 { return .ok }
        if case .events = body { return .truncated }
        return readDocument()
    }

    /// The tree of a document or of an event; nil where there is no room for it.
    private mutating func tree(of bytes: [UInt8]) throws(JSONError) -> JSON? {
        if bytes.count > Self.unmeasuredBytes {
            let treeBytes = try withRawBytes(of: bytes) { raw throws(JSONError) in try JSONMeasure.treeBytes(of: raw) }
            // An event, and the line that it came in, are held by nobody else while it is read.
            guard hasRoom(for: treeBytes + 2 * bytes.count) else { return nil }
        }
        return try JSON(parsing: bytes, maximumValues: JSONMeasure.maximumForeignValues)
    }

    private mutating func readDocument() -> Outcome {
        if buffer.isEmpty {
            malformed = .emptyBody
            return .malformed
        }
        let value: JSON
        do {
            guard let tree = try tree(of: buffer) else { return .malformed }
            value = tree
        } catch {
            if error.reason == .unexpectedEnd { return .truncated }
            malformed = MalformedReason(error)
            return .malformed
        }
        let isReadable = shape.answer?.readDocument(&draft, value) ?? false
        if draft.failed { return .httpError }
        if draft.isOverLimit { malformed = .tooLarge }
        if !isReadable { malformed = .unexpectedShape }
        return malformed == nil ? .ok : .malformed
    }
}
