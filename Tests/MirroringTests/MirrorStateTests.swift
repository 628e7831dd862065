import Foundation
import Statistics
import TestSupport
import Testing
import Vocabulary
import Wire

@testable import Mirroring

/// The mirror's decisions as scripts: what happened, and what is to be done.
@Suite struct MirrorStateTests {
    let start = ContinuousClock.now

    func state(_ edit: (inout MirroringLimits) -> Void = { _ in }) -> MirrorState {
        var limits = MirroringLimits(
            maximumInFlight: 2,
            maximumQueued: 1,
            maximumControlsInFlight: 1,
            breaker: .init(failures: 2, probeEvery: .seconds(5))
        )
        edit(&limits)
        return MirrorState(stableVersion: "v1.1.0", shadowVersion: "v1.2.0", limits: limits)
    }

    func draft(_ number: Ticket, control: Bool = false, intent: IntentClass = .other) -> PairDraft {
        PairDraft(
            pair: Pair(
                id: "\(number)",
                time: Date(timeIntervalSince1970: 0),
                session: nil,
                intent: intent,
                intentSource: .fallback,
                endpoint: APIShape.chatCompletions.endpoint.rawValue,
                promptHash: PromptHash(hex: "00"),
                prompt: nil,
                request: RequestParameters(),
                samplingProbability: 1,
                stable: answer(.shed),
                shadow: answer(.shed),
                control: nil
            ),
            drawsControl: control
        )
    }

    func answer(_ outcome: Outcome, _ text: String = "") -> LegAnswer {
        LegAnswer(version: "v", outcome: outcome, text: text)
    }

    func stored(_ actions: [MirrorAction]) -> Pair? {
        for case .store(_, let pair) in actions { return pair }
        return nil
    }

    @Test func `a pair is made when both have ended, whoever is last`() {
        for order in [[Leg.stable, .shadow], [.shadow, .stable]] {
            var state = state()
            #expect(state.arrived(1, draft(1), at: start) == [.startShadow(1)])
            let first = state.legEnded(order[0], of: 1, answer(.ok, order[0].rawValue), at: start)
            #expect(first == [])
            let pair = stored(state.legEnded(order[1], of: 1, answer(.ok, order[1].rawValue), at: start))
            #expect(pair?.stable.text == "stable" && pair?.shadow.text == "shadow" && pair?.control == nil)
            #expect(!state.isEmpty)
            #expect(state.sinkAnswered(1, .stored) == [.settle(1, .stored)])
            #expect(state.isEmpty)
            #expect(state.sinkAnswered(1, .stored) == [])
        }
    }

    @Test func `the control is waited for, and shed alone where its budget is spent`() {
        var state = state()
        #expect(state.arrived(1, draft(1, control: true), at: start) == [.startShadow(1), .startControl(1)])
        #expect(state.arrived(2, draft(2, control: true), at: start) == [.startShadow(2)])
        _ = state.legEnded(.stable, of: 1, answer(.ok), at: start)
        #expect(state.legEnded(.shadow, of: 1, answer(.ok), at: start) == [])
        #expect(stored(state.legEnded(.control, of: 1, answer(.ok, "again"), at: start))?.control?.text == "again")
        _ = state.legEnded(.stable, of: 2, answer(.ok), at: start)
        #expect(stored(state.legEnded(.shadow, of: 2, answer(.ok), at: start))?.control?.outcome == .shed)
    }

    @Test func `whoever is shed is drawn among the arriving request and its class`() {
        // Slot: 1. Queue: 2 and 4 of the arriving one's class, 3 of another.
        let outcomes = [0.0, 0.34, 0.67].map { chance in
            var state = state { ($0.maximumInFlight, $0.maximumQueued) = (1, 3) }
            let payment = IntentClass(rawValue: "payment")
            for number in 1...4 as ClosedRange<Ticket> {
                _ = state.arrived(number, draft(number, intent: number == 3 ? .other : payment), at: start)
            }
            return state.arrived(5, draft(5, intent: payment), chance: chance, at: start)
        }
        #expect(outcomes == [2, 4, 5].map { [.settle($0, .shed(.queueFull))] })
    }

