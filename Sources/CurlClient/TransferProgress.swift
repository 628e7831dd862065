/// The progress of one transfer: decides whether it takes too long or grows too large, and what its end means.
///
/// Only the connect timeout is left to libcurl. The other three are decided here, because libcurl has no time-out for the first
/// byte, measures silence in whole seconds, and does not report which limit ran out.
struct TransferProgress {
    static let maximumHeadBytes = 256 << 10

    let startedAt: ContinuousClock.Instant
    let timeouts: CurlTimeouts
    let maximumResponseBytes: Int
    private(set) var headByteCount = 0
    private(set) var byteCount = 0
    private(set) var status: Int?
    private var lastByteAt: ContinuousClock.Instant?
    /// The end that was decided here; it overrides libcurl's result for the abort that follows.
    private(set) var decided: CurlOutcome?

    init(startedAt: ContinuousClock.Instant, timeouts: CurlTimeouts, maximumResponseBytes: Int) {
        self.startedAt = startedAt
        self.timeouts = timeouts
        self.maximumResponseBytes = maximumResponseBytes
    }

    /// Counts bytes of a head; false when the transfer must be aborted.
    mutating func receivedHeadBytes(_ count: Int) -> Bool {
        headByteCount += count
        if headByteCount > Self.maximumHeadBytes { decide(.tooLarge) }
        return decided == nil
    }

    mutating func receivedHead(status: Int) {
        self.status = status
    }

    /// Counts bytes of the payload; false when the transfer must be aborted.
    mutating func receivedBytes(_ count: Int, at now: ContinuousClock.Instant) -> Bool {
        byteCount += count
        lastByteAt = now
        if byteCount > maximumResponseBytes { decide(.tooLarge) }
        return decided == nil
    }

    /// When the transfer times out if nothing more arrives, and by which limit.
    var deadline: (at: ContinuousClock.Instant, limit: CurlTimeout) {
        let total = (at: startedAt + timeouts.total, limit: CurlTimeout.total)
        let waiting =
            lastByteAt.map { (at: $0 + timeouts.stall, limit: CurlTimeout.stall) }
            ?? (at: startedAt + timeouts.firstByte, limit: CurlTimeout.firstByte)
        return waiting.at < total.at ? waiting : total
    }

    /// True when the time is up; the transfer must be aborted.
    mutating func expire(at now: ContinuousClock.Instant) -> Bool {
        let deadline = deadline
        guard decided == nil, now >= deadline.at else { return false }
        decide(.timeout(deadline.limit))
        return true
    }

    mutating func cancel() {
        decide(.cancelled)
    }

    private mutating func decide(_ outcome: CurlOutcome) {
        if decided == nil { decided = outcome }
    }

    /// What the end of the transfer means.
    func outcome(_ ending: LibcurlEnding) -> CurlOutcome {
        if let decided { return decided }
        switch ending {
        // A connection that ends inside the head is a success to libcurl.
        case .complete: return status == nil ? .closedBeforeAnswer : .ok
        case .noConnection: return .connectFailed
        case .connectTimeout: return .timeout(.connect)
        case .connectionLost: return status == nil ? .closedBeforeAnswer : .truncated
        case .notHTTP: return .protocolError
        case .unsendable: return .invalidRequest
        }
    }
}

/// libcurl's hundred result codes, grouped by their meaning here.
enum LibcurlEnding {
    case complete
    case noConnection
    case connectTimeout
    case connectionLost
    case notHTTP
    case unsendable
}
