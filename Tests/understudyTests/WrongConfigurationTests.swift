import Foundation
import Testing

/// Every wrong file ends `check` and `serve` with 78 and one sentence: file, line, key, and what would be right.
@Suite(.timeLimit(.minutes(5)))  // It starts dozens of processes.
struct WrongConfigurationTests {
    struct Wrong: Sendable, CustomTestStringConvertible {
        var name: String
        var replaced: String
        var by: String
        var line: Int
        var key: String

        var testDescription: String { name }
    }

    /// A right file, a key a line.
    private static let right = """
        listen: 127.0.0.1:8080
        console: 127.0.0.1:9090
        threads: 2
        store: { path: understudy.sqlite, max_size: 50GB }
        limits: { header: 32KiB, body: 32MiB, idle_timeout: 75s, header_timeout: 10s, request_timeout: 10m, connections: 8192, connections_per_address: 0 }
        experiment: { name: week, horizon: 7d }
        stable: { model: m, version: v1.1.0, url: "http://127.0.0.1:8001" }
        shadow: { model: m, version: v1.2.0, url: "http://127.0.0.1:8002", timeout: 120s }
        sampling: { rate: 0.1, unit: session, control_rate: 0.1, target_per_day: 600 }
        prompts: { text: redacted, retention: 30d }
        intents:
          - { class: payment, any_of: ["refund", "invoice"] }
          - { class: how_to, matches: '(?i)^how (do|can) i' }
        min_share: 0.02
        gates:
          - { metric: new_refusal, margin: 0.02, scope: every_intent }
          - { metric: total_time.p99, ratio: 1.20, scope: overall }

        """

    static let wrong: [Wrong] = [
        Wrong(name: "unknown key", replaced: "threads: 2", by: "treads: 2", line: 3, key: "treads"),
        Wrong(name: "unknown nested key", replaced: "max_size: 50GB", by: "maxsize: 50GB", line: 4, key: "maxsize"),
        Wrong(name: "wrong type", replaced: "threads: 2", by: "threads: many", line: 3, key: "threads"),
        Wrong(name: "list for a scalar", replaced: "threads: 2", by: "threads: [2]", line: 3, key: "threads"),
        Wrong(name: "rate above one", replaced: "rate: 0.1,", by: "rate: 10,", line: 9, key: "sampling.rate"),
        Wrong(name: "negative count", replaced: "threads: 2", by: "threads: -1", line: 3, key: "threads"),
        Wrong(name: "bad expression", replaced: "'(?i)^how (do|can) i'", by: "'('", line: 13, key: "matches"),
        Wrong(name: "missing url", replaced: ", url: \"http://127.0.0.1:8001\"", by: "", line: 7, key: "stable.url"),
        Wrong(name: "two classes alike", replaced: "class: how_to", by: "class: payment", line: 13, key: "payment"),
        Wrong(name: "bad size", replaced: "32KiB", by: "32 potatoes", line: 5, key: "limits.header"),
        Wrong(
            name: "no clients",
            replaced: "connections: 8192",
            by: "connections: 0",
            line: 5,
            key: "limits.connections"
        ),
        Wrong(
            name: "negative clients from an address",
            replaced: "connections_per_address: 0",
            by: "connections_per_address: -1",
            line: 5,
            key: "limits.connections_per_address"
        ),
        Wrong(
            name: "no time",
            replaced: "request_timeout: 10m",
            by: "request_timeout: 0s",
            line: 5,
            key: "limits.request_timeout"
        ),
        Wrong(name: "bad duration", replaced: "horizon: 7d", by: "horizon: week", line: 6, key: "experiment.horizon"),
        Wrong(name: "not semantic", replaced: "v1.2.0", by: "latest", line: 8, key: "shadow.version"),
        Wrong(name: "bad scheme", replaced: "http://127.0.0.1:8002", by: "ftp://x", line: 8, key: "shadow.url"),
        Wrong(name: "unknown metric", replaced: "new_refusal", by: "new_refusals", line: 16, key: "new_refusals"),
        Wrong(name: "margin and ratio", replaced: "margin: 0.02", by: "margin: 0.02, ratio: 2", line: 16, key: "gates"),
        Wrong(name: "ratio below one", replaced: "ratio: 1.20", by: "ratio: 0.9", line: 17, key: "ratio"),
        Wrong(name: "unknown scope", replaced: "scope: overall", by: "scope: all", line: 17, key: "scope"),
        Wrong(
            name: "gate twice",
            replaced: "{ metric: total_time.p99, ratio: 1.20, scope: overall }",
            by: "{ metric: new_refusal, margin: 0.02, scope: every_intent }",
            line: 17,
            key: "new_refusal"
        ),
        Wrong(name: "unknown unit", replaced: "unit: session", by: "unit: user", line: 9, key: "sampling.unit"),
        Wrong(name: "bad prompts", replaced: "text: redacted", by: "text: secret", line: 10, key: "prompts.text"),
        Wrong(name: "bad address", replaced: "listen: 127.0.0.1:8080", by: "listen: 8080", line: 1, key: "listen"),
        Wrong(name: "same port", replaced: "127.0.0.1:9090", by: "127.0.0.1:8080", line: 2, key: "console"),
        Wrong(
            name: "empty class list",
            replaced: "any_of: [\"refund\", \"invoice\"]",
            by: "any_of: []",
            line: 12,
            key: "any_of"
        ),
        Wrong(name: "duplicate key", replaced: "min_share: 0.02", by: "threads: 3", line: 14, key: "threads"),
        Wrong(name: "share above one", replaced: "min_share: 0.02", by: "min_share: 2", line: 14, key: "min_share"),
    ]