    @Test func `who replaces a waiting request waits at the end of the queue`() {
        var state = state { ($0.maximumInFlight, $0.maximumQueued) = (1, 2) }
        for number in 1...3 as ClosedRange<Ticket> { _ = state.arrived(number, draft(number), at: start) }
        #expect(state.arrived(4, draft(4), chance: 0, at: start) == [.settle(2, .shed(.queueFull))])
        #expect(state.legEnded(.shadow, of: 1, answer(.ok), at: start) == [.startShadow(3)])
        #expect(state.legEnded(.shadow, of: 3, answer(.ok), at: start) == [.startShadow(4)])
    }

    @Test func `slots, then the queue, then shed`() {
        var state = state()
        #expect(state.arrived(1, draft(1), at: start) == [.startShadow(1)])
        #expect(state.arrived(2, draft(2), at: start) == [.startShadow(2)])
        #expect(state.arrived(3, draft(3), at: start) == [])
        #expect(state.arrived(4, draft(4), at: start) == [.settle(4, .shed(.queueFull))])
        #expect((state.inFlightCount, state.queuedCount) == (2, 1))
        #expect(state.legEnded(.shadow, of: 1, answer(.ok), at: start) == [.startShadow(3)])
        #expect(state.legEnded(.stable, of: 4, answer(.ok), at: start) == [])
    }

    @Test func `while the breaker is open requests become pairs with a connect_error`() {
        var state = state()
        _ = state.arrived(1, draft(1), at: start)
        _ = state.arrived(2, draft(2), at: start)
        _ = state.arrived(3, draft(3), at: start)
        _ = state.legEnded(.stable, of: 3, answer(.ok), at: start)
        _ = state.legEnded(.shadow, of: 1, answer(.timeout), at: start)
        // The second failure opens it: number 3 plays since the first, so nobody waits.
        _ = state.legEnded(.shadow, of: 2, answer(.connectError), at: start)
        #expect(state.arrived(4, draft(4), at: start + .seconds(1)) == [])
        let pair = stored(state.legEnded(.stable, of: 4, answer(.ok), at: start + .seconds(1)))
        #expect(pair?.shadow.outcome == .connectError)
        #expect(pair?.shadow.version == "v1.2.0")
        // The probe.
        #expect(state.arrived(5, draft(5), at: start + .seconds(5)) == [.startShadow(5)])
        #expect(state.arrived(6, draft(6), at: start + .seconds(5)) == [])
        _ = state.legEnded(.shadow, of: 5, answer(.httpError), at: start + .seconds(6))
        #expect(state.arrived(7, draft(7), at: start + .seconds(6)) == [.startShadow(7)])
    }

    @Test func `who waits when the breaker opens is refused as well`() {
        var state = state {
            $0.maximumInFlight = 1
            $0.breaker.failures = 1
        }
        _ = state.arrived(1, draft(1), at: start)
        _ = state.arrived(2, draft(2), at: start)
        _ = state.legEnded(.stable, of: 2, answer(.ok), at: start)
        #expect(stored(state.legEnded(.shadow, of: 1, answer(.timeout), at: start))?.id == "2")
        #expect(state.inFlightCount == 0)
    }

    @Test func `a status of 500 does not open the breaker`() {
        var state = state { $0.breaker.failures = 1 }
        for number in 1..<10 as Range<Ticket> {
            #expect(state.arrived(number, draft(number), at: start) == [.startShadow(number)])
            _ = state.legEnded(.shadow, of: number, answer(.httpError), at: start)
        }
    }

