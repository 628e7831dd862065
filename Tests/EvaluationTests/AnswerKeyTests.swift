import Foundation
import JSON
import Report
import TestSupport
import Testing
import Vocabulary

@testable import Evaluation

/// Real answers of real models with an answer key: the story that the product exists for.
@Suite(.enabled(if: SharedData.folder != nil, "the recorded answers in ../shared/data are absent"))
struct AnswerKeyTests {
    private func readiness(of name: String) throws -> Readiness {
        let observations = try SharedData.observations(of: name)
        return EvaluationInput(
            experiment: Experiment(name: "mmlu"),
            declaration: Declaration(
                gates: [Gate(metric: "score.correct.mean", margin: .absolute(0.03), scope: .everyIntent)],
                minimumShare: 0
            ),
            observations: observations
        ).readiness()
    }

    @Test func `flash to pro is held by mathematics alone`() throws {
        let readiness = try readiness(of: "mmlu-pro-flash-to-pro.jsonl")
        #expect(readiness.verdict == .hold)
        let failing = readiness.intents.filter { $0.gates.contains { $0.state == .fail } }
        #expect(failing.map(\.intent.rawValue) == ["math"])
        let gate = try #require(failing.first?.gates.first)
        #expect(abs((gate.estimate ?? 0) - 0.0822) < 0.0005)
        #expect(abs((gate.lower ?? 0) - 0.050) < 0.0005)
        #expect(gate.eThreshold == 280)
        #expect(abs((gate.eValue ?? 0) - 8.7) < 0.5)
        let reason = try #require(readiness.reasons.first { $0.kind == .gateFailed })
        #expect(reason.text.contains("math: score.correct is 8.2 points lower"))
        #expect(reason.text.contains("at least 5, margin 3; 900 sessions"))
    }

    @Test func `qwen to llama is promoted`() throws {
        let readiness = try readiness(of: "mmlu-pro-qwen7b-to-llama70b.jsonl")
        #expect(readiness.verdict == .promote, "\(readiness.reasons.map(\.text))")
    }

    @Test func `mistral is held and nothing fails`() throws {
        let readiness = try readiness(of: "mmlu-pro-mistral-v01-to-v02.jsonl")
        #expect(readiness.verdict == .hold)
        #expect(readiness.reasons.allSatisfy { $0.kind == .gateUndecided })
        #expect(readiness.intents.flatMap(\.gates).allSatisfy { $0.state != .fail })
    }

    @Test func `differences per class are those of the answer key`() throws {
        let readiness = try readiness(of: "mmlu-pro-flash-to-pro.jsonl")
        let expected: [String: (points: Double, pairs: Int)] = [
            "math": (-8.2, 900), "chemistry": (-1.8, 400), "economics": (2.5, 120), "biology": (4.2, 120),
            "computer science": (5.0, 120), "psychology": (8.3, 120), "philosophy": (8.3, 120), "business": (9.2, 120),
            "other": (9.2, 120), "history": (10.8, 381), "physics": (13.3, 120), "law": (13.5, 400),
            "health": (16.7, 120), "engineering": (17.7, 400),
        ]
        for intent in readiness.intents {
            let name = intent.intent.rawValue.replacingOccurrences(of: "_", with: " ")
            let (points, pairs) = try #require(expected[name], "\(intent.intent)")
            #expect(intent.pairs == pairs)
            guard case .score(let figures)? = intent.scope.figures(of: "score.correct")?.body else {
                Issue.record("no figures of score.correct in \(name)")
                continue
            }
            // The table is rounded to a tenth, an exact half either way.
            #expect(abs((figures.difference.value ?? 0) * 100 - points) < 0.0501, "\(name)")
        }
        #expect(readiness.intents.count == 14)
    }

    @Test func `the document has no number that is not finite and parses again`() throws {
        let readiness = try readiness(of: "mmlu-pro-flash-to-pro.jsonl")
        let text = readiness.json.text(.pretty)
        #expect(!text.lowercased().contains("nan") && !text.contains("inf"))
        let again = try JSON(parsing: text)
        #expect(again["verdict"]?.stringValue == "hold")
        #expect(again["intents"]?.arrayValue?.count == 14)
    }
}
