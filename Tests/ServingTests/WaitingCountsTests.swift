import Foundation
import PairStore
import TestSupport
import Testing
import Vocabulary

@testable import Mirroring
@testable import Serving

/// What was counted while nothing could be written.
struct WaitingCountsTests {
    private let math = IntentClass(rawValue: "math")

    private func withStore(_ body: (Store, ExperimentID) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let store = try Store.open(path: folder + "/pairs.sqlite", access: .createOrOpen)
            let id = try store.declare(
                ExperimentDeclaration(experiment: Experiment(name: "week")),
                by: "test",
                at: Sample.start
            )
            try body(store, id)
            try store.close()
        }
    }

    private func drain(_ minutes: [(minute: Int, intent: IntentClass?, stored: Int)]) -> FunnelDrain {
        FunnelDrain(
            minutes: minutes.map { minute in
                var delta = Funnel()
                (delta.seen, delta.sampled, delta.stored) = (minute.stored, minute.stored, minute.stored)
                return Mirroring.FunnelMinute(minute: minute.minute, intent: minute.intent, delta: delta)
            },
            tally: FunnelTally(run: 1, experiment: 1)
        )
    }

    private func traffic(_ requests: Int, sessions: Int, share: Double) -> Mirroring.DayTraffic {
        Mirroring.DayTraffic(day: 20_000, intent: math, requests: requests, sessions: sessions, observedShare: share)
    }

    private var rates: RateTable { RateTable(day: 20_000, rates: [math: 0.5], otherwise: 1) }

    @Test func `nothing waits before anything was counted`() {
        #expect(WaitingCounts().isEmpty)
    }

    @Test func `what waits is added up by minute, day and class, written once, and gone`() throws {
        try withStore { store, experiment in
            var waiting = WaitingCounts()
            waiting.take(drain([(1, math, 3), (1, nil, 4)]), [traffic(10, sessions: 4, share: 0.25)], rates)
            waiting.take(drain([(1, math, 2), (2, math, 1)]), [traffic(5, sessions: 1, share: 0.5)], rates)
            #expect(!waiting.isEmpty)
            try waiting.write(to: store, experiment: experiment)
            #expect(waiting.isEmpty)
            try waiting.write(to: store, experiment: experiment)
            #expect(try store.funnel(experiment: experiment).stored == 10)
            #expect(try store.funnelByIntent(experiment: experiment)[math]?.stored == 6)
            let day = try #require(try store.traffic(experiment: experiment, days: 20_000..<20_001).first)
            #expect((day.requests, day.sessions, day.observedShare) == (15, 5, 0.5))
            #expect(try store.rates(experiment: experiment, day: 20_000) == [math: 0.5, nil: 1])
        }
    }

    @Test func `what cannot be written goes on waiting`() throws {
        try withStore { store, experiment in
            var waiting = WaitingCounts()
            waiting.take(drain([(1, math, 3)]), [traffic(10, sessions: 4, share: 0.25)], rates)
            let closed = try Store.open(path: store.path, access: .readOnly)
            #expect(throws: (any Error).self) { try waiting.write(to: closed, experiment: experiment) }
            #expect(!waiting.isEmpty)
            try waiting.write(to: store, experiment: experiment)
            #expect(try store.funnelByIntent(experiment: experiment)[math]?.stored == 3)
        }
    }
}
