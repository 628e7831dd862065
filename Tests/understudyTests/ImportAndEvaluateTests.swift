import Foundation
import JSON
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))  // It evaluates thousands of pairs without optimisation.
struct ImportAndEvaluateTests {
    private static let gate = """
        gates:
          - { metric: score.correct.mean, margin: 0.03, scope: every_intent }
        min_share: 0

        """

    struct Expected: Sendable, CustomTestStringConvertible {
        var file: String
        var verdict: String
        var failing: [String]
        /// Shadow − stable in points, as `data/README.md` prints them.
        var points: [String: Double]

        var testDescription: String { file }
    }

    static let expected = [
        Expected(
            file: "mmlu-pro-flash-to-pro.jsonl",
            verdict: "hold",
            failing: ["math"],
            points: [
                "math": -8.2, "chemistry": -1.8, "economics": 2.5, "biology": 4.2, "computer science": 5.0,
                "psychology": 8.3, "philosophy": 8.3, "business": 9.2, "other": 9.2, "history": 10.8,
                "physics": 13.3, "law": 13.5, "health": 16.7, "engineering": 17.7,
            ]
        ),
        Expected(
            file: "mmlu-pro-qwen7b-to-llama70b.jsonl",
            verdict: "promote",
            failing: [],
            points: ["law": 27.8, "health": 49.2]
        ),
        Expected(
            file: "mmlu-pro-mistral-v01-to-v02.jsonl",
            verdict: "hold",
            failing: [],
            points: ["computer science": -4.2, "engineering": 1.3]
        ),
    ]

    @Test(.enabled(if: SharedData.has("mmlu-pro-flash-to-pro.jsonl"), "../shared/data is absent"), arguments: expected)
    func `two real models' answers get the verdict that is known`(expected: Expected) async throws {
        try await withFolder { folder in
            let store = folder.appendingPathComponent("pairs.sqlite").path
            let config = try folder.file("gates.yaml", Self.gate)
            let imported = try await Command.run(
                ["import", "--store", store, "--config", config, SharedData.path(expected.file)]
            )
            #expect(imported.status == 0, "\(imported.complaint)")
            #expect(imported.output.contains("3561 pairs added, 0 already there"), "\(imported.output)")

            let evaluated = try await Command.run(
                ["evaluate", "--store", store, "--config", config, "--format", "json", "--exit-code"]
            )
            #expect(evaluated.status == (expected.verdict == "promote" ? 0 : 10), "\(evaluated.complaint)")
            let json = try JSON(parsing: evaluated.output)
            #expect(json["verdict"]?.stringValue == expected.verdict)
            let intents = json["intents"]?.arrayValue ?? []
            #expect(intents.count == 14)
            let failing = intents.filter { intent in
                intent["gates"]?.arrayValue?.contains { $0["state"] == "fail" } == true
            }
            #expect(failing.compactMap { $0["intent"]?.stringValue } == expected.failing)
            for intent in intents {
                guard let points = expected.points[intent["intent"]?.stringValue ?? ""] else { continue }
                let metric = intent["metrics"]?.arrayValue?.first { $0["name"] == "score.correct" }
                let difference = try #require(metric?["difference"]?["estimate"]?.doubleValue)
                // Published to a tenth; 17.75 and 1.25 were rounded to even.
                #expect(abs(difference * 100 - points) <= 0.050_001, "\(intent["intent"] ?? nil)")
            }
            if expected.failing == ["math"] {
                let gate = try #require(failing.first?["gates"]?[0])
                let estimate = try #require(gate["estimate"]?.doubleValue)
                let lower = try #require(gate["lower"]?.doubleValue)
                #expect(abs(estimate - 0.082) < 0.000_5)
                #expect(abs(lower - 0.050) < 0.000_5)
                #expect(gate["e_threshold"]?.doubleValue == 280)
            }
        }
    }

    private static let line =
        #"{"id":"p1","intent":"payment","prompt":"hi","stable":{"text":"a"},"shadow":{"text":"b"}}"#

    @Test func `a file imported twice adds nothing, and standard input is a file`() async throws {
        try await withFolder { folder in
            let store = folder.appendingPathComponent("pairs.sqlite").path
            let first = try await Command.run(["import", "--store", store, "-"], input: Self.line + "\n")
            #expect(first.output.contains("1 pairs added, 0 already there"), "\(first.complaint)")
            let again = try await Command.run(["import", "--store", store, "-"], input: Self.line + "\n")
            #expect(again.output.contains("0 pairs added, 1 already there"))
        }
    }

