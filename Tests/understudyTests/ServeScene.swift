import Foundation
import FoundationNetworking
import JSON
import Testing

/// A running gateway with its console, store and servers.
struct Scene {
    static let token = "token-of-the-test"
    static let faults = ["reset:0.05", "status:500:0.05", "cut:0.05", "garbage:0.05"]

    var serve: RunningCommand
    var gateway: Int
    var console: Int
    var store: String
    var configuration: String

    func funnel() async throws -> JSON {
        let (data, _) = try await URLSession.shared.data(from: try url(console, "/api/v1/funnel"))
        return try JSON(parsing: [UInt8](data))
    }

    /// The funnel once so many requests are counted, which happens after their clients have their answers.
    func funnel(afterSeeing count: Int) async throws -> JSON {
        try await answer(where: { $0["seen"]?.intValue ?? 0 >= count }, to: { try await funnel() })
    }

    /// The lines of a scrape once so many of stable's answers are counted, which takes up to a second.
    func metrics(afterCounting count: Int) async throws -> [Substring] {
        try await answer { lines in
            let total = lines.first { $0.hasPrefix("http_request_duration_seconds_count{leg=\"stable\"") }
            return total?.split(separator: " ").last.flatMap { Int($0) } ?? 0 >= count
        } to: {
            let (data, _) = try await URLSession.shared.data(from: try url(console, "/metrics"))
            return String(decoding: data, as: UTF8.self).split(separator: "\n")
        }
    }

    /// Asks the console for a change.
    func put(_ change: String, to path: String) async throws -> (status: Int?, body: String) {
        var request = URLRequest(url: try url(console, path))
        request.httpMethod = "PUT"
        request.httpBody = Data(change.utf8)
        request.setValue("Bearer \(Self.token)", forHTTPHeaderField: "Authorization")
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        let (data, response) = try await URLSession.shared.data(for: request)
        return ((response as? HTTPURLResponse)?.statusCode, String(decoding: data, as: UTF8.self))
    }

    /// Stops serving in good order and serves again.
    func restarted() async throws -> Scene {
        serve.signal(SIGTERM)
        #expect(await serve.ended() == 0)
        var scene = self
        scene.serve = try RunningCommand(["serve", "--config", configuration])
        (scene.gateway, scene.console) = try #require(await scene.serve.ports())
        return scene
    }

    func url(_ port: Int, _ path: String) throws -> URL {
        guard let url = URL(string: "http://127.0.0.1:\(port)\(path)") else { throw URLError(.badURL) }
        return url
    }
}

/// `serve` with a console between two stand-ins, all of them gone afterwards.
///
/// - Parameters:
///   - sampling: the section of the configuration.
///   - faults: of the shadow.
///   - answers: what both servers answer, beside their default answer.
///   - more: further lines of the configuration.
///   - openFiles: how many files the gateway may open; nil for as many as the test may.
///   - body: uses it.
/// - Throws: what the body throws.
func withScene(
    sampling: String,
    faults: [String] = Scene.faults,
    answers: String? = nil,
    more: String = "",
    openFiles: Int? = nil,
    _ body: (Scene) async throws -> Void
) async throws {
    let recorded = answers.map { ["--answers", $0] } ?? []
    try await withFolder { folder in
        let stable = try RunningCommand(
            ["stand-in", "--port", "0", "--speed", "20", "--default-tokens", "12"] + recorded
        )
        let shadow = try RunningCommand(
            ["stand-in", "--port", "0", "--leg", "shadow", "--speed", "20", "--default-tokens", "12"]
                + recorded + faults.flatMap { ["--fault", $0] }
        )
        let stablePort = try #require(await stable.line(beginning: "stand-in for")?.port)
        let shadowPort = try #require(await shadow.line(beginning: "stand-in for")?.port)
        let store = folder.appendingPathComponent("pairs.sqlite").path
        let config = try folder.file(
            "understudy.yaml",
            """
            listen: 127.0.0.1:0
            console: 127.0.0.1:0
            store: "\(store)"
            experiment: { name: funnel, horizon: 7d }
            stable: { model: m, version: v1.0.0, url: "http://127.0.0.1:\(stablePort)" }
            shadow: { model: m, version: v1.0.1, url: "http://127.0.0.1:\(shadowPort)", timeout: 10s, breaker: { failures: 1000 } }
            sampling: \(sampling)
            \(more)
            """
        )
        let serve = try RunningCommand(
            ["serve", "--config", config],
            environment: ["UNDERSTUDY_TOKEN": Scene.token],
            openFiles: openFiles
        )
        let (gateway, console) = try #require(await serve.ports())
        try await body(
            Scene(serve: serve, gateway: gateway, console: console, store: store, configuration: config)
        )
        for server in [stable, shadow] {
            server.signal(SIGTERM)
            _ = await server.ended()
        }
    }
}

/// Asks again and again, until an answer is as it should be.
///
/// For a figure of another process, which tells nobody when it changes. Between two questions is a rest, in which that process can
/// get on.
///
/// - Parameters:
///   - isEnough: whether an answer is as it should be.
///   - question: what is asked.
/// - Returns: the first such answer.
/// - Throws: what the question throws, or where the task is cancelled.
@discardableResult
func answer<Answer>(
    where isEnough: (Answer) -> Bool,
    to question: () async throws -> Answer
) async throws -> Answer {
    while true {
        let answer = try await question()
        if isEnough(answer) { return answer }
        try await Task.sleep(for: .milliseconds(10))
    }
}
