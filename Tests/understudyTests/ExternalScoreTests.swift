import Foundation
import JSON
import TestSupport
import Testing

/// `score --store --command`, run as a user runs it; what programs may do wrong is tested with the evaluator.
@Suite(.hangLimit)
struct ExternalScoreTests {
    /// Answers each pair; `VALUE` is the stable side's score.
    private static let program = """
        while IFS= read -r line; do
          id=${line#*\\"id\\":\\"}; id=${id%%\\"*}
          echo "{\\"id\\":\\"$id\\",\\"scorer\\":\\"judge\\",\\"version\\":1,\\"stable\\":VALUE,\\"shadow\\":0.5}"
        done

        """

    private func fill(_ store: String, pairs count: Int) async throws {
        let lines = (0..<count).map {
            #"{"id":"p\#($0)","prompt":"What is \#($0)?","stable":{"text":"A"},"shadow":{"text":"B"}}"#
        }
        let imported = try await Command.run(
            ["import", "--store", store, "-"],
            input: lines.joined(separator: "\n") + "\n"
        )
        #expect(imported.status == 0, "\(imported.complaint)")
    }

    @Test func `a program's scores are kept, and evaluate shows them`() async throws {
        try await withFolder { folder in
            let store = folder.appendingPathComponent("pairs.sqlite").path
            try await fill(store, pairs: 30)
            let program = try folder.file("judge.sh", Self.program.replacingOccurrences(of: "VALUE", with: "0.75"))
            let arguments = ["score", "--store", store, "--command", "sh '\(program)'"]
            let scored = try await Command.run(arguments)
            #expect(scored.status == 0, "\(scored.complaint)")
            #expect(scored.output == "30 pairs scored by judge 1, 0 unanswered\n")
            let again = try await Command.run(arguments + ["--name", "judge", "--version", "1"])
            #expect(again.output == "0 pairs sent: none lacks a score\n" && again.status == 0)
            let evaluated = try await Command.run(["evaluate", "--store", store, "--format", "json"])
            let metrics = try JSON(parsing: evaluated.output).value(atPath: "overall.metrics")?.arrayValue ?? []
            let judge = metrics.first { $0["name"] == "score.judge" }
            #expect(judge?.value(atPath: "stable.mean")?.doubleValue == 0.75)
        }
    }

    @Test func `bad lines are 65, a program that fails is 74, and neither is told with its words`() async throws {
        try await withFolder { folder in
            let store = folder.appendingPathComponent("pairs.sqlite").path
            try await fill(store, pairs: 30)
            let bad = try folder.file("bad.sh", Self.program.replacingOccurrences(of: "VALUE", with: "secret"))
            let arguments = ["score", "--store", store, "--name", "judge", "--version", "1", "--command"]
            let refused = try await Command.run(arguments + ["sh '\(bad)'"])
            #expect(refused.status == 65, "\(refused.complaint)")
            #expect(refused.complaint.contains("Line 10 of the program's output does not count: "))
            #expect(refused.complaint.contains("20 more lines"))
            #expect(!refused.complaint.contains("Line 11 ") && !refused.complaint.contains("secret"))
            let dead = try await Command.run(arguments + ["kill -9 $$"])
            #expect(dead.status == 74, "\(dead.complaint)")
            #expect(dead.complaint.contains("ended by signal 9"), "\(dead.complaint)")
        }
    }

    @Test func `a program sees neither the console's token nor the keys that the configuration names`() async throws {
        try await withFolder { folder in
            let store = folder.appendingPathComponent("pairs.sqlite").path
            try await fill(store, pairs: 1)
            let seen = folder.appendingPathComponent("environment").path
            let config = try folder.file(
                "understudy.yaml",
                """
                console: { address: 127.0.0.1:9464, token_env: OPS_TOKEN }
                stable: { model: m, version: v1.0.0, url: "http://127.0.0.1:1", api_key_env: STABLE_KEY }
                """
            )
            let program = try folder.file(
                "judge.sh",
                "env > '\(seen)'\n" + Self.program.replacingOccurrences(of: "VALUE", with: "0.75")
            )
            let scored = try await Command.run(
                ["score", "--store", store, "--config", config, "--command", "sh '\(program)'"],
                environment: [
                    "UNDERSTUDY_TOKEN": "canary-1", "OPS_TOKEN": "canary-2", "STABLE_KEY": "canary-3",
                    "SCORER_KEY": "own",
                ]
            )
            #expect(scored.status == 0, "\(scored.complaint)")
            let environment = try String(contentsOfFile: seen, encoding: .utf8)
            #expect(environment.contains("SCORER_KEY=own") && !environment.contains("canary"))
        }
    }

    @Test(arguments: [
        ["score"],
        ["score", "--store", "pairs.sqlite"],
        ["score", "--command", "cat"],
        ["score", "--store", "pairs.sqlite", "--command", "cat", "pairs.jsonl"],
        ["score", "--store", "pairs.sqlite", "--command", "cat", "--name", "refusal"],
        ["score", "--store", "pairs.sqlite", "--command", "cat", "--timeout", "5"],
        ["score", "--store", "pairs.sqlite", "--command", "cat", "--in-flight", "0"],
        ["score", "pairs.jsonl", "--name", "judge"],
        ["score", "pairs.jsonl", "--config", "understudy.yaml"],
    ])
    func `wrong usage is 64`(arguments: [String]) async throws {
        try await #expect(Command.run(arguments).status == 64)
    }
}
