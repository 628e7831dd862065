import NIOCore
import TestSupport
import Testing

@testable import Gateway

private let post = "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n"

/// Stable's connections are not held by requests that are not there yet.
@Suite(.serialized) struct GatheringTests {
    @Test(
        .hangLimit,
        arguments: [
            ("Content-Length: 6\r\n\r\nabc", "def"), ("Content-Length: 3\r\n\r\n", "def"),
            ("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "3\r\ndef\r\n0\r\n\r\n"),
            ("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n", "\r\n"),
        ]
    )
    func `a connection to stable is taken when a small request is complete`(
        _ first: String,
        _ rest: String
    ) async throws {
        let begun = Signal()
        let tap = RecordingTap(wantsBody: { _, _ in
            begun.fire()
            return true
        })
        try await withGateway(tap: tap, threads: 1) { stage async throws in
            let client = try await stage.client()
            try await client.send(post + first)
            await begun.wait()
            #expect(await stage.gateway.counters().upstreamConnectionsOpened == 0)
            try await client.send(rest)
            let answer = try await client.message()
            // What stable read: the body in the client's own framing.
            let body =
                (first.split(separator: "\r\n\r\n", maxSplits: 1).dropFirst().first.map(String.init) ?? "") + rest
            #expect(answer.text.hasSuffix("\r\n\r\n" + body))
            #expect(await stage.gateway.counters().upstreamConnectionsOpened == 1)
            await client.close()
        }
    }

    @Test(.hangLimit)
    func `a body that is longer than what is gathered goes on as it comes`() async throws {
        let seen = Signal()
        let script: [Step] = [.requestHead, .fire(seen), .awaitClose]
        try await withGateway(upstream: [script], threads: 1) { stage async throws in
            let client = try await stage.client()
            try await client.send(post + "Content-Length: 200000\r\n\r\n" + String(repeating: "x", count: 65_537))
            await seen.wait()
            await client.close()
            await stage.tap.wait { $0.abandoned.count == 1 }
        }
    }

    @Test(.hangLimit)
    func `what is gathered is bounded over all clients`() async throws {
        let seen = Signal()
        let third = Signal()
        let tap = RecordingTap(wantsBody: { _, path in
            if path == "/third" { third.fire() }
            return true
        })
        try await withGateway(
            upstream: [[.requestHead, .fire(seen), .awaitClose]],
            tap: tap,
            threads: 1,
            configure: Configure { $0.gatheredTotalLimit = 1000 }
        ) { stage async throws in
            let begun = try await stage.client()
            try await begun.send(post + "Content-Length: 2000\r\n\r\n" + String(repeating: "x", count: 990))
            let client = try await stage.client()
            try await client.send(post + "Content-Length: 2000\r\n\r\n" + String(repeating: "x", count: 990))
            // One of them is one too many.
            await seen.wait()
            #expect(await stage.gateway.counters().upstreamConnectionsOpened == 1)
            await client.close()
            await begun.close()
            await stage.tap.wait { $0.abandoned.count == 2 }
            // What they held is free again.
            let last = try await stage.client()
            try await last.send(
                "POST /third HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\n\r\n" + String(repeating: "x", count: 990)
            )
            await third.wait()
            #expect(await stage.gateway.counters().upstreamConnectionsOpened == 1)
            await last.close()
        }
    }

    @Test(.hangLimit)
    func `a large body in many pieces arrives whole`() async throws {
        let body = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        try await withGateway(upstream: [[.request, .send("HTTP/1.1 204 No\r\n\r\n"), .awaitClose]]) {
            stage async throws in
            let client = try await stage.client()
            try await client.send(post + "Content-Length: \(body.count)\r\n\r\n")
            for start in stride(from: 0, to: body.count, by: 777) {
                try await client.send(Array(body[start..<min(start + 777, body.count)]))
            }
            #expect(try await client.message().status == 204)
            #expect(stage.upstream.requests.first?.body == body)
            let tapped = try stage.tap.firstAnswer().request
            #expect(tapped.body.flatMap { Array($0.readableBytesView) } == body)
            await client.close()
        }
    }
}
