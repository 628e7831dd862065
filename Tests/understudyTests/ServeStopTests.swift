import Foundation
import FoundationNetworking
import JSON
import TestSupport
import Testing

/// SIGTERM while something does not end by itself: the process is gone within `limits.drain` and two seconds.
@Suite(.hangLimit, .serialized)
struct ServeStopTests {
    /// Seconds that only a hang takes, on a busy machine too.
    ///
    /// That the process was in time by its own clock is in its status: 75 where it had to be ended, 1.2 s after `limits.drain`.
    private static let hang = 20.0

    private struct Served {
        var serve: RunningCommand
        var gateway: Int
        var console: Int
        var store: String
        var configuration: String
    }

    /// `serve` between two stand-ins, of which the shadow's may have faults; a silent server may take the place of stable's.
    private func serving(
        stable silent: SilentServer? = nil,
        shadow faults: [String] = [],
        drain: String = "1s",
        _ body: (Served) async throws -> Void
    ) async throws {
        try await withFolder { folder in
            func standIn(_ faults: [String]) throws -> RunningCommand {
                try RunningCommand(
                    ["stand-in", "--port", "0", "--speed", "20", "--default-tokens", "4"]
                        + faults.flatMap { ["--fault", $0] }
                )
            }
            let (stable, shadow) = (try standIn([]), try standIn(faults))
            let answeringPort = try #require(await stable.line(beginning: "stand-in for")?.port)
            let stablePort = silent?.port ?? answeringPort
            let shadowPort = try #require(await shadow.line(beginning: "stand-in for")?.port)
            let store = folder.appendingPathComponent("pairs.sqlite").path
            let config = try folder.file(
                "understudy.yaml",
                """
                listen: 127.0.0.1:0
                console: 127.0.0.1:0
                store: "\(store)"
                experiment: { name: stop, horizon: 7d }
                limits: { drain: \(drain) }
                stable: { model: m, version: v1.0.0, url: "http://127.0.0.1:\(stablePort)" }
                shadow: { model: m, version: v1.0.1, url: "http://127.0.0.1:\(shadowPort)", timeout: 600s }
                sampling: { rate: 1.0, control_rate: 0 }
                """
            )
            let serve = try RunningCommand(
                ["serve", "--config", config],
                environment: ["UNDERSTUDY_TOKEN": Scene.token]
            )
            let (gateway, console) = try #require(await serve.ports())
            try await body(
                Served(serve: serve, gateway: gateway, console: console, store: store, configuration: config)
            )
            for server in [stable, shadow] {
                server.signal(SIGTERM)
                _ = await server.ended()
            }
        }
    }

    private func get(_ port: Int, _ path: String) async throws -> (Data, HTTPURLResponse?) {
        let url = try #require(URL(string: "http://127.0.0.1:\(port)\(path)"))
        let (data, response) = try await URLSession.shared.data(from: url)
        return (data, response as? HTTPURLResponse)
    }

    /// Waits for a figure of the funnel.
    private func wait(_ served: Served, until isReached: (JSON) -> Bool) async throws {
        try await answer(where: isReached) {
            try JSON(parsing: [UInt8](try await get(served.console, "/api/v1/funnel").0))
        }
    }

