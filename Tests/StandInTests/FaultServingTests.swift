import JSON
import StandIn
import TestSupport
import Testing

/// Every fault as a client meets it.
@Suite(.hangLimit)
struct FaultServingTests {
    private static let request: JSON = [
        "model": "m", "stream": true, "messages": [["role": "user", "content": "x"]],
    ]

    private func reply(
        _ kind: Fault.Kind,
        request: JSON = Self.request,
        upTo limit: Int = .max,
        timeout: Duration = .seconds(120)
    ) async throws -> RawClient.Reply {
        try await withStandIn(faults: [Fault(kind: kind)]) { client in
            try await client.post("/v1/chat/completions", request, upTo: limit, timeout: timeout)
        }
    }

    @Test func `hang accepts and never answers`() async throws {
        let reply = try await reply(.hang, timeout: .milliseconds(300))
        #expect(reply.byteCount == 0)
    }

    @Test func `status answers with an error in the endpoint's shape`() async throws {
        let reply = try await reply(.status(503))
        #expect(reply.status == 503)
        try #expect(JSON(parsing: reply.body)["error"]?["type"] != nil)
    }

    @Test func `cut ends in an orderly way before the end`() async throws {
        let reply = try await reply(.cut)
        #expect(reply.status == 200)
        #expect(reply.body.contains("data: "))
        #expect(!reply.body.contains("[DONE]"))
        #expect(!reply.wasReset)
    }

    @Test func `a document is cut under the length of the whole`() async throws {
        let reply = try await reply(.cut, request: ["messages": [["role": "user", "content": "x"]]])
        let announced = reply.text.split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }
            .flatMap { Int($0.dropFirst("Content-Length: ".count)) }
        #expect(reply.body.utf8.count < announced ?? 0)
    }

    @Test func `reset ends in a reset`() async throws {
        let reply = try await reply(.reset)
        #expect(reply.wasReset)
    }

    @Test func `garbage is not HTTP`() async throws {
        let reply = try await reply(.garbage)
        #expect(reply.byteCount > 0)
        #expect(!reply.text.hasPrefix("HTTP/"))
    }

    @Test func `endless and huge send as much as the reader takes`() async throws {
        // Endless events are small, and slow to read under the thread sanitizer.
        for (kind, limit) in [(Fault.Kind.endless, 256 << 10), (.huge, 8 << 20)] {
            let reply = try await reply(kind, upTo: limit)
            #expect(reply.byteCount >= limit)
        }
    }

    @Test func `slow stretches every time`() async throws {
        let reply = try await withStandIn(speed: 1, faults: [Fault(kind: .slow(factor: 4))], defaultTokens: 8) {
            client in
            try await client.post("/v1/chat/completions", Self.request)
        }
        // The default answer of 8 words takes 60 ms at speed 1.
        #expect(reply.endedAfter >= .milliseconds(240))
        #expect(reply.body.hasSuffix("data: [DONE]\n\n"))
    }
}
