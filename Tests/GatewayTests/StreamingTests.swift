import Gateway
import NIOCore
import Synchronization
import TestSupport
import Testing

private let streamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
private let post = "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n"

private final class Counter: Sendable {
    let value = Atomic(0)
}

/// Bytes move when they arrive, and only as fast as the other side takes them.
@Suite(.serialized) struct StreamingTests {
    @Test(.hangLimit)
    func `every event reaches the client before stable sends the next`() async throws {
        let seen = (0..<3).map { _ in Signal() }
        var script: [Step] = [.request, .send(streamHead)]
        for (index, signal) in seen.enumerated() { script += [.wait(signal), .send("8\r\ndata: \(index)\n\r\n")] }
        script += [.send("0\r\n\r\n"), .awaitClose]
        try await withGateway(upstream: [script]) { stage async throws in
            let client = try await stage.client()
            try await client.send(post + "Content-Length: 2\r\n\r\n{}")
            try await client.read(through: "\r\n\r\n")
            for (index, signal) in seen.enumerated() {
                signal.fire()
                #expect(try await client.read(through: "\n\r\n") == "8\r\ndata: \(index)\n\r\n")
            }
            try await client.read(through: "0\r\n\r\n")
            await stage.tap.wait { $0.answers.first?.end == .complete }
            #expect(try stage.tap.firstAnswer().body == Array("data: 0\ndata: 1\ndata: 2\n".utf8))
            await client.close()
        }
    }

    @Test(.hangLimit)
    func `a request body streams up before it is complete`() async throws {
        let headSeen = Signal()
        let script: [Step] = [.requestHead, .fire(headSeen), .request, .send("HTTP/1.1 204 No\r\n\r\n"), .awaitClose]
        try await withGateway(upstream: [script], configure: Configure { $0.gatheredBodyLimit = 0 }) {
            stage async throws in
            let client = try await stage.client()
            // The upstream reads the body as a request of its own.
            let body = "GET /body HTTP/1.1\r\n\r\n"
            try await client.send(post + "Content-Length: \(body.utf8.count)\r\n\r\n")
            await headSeen.wait()
            try await client.send(body)
            #expect(try await client.message().status == 204)
            #expect(stage.upstream.requests.map(\.head).last == body)
            await client.close()
        }
    }

    @Test(.hangLimit)
    func `a client that hangs up closes stable's connection at once`() async throws {
        let closed = Signal()
        let script: [Step] = [.request, .send(streamHead + "3\r\nabc\r\n"), .awaitClose, .fire(closed)]
        try await withGateway(upstream: [script]) { stage async throws in
            let client = try await stage.client()
            try await client.send(post + "Content-Length: 2\r\n\r\n{}")
            try await client.read(through: "abc\r\n")
            await client.close()
            await closed.wait()
            await stage.tap.wait { $0.answers.first?.end != nil }
            let answer = try stage.tap.firstAnswer()
            #expect(answer.end == .clientCancelled)
            #expect(answer.body == Array("abc".utf8))
            #expect(await stage.gateway.counters().clientCancellations == 1)
        }
    }

    @Test(.hangLimit)
    func `a client that hangs up before any answer closes stable's connection too`() async throws {
        let received = Signal()
        let closed = Signal()
        try await withGateway(upstream: [[.request, .fire(received), .awaitClose, .fire(closed)]]) {
            stage async throws in
            let client = try await stage.client()
            try await client.send(post + "Content-Length: 2\r\n\r\n{}")
            await received.wait()
            await client.reset()
            await closed.wait()
            await stage.tap.wait { $0.answers.first?.end == .clientCancelled }
            #expect(try stage.tap.firstAnswer().status == nil)
        }
    }

    @Test(.hangLimit)
    func `a client that leaves within its request is counted as left`() async throws {
        let received = Signal()
        try await withGateway(
            upstream: [[.requestHead, .fire(received), .awaitClose]],
            configure: Configure { $0.gatheredBodyLimit = 0 }
        ) { stage async throws in
            let client = try await stage.client()
            try await client.send(post + "Content-Length: 20\r\n\r\n{}")
            await received.wait()
            await client.close()
            let inHead = try await stage.client()
            try await inHead.send("POST /v1")
            await inHead.close()
            await stage.tap.wait { $0.abandoned.count == 2 }
            let abandoned = stage.tap.now.abandoned
            #expect(abandoned.contains(.init(reason: .clientLeft, path: "/v1/chat/completions")))
            #expect(abandoned.contains(.init(reason: .clientLeft, path: nil)))
            #expect(stage.tap.now.answers.isEmpty)
        }
    }