    @Test func `other line ends are no other pairs`() async throws {
        try await withFolder { folder in
            let store = folder.appendingPathComponent("pairs.sqlite").path
            let line = #"{"prompt":"hi","stable":{"text":"a"},"shadow":{"text":"b"}}"#
            _ = try await Command.run(["import", "--store", store, "-"], input: line + "\n")
            let again = try await Command.run(["import", "--store", store, "-"], input: line + "\r\n")
            #expect(again.output.contains("0 pairs added, 1 already there"), "\(again.output)")
        }
    }

    @Test func `a session is forgotten, and the others stay`() async throws {
        try await withFolder { folder in
            let store = folder.appendingPathComponent("pairs.sqlite").path
            let lines = ["s-1", "s-1", "s-2"].enumerated().map { number, session in
                #"{"id":"p\#(number)","session":"\#(session)","prompt":"q\#(number)","#
                    + #""stable":{"text":"a"},"shadow":{"text":"b"}}"#
            }
            _ = try await Command.run(["import", "--store", store, "-"], input: lines.joined(separator: "\n"))
            let forgotten = try await Command.run(["store", "forget", "--store", store, "--session", "s-1"])
            #expect(forgotten.output.contains("2 pairs forgotten"), "\(forgotten.complaint)")
            let exported = try await Command.run(["store", "export", "--store", store])
            #expect(exported.output.contains("p2") && !exported.output.contains("p1"))
            try await #expect(Command.run(["store", "forget", "--store", store]).status == 64)
        }
    }

    @Test func `a bad line stops the file, and nothing of it is kept`() async throws {
        try await withFolder { folder in
            let store = folder.appendingPathComponent("pairs.sqlite").path
            let file = try folder.file("pairs.jsonl", Self.line + "\n\n{\"stable\":{}}\n")
            let refused = try await Command.run(["import", "--store", store, file])
            #expect(refused.status == 65)
            #expect(refused.complaint.contains("pairs.jsonl:3: "), "\(refused.complaint)")
            let kept = try await Command.run(["import", "--store", store, "--skip-bad", file])
            #expect(kept.output.contains("1 pairs added, 0 already there, 1 bad lines skipped"), "\(kept.output)")
        }
    }

    @Test func `a store that is none is 74, and a missing one is not made by reading it`() async throws {
        try await withFolder { folder in
            let missing = folder.appendingPathComponent("none.sqlite").path
            try await #expect(Command.run(["evaluate", "--store", missing]).status == 74)
            #expect(!FileManager.default.fileExists(atPath: missing))
            let text = try folder.file("text.sqlite", "not a store, but long enough to be taken for one by its size")
            try await #expect(Command.run(["evaluate", "--store", text]).status == 74)
        }
    }

    @Test func `score gives the same pairs back with their scores`() async throws {
        let pair =
            #"{"id":"p","prompt":"Where is my order?","stable":{"text":"It left today."},"#
            + #""shadow":{"text":"I'm sorry, but I can't help with that."}}"#
        let outcome = try await Command.run(["score", "-"], input: pair + "\n")
        #expect(outcome.status == 0, "\(outcome.complaint)")
        let json = try JSON(parsing: outcome.output)
        #expect(json["id"] == "p")
        #expect(json["stable"]?["scores"]?["refusal"]?.doubleValue == 0)
        #expect(json["shadow"]?["scores"]?["refusal"]?.doubleValue == 1)
        #expect(json["pair_scores"]?.objectValue?.isEmpty == false)
    }

    @Test func `a report opens offline and shows no markup of others`() async throws {
        try await withFolder { folder in
            let store = folder.appendingPathComponent("pairs.sqlite").path
            let line =
                #"{"id":"<script>alert(1)</script>","intent":"<img src=x>","prompt":"hi","stable":{"text":"a"},"#
                + #""shadow":{"text":"b"}}"#
            _ = try await Command.run(["import", "--store", store, "-"], input: line + "\n")
            let out = folder.appendingPathComponent("report.html").path
            let markdown = folder.appendingPathComponent("report.md").path
            let json = folder.appendingPathComponent("report.json").path
            let outcome = try await Command.run(
                ["report", "--store", store, "--out", out, "--markdown", markdown, "--json", json]
            )
            #expect(outcome.status == 0, "\(outcome.complaint)")
            let page = try String(contentsOfFile: out, encoding: .utf8)
            #expect(!page.contains("<script") && !page.contains("<img"))
            #expect(!page.contains("http://") && !page.contains("https://"))
            #expect(page.contains("&lt;img src=x&gt;"))
            try #expect(!(String(contentsOfFile: markdown, encoding: .utf8)).contains("<img"))
            let verdict = try JSON(parsing: try String(contentsOfFile: json, encoding: .utf8))["verdict"]
            #expect(verdict == "hold")
            let attributes = try FileManager.default.attributesOfItem(atPath: out)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }
}
