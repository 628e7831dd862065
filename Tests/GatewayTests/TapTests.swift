import Gateway
import NIOCore
import TestSupport
import Testing

/// What the tap is told.
@Suite(.serialized) struct TapTests {
    @Test(.hangLimit)
    func `the tap sees the request as the client sent it and the answer as stable sent it`() async throws {
        let script: [Step] = [
            .request,
            .send(
                "HTTP/1.1 201 Made\r\nKeep-Alive: timeout=5\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
            ),
            .send("2\r\nab\r\n"), .send("1\r\nc\r\n0\r\n\r\n"), .awaitClose,
        ]
        try await withGateway(upstream: [script]) { stage in
            let before = ContinuousClock.now
            let answer = try await stage.ask(
                "POST /v1/chat/completions?a=b HTTP/1.1\r\nHost: me\r\nX-Session-Id: s\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "2\r\n{ \r\n1;x\r\n}\r\n0\r\n\r\n"
            )
            #expect(answer.text == "abc")
            await stage.tap.wait { $0.answers.first?.end != nil && $0.summaries.count == 1 }
            let seen = stage.tap.now
            let tapped = try #require(seen.answers.first)
            #expect(tapped.request.head.method == "POST")
            #expect(tapped.request.head.target == "/v1/chat/completions?a=b")
            #expect(tapped.request.head.path == "/v1/chat/completions")
            #expect(tapped.request.headers.first("x-session-id") == "s")
            #expect(tapped.request.headers.first("host") == "me")
            #expect(tapped.request.body.flatMap { Array($0.readableBytesView) } == Array("{ }".utf8))
            #expect(tapped.request.bodyByteCount == 3)
            #expect(tapped.request.clientAddress == "127.0.0.1")
            #expect(tapped.request.receivedFirstByteAt >= before)
            #expect(tapped.request.completedAt >= tapped.request.receivedFirstByteAt)
            #expect(tapped.request.servedBy == .stable)
            #expect(tapped.status == 201)
            #expect(tapped.headers?.first("keep-alive") == "timeout=5")
            #expect(tapped.headers?.first("x-model-version") == nil)
            #expect(tapped.body == Array("abc".utf8))
            #expect(tapped.end == .complete)
            #expect(!seen.finishedTwice)
            #expect(seen.summaries[0].status == 201)
            #expect(seen.summaries[0].end == .complete)
            #expect(seen.abandoned.isEmpty)
        }
    }

    @Test(.hangLimit)
    func `a body that the tap does not want is counted and not kept`() async throws {
        try await withGateway(tap: RecordingTap(wantsBody: { method, path in path != "/skip" })) { stage in
            _ = try await stage.ask("POST /skip HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
            await stage.tap.wait { $0.answers.first?.end != nil }
            #expect(try stage.tap.firstAnswer().request.body.isEmpty)
            #expect(try stage.tap.firstAnswer().request.bodyByteCount == 3)
        }
    }

    @Test(.hangLimit)
    func `a body sent byte by byte pins little memory`() async throws {
        // A busy machine is slower at it than a client may be.
        try await withGateway(configure: Configure { $0.minimumBodyRate = 0 }) { stage in
            let client = try await stage.client()
            try await client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 600\r\n\r\n")
            for index in 0..<600 { try await client.send([UInt8(truncatingIfNeeded: index)]) }
            _ = try await client.message()
            let body = try stage.tap.firstAnswer().request.body
            #expect(body.flatMap { Array($0.readableBytesView) } == (0..<600).map { UInt8(truncatingIfNeeded: $0) })
            #expect(body.reduce(0) { $0 + $1.storageCapacity } < 8192)
            await client.close()
        }
    }

    @Test(.hangLimit)
    func `a refused request is told with its path where there is one`() async throws {
        try await withGateway { stage in
            _ = try await stage.ask("GARBAGE\r\n\r\n")
            _ = try await stage.ask("POST /p?q HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
            #expect(
                stage.tap.now.abandoned == [
                    .init(reason: .refused, path: nil), .init(reason: .refused, path: "/p"),
                ]
            )
            #expect(stage.tap.now.answers.isEmpty)
            let counters = await stage.gateway.counters()
            #expect(counters.refusals == 2)
            #expect(counters.answersByClass[4] == 2)
        }
    }

    @Test(.hangLimit)
    func `an answer that begins before the request is complete abandons it, and still reaches the client`() async throws
    {
        let begun = Signal()
        let script: [Step] = [
            .requestHead, .send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nfir"), .wait(begun), .send("st!"),
            .awaitClose,
        ]
        try await withGateway(upstream: [script], configure: Configure { $0.gatheredBodyLimit = 0 }) { stage in
            let client = try await stage.client()
            try await client.send("POST /e HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab")
            try await client.read(through: "fir")
            try await client.send("cd")
            begun.fire()
            #expect(String(decoding: try await client.readToEnd(), as: UTF8.self) == "st!")
            #expect(stage.tap.now.abandoned == [.init(reason: .answeredEarly, path: "/e")])
            #expect(stage.tap.now.answers.isEmpty)
        }
    }
}
