import Foundation
import FoundationNetworking
import JSON
import PairStore
import Testing

/// Other people's words, planted wherever a request or an answer can carry them, and looked for wherever they must not be.
@Suite(.timeLimit(.minutes(5)))  // It starts dozens of processes.
struct PrivacyTests {
    /// Words that no rule knows: they may stand in the store and in what raters see, and nowhere else.
    private static let word = "kanarienvogel7731"
    /// What redaction knows, which may not stand anywhere; of two halves, so that no scanner takes it for real.
    private static let personal = [
        "canary.bird" + "@aviary.example", "sk-ant-" + "api03-CanaryCanaryCanaryCanary7731", "4111 1111 " + "1111 1111",
        "DE89 3704 0044 " + "0532 0130 00",
    ]
    private static let planted = ([word] + personal).joined(separator: " and ")

    private static func text(_ json: JSON) -> String { String(decoding: json.bytes(), as: UTF8.self) }

    /// Requests of every kind, broken ones among them, with planted words in bodies, headers, paths and tools.
    private static func requests(_ scene: Scene) throws -> [URLRequest] {
        let message: JSON = [["role": "user", "content": JSON(planted)]]
        let tool: JSON = [
            "type": "function", "function": ["name": "look_up", "description": JSON(planted), "parameters": [:]],
        ]
        let bodies: [(String, String)] = [
            ("/v1/chat/completions", text(["messages": message, "tools": [tool]])),
            ("/v1/chat/completions", text(["messages": message, "stream": true])),
            ("/v1/messages", text(["messages": message, "max_tokens": 9])),
            ("/v1/responses", text(["input": JSON(planted)])),
            ("/v1/chat/completions", "{ \"messages\": \"\(planted)"),
            ("/v1/chat/completions", "{ \"messages\": 7, \"\(word)\": true }"),
            ("/v1/\(word)", planted),
        ]
        return try bodies.map { path, body in
            var request = URLRequest(url: try scene.url(scene.gateway, path + "?q=\(word)"), timeoutInterval: 60)
            request.httpMethod = "POST"
            request.httpBody = Data(body.utf8)
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
            request.setValue("Bearer \(personal[1])", forHTTPHeaderField: "Authorization")
            request.setValue(personal[0], forHTTPHeaderField: "X-Session-Id")
            request.setValue(word, forHTTPHeaderField: "X-Intent-Class")
            request.setValue(word, forHTTPHeaderField: "X-Request-Id")
            return request
        }
    }

    /// A recorded answer; its model's name is not planted, since an evaluation names models on purpose.
    private static func answers(in folder: URL) throws -> String {
        let request: JSON = ["messages": [["role": "user", "content": JSON(planted)]], "max_tokens": 9]
        let answer: JSON = [
            "id": JSON(word), "model": "stand-in", "type": "message", "role": "assistant",
            "content": [["type": "text", "text": JSON("You wrote \(planted).")]], "stop_reason": JSON("end \(word)"),
            "usage": ["input_tokens": 9, "output_tokens": 9],
        ]
        let lines: [JSON] = [
            ["id": "a", "path": "/v1/messages", "body": JSON(text(request))],
            [
                "request": "a", "status": 200, "content_type": "application/json", "stream": false,
                "first_byte_ms": 1, "total_ms": 1, "body": JSON(text(answer)),
            ],
        ]
        return try folder.file("answers.jsonl", lines.map(text).joined(separator: "\n") + "\n")
    }

    private static func hits(_ planted: [String], in text: some Collection<UInt8>) -> [String] {
        let bytes = Array(text)
        return planted.filter { word in !bytes.ranges(of: Array(word.utf8)).isEmpty }
    }

