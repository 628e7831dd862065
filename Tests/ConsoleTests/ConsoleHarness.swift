import Console
import Foundation
import JSON
import Logging
import ServiceLifecycle
import TestSupport
import Testing
import Threads
import Vocabulary

/// A backend whose answers a test sets, and which remembers the changes it was asked for.
final class FixedBackend: ConsoleBackend {
    struct State {
        var funnel = Funnel()
        var serving = ServingState.ready
        var rate = 0.1
        var shadowChanges: [ShadowLimitsChange] = []
        var rows = [StatusRow(name: "shadow", value: "breaker open", isAlarming: true)]
    }

    /// What an evaluation waits for; nil: nothing.
    let evaluating: AsyncStream<Void>?

    init(evaluating: AsyncStream<Void>? = nil) {
        self.evaluating = evaluating
    }

    let state = Locked(State())
    /// Evaluations that have begun.
    let evaluations = Awaited(0)

    func funnel() -> Funnel { state.withLock { $0.funnel } }
    func servingState() -> ServingState { state.withLock { $0.serving } }
    func status() -> [StatusRow] { state.withLock { $0.rows } }

    func readiness() async throws -> JSON {
        var number = 0
        evaluations.change { count in
            count += 1
            number = count
        }
        if let evaluating { for await _ in evaluating { break } }
        return ["verdict": "hold", "number": JSON(number)]
    }

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

/// A change of the configuration that most tests use.
struct Configure {
    var apply: (inout ConsoleSettings) -> Void

    init(_ apply: @escaping (inout ConsoleSettings) -> Void) {
        self.apply = apply
    }
}

/// Runs a console on a port of the system's choice while `body` runs.
func withConsole(
    token: String? = nil,
    host: String = "127.0.0.1",
    backend: FixedBackend = FixedBackend(),
    registry: PrometheusRegistry = .forUnderstudy(),
    configure: Configure = Configure { _ in },
    _ body: @Sendable (ConsoleClient, FixedBackend) async throws -> Void
) async throws {
    let (ports, port) = AsyncStream<Int>.makeStream()
    var configuration = ConsoleSettings(
        host: host,
        port: 0,
        isLoopback: Loopback.contains(host),
        token: token
    )
    configure.apply(&configuration)
    let server = ConsoleServer(
        configuration: configuration,
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
        let raw = try RawConnection(to: port)
        var head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n"
        if let token { head += "Authorization: Bearer \(token)\r\n" }
        if let body { head += "Content-Length: \(body.utf8.count)\r\n" }
        raw.send(head + "\r\n" + (body ?? ""))
        let answer = await raw.readToEnd()
        let end = try #require(answer.range(of: "\r\n\r\n"))
        let lines = answer[..<end.lowerBound].components(separatedBy: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            headers[line[..<colon].lowercased()] = value
        }
        let status = try #require(lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) })
        return Answer(status: status, headers: headers, body: String(answer[end.upperBound...]))
    }
}
