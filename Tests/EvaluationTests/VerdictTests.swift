import Foundation
import Statistics
import TestSupport
import Testing
import Vocabulary

@testable import Evaluation

/// Literal samples, one per verdict and direction.
struct VerdictTests {
    static let refusalGate = Gate(metric: "new_refusal", margin: .absolute(0.02), scope: .everyIntent)

    /// `sessions` equal pairs, of which the first `worse` are refused by the shadow only and the last `better` by stable.
    func rows(
        _ sessions: Int,
        worse: Int = 0,
        better: Int = 0,
        intent: String = "a",
        from: Int = 0
    ) -> [PairRow] {
        (0..<sessions).map { number in
            var stable = Sample.good
            var shadow = Sample.good
            if number < worse { shadow["refusal"] = 1 }
            if number >= sessions - better { stable["refusal"] = 1 }
            return Sample.row(
                from + number,
                intent: intent,
                stable: Sample.leg(stable),
                shadow: Sample.leg(shadow, version: "v2")
            )
        }
    }

    func input(
        _ rows: [PairRow],
        gates: [Gate] = [VerdictTests.refusalGate],
        experiment: Experiment = Sample.experiment,
        horizon: Duration? = Sample.week,
        days: Double = 7,
        change: (inout EvaluationInput) -> Void = { _ in }
    ) -> EvaluationInput {
        var observations = Observations()
        for row in rows { observations.append(row) }
        var input = EvaluationInput(
            experiment: experiment,
            declaration: Declaration(gates: gates, horizon: horizon, classes: [IntentClass(rawValue: "a")]),
            observations: observations,
            asOf: Sample.start.addingTimeInterval(days * 86_400)
        )
        change(&input)
        return input
    }

    // MARK: The three verdicts

    @Test func `equal answers at the horizon are promoted`() {
        let readiness = input(rows(200)).readiness()
        #expect(readiness.verdict == .promote)
        #expect(readiness.reasons.map(\.kind) == [.allGatesPass])
        #expect(readiness.intents.first?.gates.first?.state == .pass)
    }

    @Test(arguments: [(148, GateResult.State.undecided), (149, .pass)])
    func `zero events pass a margin of 2 points from 149 sessions`(sessions: Int, state: GateResult.State) {
        let readiness = input(rows(sessions)).readiness()
        #expect(readiness.intents.first?.gates.first?.state == state)
        #expect(readiness.verdict == (state == .pass ? .promote : .hold))
        if state == .undecided { #expect(readiness.intents.first?.gates.first?.neededSessions == 149) }
    }

    @Test func `a shadow that refuses every tenth request is rejected, on any day`() throws {
        let readiness = input(rows(600, worse: 90), days: 2).readiness()
        #expect(readiness.verdict == .reject)
        let reason = try #require(readiness.reasons.first)
        #expect(reason.kind == .gateRejected && reason.intent?.rawValue == "a" && reason.metric == "new_refusal")
        #expect(reason.text.hasPrefix("a: the shadow refuses 15 points more often"))
        #expect(reason.text.contains("only the shadow in 90, only stable in 0 of 600 pairs"))
    }

    @Test func `the mirror image does not reject: refusals of both sides cancel`() {
        let readiness = input(rows(600, worse: 60, better: 60)).readiness()
        #expect(readiness.verdict == .hold)
        #expect(readiness.reasons.map(\.kind) == [.gateUndecided])
        let gate = readiness.intents.first?.gates.first
        #expect(abs(gate?.estimate ?? 1) < 1e-12)
        #expect((gate?.neededSessions ?? 0) > 600)
    }

    @Test func `a shadow that refuses less often passes`() {
        let readiness = input(rows(400, better: 80)).readiness()
        #expect(readiness.verdict == .promote)
        #expect((readiness.intents.first?.gates.first?.upper ?? 1) < 0)
    }

    @Test func `a shadow that is much better and rarely worse is not held by the rule for few events`() {
        // 2 of 120 worse: the exact bound of that rate alone is 5.2 points, and 50 sessions are better.
        let readiness = input(rows(120, worse: 2, better: 50)).readiness()
        #expect(readiness.verdict == .promote)
        let few = input(rows(120, worse: 2, better: 4)).readiness()
        #expect(few.verdict == .hold)
    }

    @Test func `a failed gate holds with both figures, the bound, the margin and n`() throws {
        // Enough to fail at the look, not enough for the e-process.
        let readiness = input(rows(400, worse: 20)).readiness()
        let reason = try #require(readiness.reasons.first)
        #expect(readiness.verdict == .hold)
        #expect(reason.kind == .gateFailed)
        #expect(
            reason.text
                == "a: the shadow refuses 5 points more often (only the shadow in 20, only stable in 0 of 400 pairs), "
                + "at least 3.3, margin 2; 400 sessions."
        )
    }

