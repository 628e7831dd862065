import Evaluation
import Foundation
import JSON
import Statistics
import TestSupport
import Testing
import Vocabulary

@testable import Report

/// The document of `evaluate --format json`, literally.
struct ReadinessJSONTests {
    private var readiness: Readiness {
        let side = ScoreSide(
            mean: Estimate(0.61, interval: Interval(lower: 0.58, upper: 0.64)),
            p01: Estimate(neededSessions: 396),
            p05: Estimate(0.2, interval: Interval(lower: 0.1, upper: 0.3)),
            p10: Estimate(0.25, neededSessions: 40),
            cvar05: Estimate(neededSessions: 400),
            histogram: [0.5, 0.5]
        )
        let magnitude = MagnitudeSide(
            p50: Estimate(100, interval: Interval(lower: 90, upper: 110)),
            p95: Estimate(neededSessions: 76),
            p99: Estimate(neededSessions: 396),
            p999: Estimate(neededSessions: 3_996)
        )
        let metrics = [
            MetricFigures(
                name: "refusal",
                unit: nil,
                pairs: 90,
                sessions: 80,
                body: .harm(
                    HarmFigures(
                        stable: Estimate(0, interval: Interval(lower: 0, upper: 0.04)),
                        shadow: Estimate(0.1, interval: Interval(lower: 0.05, upper: 0.18)),
                        difference: Estimate(0.1, interval: Interval(lower: 0.04, upper: 0.18)),
                        shadowOnly: 8,
                        stableOnly: 0,
                        worst: ["p-1"]
                    ),
                    asymmetric: false
                )
            ),
            MetricFigures(
                name: "score.correct",
                unit: nil,
                pairs: 90,
                sessions: 80,
                body: .score(
                    ScoreFigures(
                        stable: side,
                        shadow: side,
                        difference: Estimate(-0.08, interval: Interval(lower: -0.12, upper: -0.04)),
                        tailMass: Estimate(neededSessions: 400),
                        severeShadow: 3,
                        severeStable: 1,
                        worst: [WorstPair(id: "p-2", stable: 1, shadow: 0)]
                    )
                )
            ),
            MetricFigures(
                name: "total_time",
                unit: "ms",
                pairs: 90,
                sessions: 80,
                body: .magnitude(MagnitudeFigures(stable: magnitude, shadow: magnitude, ratio: magnitude))
            ),
        ]
        let gates = [
            GateResult(
                metric: "score.correct.mean",
                margin: .absolute(0.03),
                state: .fail,
                estimate: 0.082,
                lower: 0.05,
                upper: 0.115,
                eValue: 8.7,
                eThreshold: 280,
                sessions: 900
            ),
            GateResult(
                metric: "total_time.p99",
                margin: .ratio(1.2),
                state: .undecided,
                neededSessions: 396,
                sessions: 80
            ),
        ]
        let scope = ScopeReadiness(pairs: 90, sessions: 80, metrics: metrics, gates: gates)
        var funnel = Funnel()
        funnel.seen = 10
        funnel.sampled = 4
        funnel.notEligible = [.endpoint: 1]
        funnel.notSampled = 5
        funnel.stored = 3
        funnel.shed = [.queueFull: 1]
        return Readiness(
            verdict: .hold,
            reasons: [
                Reason(
                    kind: .gateFailed,
                    intent: IntentClass(rawValue: "math"),
                    metric: "score.correct.mean",
                    text: "math: it failed."
                )
            ],
            experiment: Sample.experiment,
            horizon: HorizonState(
                declared: Sample.week,
                elapsed: .seconds(7 * 86_400 + 7_200),
                isReached: true
            ),
            funnel: funnel,
            overall: ScopeReadiness(pairs: 90, sessions: 80, metrics: [], gates: []),
            intents: [
                IntentReadiness(intent: IntentClass(rawValue: "math"), share: 0.25, isGated: true, scope: scope)
            ],
            asOf: Sample.start
        )
    }

