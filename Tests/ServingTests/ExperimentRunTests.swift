import Configuration
import Foundation
import InMemoryLogging
import Logging
import PairStore
import TestSupport
import Testing
import Vocabulary
import Workflows

@testable import Mirroring
@testable import Serving

/// What a start finds of the experiment that it serves.
struct ExperimentRunTests {
    private let time = Date(timeIntervalSince1970: 1_790_000_000)

    private func configuration(_ name: String, rate: Double = 0.1) -> UnderstudyConfiguration {
        let url = ServerURL(isTLS: false, host: "127.0.0.1", port: 1)
        return UnderstudyConfiguration(
            experiment: ExperimentConfiguration(name: name),
            stable: StableConfiguration(model: "m", version: "v1", url: url),
            shadow: ShadowConfiguration(model: "m", version: "v2", url: url),
            sampling: SamplingConfiguration(rate: rate)
        )
    }

    private func withStore(_ body: (Store) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let store = try Store.open(path: folder + "/s.sqlite", access: .createOrOpen)
            try body(store)
            try store.close()
        }
    }

    private func mirroring(
        _ run: ExperimentRun,
        _ configuration: UnderstudyConfiguration,
        in store: Store
    ) throws -> MirroringConfiguration {
        try run.mirroring(
            configuration,
            stable: try #require(configuration.stable),
            shadow: try #require(configuration.shadow),
            secrets: Secrets(),
            key: try StoreKey.loadOrCreate(path: store.path + ".key", beside: store)
        )
    }

    @Test func `a restart goes on with the experiment and its seed, and records no change`() throws {
        try withStore { store in
            let configuration = configuration("a")
            let first = try ExperimentRun(declaring: configuration, in: store, at: time)
            let second = try ExperimentRun(declaring: configuration, in: store, at: time.addingTimeInterval(60))
            #expect(second.id == first.id)
            #expect(
                try mirroring(second, configuration, in: store).sampling
                    == mirroring(first, configuration, in: store).sampling
            )
            #expect(try store.experiments.changes(experiment: first.id).isEmpty)
            #expect(try store.experiments.numbered(first.id)?.declaration.experiment.startedAt == time)
        }
    }

    @Test func `an edited file is declared anew, with a record of it, and the seed stays`() throws {
        try withStore { store in
            let first = try ExperimentRun(declaring: configuration("a"), in: store, at: time)
            let edited = configuration("a", rate: 0.5)
            let second = try ExperimentRun(declaring: edited, in: store, at: time.addingTimeInterval(60))
            #expect(second.id == first.id)
            let changes = try store.experiments.changes(experiment: first.id)
            #expect(changes.map(\.actor) == ["serve"])
            #expect(changes.map(\.text) == ["other keys of the configuration"])
            let sampling = try mirroring(second, edited, in: store).sampling
            #expect(sampling.rate == 0.5)
            #expect(sampling.seed == (try mirroring(first, configuration("a"), in: store).sampling.seed))
        }
    }

    @Test func `an earlier name goes on where it was, and what the one between left in flight is settled`() throws {
        try withStore { store in
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let first = try ExperimentRun(declaring: configuration("a"), in: store, at: time)
            let second = try ExperimentRun(declaring: configuration("b"), in: store, at: time)
            #expect(second.id != first.id)
            let seeds = try [first, second].map { try mirroring($0, configuration("a"), in: store).sampling.seed }
            #expect(seeds[0] != seeds[1])
            _ = try second.beginCounting(in: store, logger: logger)
            var left = Funnel()
            (left.seen, left.sampled, left.inFlight) = (1, 1, 1)
            try store.funnel.add(
                [FunnelMinute(minute: 29_833_333, intent: nil, change: left)],
                experiment: second.id
            )

            let third = try ExperimentRun(declaring: configuration("a"), in: store, at: time.addingTimeInterval(60))
            #expect(third.id == first.id)
            #expect(try mirroring(third, configuration("a"), in: store).sampling.seed == seeds[0])
            let settled = try store.funnel.sum(experiment: second.id)
            #expect(settled.inFlight == 0)
            #expect(settled.failed == [.crash: 1])
            #expect(settled.addsUp)
            #expect(try store.funnel.sum(experiment: first.id) == Funnel())
        }
    }

    @Test func `rates that an operator changed today hold after a restart, unless the file was edited since`() throws {
        try withStore { store in
            let configuration = configuration("a")
            let first = try ExperimentRun(declaring: configuration, in: store, at: time)
            #expect(try mirroring(first, configuration, in: store).restoredRates == nil)
            let changed = RateTable(day: time.utcDay, rates: ["payment": 0.7], otherwise: 0.3)
            try store.traffic.save(changed, experiment: first.id)
            let traffic = DayTraffic(day: time.utcDay - 1, intent: "payment", requests: 2, sessions: 1)
            try store.traffic.add([traffic], experiment: first.id)

            let restarted = try ExperimentRun(declaring: configuration, in: store, at: time.addingTimeInterval(60))
            let mirroring = try self.mirroring(restarted, configuration, in: store)
            #expect(mirroring.restoredRates == changed)
            #expect(mirroring.earlierTraffic == [traffic])

            let nextDay = try ExperimentRun(declaring: configuration, in: store, at: time.addingTimeInterval(86_400))
            #expect(try self.mirroring(nextDay, configuration, in: store).restoredRates == nil)

            let edited = self.configuration("a", rate: 0.5)
            let anew = try ExperimentRun(declaring: edited, in: store, at: time.addingTimeInterval(120))
            #expect(try self.mirroring(anew, edited, in: store).restoredRates == nil)
        }
    }

    @Test func `counters end with the process where their file cannot be made, and the log says so`() throws {
        try withStore { store in
            let log = InMemoryLogHandler()
            let run = try ExperimentRun(declaring: configuration("a"), in: store, at: time)
            try FileManager.default.createDirectory(
                atPath: store.path + ".funnel.new",
                withIntermediateDirectories: false
            )
            _ = try run.beginCounting(in: store, logger: Logger(label: "test") { _ in log })
            let lines = log.entries.map { "\($0.message)" }
            #expect(
                lines
                    == ["\(store.path).funnel cannot be made, so a crash would lose the last second of the funnel."]
            )
        }
    }
}
