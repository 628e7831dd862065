// The record of an exchange for the tap and the metrics, apart from the state that serves it.

import NIOCore

/// Payload slices that keep little more memory than their own bytes.
///
/// A slice keeps its whole read buffer alive. That is fine for a few large slices and for the single slice of a short body;
/// but a client that sends a body byte by byte would keep one buffer per byte. So from the second on, slices that are small,
/// or use little of their buffer, are copied together.
struct BodySlices: Sendable {
    /// Below this, a slice's overhead (an object and its place in the list) would be more than a tenth of its bytes.
    private static let smallest = 1024
    /// Copies are not joined beyond this: growing a buffer takes twice its size for a moment.
    private static let largestCopy = 64 * 1024

    private(set) var slices: [ByteBuffer] = []
    /// Bytes of memory that are kept: whole buffers, not only the slices.
    private(set) var heldByteCount = 0
    private var ownsLast = false

    mutating func append(_ slice: ByteBuffer) {
        let count = slice.readableBytes
        guard count > 0 else { return }
        if slices.isEmpty || count >= Self.smallest && count * 4 >= slice.storageCapacity {
            slices.append(slice)
            ownsLast = false
            heldByteCount += slice.storageCapacity
        } else if ownsLast, slices[slices.count - 1].readableBytes + count <= Self.largestCopy {
            heldByteCount -= slices[slices.count - 1].storageCapacity
            slices[slices.count - 1].writeImmutableBuffer(slice)
            heldByteCount += slices[slices.count - 1].storageCapacity
        } else {
            var own = ByteBufferAllocator().buffer(capacity: max(Self.smallest, count))
            own.writeImmutableBuffer(slice)
            slices.append(own)
            ownsLast = true
            heldByteCount += own.storageCapacity
        }
    }
}

struct ExchangeRecord {
    let head: RequestHead
    let firstByteAt: ContinuousClock.Instant
    /// Whether the payload of the request is kept for the tap.
    private(set) var keepsBody: Bool
    private var body = BodySlices()
    /// Bytes that the tap has reserved for this request.
    private var reservedByteCount = 0
    private var isWithoutRoom = false
    /// The listener to the answer; known once the request is complete.
    private(set) var answerTap: (any AnswerTap)?
    /// Whether the request was given to the tap as complete.
    private(set) var wasOffered = false
    /// The status of the final answer, once sent.
    var status: Int?
    var headAt: ContinuousClock.Instant?

    init(head: RequestHead, firstByteAt: ContinuousClock.Instant, keepsBody: Bool) {
        self.head = head
        self.firstByteAt = firstByteAt
        self.keepsBody = keepsBody
    }

    /// Keeps payload of the request.
    mutating func noteBody(_ raw: ByteBuffer, _ framing: BodyFraming) {
        guard keepsBody else { return }
        Self.forEachPayload(of: raw, framing) { body.append($0) }
    }

    /// Reserves room for the kept part of an unfinished request; without room nothing more is kept.
    mutating func reserve(from tap: any Tap) {
        guard keepsBody, !wasOffered, body.heldByteCount > 0 else { return }
        let missing = head.fields.bytes.storageCapacity + body.heldByteCount - reservedByteCount
        guard missing > 0 else { return }
        if tap.reserve(missing) {
            reservedByteCount += missing
        } else {
            isWithoutRoom = true
            dropBody(tap)
        }
    }

    /// Drops the kept payload of a request that is not offered to the tap, or for which the tap has no room.
    mutating func dropBody(_ tap: any Tap) {
        keepsBody = false
        body = BodySlices()
        guard reservedByteCount > 0 else { return }
        tap.release(reservedByteCount)
        reservedByteCount = 0
    }

    /// Offers the complete request to the tap.
    mutating func offer(to tap: any Tap, bodyByteCount: Int, clientAddress: String?, servedBy: Upstream.Name) {
        wasOffered = true
        var request = TappedRequest(
            head: head,
            body: body.slices,
            bodyByteCount: bodyByteCount,
            receivedFirstByteAt: firstByteAt,
            completedAt: .now,
            clientAddress: clientAddress,
            servedBy: servedBy
        )
        request.reservedByteCount = reservedByteCount
        request.isWithoutRoom = isWithoutRoom
        reservedByteCount = 0
        answerTap = tap.requestCompleted(request)
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