    @Test func `the document is that of the format`() throws {
        let expected = """
            {"verdict":"hold","reasons":[{"kind":"gate_failed","intent":"math","metric":"score.correct.mean",\
            "text":"math: it failed."}],\
            "experiment":{"name":"week","started_at":"2026-09-21T14:13:20Z",\
            "stable":{"model":"m","version":"v1"},"shadow":{"model":"m","version":"v2"}},\
            "horizon":{"declared":"7d","extended":null,"elapsed":"7d 2h","reached":true,"look":1,"alpha":0.05},\
            "funnel":{"seen":10,"not_eligible":1,"not_sampled":5,"sampled":4,"in_flight":0,"stored":3,\
            "shed":{"queue_full":1},"failed":{},"not_eligible_reasons":{"endpoint":1}},\
            "overall":{"pairs":90,"sessions":80,"pairs_not_compared":0,"metrics":[],"gates":[]},\
            "intents":[{"intent":"math","share":0.25,"gated":true,"pairs":90,"sessions":80,"pairs_not_compared":0,\
            "metrics":[\
            {"name":"refusal","kind":"harm","unit":null,"pairs":90,"sessions":80,\
            "stable":{"rate":0,"interval":[0,0.04]},"shadow":{"rate":0.1,"interval":[0.05,0.18]},"control":null,\
            "difference":{"estimate":0.1,"interval":[0.04,0.18]},"shadow_only":8,"stable_only":0,"worst":["p-1"]},\
            {"name":"score.correct","kind":"score","unit":null,"pairs":90,"sessions":80,\
            "stable":{"mean":0.61,"mean_interval":[0.58,0.64],"p01":null,"p05":0.2,"p10":0.25,"cvar05":null,\
            "intervals":{"p01":null,"p05":[0.1,0.3],"p10":null,"cvar05":null},\
            "needed_sessions":{"p01":396,"p10":40,"cvar05":400},"histogram":[0.5,0.5]},\
            "shadow":{"mean":0.61,"mean_interval":[0.58,0.64],"p01":null,"p05":0.2,"p10":0.25,"cvar05":null,\
            "intervals":{"p01":null,"p05":[0.1,0.3],"p10":null,"cvar05":null},\
            "needed_sessions":{"p01":396,"p10":40,"cvar05":400},"histogram":[0.5,0.5]},"control":null,\
            "difference":{"estimate":-0.08,"interval":[-0.12,-0.04]},\
            "tail_mass":{"estimate":null,"interval":null,"needed_sessions":400},"severe":{"shadow":3,"stable":1},\
            "worst":[{"pair":"p-2","stable":1,"shadow":0}]},\
            {"name":"total_time","kind":"magnitude","unit":"ms","pairs":90,"sessions":80,\
            "stable":{"p50":100,"p95":null,"p99":null,"p999":null,\
            "intervals":{"p50":[90,110],"p95":null,"p99":null,"p999":null},\
            "needed_sessions":{"p95":76,"p99":396,"p999":3996}},\
            "shadow":{"p50":100,"p95":null,"p99":null,"p999":null,\
            "intervals":{"p50":[90,110],"p95":null,"p99":null,"p999":null},\
            "needed_sessions":{"p95":76,"p99":396,"p999":3996}},"control":null,\
            "ratio":{"p50":{"estimate":100,"interval":[90,110]},\
            "p95":{"estimate":null,"interval":null,"needed_sessions":76},\
            "p99":{"estimate":null,"interval":null,"needed_sessions":396},\
            "p999":{"estimate":null,"interval":null,"needed_sessions":3996}}}],\
            "gates":[{"metric":"score.correct.mean","margin":0.03,"state":"fail","worse":false,"estimate":0.082,\
            "lower":0.05,"upper":0.115,"e_value":8.7,"e_threshold":280,"needed_sessions":null,"sessions":900},\
            {"metric":"total_time.p99","margin":0.2,"state":"undecided","worse":false,"estimate":null,"lower":null,\
            "upper":null,"e_value":null,"e_threshold":null,"needed_sessions":396,"sessions":80,"ratio":1.2}]}],\
            "ratings":{"items":0,"ratings":0,"raters":0,"preference":{},\
            "alpha":{"estimate":null,"interval":null},"judge_kappa":null,"ppi":null},\
            "as_of":"2026-09-21T14:13:20Z","notes":[]}
            """
        let found = readiness.json.text()
        if found != expected {
            let common = zip(found, expected).prefix { $0 == $1 }.count
            Issue.record("differs at \(common): \(found.dropFirst(max(0, common - 60)).prefix(160))")
        }
    }

    @Test func `what is not finite is written as null`() {
        var copy = readiness
        copy.intents[0].scope.gates[0].eValue = .infinity
        copy.intents[0].scope.gates[0].estimate = .nan
        let gate = copy.json["intents"]?[0]?["gates"]?[0]
        #expect(gate?["e_value"] == .null)
        #expect(gate?["estimate"] == .null)
    }

    @Test func `the text begins with the verdict and names what is missing`() {
        let lines = readiness.text.split(separator: "\n")
        #expect(lines.first == "HOLD  week, v1 → v2, 7d 2h of 7d")
        #expect(lines.contains("  - math: it failed."))
        #expect(readiness.text.contains("math: 90 pairs, 80 sessions, 25 %"))
        #expect(readiness.text.contains("tail mass n < 400"))
        #expect(readiness.text.contains("fail           score.correct.mean"))
    }

    @Test(arguments: [
        (Duration.seconds(604_800), "7d"), (.seconds(604_800 + 7_200), "7d 2h"), (.seconds(3_661), "1h 1m"),
        (.seconds(12), "12s"), (.zero, "0s"), (.seconds(86_400 + 60), "1d"),
    ])
    func `durations are written by their two largest units`(duration: Duration, text: String) {
        #expect(Wording.duration(duration) == text)
    }

    @Test func `numbers are written for people`() {
        #expect(Wording.points(0.0822) == "8.2")
        #expect(Wording.percent(0.011) == "1.1 %")
        #expect(Wording.grouped(1_234_567) == "1,234,567")
        #expect(Wording.grouped(-12) == "-12")
        #expect(Wording.significant(12_345_678) == "1.2e+07")
        #expect(Wording.decimal(-0.0001, places: 2) == "0")
    }
}
