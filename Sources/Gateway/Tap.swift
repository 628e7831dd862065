// How the gateway reports exchanges.
//
// The tap is the only interface between the user's path and mirroring. It is one-way: nothing that a tap does or fails to do
// can change a byte of an answer. Every function is called on the event loop of the connection and must return at once: take
// the slices, hand them over, return.
//
// Order of calls for one request:
//   wantsBody? -> reserve* -> requestCompleted -> answerHead? -> answerBytes* -> finished   (the ordinary case)
//   wantsBody? -> reserve* -> release? -> requestAbandoned                           (never complete, refused, or answered early)
// `answerHead` is missing when the upstream gave no answer (it was unreachable, too slow, or the client left first).
// Which upstream serves is known from `requestCompleted` on (`TappedRequest.servedBy`).

package import NIOCore

/// Is told of every request, and decides which answers to listen to.
package protocol Tap: Sendable {
    /// Whether the payload of a request is kept for `requestCompleted`.
    ///
    /// Asked once, at the head. When false, `TappedRequest.body` is empty and `bodyByteCount` is still counted.
    func wantsBody(of head: RequestHead) -> Bool

    /// Reserves memory, in bytes, for the kept part of an unfinished request.
    ///
    /// Called when part of a body has arrived and more is expected; not for a request that comes in one read. `release` gives the
    /// bytes back, or `requestCompleted` hands them to the tap (`TappedRequest.reservedByteCount`).
    ///
    /// - Returns: False without room; nothing is reserved then, and no more of the body is kept.
    func reserve(_ byteCount: Int) -> Bool

    /// Gives back reserved bytes.
    func release(_ byteCount: Int)

    /// The last byte of a request was read and passed to its upstream.
    ///
    /// - Returns: The listener to the answer; nil for none, and then nothing of the answer is copied.
    func requestCompleted(_ request: TappedRequest) -> (any AnswerTap)?

    /// A request that ended before it was complete, or was refused by the gateway: counted, never mirrored.
    ///
    /// `head` is nil where none could be read.
    func requestAbandoned(_ reason: AbandonedReason, head: RequestHead?)
}

extension Tap {
    package func wantsBody(of head: RequestHead) -> Bool { true }
    package func reserve(_ byteCount: Int) -> Bool { true }
    package func release(_ byteCount: Int) {}
}

/// Listens to one answer, in order, on the event loop of its connection.
package protocol AnswerTap: Sendable {
    /// The final response head (never a 1xx) as the upstream sent it, hop-by-hop fields included.
    func answerHead(status: Int, headers: TappedHeaders, at: ContinuousClock.Instant)

    /// Whether it still wants bytes; once false, it stays so.
    ///
    /// Asked before each `answerBytes`, so that an unwanted answer costs its loop nothing more.
    var isListening: Bool { get }

    /// Payload bytes in the order of arrival: de-chunked, content encoding untouched.
    func answerBytes(_ slice: ByteBuffer, at: ContinuousClock.Instant)

    /// The exchange is over. Called exactly once.
    func finished(_ end: AnswerEnd, at: ContinuousClock.Instant)
}

extension AnswerTap {
    package var isListening: Bool { true }
}

/// How an answer ended.
package enum AnswerEnd: String, Sendable, CaseIterable {
    /// The whole answer arrived and was passed on.
    case complete
    /// The client left before the answer was complete; the upstream's connection was closed, which cancels its generation.
    case clientCancelled
    /// The upstream closed or reset its connection, or broke its framing, before the answer was complete.
    case upstreamCut
    /// The upstream was silent for longer than the idle timeout.
    case upstreamTimeout
    /// No connection to the upstream could be opened.
    case upstreamUnreachable
    /// The gateway was stopped, and the time to finish was over.
    case stopped
}

/// Why a request was never offered to the mirror.
package enum AbandonedReason: String, Sendable, CaseIterable {
    /// The request was malformed, too large or not allowed, and the gateway refused it.
    case refused
    /// The client left, or fell silent, before its request was complete.
    case clientLeft
    /// The upstream's answer was over, or the gateway had to answer, before the request was complete.
    case answeredEarly
    /// The gateway was stopped before the request was complete.
    case stopped
}

/// A complete request as the client sent it.
package struct TappedRequest: Sendable {
    /// The head as received: case kept, hop-by-hop fields included.
    package var head: RequestHead
    /// The payload as slices of what was read: de-chunked, content encoding untouched.
    ///
    /// Empty if the tap wanted no body, or had no room for it.
    package var body: [ByteBuffer]
    /// Bytes reserved by `Tap.reserve`; the tap has to release them.
    package var reservedByteCount = 0
    /// Whether the tap wanted the body and had no room for it.
    package var isWithoutRoom = false
    /// The payload's length in bytes, whether it was kept or not.
    package var bodyByteCount: Int
    /// When the first byte of the request was read.
    package var receivedFirstByteAt: ContinuousClock.Instant
    /// When the last byte of the request was read.
    package var completedAt: ContinuousClock.Instant
    /// The client's address without its port, for instance `192.0.2.7`; nil where it has none (a Unix socket).
    package var clientAddress: String?
    /// The upstream that answers this request's user.
    package var servedBy: Upstream.Name

    /// A request from parts, for tests and other sources.
    package init(
        head: RequestHead,
        body: [ByteBuffer],
        bodyByteCount: Int? = nil,
        receivedFirstByteAt: ContinuousClock.Instant,
        completedAt: ContinuousClock.Instant,
        clientAddress: String? = nil,
        servedBy: Upstream.Name = .stable
    ) {
        self.head = head
        self.body = body
        self.bodyByteCount = bodyByteCount ?? body.reduce(0) { $0 + $1.readableBytes }
        self.receivedFirstByteAt = receivedFirstByteAt
        self.completedAt = completedAt
        self.clientAddress = clientAddress
        self.servedBy = servedBy
    }

    /// Every field of the head in order.
    package var headers: TappedHeaders { head.fields }

    /// Bytes of memory that this request keeps: the read buffers of its head and its body.
    ///
    /// An upper bound: a buffer that holds both, as for most requests, is counted twice.
    package var heldByteCount: Int {
        body.reduce(head.fields.bytes.storageCapacity) { $0 + $1.storageCapacity }
    }
}