    @Test func `the right file is accepted, and every value says where it is from`() async throws {
        try await withFolder { folder in
            let path = try folder.file("understudy.yaml", Self.right)
            let outcome = try await Command.run(
                ["check", "--config", path],
                environment: ["UNDERSTUDY_SAMPLING_RATE": "0.25"]
            )
            #expect(outcome.status == 0, "\(outcome.complaint)")
            let lines = outcome.output.split(separator: "\n")
            let rate = try #require(lines.first { $0.hasPrefix("sampling.rate ") })
            #expect(rate.contains("0.25") && rate.hasSuffix("environment UNDERSTUDY_SAMPLING_RATE"))
            let threads = try #require(lines.first { $0.hasPrefix("threads ") })
            #expect(threads.hasSuffix("understudy.yaml:3"))
        }
    }

    @Test(arguments: wrong)
    func `a wrong file is refused in one sentence`(wrong: Wrong) async throws {
        try #require(Self.right.contains(wrong.replaced))
        let text = Self.right.replacing(wrong.replaced, with: wrong.by, maxReplacements: 1)
        try await withFolder { folder in
            let path = try folder.file("understudy.yaml", text)
            let outcome = try await Command.run(["check", "--config", path])
            #expect(outcome.status == 78)
            #expect(outcome.output.isEmpty)
            let sentence = outcome.complaint
            #expect(sentence.split(separator: "\n").count == 1, "\(sentence)")
            #expect(sentence.contains("understudy.yaml:\(wrong.line): "), "\(sentence)")
            #expect(sentence.contains(wrong.key), "\(sentence)")
            #expect(sentence.hasSuffix(".\n") || sentence.hasSuffix("?\n"), "\(sentence)")
        }
    }

    @Test func `serve refuses a wrong file before it makes anything`() async throws {
        try await withFolder { folder in
            let store = folder.appendingPathComponent("understudy.sqlite").path
            let text = Self.right.replacing("rate: 0.1,", with: "rate: 10,")
            let path = try folder.file("understudy.yaml", text)
            let outcome = try await Command.run(["serve", "--config", path, "--store", store])
            #expect(outcome.status == 78)
            #expect(!FileManager.default.fileExists(atPath: store))
        }
    }

    @Test func `wrong usage is 64 and a missing file 78`() async throws {
        try await #expect(Command.run(["serve"]).status == 64)
        try await #expect(Command.run(["evaluate", "--store", "x", "--format", "xml"]).status == 64)
        try await #expect(Command.run(["check", "--config", "/nowhere/understudy.yaml"]).status == 78)
    }
}
