// From the bytes of an answer to its text, tool calls, usage, timings and outcome.
//
// What: a value that takes the head, the payload in slices cut anywhere, and the end of the transport; it never fails, but
// finds an outcome. Events (SSE) and plain JSON are distinguished by the content type, and if that does not tell, by the
// first bytes: servers answer `stream: true` with a plain JSON error.
//
// Which outcome, first match wins:
//   1. no head: timeout, client_cancelled, else connect_error
//   2. a status other than 2xx: http_error
//   3. an error inside the answer (an `error` event, `response.failed`, a JSON body with `error`): http_error
//   4. anything unreadable so far: malformed. Nothing after it is assembled, because a client stops there too
//   5. the protocol's own end was read (`[DONE]`, `message_stop`, `response.completed`, `response.incomplete`): ok,
//      whatever the transport's end; clients stop reading there
//   6. the transport's end: timeout, client_cancelled, truncated
//   7. the transport ended cleanly, by its own account:
//      – fewer bytes than Content-Length, an unfinished content coding, JSON that ends too soon: truncated
//      – a stream without the protocol's end: ok if every choice that began has its finish reason (some servers leave
//        `[DONE]` out), otherwise truncated
//      – no body: ok and empty for 204 and 205, malformed for any other 2xx
//      – otherwise ok; an answer without text is an `ok` answer with empty text
//
// Limits: `Limits`. Beyond them the outcome is malformed (`too_large`), further bytes are only counted, and `wantsMore` is
// false, so that the caller may stop the transfer. The kept bytes are bounded by `textBytes` and twice `bufferedBytes`,
// whatever the server sends; the output of a content coding by four times `bufferedBytes` in all. A `MemoryRoom` grants the
// memory beforehand, also for the temporary tree of a document or a large event; without room the answer is given up
// (`isOutOfRoom`).

package import JSON
import Vocabulary

/// Assembles one answer of a mirrored API.
package struct AnswerAssembler: Sendable {
    private enum Body {
        /// The first bytes, as long as they do not distinguish events from JSON.
        case undecided
        case events
        case document
        /// No further bytes can change the answer.
        case ignored
    }

    /// No room is asked for the tree of so few bytes: it takes half a megabyte at most, and there is one at a time.
    private static let unmeasuredBytes = 16 << 10
    /// Bytes of an error's body that are kept to find its code.
    private static let errorBodyBytes = 64 << 10

    /// The limit of decoded bytes in all, as a multiple of the limit of one body.
    ///
    /// Bytes that are not kept, such as the comments of a stream, have to be decoded too: up to a thousand times those sent.
    private static let decodedShare = 4

    /// Room is asked for in steps of this size, not for every token.
    private static let roomStepBytes = 512

    private let shape: APIShape
    private let limits: Limits
    private let room: (any MemoryRoom)?
    private var roomBytes = 0
    /// Whether the answer was given up for lack of room; its contents are then meaningless.
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
    /// Decoded bytes so far.
    private var decodedByteCount = 0
    private var firstByte: Duration?
    private var firstToken: Duration?
    private var lastToken: Duration?
    private var gaps = GapSummary()

    /// - Parameters:
    ///   - shape: the API of the answer.
    ///   - limits: bounds on its memory.
    ///   - room: grants memory; nil for no limit. Copies of an assembler must not share one.
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
    /// The fields' values are complete, with parameters and lists; nil for an absent field.
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
        // Room for a second copy of the texts, at their exact sizes.
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

    /// A copy of a text at its exact size: it grew by doubling, and a pair may wait long for its shadow.
    private static func fitted(_ text: String) -> String { String(decoding: text.utf8, as: UTF8.self) }

    // MARK: Room

    /// Bytes of memory that this assembler holds, itself excluded.
    package var heldByteCount: Int {
        buffer.capacity + parser.heldByteCount + draft.heldByteCount + gaps.heldByteCount
            + (decoder == nil ? 0 : ContentDecoder.stateBytes)
    }

    /// Asks for room for further bytes; without room, the answer is given up.
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

    /// Gives back room that was needed only for a moment.
    private mutating func trimRoom() {
        guard let room else { return }
        let held = Self.rounded(heldByteCount)
        guard held != roomBytes else { return }
        // The growth without room is a few kilobytes of tokens; the next slice is refused instead.
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
            // Until it is moved, both copies exist.
            guard hasRoom(for: capacity) else { return }
            buffer.reserveCapacity(capacity)
        }
        buffer.append(contentsOf: kept)
        if !isSuccess, buffer.count == most { body = .ignored }
    }

    /// Distinguishes events from JSON by the first bytes, once there are enough.
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
        // A final event that repeats the whole answer is no further token.
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

    /// The tree of a document or of an event; nil without room for it.
    private mutating func tree(of bytes: [UInt8]) throws(JSONError) -> JSON? {
        if bytes.count > Self.unmeasuredBytes {
            let treeBytes = try withRawBytes(of: bytes) { raw throws(JSONError) in try JSONMeasure.treeBytes(of: raw) }
            // An event and its line are counted nowhere else while it is read.
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
