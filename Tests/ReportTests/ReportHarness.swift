import Evaluation
import Foundation
import Statistics
import Vocabulary

/// A readiness with one class, written out so that a rendering can be told by eye.
enum WeekSample {
    static let gate = GateResult(
        metric: "score.correct.mean",
        margin: .absolute(0.03),
        state: .fail,
        estimate: 0.082,
        lower: 0.05,
        upper: 0.115,
        eValue: 8.7,
        eThreshold: 280,
        sessions: 900
    )

    static func readiness(
        name: String = "week",
        intent: String = "math",
        verdict: Readiness.Verdict = .hold,
        gates: [GateResult] = [gate],
        funnel: Funnel = Funnel()
    ) -> Readiness {
        let side = ScoreSide(
            mean: Estimate(0.61, interval: Interval(lower: 0.58, upper: 0.64)),
            p01: Estimate(neededSessions: 396),
            p05: Estimate(0),
            p10: Estimate(0),
            cvar05: Estimate(0.01, neededSessions: 2_000),
            histogram: Array(repeating: 0.05, count: 20)
        )
        let score = MetricFigures(
            name: "score.correct",
            unit: nil,
            pairs: 900,
            sessions: 900,
            body: .score(
                ScoreFigures(
                    stable: side,
                    shadow: side,
                    difference: Estimate(-0.082, interval: Interval(lower: -0.12, upper: -0.04)),
                    tailMass: Estimate(0.07, interval: Interval(lower: 0.05, upper: 0.09)),
                    severeShadow: 3,
                    severeStable: 1,
                    worst: [WorstPair(id: "pair-<b>", stable: 1, shadow: 0)]
                )
            )
        )
        let scope = ScopeReadiness(pairs: 900, sessions: 900, metrics: [score], gates: gates)
        return Readiness(
            verdict: verdict,
            reasons: [
                Reason(
                    kind: .gateFailed,
                    intent: IntentClass(rawValue: intent),
                    metric: "score.correct.mean",
                    text: "\(intent): 8.2 points fewer correct, at least 5.0, margin 3; 900 sessions."
                )
            ],
            experiment: Experiment(name: name, stableVersion: "v1.1.0", shadowVersion: "v1.2.0"),
            horizon: HorizonState(declared: .seconds(604_800), elapsed: .seconds(612_000), isReached: true),
            funnel: funnel,
            overall: scope,
            intents: [
                IntentReadiness(intent: IntentClass(rawValue: intent), share: 0.25, isGated: true, scope: scope)
            ],
            asOf: Date(timeIntervalSince1970: 1_763_280_000),
            notes: ["Gates are those of a file."]
        )
    }

    static let renderedAt = Date(timeIntervalSince1970: 1_763_283_600)
}
