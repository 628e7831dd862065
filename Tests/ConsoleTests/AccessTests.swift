import Foundation
import HTTPTypes
import TestSupport
import Testing
import Threads
import Vocabulary

@testable import Console

/// Who may ask for what, as values and over real connections.
struct AccessTests {
    private static let token = "a-token-of-the-test"

    private func ask(
        _ method: HTTPRequest.Method = .get,
        _ path: String = "/metrics",
        host: String? = "127.0.0.1:9464",
        authorization: String? = nil,
        origin: String? = nil,
        site: String? = nil,
        loopback: Bool = true
    ) -> AccessRule.Decision {
        AccessRule(token: Array(Self.token.utf8), isLoopback: loopback).decide(
            AccessQuestion(
                method: method,
                path: path,
                authority: host,
                authorization: authorization,
                origin: origin,
                fetchSite: site
            )
        )
    }

    @Test func `on loopback only a loopback name is answered, so that no page can rebind its own`() {
        for host in ["127.0.0.1", "127.0.0.1:9464", "localhost:9464", "LOCALHOST", "[::1]:9464", "127.8.9.10:1"] {
            #expect(ask(host: host) == .allowed, "\(host)")
        }
        for host in [
            "evil.example", "127.evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1:9464",
            "127.1",
            "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433",
        ] {
            #expect(ask(host: host) == .hostStrange, "\(host)")
            #expect(ask(.put, "/api/v1/sampling", host: host, authorization: "Bearer \(Self.token)") == .hostStrange)
        }
        for host in [nil, "", "a b", "a@b", "a/b", "a:b", "[::1", "a:99999", "a:1:2", ":80"] {
            #expect(ask(host: host) == .hostMissing, "\(host ?? "none")")
            #expect(ask(host: host, authorization: "Bearer \(Self.token)", loopback: false) == .hostMissing)
        }
    }

    @Test func `probes are answered whatever they call the console`() {
        for host in ["10.1.2.3:9464", "understudy.default.svc", nil] {
            for path in ["/healthz", "/readyz"] {
                #expect(ask(.get, path, host: host) == .allowed)
                #expect(ask(.head, path, host: host, loopback: false) == .allowed)
            }
        }
        #expect(ask(.put, "/healthz", loopback: false) == .tokenMissing)
    }

    @Test func `off loopback the token comes as Bearer or as the password of Basic`() {
        func basic(_ pair: String) -> String { "Basic " + Data(pair.utf8).base64EncodedString() }
        let good = [
            "Bearer \(Self.token)", "bearer  \(Self.token) ", basic("operator:\(Self.token)"), basic(":\(Self.token)"),
        ]
        for authorization in good {
            #expect(ask(host: "console.example", authorization: authorization, loopback: false) == .authorised)
        }
        for authorization in [
            "Bearer wrong", basic("operator:wrong"), basic("\(Self.token):"), basic("a:b:\(Self.token)"),
            "Bearer x\(Self.token)",
        ] {
            #expect(ask(host: "console.example", authorization: authorization, loopback: false) == .tokenWrong)
        }
        for authorization in [nil, "", "Bearer", "Basic !", basic(Self.token), "Digest \(Self.token)", Self.token] {
            #expect(ask(host: "console.example", authorization: authorization, loopback: false) == .tokenMissing)
        }
    }

    @Test func `a change is not made for another site's page`() {
        func put(_ host: String, _ origin: String?, _ site: String? = nil) -> AccessRule.Decision {
            ask(
                .put,
                "/api/v1/sampling",
                host: host,
                authorization: "Bearer \(Self.token)",
                origin: origin,
                site: site,
                loopback: false
            )
        }
        #expect(put("console.example:9464", nil) == .authorised)
        #expect(put("console.example:9464", "http://console.example:9464", "same-origin") == .authorised)
        #expect(put("console.example", "https://Console.Example") == .authorised)
        #expect(put("[::1]:9464", "http://[::1]:9464") == .authorised)
        for origin in [
            "null", "", "http://evil.example", "http://console.example:1", "https://console.example.evil.example",
            "file://",
        ] {
            #expect(put("console.example:9464", origin) == .crossSite, "\(origin)")
        }
        for site in ["cross-site", "same-site"] {
            #expect(put("console.example:9464", nil, site) == .crossSite)
        }
    }

