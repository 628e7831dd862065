import Console
import JSON
import TestSupport
import Testing
import Threads
import Vocabulary

@Suite(.hangLimit)
struct ConsoleRoutesTests {
    @Test func `probes answer without a token and say when not to send traffic`() async throws {
        try await withConsole(token: "secret", host: "0.0.0.0") { client, backend in
            try await #expect(client.ask("/healthz").status == 200)
            try await #expect(client.ask("/readyz").status == 200)
            backend.state.withLock { $0.serving = .notReady("Stopping.") }
            let stopping = try await client.ask("/readyz")
            #expect(stopping.status == 503)
            #expect(stopping.body == "Stopping.\n")
        }
    }

    @Test func `away from loopback everything but the probes needs the token`() async throws {
        try await withConsole(token: "secret", host: "0.0.0.0") { client, _ in
            for path in ["/", "/metrics", "/api/v1/funnel", "/api/v1/readiness", "/api/v1/status", "/nothing"] {
                try await #expect(client.ask(path).status == 401, "\(path)")
            }
            // Not more often than one may guess.
            for path in ["/", "/metrics", "/api/v1/readiness"] {
                try await #expect(client.ask(path, token: "wrong").status == 401, "\(path)")
            }
            try await #expect(client.ask("/metrics", token: "secret").status == 200)
        }
    }

    @Test func `on loopback reading is free and changing needs the token`() async throws {
        try await withConsole(token: "secret") { client, backend in
            try await #expect(client.ask("/api/v1/funnel").status == 200)
            try await #expect(client.ask("/api/v1/sampling", method: "PUT", body: #"{"rate":0.2}"#).status == 401)
            #expect(backend.state.withLock { $0.rate } == 0.1)
            let change = try await client.ask(
                "/api/v1/sampling",
                method: "PUT",
                body: #"{"rate":0.2}"#,
                token: "secret"
            )
            #expect(change.status == 200)
            #expect(change.body == "{\"rate\":0.2}\n")
            #expect(backend.state.withLock { $0.rate } == 0.2)
        }
    }

    @Test func `without a configured token nothing can be changed`() async throws {
        try await withConsole { client, _ in
            let reply = try await client.ask("/api/v1/shadow", method: "PUT", body: #"{"max_queue":1}"#, token: "any")
            #expect(reply.status == 403)
            #expect(reply.body.contains("console.token_env"))
        }
    }

    @Test(arguments: [
        ("/api/v1/sampling", #"{"rate":1.5}"#, "rate is a number from 0.0 to 1.0."),
        ("/api/v1/sampling", #"{"rate":"0.2"}"#, "rate is a number"),
        ("/api/v1/sampling", #"{"rte":0.2}"#, "rte"),
        ("/api/v1/sampling", "{}", "is empty"),
        ("/api/v1/sampling", "[1]", "one JSON object"),
        ("/api/v1/sampling", "{", "cannot be read"),
        ("/api/v1/sampling", #"{"paused":1}"#, "paused is true or false."),
        ("/api/v1/sampling", #"{"paused":true}"#, "while a test runs"),
        ("/api/v1/shadow", #"{"max_in_flight":0}"#, "max_in_flight is a whole number"),
        ("/api/v1/shadow", #"{"timeout_seconds":-1}"#, "timeout_seconds is a number"),
    ])
    func `a change that cannot be made is refused in a sentence`(
        path: String,
        body: String,
        sentence: String
    ) async throws {
        try await withConsole(token: "t") { client, backend in
            let reply = try await client.ask(path, method: "PUT", body: body, token: "t")
            #expect(reply.status == 400)
            let message = try #require(try JSON(parsing: reply.body)["error"]?["message"]?.stringValue)
            #expect(message.contains(sentence), "\(message)")
            #expect(message.hasSuffix("."))
            #expect(backend.state.withLock { $0.rate } == 0.1)
        }
    }

    @Test func `limits of the shadow arrive as they were written`() async throws {
        try await withConsole(token: "t") { client, backend in
            let body = #"{"max_in_flight":4,"max_queue":0,"max_buffered_bytes":1048576,"timeout_seconds":2.5}"#
            try await #expect(client.ask("/api/v1/shadow", method: "PUT", body: body, token: "t").status == 200)
            let expected = ShadowLimitsChange(
                maximumInFlight: 4,
                maximumQueue: 0,
                maximumBufferedBytes: 1_048_576,
                timeout: .milliseconds(2_500)
            )
            #expect(backend.state.withLock { $0.shadowChanges } == [expected])
        }
    }

    @Test func `the page needs nothing from outside and may run nothing from outside`() async throws {
        try await withConsole { client, _ in
            let page = try await client.ask("/")
            #expect(page.status == 200)
            #expect(page.headers["content-security-policy"]?.hasPrefix("default-src 'none'") == true)
            #expect(!page.body.contains("http://") && !page.body.contains("https://"))
        }
    }
}