    @Test func `giving up frees the slot`() {
        var state = state()
        for number in 1...3 as ClosedRange<Ticket> { _ = state.arrived(number, draft(number), at: start) }
        #expect(state.giveUp(1, .shed(.bufferFull), at: start) == [.settle(1, .shed(.bufferFull)), .startShadow(3)])
        #expect(state.giveUp(1, .shed(.bufferFull), at: start) == [])
        #expect(state.legEnded(.shadow, of: 1, answer(.ok), at: start) == [])
    }

    @Test func `an answer that does not fit lowers the calls at once, one that ends raises them`() {
        var state = state {
            $0.maximumInFlight = 3
            $0.maximumQueued = 10
        }
        for number in 1...9 as ClosedRange<Ticket> { _ = state.arrived(number, draft(number), at: start) }
        let shed = Settlement.shed(.bufferFull)
        #expect(state.overflowed(.shadow, of: 1, at: start) == [.settle(1, shed)])
        // It was stable's answer that did not fit.
        #expect(state.overflowed(.stable, of: 9, at: start) == [.settle(9, shed)])
        #expect(state.overflowed(.stable, of: 3, at: start) == [.settle(3, shed), .startShadow(4)])
        #expect(state.overflowed(.shadow, of: 2, at: start) == [.settle(2, shed)])
        #expect(state.inFlightCount == 1)
        // However many do not fit, one is played.
        #expect(state.overflowed(.shadow, of: 4, at: start) == [.settle(4, shed), .startShadow(5)])
        #expect(state.overflowed(.shadow, of: 4, at: start) == [])
        #expect(state.legEnded(.shadow, of: 5, answer(.ok), at: start) == [.startShadow(6), .startShadow(7)])
        #expect(state.legEnded(.shadow, of: 6, answer(.timeout), at: start) == [.startShadow(8)])
        #expect(state.arrived(10, draft(10), at: start) == [.startShadow(10)])
        #expect(state.legEnded(.shadow, of: 7, answer(.ok), at: start) == [])
        for number in 11...13 as ClosedRange<Ticket> { _ = state.arrived(number, draft(number), at: start) }
        #expect(state.inFlightCount == 3)
    }

    @Test func `a shadow whose answers do not fit is found out by its breaker`() {
        var state = state {
            $0.maximumInFlight = 64
            $0.maximumQueued = 0
            $0.breaker.failures = 20
        }
        var last: Ticket = 0
        var playing: [Ticket] = []
        func arrive() -> Bool {
            last += 1
            let actions = state.arrived(last, draft(last), at: start)
            if actions == [.startShadow(last)] { playing.append(last) }
            return actions != [.settle(last, .shed(.queueFull))]
        }
        var calls = 0
        while state.breaker.state != .open(probeAt: start + .seconds(5)), calls < 1_000 {
            while arrive() { calls += 1 }
            // What fits is one endless answer at once; it ends by its time limit.
            while playing.count > 1 { _ = state.overflowed(.shadow, of: playing.removeFirst(), at: start) }
            _ = state.legEnded(.shadow, of: playing.removeFirst(), answer(.timeout), at: start)
        }
        #expect(calls < 200)
    }

    @Test func `answers longer than any may be open the breaker`() {
        var state = state { $0.breaker.failures = 2 }
        for number in 1...2 as ClosedRange<Ticket> {
            #expect(state.arrived(number, draft(number), at: start) == [.startShadow(number)])
            _ = state.legEnded(.shadow, of: number, answer(.malformed), isOverLimit: true, at: start)
        }
        #expect(state.breaker.state == .open(probeAt: start + .seconds(5)))
    }

    @Test func `a probe that does not fit into the buffer is not repeated at once`() {
        var state = state { $0.breaker.failures = 1 }
        _ = state.arrived(1, draft(1), at: start)
        _ = state.legEnded(.shadow, of: 1, answer(.timeout), at: start)
        let shed = Settlement.shed(.bufferFull)
        #expect(state.arrived(2, draft(2), at: start + .seconds(5)) == [.startShadow(2)])
        #expect(state.overflowed(.shadow, of: 2, at: start + .seconds(6)) == [.settle(2, shed)])
        #expect(state.arrived(3, draft(3), at: start + .seconds(7)) == [])
        #expect(state.arrived(4, draft(4), at: start + .seconds(11)) == [.startShadow(4)])
    }