    /// Sends a request whose answer nobody waits for.
    private func ask(_ served: Served) -> Task<Void, any Error> {
        Task {
            let url = try #require(URL(string: "http://127.0.0.1:\(served.gateway)/v1/chat/completions"))
            var request = URLRequest(url: url, timeoutInterval: 120)
            request.httpMethod = "POST"
            request.httpBody = Data(#"{"messages":[{"role":"user","content":"q"}]}"#.utf8)
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
            _ = try await URLSession.shared.data(for: request)
        }
    }

    /// Signals, and waits for the end.
    private func stop(_ served: Served) async -> (status: Int32, seconds: Double) {
        let begin = ContinuousClock.now
        served.serve.signal(SIGTERM)
        let status = await served.serve.ended()
        return (status, begin.duration(to: .now) / .seconds(1))
    }

    @Test func `an answer that does not come is cut when the time is over`() async throws {
        let silent = try SilentServer()
        try await serving(stable: silent) { served in
            let asking = ask(served)
            await silent.isAsked()
            let end = await stop(served)
            #expect(end.status == 0)
            #expect(end.seconds < Self.hang)
            _ = try? await asking.value
        }
    }

    @Test func `a shadow that does not answer is counted as stopped`() async throws {
        try await serving(shadow: ["hang"]) { served in
            try await ask(served).value
            try await wait(served) { $0["in_flight"]?.intValue == 1 }
            let end = await stop(served)
            #expect(end.status == 0)
            #expect(end.seconds < Self.hang)
            #expect(served.serve.transcript.contains("1 failed, 0 in flight"))
        }
    }

    @Test func `a change that never comes to its end holds nothing up`() async throws {
        try await serving { served in
            let connection = try RawConnection(to: served.console)
            connection.send(
                "PUT /api/v1/sampling HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(Scene.token)\r\n"
                    + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
            )
            // Answered after the bytes above were read: connections are served in the order in which they came.
            _ = try await get(served.console, "/healthz")
            let end = await stop(served)
            #expect(end.status == 0)
            #expect(end.seconds < Self.hang)
        }
    }

    @Test func `a store that another process holds keeps neither the lock nor the port`() async throws {
        try await serving { served in
            let lock = try WriteLock(ofStore: served.store)
            try await ask(served).value
            try await wait(served) { $0["in_flight"]?.intValue == 1 }
            let end = await stop(served)
            #expect(end.status == 75)
            #expect(end.seconds < Self.hang)
            #expect(served.serve.transcript.contains("the store did not end; the process ends now"))
            lock.release()
            // On the very ports that the first one had.
            let file = URL(fileURLWithPath: served.configuration)
            let text = try String(contentsOf: file, encoding: .utf8)
                .replacing("listen: 127.0.0.1:0", with: "listen: 127.0.0.1:\(served.gateway)")
                .replacing("console: 127.0.0.1:0", with: "console: 127.0.0.1:\(served.console)")
            try Data(text.utf8).write(to: file)
            let next = try RunningCommand(["serve", "--config", served.configuration])
            let ports = await next.ports()
            #expect(ports?.gateway == served.gateway && ports?.console == served.console)
            next.signal(SIGTERM)
            #expect(await next.ended() == 0)
        }
    }

    @Test func `a second signal ends the process at once`() async throws {
        let silent = try SilentServer()
        try await serving(stable: silent, drain: "1h") { served in
            let asking = ask(served)
            await silent.isAsked()
            served.serve.signal(SIGTERM)
            try await answer(where: { $0?.statusCode == 503 }, to: { try await get(served.console, "/readyz").1 })
            let begin = ContinuousClock.now
            // The thread that lets the second one through may not be there yet.
            let repeating = Task {
                while !Task.isCancelled {
                    served.serve.signal(SIGTERM)
                    try await Task.sleep(for: .milliseconds(50))
                }
            }
            #expect(await served.serve.ended() == SIGTERM)
            repeating.cancel()
            #expect(begin.duration(to: .now) < .seconds(30))
            _ = try? await asking.value
        }
    }
}

/// A server that takes a request and never answers.
private final class SilentServer: Sendable {
    let port: Int
    private let listener: Int32
    private let asked: AsyncStream<Void>

    init() throws {
        let (listener, port) = try LoopbackSocket.listen(backlog: 8)
        let (asked, continuation) = AsyncStream<Void>.makeStream()
        self.asked = asked
        self.port = Int(port)
        self.listener = listener
        Thread {
            let client = accept(listener, nil, nil)
            var byte: UInt8 = 0
            guard client >= 0, read(client, &byte, 1) == 1 else { return }
            continuation.finish()
            // Until the other side goes.
            while read(client, &byte, 1) > 0 {}
            close(client)
        }.start()
    }

    deinit { close(listener) }

    /// Waits for the first byte of a request.
    func isAsked() async {
        for await _ in asked {}
    }
}

/// SQLite's own lock of whoever writes: byte 120 of the `-shm` file (sqlite.org/walformat.html, "WAL Locks").
private final class WriteLock: Sendable {
    private let descriptor: Int32

    init(ofStore path: String) throws {
        descriptor = open(path + "-shm", O_RDWR | O_CLOEXEC)
        // The second in which counts are written is short; then it is free.
        while true {
            var lock = flock()
            lock.l_type = Int16(F_WRLCK)
            lock.l_whence = Int16(SEEK_SET)
            lock.l_start = 120
            lock.l_len = 1
            if fcntl(descriptor, F_SETLKW, &lock) == 0 { return }
            guard errno == EINTR else { throw POSIXError(.EDEADLK) }
        }
    }

    /// Closing any descriptor of a file lets go of all the process's locks on it.
    func release() { close(descriptor) }
}
