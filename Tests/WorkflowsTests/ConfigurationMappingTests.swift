import Configuration
import Evaluation
import Testing
import Vocabulary

@testable import Workflows

/// The configuration file in the terms of the modules.
struct ConfigurationMappingTests {
    private let gates = [
        Gate(metric: "new_refusal", margin: .absolute(0.02), scope: .everyIntent),
        Gate(metric: "quality", margin: .absolute(0.02), scope: .overall),
    ]

    private func configuration(targetPerDay: Int, days: Int64 = 7) -> UnderstudyConfiguration {
        UnderstudyConfiguration(
            experiment: ExperimentConfiguration(horizon: .seconds(days * 86_400)),
            sampling: SamplingConfiguration(targetPerDay: targetPerDay),
            intents: [.prompt(class: "payment", PromptConditions(anyOf: ["pay"]))],
            gates: gates
        )
    }

    @Test func `a plan takes the target of sessions a day to be reached in every class`() {
        let plan = ConfigurationMapping.plan(configuration(targetPerDay: 500))
        #expect(plan.gates.map(\.intent) == ["payment", .other, nil])
        #expect(plan.gates.map(\.sessionsPerDay) == [500, 500, 1_000])
        #expect(plan.horizonDays == 7)
        #expect(plan.canPromote)
    }

    @Test func `a plan of too few sessions cannot promote`() {
        #expect(!ConfigurationMapping.plan(configuration(targetPerDay: 5, days: 1)).canPromote)
    }

    @Test func `without a target the plan assumes no traffic`() {
        let plan = ConfigurationMapping.plan(configuration(targetPerDay: 0))
        #expect(plan.gates.map(\.sessionsPerDay) == [nil, nil, nil])
        #expect(!plan.canPromote)
    }

    @Test func `a class whose fall was accepted is not planned for`() {
        var accepting = configuration(targetPerDay: 500)
        accepting.accept = [Acceptance(intent: "payment", reason: "known")]
        #expect(ConfigurationMapping.plan(accepting).gates.map(\.intent) == [.other, nil])
    }

    @Test func `what a file does not declare stays as it was stored`() {
        var stored = Declaration(gates: gates, minimumShare: 0.03, horizon: .seconds(60))
        stored.stableMaximumErrorRate = 0.4
        let same = ConfigurationMapping.declaration(DeclaredEvaluation(), over: stored)
        #expect(same == stored)
        let new = ConfigurationMapping.declaration(
            DeclaredEvaluation(horizon: .seconds(120), maxErrorRate: 0.1, minShare: 0.2, gates: []),
            over: stored
        )
        #expect(new.gates.isEmpty)
        #expect(new.minimumShare == 0.2)
        #expect(new.horizon == .seconds(120))
        #expect(new.stableMaximumErrorRate == 0.1)
    }
}
