import Foundation
import JSON
import Report
import Statistics
import Testing
import Vocabulary

@testable import Evaluation

struct PlanTests {
    private static let error = Gate(metric: "error", margin: .absolute(0.01), scope: .everyIntent)

    /// One gate of each class, with independent legs that fail so often.
    private func plan(
        _ classes: [String: Double],
        rate: Double? = 0.1,
        failing: Double = 0.01,
        horizon: Double = 7
    ) -> Plan {
        Plan(
            gates: classes.sorted { $0.key < $1.key }.map { name, perDay in
                PlannedGate(
                    intent: IntentClass(rawValue: name),
                    gate: Self.error,
                    spread: .harm(variance: 2 * failing * (1 - failing)),
                    sessionsPerDay: perDay,
                    rate: rate,
                    share: perDay / classes.values.reduce(0, +)
                )
            },
            horizonDays: horizon,
            daysLeft: horizon
        )
    }

    @Test func `the rule of thumb is 392 and says that this is half a chance`() {
        let text = TwoGroupPlan(baseline: 0.85, effect: 0.05).text
        #expect(text.contains("rule of thumb, two groups (50 % power): 392\n"))
        #expect(
            text.contains(
                "two groups, 80 % power: \(SampleSize.twoGroups(baseline: 0.85, difference: 0.05, power: 0.8))"
            )
        )
    }

    @Test func `all gates together pass with the product of their probabilities`() {
        let plan = plan(["a": 600, "b": 300])
        let each = plan.passProbabilities()
        #expect(each.count == 2 && each[0] > each[1] && each[1] > 0.5)
        #expect(abs(plan.jointProbability - each[0] * each[1]) < 1e-12)
        #expect(abs(plan.leastJointProbability - (each[0] + each[1] - 1)) < 1e-12)
    }

    @Test func `what is planned is what the judge does`() {
        var generator = SplitMix64(seed: 11)
        let sessions = 1_500
        let rate = 0.01
        var passed = 0
        let repetitions = 200
        for _ in 0..<repetitions {
            var observations = Observations()
            for row in 0..<sessions {
                func leg() -> LegRow {
                    LegRow(version: "v", outcome: generator.nextUniform() < rate ? .httpError : .ok)
                }
                observations.append(
                    PairRow(
                        id: RowID(row: Int64(row)),
                        time: Date(timeIntervalSince1970: 0),
                        intent: IntentClass(rawValue: "a"),
                        stable: leg(),
                        shadow: leg()
                    )
                )
            }
            let readiness = EvaluationInput(
                experiment: Experiment(name: "planned"),
                declaration: Declaration(gates: [Self.error]),
                observations: observations
            ).readiness()
            if readiness.intents[0].gates[0].state == .pass { passed += 1 }
        }
        let planned = GateSpread.harm(variance: 2 * rate * (1 - rate))
            .passProbability(sessions: sessions, margin: 0.01, alpha: 0.05)
        let error = (planned * (1 - planned) / Double(repetitions)).squareRoot()
        #expect(abs(Double(passed) / Double(repetitions) - planned) < 4 * error, "\(passed) passed, planned \(planned)")
    }

    @Test func `a plan that cannot promote says which change would do, and the change does`() throws {
        let plan = plan(["payment": 60, "small_talk": 3_000])
        #expect(!plan.canPromote)
        var kinds: Set<String> = []
        for remedy in plan.remedies {
            var changed = plan
            switch remedy {
            case .horizon(let days):
                kinds.insert("horizon")
                #expect(days > 7 && days <= 90)
                changed.daysLeft = days
            case .rates(let rates):
                kinds.insert("rates")
                #expect(Set(rates.keys.map(\.rawValue)) == ["payment"])
                let rate = try #require(rates.values.first)
                #expect(rate > 0.1 && rate <= 1)
                changed.gates[0].sessionsPerDay = 60 * rate / 0.1
            case .margins(let margins):
                kinds.insert("margins")
                let margin = try #require(margins["error"])
                #expect(margin.harm > 0.01)
                changed.gates[0].gate.margin = margin
            case .without(let classes):
                kinds.insert("without")
                #expect(classes.map(\.rawValue) == ["payment"])
                changed.gates.removeFirst()
            }
            #expect(changed.canPromote, "\(remedy)")
            #expect(plan.text.contains(remedy.sentence))
        }
        #expect(kinds == ["horizon", "rates", "margins", "without"])
        #expect(plan.headline.contains("can hardly PROMOTE within its horizon of 7 days"))
    }

    @Test func `a rate that is 1 already is no remedy`() {
        let remedies = plan(["payment": 20], rate: 1).remedies
        #expect(!remedies.contains { if case .rates = $0 { true } else { false } })
    }

    @Test func `without traffic nothing passes, nothing is promised, and no number is broken`() {
        let plan = plan(["payment": 0], rate: nil)
        #expect(
            plan.jointProbability == 0 && plan.remedies.allSatisfy { if case .margins = $0 { true } else { false } }
        )
        #expect(plan.text.contains("and none come"))
        let json = plan.json.text(.pretty)
        #expect(!json.lowercased().contains("nan") && !json.contains("inf"))
    }

    @Test func `the default gates with 600 sessions a class and day can promote in a week and not in a day`() {
        var declaration = Declaration(
            horizon: .seconds(7 * 86_400),
            classes: ["a", "b", "c"].map(IntentClass.init(rawValue:))
        )
        #expect(Plan(declaration, sessionsPerDay: 600).canPromote)
        declaration.horizon = .seconds(86_400)
        let short = Plan(declaration, sessionsPerDay: 600)
        #expect(!short.canPromote)
        #expect(short.gates.count == 5 * 4 + 2)
        #expect(short.assumptions.count == 2)
    }

    @Test func `a run is planned from what it has shown`() throws {
        var generator = SplitMix64(seed: 12)
        let start = Date(timeIntervalSince1970: 1_790_000_000)
        var observations = Observations()
        for row in 0..<800 {
            let isRare = row % 20 == 0
            func leg() -> LegRow {
                LegRow(version: "v", outcome: generator.nextUniform() < 0.01 ? .httpError : .ok)
            }
            observations.append(
                PairRow(
                    id: RowID(row: Int64(row)),
                    time: start.addingTimeInterval(Double(row) * 200),
                    intent: IntentClass(rawValue: isRare ? "payment" : "small_talk"),
                    stable: leg(),
                    shadow: leg()
                )
            )
        }
        let readiness = EvaluationInput(
            experiment: Experiment(name: "run", startedAt: start, horizon: .seconds(7 * 86_400)),
            declaration: Declaration(gates: [Self.error], horizon: .seconds(7 * 86_400)),
            observations: observations,
            asOf: start.addingTimeInterval(2 * 86_400),
            isClosed: false
        ).readiness()
        let rates = [IntentClass(rawValue: "payment"): 0.5]
        let plan = Plan(readiness, traffic: Plan.Traffic(rates: rates, otherwise: 0.1, tokensPerDay: 1_000))
        #expect(plan.gates.map { $0.intent?.rawValue } == ["payment", "small_talk"])
        #expect(plan.gates[0].rate == 0.5 && plan.gates[1].rate == 0.1)
        #expect(abs((plan.gates[0].sessionsPerDay ?? 0) - Double(plan.gates[0].sessions) / 2) < 0.01)
        #expect(abs(plan.daysLeft - 5) < 0.01 && abs((plan.tokensLeft ?? 0) - 5_000) < 1)
        #expect(plan.passProbabilities()[0] == 0 && plan.passProbabilities()[1] > 0.5)
        #expect(!plan.canPromote)
    }
}