    @Test func `a lower limit of calls takes back what was withheld of the higher`() {
        var state = state {
            $0.maximumInFlight = 8
            $0.maximumQueued = 0
        }
        for number in 1...7 as ClosedRange<Ticket> {
            _ = state.arrived(number, draft(number), at: start)
            _ = state.overflowed(.shadow, of: number, at: start)
        }
        var limits = MirroringLimits()
        limits.maximumInFlight = 2
        _ = state.setLimits(limits, at: start)
        _ = state.arrived(8, draft(8), at: start)
        _ = state.legEnded(.shadow, of: 8, answer(.ok), at: start)
        #expect(state.arrived(9, draft(9), at: start) == [.startShadow(9)])
        #expect(state.arrived(10, draft(10), at: start) == [.startShadow(10)])
    }

    @Test func `a probe that is given up is tried again`() {
        var state = state { $0.breaker.failures = 1 }
        _ = state.arrived(1, draft(1), at: start)
        _ = state.legEnded(.shadow, of: 1, answer(.timeout), at: start)
        _ = state.arrived(2, draft(2), at: start + .seconds(5))
        _ = state.giveUp(2, .shed(.bufferFull), at: start + .seconds(6))
        #expect(state.arrived(3, draft(3), at: start + .seconds(6)) == [.startShadow(3)])
    }

    @Test func `when the time is up the finished are stored and the others failed`() {
        var state = state()
        _ = state.arrived(1, draft(1, control: true), at: start)
        _ = state.arrived(2, draft(2), at: start)
        _ = state.arrived(3, draft(3), at: start)
        _ = state.legEnded(.stable, of: 1, answer(.ok), at: start)
        _ = state.legEnded(.shadow, of: 1, answer(.ok), at: start)
        let actions = state.timeIsUp(at: start)
        #expect(stored(actions)?.id == "1")
        #expect(stored(actions)?.control == nil)
        #expect(Array(actions.dropFirst()) == [.settle(2, .failed(.stopped)), .settle(3, .failed(.stopped))])
        // The control that is not waited for any more says too much, too late.
        #expect(state.overflowed(.control, of: 1, at: start) == [])
        #expect(state.sinkTimeIsUp() == [.settle(1, .failed(.store))])
        #expect(state.isEmpty)
    }

    @Test func `a larger limit lets those who wait play`() {
        var state = state()
        for number in 1...3 as ClosedRange<Ticket> { _ = state.arrived(number, draft(number), at: start) }
        #expect(state.setLimits(MirroringLimits(maximumInFlight: 3), at: start) == [.startShadow(3)])
    }

