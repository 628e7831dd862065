package import Vocabulary

/// The final state of a sampled request.
package enum Settlement: Sendable, Hashable {
    case stored
    case shed(ShedReason)
    case failed(FailureReason)
}

/// Changes of the funnel, and the tally after them.
package struct FunnelDrain: Sendable, Equatable {
    /// Oldest first.
    package var minutes: [FunnelMinute]
    /// Stored together with the changes, so that none of them is entered again later.
    package var tally: FunnelTally
}

/// Keeps the funnel: overall, per class and per minute.
///
/// It changes only by transitions, and each keeps both laws, so every snapshot adds up. Transitions of requests are also
/// written to `FunnelMemory`; the counts of the loops are there already.
struct FunnelLedger {
    private struct Cell: Hashable {
        var minute: Int
        var intent: IntentClass?
    }

    private let memory: FunnelMemory
    private(set) var total = Funnel()
    private(set) var byIntent: [IntentClass?: Funnel] = [:]
    private var minutes: [Cell: Funnel] = [:]

    init(memory: FunnelMemory) {
        self.memory = memory
    }

    /// Requests that were rejected, on an event loop or later.
    mutating func rejected(_ reason: NotEligibleReason, count: Int, minute: Int) {
        change(nil, minute) {
            $0.seen += count
            $0.notEligible[reason, default: 0] += count
        }
    }

    /// An offered request without room, drawn without having been read.
    mutating func overflowed(isSampled: Bool, minute: Int) {
        change(nil, minute) {
            $0.seen += 1
            if isSampled {
                $0.sampled += 1
                $0.shed[.bufferFull, default: 0] += 1
            } else {
                $0.notSampled += 1
            }
        }
    }

    mutating func notEligible(_ reason: NotEligibleReason, minute: Int) {
        memory.notEligible(nil, reason, minute: minute)
        rejected(reason, count: 1, minute: minute)
    }

    mutating func notSampled(_ intent: IntentClass?, minute: Int) {
        memory.notSampled(intent, minute: minute)
        change(intent, minute) {
            $0.seen += 1
            $0.notSampled += 1
        }
    }

    /// The request is in flight until `settle`.
    mutating func sampled(_ intent: IntentClass?, minute: Int) {
        memory.sampled(intent, minute: minute)
        change(intent, minute) {
            $0.seen += 1
            $0.sampled += 1
            $0.inFlight += 1
        }
    }

    mutating func settle(_ intent: IntentClass?, _ settlement: Settlement, minute: Int) {
        precondition((byIntent[intent]?.inFlight ?? 0) > 0, "settled a request that is not in flight")
        memory.settled(intent, settlement, minute: minute)
        change(intent, minute) { funnel in
            funnel.inFlight -= 1
            switch settlement {
            case .stored: funnel.stored += 1
            case .shed(let reason): funnel.shed[reason, default: 0] += 1
            case .failed(let reason): funnel.failed[reason, default: 0] += 1
            }
        }
    }

    /// The changes since the last call, oldest first.
    mutating func drainMinutes() -> [FunnelMinute] {
        defer { minutes = [:] }
        return minutes.map { FunnelMinute(minute: $0.key.minute, intent: $0.key.intent, change: $0.value) }
            .sorted { ($0.minute, $0.intent?.rawValue ?? "") < ($1.minute, $1.intent?.rawValue ?? "") }
    }

    private mutating func change(_ intent: IntentClass?, _ minute: Int, _ body: (inout Funnel) -> Void) {
        body(&total)
        body(&byIntent[intent, default: Funnel()])
        body(&minutes[Cell(minute: minute, intent: intent), default: Funnel()])
    }
}