    @Test(.hangLimit)
    func `what a client does not read is not read from stable, and a stuck client is let go`() async throws {
        let total = 512 * 1024 * 1024
        let script: [Step] = [.request, .send("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n"), .flood(total)]
        try await withGateway(upstream: [script], configure: Configure { $0.idleTimeout = .seconds(2) }) {
            stage async throws in
            let client = try await stage.client(reads: false)
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await stage.tap.wait { $0.answers.first?.end != nil }
            #expect(try stage.tap.firstAnswer().end == .clientCancelled)
            // Socket buffers of four ends take some; the rest must still be where it came from.
            #expect(stage.upstream.floodedByteCount < 120 * 1024 * 1024)
            await client.close()
        }
    }

    @Test(.hangLimit)
    func `a slow client gets every byte in the end`() async throws {
        let total = 24 * 1024 * 1024
        let sent = Signal()
        let script: [Step] = [
            .request, .send("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n"), .fire(sent), .flood(total),
            .awaitClose,
        ]
        try await withGateway(upstream: [script], tap: RecordingTap(wantsBody: { _, _ in false })) {
            stage async throws in
            let client = try await stage.client(reads: false)
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await sent.wait()
            try await client.startReading()
            try await client.read(through: "\r\n\r\n")
            let body = try await client.readExactly(total)
            #expect(body.allSatisfy { $0 == 0x78 })
            await stage.tap.wait { $0.answers.first?.end == .complete }
            await client.close()
        }
    }

    @Test(.hangLimit)
    func `what stable does not read is not read from the client, and a stuck stable is given up`() async throws {
        let total = 512 * 1024 * 1024
        let taken = Counter()
        // After its answer the gateway reads on and throws away, so what counts is what was taken until then.
        let atEnd = Counter()
        let script: [Step] = [.requestHead, .stopReading, .wait(Signal())]
        try await withGateway(
            upstream: [script],
            tap: RecordingTap(
                whenFinished: { atEnd.value.store(taken.value.load(ordering: .relaxed), ordering: .relaxed) },
                wantsBody: { _, _ in false }
            ),
            configure: Configure { configuration in
                configuration.idleTimeout = .seconds(2)
                configuration.bodyLimit = total
            }
        ) { stage async throws in
            let client = try await stage.client()
            try await client.send(post + "Content-Length: \(total)\r\n\r\n")
            let piece = ByteBuffer(repeating: 0x78, count: 1024 * 1024)
            for _ in 0..<(total / piece.readableBytes) {
                let written = client.channel.eventLoop.makePromise(of: Void.self)
                written.futureResult.whenSuccess { taken.value.add(piece.readableBytes, ordering: .relaxed) }
                client.channel.write(piece, promise: written)
            }
            client.channel.flush()
            let answer = try await client.message()
            #expect(answer.status == 504)
            #expect(answer.text.contains("upstream_timeout"))
            await stage.tap.wait { !$0.summaries.isEmpty }
            #expect((1..<(120 * 1024 * 1024)).contains(atEnd.value.load(ordering: .relaxed)))
            #expect(stage.tap.now.abandoned.map(\.reason) == [.answeredEarly])
            await client.close()
        }
    }

    @Test(.hangLimit)
    func `a large upload arrives whole, and the tap has all of it`() async throws {
        let total = 8 * 1024 * 1024
        try await withGateway(upstream: [[.request, .send("HTTP/1.1 204 No\r\n\r\n"), .awaitClose]]) {
            stage async throws in
            let client = try await stage.client()
            let body = (0..<total).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
            try await client.send(Array((post + "Content-Length: \(total)\r\n\r\n").utf8) + body)
            #expect(try await client.message().status == 204)
            #expect(stage.upstream.requests.first?.body == body)
            let tapped = try #require(stage.tap.now.answers.first?.request)
            #expect(tapped.bodyByteCount == total)
            #expect(tapped.body.flatMap { Array($0.readableBytesView) } == body)
            await client.close()
        }
    }

    @Test(.hangLimit)
    func `pipelined requests are served one at a time, in order, and held back when there are many`() async throws {
        let first = Signal()
        let script: [Step] = [.request, .wait(first), .echo, .echoForEver]
        try await withGateway(upstream: [script]) { stage async throws in
            let client = try await stage.client()
            let count = 2000
            let requests = (0..<count).map {
                "GET /\($0) HTTP/1.1\r\nHost: x\r\nX: \(String(repeating: "p", count: 200))\r\n\r\n"
            }
            client.channel.writeAndFlush(ByteBuffer(string: requests.joined()), promise: nil)
            first.fire()
            for index in 0..<count {
                let answer = try await client.message()
                #expect(answer.text.hasPrefix("GET /\(index) HTTP/1.1\r\n"))
            }
            #expect(stage.upstream.connectionCount == 1)
            #expect(await stage.gateway.counters().requests == count)
            await client.close()
        }
    }
}
