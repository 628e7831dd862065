import Testing
import Vocabulary

@testable import Evaluation

struct DeclarationTests {
    @Test func `a declaration reads back equal`() throws {
        let declaration = Declaration(
            minimumShare: 0.05,
            accept: [Acceptance(intent: "small_talk", reason: "nobody cares")],
            horizon: .seconds(604_800),
            extendedHorizon: .seconds(1_209_600),
            classes: [IntentClass(rawValue: "payment")],
            stableMaximumErrorRate: 0.1
        )
        #expect(try Declaration(json: declaration.json()) == declaration)
    }

    @Test func `absent keys have their defaults`() throws {
        #expect(try Declaration(json: "{}") == Declaration())
        let one = try Declaration(json: #"{"gates":[{"metric":"error","margin":0.01}],"min_share":0}"#)
        #expect(one.gates == [Gate(metric: "error", margin: .absolute(0.01), scope: .everyIntent)])
    }

    @Test(arguments: [
        "new_refusal", "error", "malformed", "severe_regression", "quality.tail_mass", "quality.mean", "total_time.p99",
        "first_token.p95", "score.judge.mean", "score.my.judge.tail_mass", "score.correct.severe", "churn.rouge_l",
        "identifier_recall.mean", "output_tokens.p50", "length.p999",
    ])
    func `a gate can be put on what the catalogue has`(name: String) {
        #expect(GateMetric(name) != nil)
    }

    @Test(arguments: ["", "quality", "score.mean", "score.judge", "total_time", "total_time.p42", "errors", "churn.x"])
    func `a gate cannot be put on anything else`(name: String) {
        #expect(GateMetric(name) == nil)
    }
}