    /// Every order of events that can come, and a few that cannot: both laws hold after each, and everything is
    /// settled exactly once.
    @Test func `in any order of events the funnel adds up`() {
        for seed in 0..<150 as Range<UInt64> {
            var random = SplitMix64(seed: seed)
            var state = state { limits in
                limits.maximumInFlight = Int.random(in: 1...4, using: &random)
                limits.maximumQueued = Int.random(in: 0...4, using: &random)
            }
            var ledger = FunnelLedger(memory: FunnelMemory())
            var open: Set<Ticket> = []
            var owedBySink: Set<Ticket> = []
            var playing: Set<Ticket> = []
            var now = start
            func perform(_ actions: [MirrorAction]) {
                for action in actions {
                    switch action {
                    case .startShadow(let ticket): #expect(playing.insert(ticket).inserted)
                    case .startControl: break
                    case .store(let ticket, _):
                        #expect(open.contains(ticket) && owedBySink.insert(ticket).inserted)
                    case .settle(let ticket, let settlement):
                        #expect(open.remove(ticket) != nil)
                        owedBySink.remove(ticket)
                        playing.remove(ticket)
                        ledger.settle(.other, settlement, minute: 0)
                    }
                }
                if !ledger.total.addsUp || ledger.total.inFlight != open.count {
                    Issue.record("seed \(seed): \(ledger.total), \(open.count) open")
                }
            }
            var last: Ticket = 0
            for _ in 0..<300 {
                now += .milliseconds(Int.random(in: 0..<2_000, using: &random))
                let anyone = Ticket.random(in: 0...max(last, 1), using: &random)
                switch Int.random(in: 0..<10, using: &random) {
                case 0...2:
                    last += 1
                    ledger.sampled(.other, minute: 0)
                    open.insert(last)
                    let drawn = draft(last, control: Bool.random(using: &random))
                    perform(state.arrived(last, drawn, chance: .random(in: 0..<1, using: &random), at: now))
                case 3, 4: perform(state.legEnded(.stable, of: anyone, answer(.ok), at: now))
                case 5, 6:
                    guard playing.remove(anyone) != nil else { continue }
                    let outcome = Outcome.allCases.randomElement(using: &random) ?? .ok
                    perform(state.legEnded(.shadow, of: anyone, answer(outcome), at: now))
                case 7: perform(state.legEnded(.control, of: anyone, answer(.ok), at: now))
                case 8:
                    let leg = Bool.random(using: &random) ? Leg.stable : .shadow
                    perform(state.overflowed(leg, of: anyone, at: now))
                default:
                    if let ticket = owedBySink.randomElement(using: &random) {
                        perform(state.sinkAnswered(ticket, Bool.random(using: &random) ? .stored : .shed(.storeFull)))
                    }
                }
            }
            perform(state.timeIsUp(at: now))
            perform(state.sinkTimeIsUp())
            #expect(state.isEmpty && open.isEmpty && ledger.total.inFlight == 0, "seed \(seed)")
            #expect(state.inFlightCount == 0 && state.queuedCount == 0, "seed \(seed)")
        }
    }
}

@Suite struct FunnelLedgerTests {
    @Test func `minutes and classes add up to the whole`() {
        var random = SplitMix64(seed: 11)
        var ledger = FunnelLedger(memory: FunnelMemory())
        let classes: [IntentClass?] = [nil, .other, IntentClass(rawValue: "payment")]
        var open: [IntentClass?] = []
        var drained = Funnel()
        for step in 0..<5_000 {
            let minute = step / 100
            let intent = classes.randomElement(using: &random) ?? nil
            switch Int.random(in: 0..<5, using: &random) {
            case 0: ledger.notEligible(.endpoint, minute: minute)
            case 1: ledger.notSampled(intent, minute: minute)
            case 2:
                ledger.sampled(intent, minute: minute)
                open.append(intent)
            case 3:
                guard let settled = open.indices.randomElement(using: &random) else { continue }
                ledger.settle(open.remove(at: settled), .shed(.queueFull), minute: minute)
            default:
                guard let settled = open.indices.randomElement(using: &random) else { continue }
                ledger.settle(open.remove(at: settled), .stored, minute: minute)
            }
            if !ledger.total.addsUp { Issue.record("step \(step): \(ledger.total)") }
            guard step % 700 == 0 else { continue }
            for part in ledger.drainMinutes() {
                #expect(part.change.addsUp)
                drained += part.change
            }
        }
        for part in ledger.drainMinutes() { drained += part.change }
        #expect(sameCounts(drained, ledger.total))
        #expect(sameCounts(ledger.byIntent.values.reduce(Funnel(), +), ledger.total))
        #expect(ledger.total.inFlight == open.count)
    }

    private func sameCounts(_ left: Funnel, _ right: Funnel) -> Bool {
        left == right
    }
}

extension MirrorState {
    /// Sheds the arriving request where the queue is full.
    fileprivate mutating func arrived(
        _ ticket: Ticket,
        _ draft: PairDraft,
        at now: ContinuousClock.Instant
    ) -> [MirrorAction] {
        arrived(ticket, draft, chance: 0.999, at: now)
    }
}
