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
        while true {
            let funnel = try await funnel()
            if funnel["seen"]?.intValue ?? 0 >= count { return funnel }
            await Task.yield()
        }
    }

    /// The lines of a scrape once so many of stable's answers are counted, which takes up to a second.
    func metrics(afterCounting count: Int) async throws -> [Substring] {
        while true {
            let (data, _) = try await URLSession.shared.data(from: try url(console, "/metrics"))
            let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
            let total = lines.first { $0.hasPrefix("http_request_duration_seconds_count{leg=\"stable\"") }
            if let total, let counted = total.split(separator: " ").last.flatMap({ Int($0) }), counted >= count {
                return lines
            }
            await Task.yield()
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

    /// Waits for both ports; which of them is open first is a matter of luck.
    func isServing() async throws {
        try #require(await serve.lines(beginning: ["gateway on", "console on"]))
    }

    /// Stops serving in good order and serves again.
    func restarted() async throws -> Scene {
        serve.signal(SIGTERM)
        #expect(await serve.ended() == 0)
        var scene = self
        scene.serve = try RunningCommand(["serve", "--config", configuration])
        try await scene.isServing()
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
        // The system chooses ports that are free now; nothing else binds in between on a test machine.
        let (gateway, console) = (try FreePort.next(), try FreePort.next())
        let config = try folder.file(
            "understudy.yaml",
            """
            listen: 127.0.0.1:\(gateway)
            console: 127.0.0.1:\(console)
            store: "\(store)"
            experiment: { name: funnel, horizon: 7d }
            stable: { model: m, version: v1.0.0, url: "http://127.0.0.1:\(stablePort)" }
            shadow: { model: m, version: v1.0.1, url: "http://127.0.0.1:\(shadowPort)", timeout: 10s, breaker: { failures: 1000 } }
            sampling: \(sampling)
            \(more)
            """
        )
        let scene = Scene(
            serve: try RunningCommand(
                ["serve", "--config", config],
                environment: ["UNDERSTUDY_TOKEN": Scene.token],
                openFiles: openFiles
            ),
            gateway: gateway,
            console: console,
            store: store,
            configuration: config
        )
        try await scene.isServing()
        try await body(scene)
        for server in [stable, shadow] {
            server.signal(SIGTERM)
            _ = await server.ended()
        }
    }
}

/// A port that was free a moment ago.
enum FreePort {
    static func next() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw POSIXError(.EMFILE) }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { socketAddress in
                bind(descriptor, socketAddress, length) == 0 && getsockname(descriptor, socketAddress, &length) == 0
            }
        }
        guard bound else { throw POSIXError(.EADDRNOTAVAIL) }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
