import Console
import Foundation
import FoundationNetworking
import Locking
import Logging
import ServiceLifecycle
import Vocabulary
import Wire

/// A backend whose answers a test sets, and which remembers the changes it was asked for.
final class FixedBackend: ConsoleBackend {
    struct State {
        var funnel = Funnel()
        var serving = ServingState.ready
        var rate = 0.1
        var shadowChanges: [ShadowLimitsChange] = []
    }

    let state = Locked(State())

    func funnel() -> Funnel { state.withLock { $0.funnel } }
    func servingState() -> ServingState { state.withLock { $0.serving } }
    func status() -> [StatusRow] { [StatusRow(name: "shadow", value: "breaker open", isAlarming: true)] }
    func readiness() async throws -> JSON { ["verdict": "hold"] }

    func apply(_ change: SamplingChange) async throws -> JSON {
        if change.isPaused == true { throw ChangeRefused("Mirroring cannot be paused while a test runs.") }
        let rate = state.withLock { state in
            state.rate = change.rate ?? state.rate
            return state.rate
        }
        return ["rate": JSON(rate)]
    }

    func apply(_ change: ShadowLimitsChange) async throws -> JSON {
        state.withLock { $0.shadowChanges.append(change) }
        return ["max_in_flight": JSON(change.maximumInFlight)]
    }
}

/// Runs a console on a port of the system's choice while `body` runs.
func withConsole(
    token: String? = nil,
    host: String = "127.0.0.1",
    backend: FixedBackend = FixedBackend(),
    registry: PrometheusRegistry = .forUnderstudy(),
    _ body: @Sendable (ConsoleClient, FixedBackend) async throws -> Void
) async throws {
    let (ports, port) = AsyncStream<Int>.makeStream()
    let server = ConsoleServer(
        configuration: ConsoleConfiguration(host: host, port: 0, token: token),
        backend: backend,
        registry: registry,
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        onListening: { port.yield($0) }
    )
    let group = ServiceGroup(configuration: .init(services: [.init(service: server)], logger: Logger(label: "test")))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask {
            // Ends the wait below even when the server cannot start.
            defer { port.finish() }
            try await group.run()
        }
        for await number in ports {
            try await body(ConsoleClient(port: number), backend)
            break
        }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
    }
}

/// Asks a console over a real connection.
struct ConsoleClient: Sendable {
    let port: Int

    struct Answer {
        var status: Int
        var headers: [String: String]
        var body: String
    }

    func ask(
        _ path: String,
        method: String = "GET",
        body: String? = nil,
        token: String? = nil
    ) async throws -> Answer {
        guard let url = URL(string: "http://127.0.0.1:\(port)\(path)") else { throw URLError(.badURL) }
        var request = URLRequest(url: url, timeoutInterval: 20)
        request.httpMethod = method
        request.httpBody = body.map { Data($0.utf8) }
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        let session = URLSession(configuration: .ephemeral)
        defer { session.finishTasksAndInvalidate() }
        let (data, response) = try await session.data(for: request)
        guard let response = response as? HTTPURLResponse else { throw URLError(.badServerResponse) }
        var headers: [String: String] = [:]
        for (name, value) in response.allHeaderFields {
            headers["\(name)".lowercased()] = "\(value)"
        }
        return Answer(status: response.statusCode, headers: headers, body: String(decoding: data, as: UTF8.self))
    }
}