    @Test func `five wrong tokens, then one in twelve seconds`() throws {
        var throttle = FailureThrottle()
        let (start, guesser, other) = (ContinuousClock.now, [UInt8]([192, 0, 2, 1]), [UInt8]([192, 0, 2, 2]))
        for _ in 0..<4 {
            #expect(throttle.wait(guesser, now: start) == nil)
            let outcome = throttle.failed(guesser, now: start)
            #expect(outcome == .counted)
        }
        let last = throttle.failed(guesser, now: start)
        #expect(last == .exhausted)
        #expect(throttle.wait(guesser, now: start) == .seconds(12))
        #expect(throttle.wait(other, now: start) == nil)
        #expect(throttle.wait(guesser, now: start + .seconds(11)) != nil)
        #expect(throttle.wait(guesser, now: start + .seconds(13)) == nil)
        let next = throttle.failed(guesser, now: start + .seconds(13))
        #expect(next == .exhausted)
        #expect(throttle.wait(guesser, now: start + .seconds(14)) != nil)
        #expect(throttle.wait(guesser, now: start + .seconds(100)) == nil)
    }

    @Test func `what is remembered of guessers is bounded, and the worst are remembered`() {
        var throttle = FailureThrottle()
        let (start, worst) = (ContinuousClock.now, [UInt8]([192, 0, 2, 1]))
        for _ in 0..<5 { _ = throttle.failed(worst, now: start) }
        for number in 0..<3_000 { _ = throttle.failed([10, 0, UInt8(number / 256), UInt8(number % 256)], now: start) }
        #expect(throttle.addressCount == FailureThrottle.maximumAddresses)
        #expect(throttle.wait(worst, now: start) != nil)
    }

    @Test(.hangLimit)
    func `after five wrong tokens an address has to wait, with the right one too`() async throws {
        // The time stands still, so that no wrong token is forgotten while a busy machine asks for the next.
        let start = ContinuousClock.now
        try await withConsole(token: Self.token, host: "0.0.0.0", configure: Configure { $0.now = { start } }) {
            client,
            _ in
            // To ask without a token is no guess.
            for _ in 0..<8 { try await #expect(client.ask("/metrics").status == 401) }
            for _ in 0..<5 { try await #expect(client.ask("/metrics", token: "wrong").status == 401) }
            let refused = try await client.ask("/metrics", token: Self.token)
            #expect(refused.status == 429)
            let wait = try #require(refused.headers["retry-after"].flatMap { Int($0) })
            #expect((1...13).contains(wait))
            try await #expect(client.ask("/healthz").status == 200)
        }
    }

    @Test(.hangLimit)
    func `a strange Host and another site's Origin are refused over a connection too`() async throws {
        try await withConsole(token: Self.token) { client, backend in
            let strange = try RawConnection(to: client.port)
            strange.send("GET /api/v1/funnel HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
            #expect(await strange.read(through: "}").hasPrefix("HTTP/1.1 421 "))
            let crossing = try RawConnection(to: client.port)
            crossing.send(
                "PUT /api/v1/sampling HTTP/1.1\r\nHost: 127.0.0.1:\(client.port)\r\nOrigin: http://evil.example\r\n"
                    + "Authorization: Bearer \(Self.token)\r\nContent-Length: 12\r\nConnection: close\r\n\r\n{\"rate\":0.9}"
            )
            #expect(await crossing.read(through: "}").hasPrefix("HTTP/1.1 403 "))
            #expect(backend.state.withLock { $0.rate } == 0.1)
        }
    }
}
