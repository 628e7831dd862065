// One request and its answer: what may happen next, as a value.
//
// The shell (`ClientConnection`) reports events to this value and carries out its decisions. The value has no bytes, no socket
// and no clock. Its rules:
//
// Keeping the client's connection: only when the client wants it, its request was read to the end, the answer says where
// it ends, and the gateway is not stopping (RFC 9112 section 9.3). An answer that begins before its request is complete
// closes the connection: when the head goes out, it is unknown whether the rest will ever be read.
//
// Retrying: a kept connection of stable can die while a request is on its way to it. The request is sent once more, on
// a fresh connection, when no byte of an answer came, the connection had been used before, and
//   - the method is idempotent (RFC 9110 section 9.2.2), or
//   - it cannot have had any effect: stable's FIN came without acknowledging a byte of the request, or the very first
//     write of the request failed. A later reset proves nothing and means 502.
//     (RFC 9110: "A proxy MUST NOT automatically retry non-idempotent requests", unless it knows that "the original request
//     was never applied". A server that read the request and then died did acknowledge it, and is not asked again.)
// Requests longer than the replay limit, and chunked ones, are never sent on a kept connection, so a retry is possible,
// unless the bytes kept for all requests together exceed their limit: then the answer is 502. Stable closes idle connections
// after 5 s; ours are kept for less.

/// How the connection to the upstream was lost.
package enum UpstreamLoss: Equatable, Sendable {
    case connectFailed
    case connectTimedOut
    /// Closed or reset. `isUntouched`: provably, no byte of the request reached the upstream's process.
    case closed(isUntouched: Bool)
    /// Nothing came for longer than the idle timeout.
    case silent
    /// The bytes were not HTTP.
    case malformed
}

package struct ExchangeState: Sendable {
    /// What to do about a lost connection to the upstream.
    package enum Recovery: Equatable, Sendable {
        /// Send the request again on a fresh connection.
        case retry
        /// Nothing was sent to the client yet: answer in the upstream's stead.
        case answer(GatewayAnswer, AnswerEnd)
        /// Part of an answer was sent: it can only be cut visibly.
        case cut(AnswerEnd, reset: Bool)
    }

    /// How an answer goes to the client.
    package struct Plan: Equatable, Sendable {
        package var rewriting: ResponseRewriting
        /// Payload only, for a client that does not know chunks.
        package var dechunks: Bool
    }

    private enum Answer: Sendable {
        case awaited
        /// A byte of it came, perhaps a 1xx, but no final head yet.
        case begun
        case streaming
    }

    let isHTTP10: Bool
    let isIdempotent: Bool
    private let wantsKeepAlive: Bool
    /// Whether the request may go over a kept connection.
    let mayUseKeptConnection: Bool

    private var answer = Answer.awaited
    private(set) var isRequestComplete = false
    /// The answer began before the request was complete.
    private(set) var isAnsweredEarly = false
    private var usesKeptConnection = false
    private var answerEndsByClose = false
    private var answerKeepsUpstream = false
    private var closesClient = false

    init(_ head: RequestHead, replayLimit: Int) {
        isHTTP10 = head.isHTTP10
        isIdempotent = head.line.knownMethod.isIdempotent
        wantsKeepAlive = head.keepsAlive
        switch head.framing {
        case .none: mayUseKeptConnection = true
        case .length(let length): mayUseKeptConnection = length <= replayLimit
        case .chunked, .untilClose: mayUseKeptConnection = false
        }
    }

    /// Whether a request is gathered, until it is complete or too long, before a connection is taken for it.
    ///
    /// Not if the client waits for the upstream's 100 (Continue) before it sends its body: both would wait for ever.
    ///
    /// - Parameters:
    ///   - head: The request's head.
    ///   - pendingByteCount: How much of its body is there.
    ///   - limit: Body bytes that may be gathered; 0 for none.
    /// - Returns: Whether it is gathered.
    static func isGathered(_ head: RequestHead, pendingByteCount: Int, limit: Int) -> Bool {
        guard limit > 0, !head.expectsContinue else { return false }
        switch head.framing {
        case .none, .untilClose: return false
        case .length(let length): return pendingByteCount < min(length, limit + 1)
        case .chunked: return true
        }
    }

    /// Whether a byte of an answer came.
    var hasAnswerBegun: Bool {
        if case .awaited = answer { false } else { true }
    }

    /// Whether a final head went to the client.
    var isAnswerStreaming: Bool {
        if case .streaming = answer { true } else { false }
    }

    /// Whether a client would take a closed connection for the proper end of the answer.
    var isCutOnlyByReset: Bool { isAnswerStreaming && answerEndsByClose }

    /// - Parameter isKept: Whether the connection was used before; such a one may be lost, and the request is then sent again.
    mutating func connected(isKept: Bool) {
        usesKeptConnection = isKept
    }

    mutating func requestEnded() {
        isRequestComplete = true
    }

    mutating func answerBytesCame() {
        if case .awaited = answer { answer = .begun }
    }

    /// The final head came.
    mutating func answerHead(_ head: ResponseHead, isStopping: Bool) -> Plan {
        answer = .streaming
        isAnsweredEarly = !isRequestComplete
        let dechunks = isHTTP10 && head.framing == .chunked
        answerEndsByClose = head.framing == .untilClose || dechunks
        answerKeepsUpstream = head.keepsAlive
        closesClient = !wantsKeepAlive || isAnsweredEarly || answerEndsByClose || isStopping
        var rewriting = ResponseRewriting()
        rewriting.connection = closesClient ? .close : isHTTP10 ? .keepAlive : .absent
        rewriting.keepsTransferEncoding = !isHTTP10 && head.status != 204
        rewriting.keepsContentLength = head.status != 204
        rewriting.keepsTrailer = !dechunks
        return Plan(rewriting: rewriting, dechunks: dechunks)
    }

    /// What a 1xx head becomes; nil when the client cannot understand one.
    func informational() -> ResponseRewriting? {
        guard !isHTTP10 else { return nil }
        return ResponseRewriting(keepsTransferEncoding: false, keepsContentLength: false)
    }

    /// Whether the gateway's own answer leaves the client's connection open.
    func keepsClientAfterOwnAnswer(isStopping: Bool) -> Bool {
        wantsKeepAlive && isRequestComplete && !isStopping
    }

    /// After a whole answer: whether each side's connection stays open.
    func afterAnswer(isStopping: Bool, strayBytes: Bool) -> (keepsClient: Bool, keepsUpstream: Bool) {
        (
            keepsClient: !closesClient && isRequestComplete && !isStopping,
            keepsUpstream: answerKeepsUpstream && isRequestComplete && !isStopping && !strayBytes
        )
    }

    func upstreamLost(_ loss: UpstreamLoss) -> Recovery {
        if isAnswerStreaming {
            // If only the close tells the client that the answer is over, a cut must not look like a proper end.
            return .cut(loss == .silent ? .upstreamTimeout : .upstreamCut, reset: answerEndsByClose)
        }
        switch loss {
        case .connectFailed: return .answer(.unreachable, .upstreamUnreachable)
        case .connectTimedOut: return .answer(.connectTimeout, .upstreamUnreachable)
        case .silent: return .answer(.answerTimeout, .upstreamTimeout)
        case .malformed: return .answer(.badAnswer, .upstreamCut)
        case .closed(let isUntouched):
            if usesKeptConnection && !hasAnswerBegun && (isIdempotent || isUntouched) { return .retry }
            return .answer(.noAnswer, .upstreamCut)
        }
    }
}
