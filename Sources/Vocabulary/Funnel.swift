/// Where every request went, counted exactly.
///
/// The two laws, which hold after every single transition:
/// `seen = not_eligible + not_sampled + sampled` and `sampled = in_flight + stored + shed(reason) + failed(reason)`.
/// A funnel is a mergeable value: replicas' funnels add up.
package struct Funnel: Sendable, Equatable {
    package var seen = 0
    package var notEligible: [NotEligibleReason: Int] = [:]
    package var notSampled = 0
    package var sampled = 0
    package var inFlight = 0
    package var stored = 0
    package var shed: [ShedReason: Int] = [:]
    package var failed: [FailureReason: Int] = [:]

    package init() {}

    package var notEligibleTotal: Int { notEligible.values.reduce(0, +) }
    package var shedTotal: Int { shed.values.reduce(0, +) }
    package var failedTotal: Int { failed.values.reduce(0, +) }

    /// Whether both laws hold.
    package var addsUp: Bool {
        seen == notEligibleTotal + notSampled + sampled
            && sampled == inFlight + stored + shedTotal + failedTotal
    }

    package static func + (left: Funnel, right: Funnel) -> Funnel {
        var sum = left
        sum += right
        return sum
    }

    package static func - (left: Funnel, right: Funnel) -> Funnel {
        var minus = Funnel()
        minus.seen = -right.seen
        minus.notEligible = right.notEligible.mapValues { -$0 }
        minus.notSampled = -right.notSampled
        minus.sampled = -right.sampled
        minus.inFlight = -right.inFlight
        minus.stored = -right.stored
        minus.shed = right.shed.mapValues { -$0 }
        minus.failed = right.failed.mapValues { -$0 }
        return left + minus
    }

    package static func += (left: inout Funnel, right: Funnel) {
        left.seen += right.seen
        left.notEligible.merge(right.notEligible, uniquingKeysWith: +)
        left.notSampled += right.notSampled
        left.sampled += right.sampled
        left.inFlight += right.inFlight
        left.stored += right.stored
        left.shed.merge(right.shed, uniquingKeysWith: +)
        left.failed.merge(right.failed, uniquingKeysWith: +)
    }
}

/// Why a request could never have been mirrored; a bounded set, used as a metric label.
package enum NotEligibleReason: String, Sendable, Hashable, CaseIterable {
    /// Not one of the mirrored endpoints, or not a POST.
    case endpoint
    /// The client left, or the request was refused or answered, before it was complete.
    case incompleteRequest = "incomplete_request"
    /// The body could not be read as a request of its endpoint: not JSON, no messages, an unknown content coding.
    case unreadableRequest = "unreadable_request"
    /// The body is larger than is read of one: `limits.body` when it is decoded, or more values than a request has.
    case requestTooLarge = "request_too_large"
    /// The request asks for what must not happen twice (server-side state: `background`, `store` with a prior response, …).
    case stateful
    /// The operator paused mirroring.
    case paused
    /// The store could not be written to, so nothing was mirrored.
    case storeUnavailable = "store_unavailable"
}

/// Why a sampled request was not played or not kept; a bounded set, used as a metric label.
package enum ShedReason: String, Sendable, Hashable, CaseIterable {
    /// The shadow's queue was full.
    case queueFull = "queue_full"
    /// The byte budget for everything that waits was spent.
    case bufferFull = "buffer_full"
    /// The store could not take more.
    case storeFull = "store_full"
}

/// Why a sampled request left no pair although nothing was shed; a bounded set, used as a metric label.
package enum FailureReason: String, Sendable, Hashable, CaseIterable {
    /// The process was told to stop and the time to finish ran out.
    case stopped
    /// The process ended without warning.
    case crash
    /// The store reported an error for the batch.
    case store
}
