// The decisions of the mirror, as a value.
//
// What: the sampled requests that are not settled, the state of each leg, which of them may be played now, which wait, and
// which are given up. The shell (`MirrorWorker`) reports events and carries out the returned actions.
//
// A request passes through
//     arrived → shadow waits | plays → (each leg ends) → joined: .store → settled
// and can be settled from anywhere by being shed or failed. `settle` comes exactly once for each request that arrived.

import Vocabulary

/// The number of one sampled request.
typealias Ticket = UInt64

/// The actions for the shell.
enum MirrorAction: Equatable {
    case startShadow(Ticket)
    case startControl(Ticket)
    /// Every leg has ended: hand the pair to the sink.
    case store(Ticket, Pair)
    /// Count the end of a request, cancel what it still plays, and forget it.
    case settle(Ticket, Settlement)
}

/// All of a pair but its answers.
struct PairDraft: Equatable {
    var pair: Pair
    var drawsControl: Bool
}

struct MirrorState {
    private enum LegState: Equatable {
        /// Not drawn; for the control only.
        case none
        case waiting
        case playing
        case ended(LegAnswer)

        var answer: LegAnswer? {
            if case .ended(let answer) = self { answer } else { nil }
        }
    }

    private struct Entry {
        var draft: PairDraft
        var stable = LegState.playing
        var shadow = LegState.waiting
        var control = LegState.none
        var isStoring = false
    }

    /// The shadow's answer while its breaker is open.
    private let refused: LegAnswer
    private let stableVersion: String
    private var limits: MirroringLimits
    private(set) var breaker: CircuitBreaker
    private var entries: [Ticket: Entry] = [:]
    private var queue: [(ticket: Ticket, intent: IntentClass)] = []
    private var shadowsInFlight: Set<Ticket> = []
    private var controlsInFlight: Set<Ticket> = []
    /// Slots withheld from `maximumInFlight`: +1 for each shadow answer that overflowed the buffer, −1 for each that ended.
    ///
    /// Without it, a shadow that floods the buffer would be called again as fast as its answers are given up, and its breaker
    /// would never open.
    private var withheld = 0
    /// The request that was let through an open breaker.
    private var probe: Ticket?

    init(stableVersion: String, shadowVersion: String, limits: MirroringLimits) {
        self.stableVersion = stableVersion
        refused = LegAnswer(version: shadowVersion, outcome: .connectError)
        self.limits = limits
        breaker = CircuitBreaker(limits.breaker)
    }

    var isEmpty: Bool { entries.isEmpty }
    var inFlightCount: Int { shadowsInFlight.count }
    var queuedCount: Int { queue.count }

    /// A sampled request is complete.
    ///
    /// - Parameters:
    ///   - ticket: its name.
    ///   - draft: what is known of its pair.
    ///   - chance: uniform in 0..<1. If the queue is full, it chooses the request to shed, among the new one and those of its
    ///     class in the queue: the loss does not depend on the content of requests.
    ///   - now: the time.
    /// - Returns: what to do now.
    mutating func arrived(
        _ ticket: Ticket,
        _ draft: PairDraft,
        chance: Double,
        at now: ContinuousClock.Instant
    ) -> [MirrorAction] {
        precondition(entries[ticket] == nil, "ticket \(ticket) arrived twice")
        var entry = Entry(draft: draft)
        var actions: [MirrorAction] = []
        if breaker.refuses(at: now) {
            entry.shadow = .ended(refused)
        } else if mayPlay {
            guard play(ticket, at: now) else { preconditionFailure("the breaker refused what it had not refused") }
            entry.shadow = .playing
            actions.append(.startShadow(ticket))
        } else if queue.count < limits.maximumQueued {
            queue.append((ticket, draft.pair.intent))
        } else {
            let rivals = queue.filter { $0.intent == draft.pair.intent }
            let choice = Int(chance * Double(rivals.count + 1))
            guard choice < rivals.count else { return [.settle(ticket, .shed(.queueFull))] }
            actions += giveUp(rivals[choice].ticket, .shed(.queueFull), at: now)
            queue.append((ticket, draft.pair.intent))
        }
        if draft.drawsControl {
            if controlsInFlight.count < limits.maximumControlsInFlight {
                controlsInFlight.insert(ticket)
                entry.control = .playing
                actions.append(.startControl(ticket))
            } else {
                entry.control = .ended(LegAnswer(version: stableVersion, outcome: .shed))
            }
        }
        entries[ticket] = entry
        return actions
    }

    /// A leg has ended; an unknown ticket was settled before.
    ///
    /// - Parameters:
    ///   - leg: which.
    ///   - ticket: of which request.
    ///   - answer: its answer.
    ///   - isOverLimit: whether it was ended because the answer exceeded its limit.
    ///   - now: the time.
    /// - Returns: what to do now.
    mutating func legEnded(
        _ leg: Leg,
        of ticket: Ticket,
        _ answer: LegAnswer,
        isOverLimit: Bool = false,
        at now: ContinuousClock.Instant
    ) -> [MirrorAction] {
        guard entries[ticket] != nil else { return [] }
        switch leg {
        case .stable: entries[ticket]?.stable = .ended(answer)
        case .control:
            controlsInFlight.remove(ticket)
            entries[ticket]?.control = .ended(answer)
        case .shadow:
            shadowsInFlight.remove(ticket)
            if probe == ticket { probe = nil }
            withheld = max(0, withheld - 1)
            entries[ticket]?.shadow = .ended(answer)
            switch answer.outcome {
            case .connectError, .timeout: breaker.failed(at: now)
            case _ where isOverLimit: breaker.failed(at: now)
            default: breaker.answered()
            }
        }
        return join(ticket) + (leg == .shadow ? pump(at: now) : [])
    }

