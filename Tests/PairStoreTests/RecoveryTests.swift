import Foundation
import GRDB
import Testing
import Vocabulary

@testable import PairStore

struct RecoveryTests {
    private let payment = IntentClass(rawValue: "payment")

    /// So many requests that were seen and sampled, of which some are stored.
    private func sampled(_ count: Int, stored: Int) -> Funnel {
        var funnel = Funnel()
        (funnel.seen, funnel.sampled, funnel.stored, funnel.inFlight) = (count, count, stored, count - stored)
        return funnel
    }

    private func tally(_ experiment: ExperimentID, run: Int = 7, _ classes: [IntentClass?: Funnel]) -> FunnelTally {
        var tally = FunnelTally(run: run, experiment: Int(experiment.rawValue), minute: 100)
        tally.classes = classes
        return tally
    }

    private func add(_ funnel: Funnel, upTo tally: FunnelTally?, to store: Store, _ id: ExperimentID) throws {
        try store.funnel.add([FunnelMinute(minute: 1, intent: payment, change: funnel)], upTo: tally, experiment: id)
    }

    private func write(_ ids: [String], to store: Store, _ experiment: ExperimentID) async throws {
        let writer = try PairWriter(store: store, experiment: experiment, policy: .full)
        for id in ids { #expect(writer.append(.example(id)) { _ in }) }
        await writer.close()
    }

    @Test func `of what a crash left in flight, committed pairs are stored and the rest failed`() async throws {
        try await withStore { store, experiment in
            try add(sampled(8, stored: 3), upTo: nil, to: store, experiment)
            try await write((0..<5).map { "\($0)" }, to: store, experiment)
            // Neither pairs from elsewhere nor pairs that were deleted say anything about what was in flight.
            _ = try store.pairs.add([ImportedPair(pair: .example("import"))], into: experiment, policy: .full)
            _ = try store.upkeep.forget(promptHash: Pair.example("0").promptHash)
            let settled = try store.funnel.recover(of: experiment, at: .example)
            #expect(settled.stored == 2)
            #expect(settled.failed == [.crash: 3])
            let funnel = try store.funnel.sum(experiment: experiment)
            #expect(funnel.addsUp)
            #expect(funnel.inFlight == 0)
            #expect(funnel.stored == 5)
            #expect(try store.funnel.recover(of: experiment, at: .example) == Funnel())
        }
    }

    @Test func `what a run counted after the store last heard of it is entered once`() async throws {
        try await withStore { store, experiment in
            try store.funnel.beginRun(tally(experiment, [:]))
            let heard = tally(experiment, [payment: sampled(4, stored: 4)])
            try add(sampled(4, stored: 4), upTo: heard, to: store, experiment)
            try await write((0..<6).map { "\($0)" }, to: store, experiment)
            var skipped = Funnel()
            (skipped.seen, skipped.notSampled, skipped.notEligible) = (3, 2, [.endpoint: 1])
            let left = tally(experiment, [payment: sampled(9, stored: 5), nil: skipped])
            let change = try store.funnel.recover(of: experiment, left: left, at: .example)
            #expect(change.seen == 8)
            let funnel = try store.funnel.sum(experiment: experiment)
            #expect(funnel.addsUp)
            #expect(funnel.seen == 12)
            // Six were committed, of which the run knew of five.
            #expect(funnel.stored == 6)
            #expect(funnel.failed == [.crash: 3])
            #expect(try store.funnel.recover(of: experiment, left: left, at: .example) == Funnel())
        }
    }

    @Test func `what another run or another experiment left is not entered`() async throws {
        try await withStore { store, experiment in
            try store.funnel.beginRun(tally(experiment, run: 8, [:]))
            let left = tally(experiment, run: 7, [payment: sampled(9, stored: 5)])
            #expect(try store.funnel.recover(of: experiment, left: left, at: .example) == Funnel())
            let other = try store.experiments.declare(.example(name: "other"), by: "a test", at: .example)
            try store.funnel.beginRun(tally(other, [:]))
            let ofOther = tally(other, [payment: sampled(9, stored: 5)])
            #expect(try store.funnel.recover(of: experiment, left: ofOther, at: .example) == Funnel())
        }
    }

    @Test func `counters that are older than the store's take nothing away`() async throws {
        try await withStore { store, experiment in
            let heard = tally(experiment, [payment: sampled(9, stored: 9)])
            try add(sampled(9, stored: 9), upTo: heard, to: store, experiment)
            let older = tally(experiment, [payment: sampled(4, stored: 2)])
            #expect(try store.funnel.recover(of: experiment, left: older, at: .example) == Funnel())
            #expect(try store.funnel.sum(experiment: experiment).seen == 9)
        }
    }

    @Test func `requests that nobody had read yet are drawn by the rate of their day`() async throws {
        try await withStore { store, experiment in
            try store.traffic.save(RateTable(day: 0, rates: [:], otherwise: 0), experiment: experiment)
            try store.funnel.beginRun(tally(experiment, [:]))
            var left = tally(experiment, [:])
            (left.undecided, left.overflowed) = (5, 2)
            #expect(try store.funnel.recover(of: experiment, left: left, at: .example).notSampled == 7)
            try store.traffic.save(RateTable(day: 0, rates: [:], otherwise: 1), experiment: experiment)
            try store.funnel.beginRun(tally(experiment, [:]))
            let change = try store.funnel.recover(of: experiment, left: left, at: .example)
            #expect(change.addsUp)
            #expect(change.failed == [.crash: 5])
            #expect(change.shed == [.bufferFull: 2])
        }
    }
}
