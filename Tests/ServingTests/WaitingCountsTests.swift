import Foundation
import PairStore
import TestSupport
import Testing
import Vocabulary

@testable import Mirroring
@testable import Serving

/// What was counted while nothing could be written.
struct WaitingCountsTests {
    @Test func `nothing waits before anything was counted`() {
        #expect(WaitingCounts().isEmpty)
    }

    @Test func `what a store does not take waits, all of it, and is written together the next time`() throws {
        let folder = try TestFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path + "/s.sqlite"
        let store = try Store.open(path: path, access: .createOrOpen)
        let experiment = try store.experiments.declare(
            ExperimentDeclaration(experiment: Experiment(name: "served")),
            by: "test",
            at: Date()
        )
        var change = Funnel()
        (change.seen, change.notSampled) = (1, 1)
        let day = DayTraffic(day: 1, intent: .other, requests: 2, sessions: 1, observedShare: 0.5)

        var waiting = WaitingCounts()
        waiting.add([FunnelMinute(minute: 1_440, intent: nil, change: change)], upTo: nil)
        waiting.add([day, day])
        let reading = try Store.open(path: path, access: .readOnly)
        #expect(throws: StoreError.readOnly(path: path)) { try waiting.write(to: reading, experiment: experiment) }
        #expect(!waiting.isEmpty)
        // Nothing of it is written where a later part cannot be: no day has minus as many requests.
        var impossible = waiting
        impossible.add([DayTraffic(day: 2, intent: .other, requests: -1, sessions: 0)])
        #expect(throws: (any Error).self) { try impossible.write(to: store, experiment: experiment) }
        #expect(!impossible.isEmpty)
        #expect(try store.funnel.sum(experiment: experiment) == Funnel())

        try waiting.write(to: store, experiment: experiment)
        #expect(waiting.isEmpty)
        #expect(try store.funnel.sum(experiment: experiment) == change)
        let stored = try store.traffic.days(experiment: experiment, days: 0..<3)
        #expect(stored == [DayTraffic(day: 1, intent: .other, requests: 4, sessions: 2, observedShare: 0.5)])
    }
}
