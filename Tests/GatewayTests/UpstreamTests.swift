import Gateway
import NIOCore
import NIOPosix
import TestSupport
import Testing
import Threads
import Vocabulary

private let get = "GET /g HTTP/1.1\r\nHost: x\r\n\r\n"
private let post = "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"
private let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

/// Blocks the gateway's own loop at the head of a chosen request, so that a race with stable happens every time.
private final class Race: Sendable {
    let begin = Signal()
    private let isOver = Locked(false)

    func over() { isOver.withLock { $0 = true } }

    func block() {
        begin.fire()
        // Runs on the gateway's loop while the upstream closes on another thread: spinning is the point.
        while !isOver.withLock({ $0 }) {}
    }
}

/// A name with an address that nobody listens at, and stable's.
private struct TwoAddresses: Resolver, Sendable {
    let eventLoop: any EventLoop

    func initiateAAAAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
        eventLoop.makeCompletedFuture { [try SocketAddress(ipAddress: "::1", port: port)] }
    }

    func initiateAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
        eventLoop.makeCompletedFuture { [try SocketAddress(ipAddress: "127.0.0.1", port: port)] }
    }

    func cancelQueries() {}
}

/// How the way to stable is kept, lost and found again.
@Suite(.serialized) struct UpstreamTests {
    @Test(.hangLimit)
    func `stable is found at the second of its name's addresses`() async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        try await withGateway(resolver: TwoAddresses(eventLoop: loop)) { stage async throws in
            let client = try await stage.client()
            for _ in 0..<3 {
                try await client.send(post)
                #expect(try await client.message().status == 200)
            }
            await client.close()
            #expect(await stage.gateway.counters().upstreamConnectionsOpened == 1)
        }
    }

    @Test(.hangLimit)
    func `connections to stable are kept and used again`() async throws {
        try await withGateway(threads: 1) { stage async throws in
            for _ in 0..<5 { #expect(try await stage.ask(get).status == 200) }
            let client = try await stage.client()
            for _ in 0..<5 {
                try await client.send(post)
                #expect(try await client.message().status == 200)
            }
            await client.close()
            #expect(stage.upstream.connectionCount == 1)
            let counters = await stage.gateway.counters()
            #expect(counters.upstreamConnectionsOpened == 1)
            #expect(counters.upstreamConnectionsReused == 9)
            #expect(counters.answersByClass[2] == 10)
        }
    }

    @Test(
        .hangLimit,
        arguments: [
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more",
        ]
    )
    func `a connection is not kept when stable does not keep it, or says more than it should`(
        _ answer: String
    ) async throws {
        try await withGateway(upstream: [[.request, .send(answer), .awaitClose]], threads: 1) { stage async throws in
            #expect(try await stage.ask(get).text == "ok")
            #expect(try await stage.ask(get).text == "ok")
            #expect(stage.upstream.connectionCount == 2)
        }
    }

    @Test(.hangLimit)
    func `a kept connection that closed while unused is not used`() async throws {
        let scripts: [[Step]] = [[.request, .send(ok), .close], [.echoForEver]]
        try await withGateway(upstream: scripts, threads: 1) { stage async throws in
            #expect(try await stage.ask(get).text == "ok")
            #expect(try await stage.ask(post).status == 200)
            #expect(stage.upstream.connectionCount == 2)
        }
    }

    @Test(.hangLimit)
    func `after an event stream a connection rests before it is used again`() async throws {
        let stream = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        let scripts: [[Step]] = [[.request, .send(stream), .awaitClose], [.echoForEver]]
        try await withGateway(
            upstream: scripts,
            threads: 1,
            configure: Configure { $0.streamSettleTime = .seconds(60) }
        ) {
            stage async throws in
            #expect(try await stage.ask(post).status == 200)
            #expect(await stage.gateway.counters().upstreamConnectionsIdle == 1)
            #expect(try await stage.ask(post).status == 200)
            #expect(stage.upstream.connectionCount == 2)
        }
    }

    @Test(.hangLimit)
    func `connections that stay unused are closed`() async throws {
        let closed = Signal()
        try await withGateway(
            upstream: [[.request, .send(ok), .awaitClose, .fire(closed)]],
            configure: Configure { $0.keptConnectionTimeout = .milliseconds(50) }
        ) { stage async throws in
            #expect(try await stage.ask(get).status == 200)
            await closed.wait()
        }
    }

    @Test(.hangLimit)
    func `an idempotent request is sent again when a kept connection dies under it`() async throws {
        let scripts: [[Step]] = [[.request, .send(ok), .request, .close], [.echoForEver]]
        try await withGateway(upstream: scripts, threads: 1) { stage async throws in
            #expect(try await stage.ask(get).text == "ok")
            #expect(try await stage.ask(get).text.hasPrefix("GET /g"))
            #expect(stage.upstream.requests.count == 3)
            #expect(await stage.gateway.counters().upstreamRetries == 1)
        }
    }

    @Test(.hangLimit)
    func `a POST that stable has read is never sent again`() async throws {
        let scripts: [[Step]] = [[.request, .send(ok), .request, .close], [.echoForEver]]
        try await withGateway(upstream: scripts, threads: 1) { stage async throws in
            #expect(try await stage.ask(get).text == "ok")
            let answer = try await stage.ask(post)
            #expect(answer.status == 502)
            #expect(answer.text.contains("upstream_no_answer"))
            #expect(stage.upstream.requests.count == 2)
            #expect(stage.upstream.connectionCount == 1)
            #expect(stage.tap.now.answers.map(\.end) == [.complete, .upstreamCut])
        }
    }

    @Test(.hangLimit, arguments: [true, false])
    func `a POST that meets a connection already closed is sent again`(_ resets: Bool) async throws {
        let race = Race()
        let scripts: [[Step]] = [
            [.request, .send(ok), .wait(race.begin), resets ? .reset : .close, .run { race.over() }], [.echoForEver],
        ]
        let tap = RecordingTap(wantsBody: { _, path in
            if path == "/p" { race.block() }
            return true
        })
        try await withGateway(upstream: scripts, tap: tap, threads: 1) { stage async throws in
            #expect(try await stage.ask(get).text == "ok")
            let answer = try await stage.ask(post)
            #expect(answer.status == 200)
            #expect(answer.text.hasSuffix("\r\n\r\n{}"))
            #expect(stage.upstream.requests.count == 2)
            #expect(stage.upstream.connectionCount == 2)
            #expect(await stage.gateway.counters().upstreamRetries == 1)
            #expect(tap.now.answers.map(\.end) == [.complete, .complete])
        }
    }

    @Test(.hangLimit)
    func `nothing is sent again once a byte of an answer came`() async throws {
        let scripts: [[Step]] = [[.request, .send(ok), .request, .send("HTTP/1.1 2"), .close], [.echoForEver]]
        try await withGateway(upstream: scripts, threads: 1) { stage async throws in
            #expect(try await stage.ask(get).text == "ok")
            #expect(try await stage.ask(get).status == 502)
            #expect(stage.upstream.connectionCount == 1)
        }
    }

    @Test(.hangLimit)
    func `a fresh connection that dies is not retried`() async throws {
        try await withGateway(upstream: [[.request, .close]]) { stage async throws in
            #expect(try await stage.ask(get).status == 502)
            #expect(stage.upstream.connectionCount == 1)
        }
    }

    @Test(.hangLimit)
    func `a request that could not be sent again goes over a fresh connection`() async throws {
        try await withGateway(threads: 1, configure: Configure { $0.replayLimit = 1 }) { stage async throws in
            #expect(try await stage.ask(get).status == 200)
            #expect(try await stage.ask(post).status == 200)
            #expect(stage.upstream.connectionCount == 2)
        }
    }

    static let brokenAnswers: [(String, String)] = [
        ("not HTTP", "hello\r\n\r\n"),
        ("other version", "HTTP/2.0 200 OK\r\n\r\n"),
        ("bad status", "HTTP/1.1 2x0 OK\r\n\r\n"),
        ("short status", "HTTP/1.1 20 OK\r\n\r\n"),
        ("both lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("different lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nab"),
        ("bad length", "HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nab"),
        ("unknown coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nab"),
        ("chunks in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("switching protocols", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"),
        ("folded line", "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n"),
        ("bare LF", "HTTP/1.1 200 OK\nContent-Length: 0\n\n"),
        ("response splitting", "HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: b\r\nContent-Length: 0\r\n\r\n"),
        ("space before the colon", "HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n"),
        ("endless head", "HTTP/1.1 200 OK\r\nX: " + String(repeating: "a", count: 70000)),
        ("endless 1xx", String(repeating: "HTTP/1.1 102 Processing\r\n\r\n", count: 40)),
    ]

    @Test(.hangLimit, arguments: brokenAnswers.indices)
    func `an answer that could be read two ways is a bad gateway`(_ index: Int) async throws {
        let (name, bytes) = Self.brokenAnswers[index]
        try await withGateway(upstream: [[.request, .send(bytes), .awaitClose]]) { stage async throws in
            let client = try await stage.client()
            try await client.send(post)
            var answer = try await client.message()
            while answer.status == 102 { answer = try await client.message() }
            #expect(answer.status == 502, "\(name)")
            #expect(answer.text.contains("\"type\":\"upstream_error\",\"param\":null,\"code\":\"upstream_bad_answer\""))
            await stage.tap.wait { $0.answers.first?.end == .upstreamCut }
            // The client's own connection was not at fault.
            try await client.send(get)
            #expect(try await client.message().status > 0)
            await client.close()
        }
    }

    @Test(.hangLimit)
    func `an equal length given twice by stable goes out once`() async throws {
        let twice = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: 1\r\nContent-Length: 2\r\n\r\nok"
        try await withGateway(upstream: [[.request, .send(twice), .awaitClose]]) { stage async throws in
            let answer = try await stage.ask(get)
            #expect(answer.fields("Content-Length") == ["2"])
            #expect(answer.field("X") == "1")
        }
    }

    @Test(
        .hangLimit,
        arguments: [
            ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "half"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", "4\r\nhalf\r\n"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n", "4\r\nhalf\r\n"),
        ]
    )
    func `an answer that is cut off is cut off for the client`(_ answer: String, _ rest: String) async throws {
        try await withGateway(upstream: [[.request, .send(answer), .close]]) { stage async throws in
            let client = try await stage.client()
            try await client.send(get)
            try await client.read(through: "\r\n\r\n")
            #expect(try await client.readToEnd() == Array(rest.utf8))
            #expect(stage.tap.now.answers.first?.end == .upstreamCut)
            #expect(stage.tap.now.answers.first?.body == Array("half".utf8))
            #expect(stage.tap.now.summaries.first?.status == 200)
        }
    }

    @Test(.hangLimit, arguments: ["1.1", "1.0"])
    func `an answer that only a close would end is cut off with a reset`(_ version: String) async throws {
        let seen = Signal()
        let answer =
            version == "1.1"
            ? "HTTP/1.1 200 OK\r\n\r\nhalf" : "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"
        try await withGateway(upstream: [[.request, .send(answer), .wait(seen), .reset]]) { stage async throws in
            let client = try await stage.client()
            try await client.send("GET / HTTP/\(version)\r\nHost: x\r\n\r\n")
            try await client.read(through: "half")
            #expect(!client.hasFailed)
            seen.fire()
            #expect(try await client.readToEnd().isEmpty)
            #expect(client.hasFailed)
            #expect(try stage.tap.firstAnswer().end == .upstreamCut)
        }
    }

    @Test(.hangLimit)
    func `stable that refuses connections is a 502 with an error that OpenAI clients can read`() async throws {
        try await withGateway { stage async throws in
            await stage.upstream.stop()
            let client = try await stage.client()
            for _ in 0..<2 {
                try await client.send(post)
                let answer = try await client.message()
                #expect(answer.status == 502)
                #expect(answer.field("Content-Type") == "application/json")
                #expect(answer.field("X-Model-Version") == nil)
                #expect(
                    answer.text == """
                        {"error":{"message":"The model server cannot be reached.","type":"upstream_error","param":null,\
                        "code":"upstream_unreachable"}}
                        """
                )
            }
            try await client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await client.message(isAnswerToHead: true).status == 502)
            await client.close()
            #expect(
                stage.tap.now.answers.map(\.end) == [.upstreamUnreachable, .upstreamUnreachable, .upstreamUnreachable]
            )
            #expect(await stage.gateway.counters().answersByClass[5] == 3)
        }
    }

    @Test(.hangLimit)
    func `a name that does not resolve is a 502`() async throws {
        try await withGateway(
            configure: Configure { _, stable in
                stable.url.host = "no-such-host.invalid"
            }
        ) { stage async throws in
            #expect(try await stage.ask(get).status == 502)
        }
    }

    @Test(.hangLimit)
    func `stable that is silent for too long is a 504, or a cut answer`() async throws {
        let scripts: [[Step]] = [
            [.request, .awaitClose],
            [.request, .send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"), .awaitClose],
        ]
        try await withGateway(upstream: scripts, configure: Configure { $0.answerIdleTimeout = .seconds(1) }) {
            stage async throws in
            let answer = try await stage.ask(post)
            #expect(answer.status == 504)
            #expect(answer.text.contains("upstream_timeout"))
            let client = try await stage.client()
            try await client.send(post)
            try await client.read(through: "\r\n\r\n")
            #expect(try await client.readToEnd() == Array("half".utf8))
            #expect(stage.tap.now.answers.map(\.end) == [.upstreamTimeout, .upstreamTimeout])
        }
    }

    @Test(.hangLimit)
    func `a head or body that does not arrive in time is a 408, and an unused connection just closes`() async throws {
        try await withGateway(
            configure: Configure { configuration in
                configuration.headerTimeout = .milliseconds(100)
                configuration.idleTimeout = .seconds(1)
            }
        ) { stage async throws in
            let inHead = try await stage.client()
            try await inHead.send("GET / HTTP/1.1\r\nHost:")
            #expect(try await inHead.message().status == 408)
            #expect(try await inHead.readToEnd().isEmpty)
            let inBody = try await stage.client()
            try await inBody.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab")
            #expect(try await inBody.message().status == 408)
            let unused = try await stage.client()
            #expect(try await unused.readToEnd().isEmpty)
            #expect(stage.tap.now.abandoned.map(\.reason) == [.refused, .refused])
        }
    }
}