    @Test func `worse within the margin is noted`() {
        let gate = Gate(metric: "new_refusal", margin: .absolute(0.1), scope: .everyIntent)
        let readiness = input(rows(400, worse: 20), gates: [gate]).readiness()
        #expect(readiness.verdict == .promote)
        #expect(readiness.intents.first?.gates.first?.worse == true)
    }

    // MARK: Horizon and looks

    @Test func `before the horizon nothing is promoted`() {
        let readiness = input(rows(400), days: 6).readiness()
        #expect(readiness.verdict == .hold)
        #expect(readiness.reasons.map(\.kind) == [.horizonNotReached])
        #expect(readiness.reasons.first?.text.contains("is reached in 1d") == true)
    }

    @Test func `pairs behind the horizon do not change a promotion, but their harm rejects`() {
        var all = rows(400)
        for number in 400..<700 {
            var bad = Sample.good
            bad["refusal"] = 1
            all.append(
                Sample.row(
                    number,
                    after: 8 * 86_400,
                    stable: Sample.leg(Sample.good),
                    shadow: Sample.leg(bad, version: "v2")
                )
            )
        }
        let atHorizon = input(Array(all.prefix(420)), days: 9).readiness()
        #expect(atHorizon.intents.first?.gates.first?.sessions == 400)
        #expect(atHorizon.intents.first?.gates.first?.state == .pass)
        #expect(input(all, days: 9).readiness().verdict == .reject)
    }

    @Test func `imported pairs without a horizon are looked at as they are`() {
        let readiness = input(rows(200), experiment: Experiment(name: "import"), horizon: nil, days: 0.2).readiness()
        #expect(readiness.verdict == .promote)
        #expect(readiness.horizon.isReached)
    }

    @Test func `a declared extension splits the error between two looks`() {
        let first = input(rows(200), days: 8) { $0.declaration.extendedHorizon = Sample.week * 2 }.readiness()
        #expect(first.horizon.alpha == 0.04 && first.horizon.look == 1)
        let undecided = input(rows(100), days: 15) { $0.declaration.extendedHorizon = Sample.week * 2 }.readiness()
        #expect(undecided.horizon.alpha == 0.01 && undecided.horizon.look == 2)
        #expect(undecided.verdict == .hold)
        let promotedBefore = input(rows(200), days: 15) { $0.declaration.extendedHorizon = Sample.week * 2 }.readiness()
        #expect(promotedBefore.verdict == .promote && promotedBefore.horizon.look == 1)
    }

    @Test func `a rejection that was reported stays`() {
        let readiness = input(rows(400)) {
            $0.rejections = [
                Rejection(
                    metric: "error",
                    intent: nil,
                    time: Sample.start,
                    eValue: nil,
                    text: "overall: error is 9 points higher."
                )
            ]
        }.readiness()
        #expect(readiness.verdict == .reject)
        #expect(readiness.reasons.map(\.kind) == [.rejectedEarlier])
    }

    // MARK: What else holds

    @Test func `a version that changes within the run holds, on either leg, configured or reported`() {
        let legs: [(LegRow, LegRow)] = [
            (Sample.leg(Sample.good, version: "v1.0.1"), Sample.leg(Sample.good, version: "v2")),
            (Sample.leg(Sample.good), Sample.leg(Sample.good, version: "v3")),
            (Sample.leg(Sample.good, model: "m-1"), Sample.leg(Sample.good, version: "v2")),
        ]
        for (stable, shadow) in legs {
            var all = rows(400)
            all.append(Sample.row(400, stable: stable, shadow: shadow))
            if stable.reportedModel != nil {
                all.append(Sample.row(401, stable: Sample.leg(Sample.good, model: "m-2"), shadow: shadow))
            }
            let readiness = input(all).readiness()
            #expect(readiness.verdict == .hold)
            #expect(readiness.reasons.map(\.kind) == [.versionDrift])
        }
    }

