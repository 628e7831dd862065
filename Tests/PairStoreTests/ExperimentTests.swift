import Foundation
import Testing
import Vocabulary

@testable import PairStore

struct ExperimentTests {
    @Test func `an experiment is stored as it was declared`() async throws {
        try await withStore { store, experiment in
            let stored = try store.experiments.all()
            #expect(stored == [StoredExperiment(id: experiment, declaration: .example(), closedAt: nil)])
            let imported = ExperimentDeclaration(experiment: Experiment(name: "imported"))
            let id = try store.experiments.declare(imported, by: "a test", at: .example)
            #expect(try store.experiments.newest() == StoredExperiment(id: id, declaration: imported, closedAt: nil))
        }
    }

    @Test func `declaring again changes nothing, declaring differently is recorded`() async throws {
        try await withStore { store, experiment in
            #expect(try store.experiments.declare(.example(), by: "serve", at: .example) == experiment)
            #expect(try store.experiments.changes(experiment: experiment).isEmpty)
            var edited = ExperimentDeclaration.example()
            edited.declaration = "[1]"
            edited.experiment.shadowVersion = "v1.2.1"
            edited.experiment.startedAt = .example + 500
            edited.seed = 3
            #expect(try store.experiments.declare(edited, by: "serve", at: .example + 60) == experiment)
            let stored = try #require(try store.experiments.all().first).declaration
            #expect(stored.declaration == "[1]")
            #expect(stored.experiment.shadowVersion == "v1.2.1")
            // The beginning and the cohorts stay.
            #expect(stored.experiment.startedAt == .example)
            #expect(stored.seed == ExperimentDeclaration.example().seed)
            let changes = try store.experiments.changes(experiment: experiment)
            #expect(changes.count == 1)
            #expect(changes.first?.kind == .declaration)
            #expect(changes.first?.time == .example + 60)
            #expect(changes.first?.text == "shadow version: v1.2.0 -> v1.2.1; gates: [] -> [1]")
            #expect(changes.first?.replaced == nil)
            edited.configuration = "{\"listen\":1}"
            _ = try store.experiments.declare(edited, by: "serve", at: .example + 70)
            #expect(
                try store.experiments.changes(experiment: experiment).last?.text == "other keys of the configuration"
            )
            #expect(try store.experiments.changes(experiment: experiment).last?.replaced == "{}")
        }
    }

    @Test func `closing, reopening, changes and rejections are kept`() async throws {
        try await withStore { store, experiment in
            try store.experiments.close(experiment, at: .example + 5)
            #expect(try store.experiments.all().first?.closedAt == .example + 5)
            _ = try store.experiments.declare(.example(), by: "serve", at: .example + 6)
            #expect(try store.experiments.all().first?.closedAt == nil)
            let change = ChangeRecord(kind: .sampling, time: .example + 9, actor: "console", text: "rate 0.2")
            try store.experiments.record(change, experiment: experiment)
            #expect(try store.experiments.changes(experiment: experiment).last == change)

            let rejection = Rejection(
                metric: "new_refusal",
                intent: IntentClass(rawValue: "payment"),
                time: .example,
                eValue: 300,
                text: "why"
            )
            #expect(try store.experiments.record(rejection, experiment: experiment))
            var later = rejection
            later.time = .example + 100
            #expect(try !store.experiments.record(later, experiment: experiment))
            let overall = Rejection(metric: "error", intent: nil, time: .example + 1, eValue: nil, text: "also")
            #expect(try store.experiments.record(overall, experiment: experiment))
            #expect(try store.experiments.rejections(experiment: experiment) == [rejection, overall])
            #expect(throws: StoreError.unknownExperiment(id: 77)) {
                try store.experiments.close(ExperimentID(rawValue: 77), at: .example)
            }
        }
    }

    @Test func `rates and traffic are kept by day and class`() async throws {
        try await withStore { store, experiment in
            let payment = IntentClass(rawValue: "payment")
            let today = RateTable(day: 5, rates: [.other: 1], otherwise: 0.1)
            try store.traffic.save(RateTable(day: 5, rates: [payment: 0.5], otherwise: 1), experiment: experiment)
            try store.traffic.save(today, experiment: experiment)
            try store.traffic.save(RateTable(day: 6, rates: [payment: 0.2], otherwise: 1), experiment: experiment)
            // The table of a day is replaced as a whole.
            #expect(try store.traffic.rates(experiment: experiment, day: 5) == today)
            #expect(try store.traffic.rates(experiment: experiment, day: 7) == nil)
            var traffic = DayTraffic(
                day: 5,
                intent: payment,
                requests: 10,
                sessions: 4,
                played: 3,
                tokens: 700,
                observedShare: 0.75
            )
            try store.traffic.add([traffic], experiment: experiment)
            traffic.observedShare = 0.25
            try store.traffic.add([traffic], experiment: experiment)
            #expect(
                try store.traffic.days(experiment: experiment, days: 0..<6) == [
                    DayTraffic(
                        day: 5,
                        intent: payment,
                        requests: 20,
                        sessions: 8,
                        played: 6,
                        tokens: 1_400,
                        observedShare: 0.75
                    )
                ]
            )
            #expect(try store.traffic.days(experiment: experiment, days: 0..<5).isEmpty)
        }
    }

    @Test func `pairs are counted by class and UTC day`() async throws {
        try await withStore { store, experiment in
            let pairs: [Pair] = [
                .example("a", session: "aa"), .example("b", session: "aa"), .example("c"), .example("d"),
                .example("e", time: .example + 43_199), .example("f", time: .example + 43_200),
                .example("g", time: Date(timeIntervalSince1970: -1), intent: "math"),
            ]
            _ = try store.pairs.add(pairs.map { ImportedPair(pair: $0) }, into: experiment, policy: .full)
            let day = Date.example.utcDay
            let payment = IntentClass(rawValue: "payment")
            #expect(
                try store.pairs.counts(experiment: experiment) == [
                    PairCount(intent: IntentClass(rawValue: "math"), day: -1, pairs: 1, sessions: 1),
                    PairCount(intent: payment, day: day, pairs: 5, sessions: 4),
                    PairCount(intent: payment, day: day + 1, pairs: 1, sessions: 1),
                ]
            )
        }
    }
}