    /// A request is given up for a reason of our own; not if the sink has it, which then reports its end.
    mutating func giveUp(
        _ ticket: Ticket,
        _ settlement: Settlement,
        at now: ContinuousClock.Instant
    ) -> [MirrorAction] {
        guard let entry = entries[ticket], !entry.isStoring else { return [] }
        forget(ticket, at: now)
        return [.settle(ticket, settlement)] + pump(at: now)
    }

    /// A leg's answer did not fit into the buffer.
    mutating func overflowed(_ leg: Leg, of ticket: Ticket, at now: ContinuousClock.Instant) -> [MirrorAction] {
        if leg == .shadow, shadowsInFlight.contains(ticket) {
            withheld = min(withheld + 1, limits.maximumInFlight - 1)
            if probe == ticket {
                // Not at once: that would be as often as the shadow floods the buffer.
                probe = nil
                breaker.failed(at: now)
            }
        }
        return giveUp(ticket, .shed(.bufferFull), at: now)
    }

    /// The sink has reported the end of a pair.
    mutating func sinkAnswered(_ ticket: Ticket, _ settlement: Settlement) -> [MirrorAction] {
        guard let entry = entries[ticket], entry.isStoring else { return [] }
        entries[ticket] = nil
        return [.settle(ticket, settlement)]
    }

    mutating func setLimits(_ limits: MirroringLimits, at now: ContinuousClock.Instant) -> [MirrorAction] {
        self.limits = limits
        withheld = min(withheld, limits.maximumInFlight - 1)
        breaker.settings = limits.breaker
        return pump(at: now)
    }

    /// The time to finish is over: requests that wait for the shadow or for stable are given up; pairs that only lack their
    /// control are stored without it.
    mutating func timeIsUp(at now: ContinuousClock.Instant) -> [MirrorAction] {
        var actions: [MirrorAction] = []
        queue = []
        for ticket in entries.keys.sorted() {
            guard let entry = entries[ticket], !entry.isStoring else { continue }
            if entry.stable.answer != nil, entry.shadow.answer != nil {
                controlsInFlight.remove(ticket)
                entries[ticket]?.control = .none
                actions += join(ticket)
            } else {
                forget(ticket, at: now)
                actions.append(.settle(ticket, .failed(.stopped)))
            }
        }
        return actions
    }

    /// The sink's time is over as well: its unreported pairs are lost.
    mutating func sinkTimeIsUp() -> [MirrorAction] {
        entries.keys.filter { entries[$0]?.isStoring == true }.sorted()
            .flatMap { sinkAnswered($0, .failed(.store)) }
    }

    // MARK: Inside

    private var mayPlay: Bool { shadowsInFlight.count < max(1, limits.maximumInFlight - withheld) }

    /// Takes a slot; false if the breaker refuses.
    private mutating func play(_ ticket: Ticket, at now: ContinuousClock.Instant) -> Bool {
        guard breaker.admits(at: now) else { return false }
        if breaker.state == .probing { probe = ticket }
        shadowsInFlight.insert(ticket)
        return true
    }

    /// Starts queued requests, or refuses them while the breaker is open.
    private mutating func pump(at now: ContinuousClock.Instant) -> [MirrorAction] {
        var actions: [MirrorAction] = []
        while let ticket = queue.first?.ticket {
            if breaker.refuses(at: now) {
                queue.removeFirst()
                let leg = LegState.ended(refused)
                entries[ticket]?.shadow = leg
                actions += join(ticket)
            } else {
                guard mayPlay, play(ticket, at: now) else { break }
                queue.removeFirst()
                entries[ticket]?.shadow = .playing
                actions.append(.startShadow(ticket))
            }
        }
        return actions
    }

    /// Makes the pair once every leg has ended.
    private mutating func join(_ ticket: Ticket) -> [MirrorAction] {
        guard let entry = entries[ticket], !entry.isStoring, let stable = entry.stable.answer,
            let shadow = entry.shadow.answer
        else { return [] }
        var pair = entry.draft.pair
        switch entry.control {
        case .waiting, .playing: return []
        case .none: pair.control = nil
        case .ended(let control): pair.control = control
        }
        pair.stable = stable
        pair.shadow = shadow
        // The part that is needed from now on; the texts go with the action.
        var stored = Entry(draft: PairDraft(pair: entry.draft.pair, drawsControl: entry.draft.drawsControl))
        stored.draft.pair.prompt = nil
        stored.draft.pair.request = RequestParameters()
        stored.isStoring = true
        entries[ticket] = stored
        return [.store(ticket, pair)]
    }

    private mutating func forget(_ ticket: Ticket, at now: ContinuousClock.Instant) {
        entries[ticket] = nil
        queue.removeAll { $0.ticket == ticket }
        shadowsInFlight.remove(ticket)
        controlsInFlight.remove(ticket)
        if probe == ticket {
            probe = nil
            breaker.gaveUp(at: now)
        }
    }
}