    @Test func `lost requests hold from 1 % overall and 2 % in a gated class`() {
        var funnel = Funnel()
        funnel.seen = 1_000
        funnel.sampled = 1_000
        funnel.stored = 989
        funnel.shed = [.queueFull: 11]
        let lossy = funnel
        let overall = input(rows(400)) { $0.funnel = lossy }.readiness()
        #expect(overall.reasons.map(\.kind) == [.funnelLoss])
        #expect(
            overall.reasons.first?.text.contains(
                "11 of 1000 sampled requests were lost (1.1 %, mostly shed: queue_full)"
            ) == true
        )
        let oneClass = input(rows(400)) { $0.funnelByIntent = [IntentClass(rawValue: "a"): lossy] }.readiness()
        #expect(oneClass.verdict == .promote)
    }

    @Test func `a stable that fails itself holds`() {
        var all = rows(400)
        for number in 0..<24 {
            all[number].stable.outcome = .httpError
            all[number].shadow.outcome = .httpError
        }
        let readiness = input(all).readiness()
        #expect(readiness.reasons.map(\.kind) == [.stableDegraded])
    }

    @Test func `a gate on churn holds without a control`() {
        let gate = Gate(metric: "churn.exact_match", margin: .absolute(0.1), scope: .overall)
        let readiness = input(rows(400), gates: [Self.refusalGate, gate]).readiness()
        #expect(readiness.verdict == .hold)
        #expect(readiness.reasons.contains { $0.kind == .controlMissing })
    }

    @Test func `nothing to judge is never a success`() {
        #expect(input([]).readiness().verdict == .hold)
        #expect(input(rows(400), gates: []).readiness().reasons.map(\.kind) == [.nothingToJudge])
        let malformed = Gate(metric: "malformed", margin: .absolute(0.02), scope: .everyIntent)
        let readiness = input(rows(400), gates: [malformed]).readiness()
        #expect(readiness.intents.first?.gates.first?.state == .notApplicable)
        #expect(readiness.reasons.map(\.kind) == [.nothingToJudge])
    }

    @Test func `a metric that no pair carries is undecided, and one that cannot apply is listed`() {
        let judge = Gate(metric: "score.judge.mean", margin: .absolute(0.03), scope: .everyIntent)
        let total = Gate(metric: "total_time.p99", margin: .ratio(1.2), scope: .overall)
        let first = Gate(metric: "first_token.p95", margin: .ratio(1.2), scope: .overall)
        let readiness = input(rows(400), gates: [judge, total, first]).readiness()
        #expect(readiness.intents.first?.gates.map(\.state) == [.undecided])
        #expect(readiness.overall.gates.map(\.state) == [.undecided, .notApplicable])
        #expect(readiness.verdict == .hold)
    }

    // MARK: Classes

    @Test func `a class below the share is listed and neither holds nor rejects`() {
        let all = rows(1_000) + rows(15, worse: 15, intent: "rare", from: 1_000)
        let readiness = input(all).readiness()
        #expect(readiness.verdict == .promote)
        #expect(readiness.intents.map(\.isGated) == [true, false])
        let gated = input(all) { $0.declaration.minimumShare = 0 }.readiness()
        #expect(gated.verdict == .reject)
    }

    @Test func `an accepted class does not hold, and a failing one cannot be accepted`() {
        let acceptance = Acceptance(intent: "b", reason: "small talk")
        let few = input(rows(400) + rows(30, intent: "b", from: 400)) { $0.declaration.accept = [acceptance] }
            .readiness()
        #expect(few.verdict == .promote)
        #expect(few.intents.last?.gates.first?.acceptedReason == "small talk")
        let bad = input(rows(400) + rows(60, worse: 6, intent: "b", from: 400)) { $0.declaration.accept = [acceptance] }
        #expect(bad.readiness().verdict == .hold)
    }

    @Test func `sessions count once, and pairs of one session together`() {
        let all = rows(400).enumerated().map { index, row in
            var row = row
            row.session = Fingerprint(of: "s\(index / 4)")
            return row
        }
        let readiness = input(all).readiness()
        #expect(readiness.intents.first?.pairs == 400)
        #expect(readiness.intents.first?.sessions == 100)
        #expect(readiness.verdict == .hold)
    }

    @Test func `a session enters once it has been idle for half an hour`() {
        let now = Sample.start.addingTimeInterval(3_600 + 29 * 60)
        let running = input(rows(200)) {
            $0.asOf = now
            $0.isClosed = false
        }
        #expect(running.readiness().overall.pairs == 0)
        let later = input(rows(200)) {
            $0.asOf = now.addingTimeInterval(61)
            $0.isClosed = false
        }
        #expect(later.readiness().overall.pairs == 200)
    }

    @Test func `pairs that the client left or that were not played are not compared`() {
        var all = rows(400)
        all[0].stable.outcome = .clientCancelled
        all[1].shadow.outcome = .shed
        let readiness = input(all).readiness()
        #expect(readiness.overall.pairs == 400)
        #expect(readiness.overall.pairsNotCompared == 2)
        #expect(readiness.overall.figures(of: "error")?.pairs == 398)
    }

    @Test func `scores of a control that our own budget shed are no answer's`() {
        var observations = Observations()
        for number in 0..<200 {
            var control = Sample.leg(outcome: number < 100 ? .ok : .shed)
            control.textByteCount = 0
            observations.append(
                Sample.row(number, stable: Sample.leg(Sample.good), shadow: Sample.leg(Sample.good), control: control),
                scores: [Score(name: "quality", subject: .leg(.control), value: number < 100 ? 0.9 : 0)]
            )
        }
        let input = EvaluationInput(
            experiment: Sample.experiment,
            declaration: Declaration(),
            observations: observations
        )
        guard case .score(let figures)? = input.readiness().overall.figures(of: "quality")?.body else {
            Issue.record("no figures of quality")
            return
        }
        #expect(abs((figures.control?.mean.value ?? 0) - 0.9) < 1e-9)
    }

    @Test func `the same pair of two stores counts once`() {
        let all = rows(200).map { row in
            var row = row
            row.identity = Fingerprint(of: "p\(row.id.row)")
            return row
        }
        let readiness = input(all + all.prefix(50)).readiness()
        #expect(readiness.overall.pairs == 200)
        #expect(readiness.notes.contains { $0.contains("50 pairs") })
    }

    @Test func `overall figures weigh each pair by the inverse of its probability`() throws {
        var all = rows(100, worse: 50)
        for index in all.indices { all[index].samplingProbability = 1 }
        var rest = rows(100, intent: "b", from: 100)
        for index in rest.indices { rest[index].samplingProbability = 0.1 }
        all += rest
        let readiness = input(all).readiness()
        #expect(abs((readiness.intents.first?.share ?? 0) - 100.0 / 1_100) < 1e-12)
        guard case .harm(let figures, _)? = readiness.overall.figures(of: "refusal")?.body else {
            Issue.record("no figures")
            return
        }
        #expect(abs((figures.shadow.value ?? 0) - 50.0 / 1_100) < 1e-12)
    }

    // MARK: e-processes

    @Test func `the threshold counts gates with an e-process times classes, other included`() {
        let readiness = input(rows(400) + rows(100, intent: "b", from: 400), gates: Gate.defaults)
            .readiness()
        // Four such gates, classes a (declared), b (seen) and other: 12 ÷ 0.05.
        let gates = readiness.intents.first?.gates ?? []
        #expect(gates.map(\.eThreshold) == [240, 240, 240, 240, nil])
        #expect(gates.first?.eValue.map { $0 < 1 } == true)
    }

    @Test func `two equal models that vary are never rejected`() {
        for seed in 0..<50 as Range<UInt64> {
            var generator = SplitMix64(seed: seed)
            let all = (0..<300).map { number in
                var stable = Sample.good
                var shadow = Sample.good
                stable["refusal"] = generator.happens(0.03) ? 1 : 0
                shadow["refusal"] = generator.happens(0.03) ? 1 : 0
                stable["quality"] = Double.random(in: 0...1, using: &generator)
                shadow["quality"] = Double.random(in: 0...1, using: &generator)
                return Sample.row(
                    number,
                    intent: ["a", "b"][number % 2],
                    stable: Sample.leg(stable, milliseconds: Double.random(in: 50...900, using: &generator)),
                    shadow: Sample.leg(
                        shadow,
                        version: "v2",
                        milliseconds: Double.random(in: 50...900, using: &generator)
                    )
                )
            }
            let readiness = input(all, gates: Gate.defaults).readiness()
            #expect(readiness.verdict != .reject, "seed \(seed)")
        }
    }
}