    @Test func `planted words are in no log, metric, page, error or file name, and what is personal is nowhere`()
        async throws
    {
        try await withFolder { folder in
            try await withScene(
                sampling: "{ rate: 1.0, target_per_day: 0, control_rate: 0.5 }",
                faults: ["reset:0.1", "status:500:0.1", "cut:0.1", "garbage:0.1"],
                answers: try Self.answers(in: folder),
                more: "intents: [{ class: payment, any_of: [\"payment\"] }]"
            ) { scene in
                let session = URLSession(configuration: .ephemeral)
                defer { session.finishTasksAndInvalidate() }
                for _ in 0..<12 {
                    for request in try Self.requests(scene) { _ = try? await session.data(for: request) }
                }
                _ = try await scene.funnel(afterSeeing: 12 * 7)
                var pages: [(String, [UInt8])] = []
                for path in ["/", "/metrics", "/api/v1/funnel", "/api/v1/status", "/api/v1/readiness", "/\(UUID())"] {
                    let (data, _) = try await session.data(from: try scene.url(scene.console, path))
                    pages.append((path, [UInt8](data)))
                }
                scene.serve.signal(SIGTERM)
                #expect(await scene.serve.ended() == 0)
                pages.append(("what serve says", Array(scene.serve.transcript.utf8)))
                // The planted words were really there: the words are in the store, redacted.
                let export = try await Command.run(["store", "export", "--store", scene.store])
                #expect(export.output.contains(Self.word))
                #expect(export.output.contains("<EMAIL_1>"))
                try await Self.lookEverywhere(pages, scene, export.output)
            }
        }
    }

    private static func lookEverywhere(_ pages: [(String, [UInt8])], _ scene: Scene, _ export: String) async throws {
        for (name, bytes) in pages {
            #expect(hits([word] + personal, in: bytes).isEmpty, "\(name)")
        }
        #expect(hits(personal, in: export.utf8).isEmpty)
        let folder = URL(fileURLWithPath: scene.store).deletingLastPathComponent()
        let queue = folder.appendingPathComponent("queue.jsonl").path
        let report = folder.appendingPathComponent("report.html").path
        let bad = try folder.file("bad.jsonl", "{\"prompt\": \"\(planted)\", \"stable\": {\"text\": \n")
        let worse = try folder.file("worse.jsonl", "{\"prompt\":\"\(planted)\",\"stable\":{\"outcome\":\"\(word)\"}}\n")
        let ratings = try folder.file("ratings.jsonl", "{\"item_id\":\"\(word)\",\"choice\":\"\(planted)\"}\n")
        let commands = [
            ["evaluate", "--store", scene.store], ["evaluate", "--store", scene.store, "--format", "json"],
            ["plan", "--store", scene.store], ["store", "info", "--store", scene.store],
            ["store", "check", "--store", scene.store],
            ["queue", "export", "--store", scene.store, "--out", queue, "--format", "jsonl", "--count", "5"],
            ["queue", "status", "--store", scene.store], ["queue", "import", "--store", scene.store, ratings],
            ["report", "--store", scene.store, "--out", report],
            ["import", "--store", scene.store, bad], ["import", "--store", scene.store, worse],
        ]
        for arguments in commands {
            let said = try await Command.run(arguments)
            #expect(
                hits([word] + personal, in: (said.output + said.complaint).utf8).isEmpty,
                "\(arguments[0]) \(arguments[1])"
            )
        }
        // Whatever lies in the store's folder now: nothing of it may hold what is personal, but the files of this test.
        let ours: Set<String> = ["bad.jsonl", "worse.jsonl", "ratings.jsonl"]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where !ours.contains(name) {
            #expect(hits([word] + personal, in: name.utf8).isEmpty, "a file's name")
            let bytes = try Data(contentsOf: folder.appendingPathComponent(name))
            #expect(hits(personal, in: bytes).isEmpty, "\(name)")
            let mode = try FileManager.default.attributesOfItem(atPath: folder.appendingPathComponent(name).path)
            if name.hasPrefix("pairs.") { #expect(mode[.posixPermissions] as? Int == 0o600, "\(name)") }
        }
    }
}
