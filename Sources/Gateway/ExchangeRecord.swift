// What is remembered of an exchange for the tap and the metrics, apart from what is needed to serve it.

import NIOCore

/// Payload slices that do not hold on to much more memory than they show.
///
/// A slice keeps the whole read buffer alive. That is fine for a few large ones and for the one that holds a short body; a
/// client that sends a body byte by byte would pin a buffer for each. So from the second on, slices that use little of
/// their buffer are copied together.
struct BodySlices: Sendable {
    private(set) var slices: [ByteBuffer] = []
    private var ownsLast = false

    mutating func append(_ slice: ByteBuffer) {
        guard slice.readableBytes > 0 else { return }
        if slices.isEmpty || slice.readableBytes * 4 >= slice.storageCapacity {
            slices.append(slice)
            ownsLast = false
        } else if ownsLast {
            slices[slices.count - 1].writeImmutableBuffer(slice)
        } else {
            var own = ByteBufferAllocator().buffer(capacity: max(1024, slice.readableBytes))
            own.writeImmutableBuffer(slice)
            slices.append(own)
            ownsLast = true
        }
    }
}

struct ExchangeRecord {
    let head: RequestHead
    let servedBy: ServingModel
    let firstByteAt: ContinuousClock.Instant
    /// Whether the tap wants the payload of the request.
    let keepsBody: Bool
    private var body = BodySlices()
    /// Who hears of the answer; known once the request is complete.
    private(set) var answerTap: (any AnswerTap)?
    /// Whether the request was given to the tap as complete.
    private(set) var wasOffered = false
    /// The status of the final answer, once one went out.
    var status: Int?
    var headAt: ContinuousClock.Instant?

    init(head: RequestHead, servedBy: ServingModel, firstByteAt: ContinuousClock.Instant, keepsBody: Bool) {
        self.head = head
        self.servedBy = servedBy
        self.firstByteAt = firstByteAt
        self.keepsBody = keepsBody
    }

    /// Remembers payload of the request.
    mutating func noteBody(_ raw: ByteBuffer, _ framing: BodyFraming) {
        guard keepsBody else { return }
        Self.forEachPayload(of: raw, framing) { body.append($0) }
    }

    /// Offers the complete request to the tap.
    mutating func offer(to tap: any Tap, bodyByteCount: Int, clientAddress: String?) {
        wasOffered = true
        answerTap = tap.requestCompleted(
            TappedRequest(
                head: head,
                body: body.slices,
                bodyByteCount: bodyByteCount,
                receivedFirstByteAt: firstByteAt,
                completedAt: .now,
                clientAddress: clientAddress,
                servedBy: servedBy
            )
        )
        body = BodySlices()
    }

    /// Calls `body` with each run of payload in a raw slice that `framing` just took.
    static func forEachPayload(of raw: ByteBuffer, _ framing: BodyFraming, _ body: (ByteBuffer) -> Void) {
        guard case .chunked = framing.kind else { return body(raw) }
        for range in framing.payloadRanges {
            if let slice = raw.getSlice(at: raw.readerIndex + range.lowerBound, length: range.count) { body(slice) }
        }
    }
}
