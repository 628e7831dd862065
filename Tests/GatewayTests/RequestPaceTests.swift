import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import Gateway

private let post = "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n"

/// How long a request may take to arrive.
@Suite(.serialized) struct RequestPaceTests {
    private let limits = RequestPace.Limits(whole: 100, grace: 10, bytesPerTick: 2)

    @Test func `a body has a grace, and then a least rate on average`() {
        var pace = RequestPace(began: 0)
        pace.bodyBegins(at: 5)
        #expect(pace.look(at: 6, byteCount: 0, limits: limits) == .goOn(until: 16))
        #expect(pace.look(at: 15, byteCount: 1, limits: limits) == .goOn(until: 16))
        var fast = pace
        #expect(fast.look(at: 16, byteCount: 60, limits: limits) == .goOn(until: 36))
        #expect(fast.look(at: 36, byteCount: 61, limits: limits) == .tooSlow)
        #expect(pace.look(at: 16, byteCount: 19, limits: limits) == .tooSlow)
    }

    @Test func `a whole request has a deadline at any rate`() {
        var pace = RequestPace(began: 3)
        pace.bodyBegins(at: 5)
        #expect(pace.look(at: 50, byteCount: 1_000_000, limits: limits) == .goOn(until: 104))
        #expect(pace.look(at: 104, byteCount: 1_000_000_000, limits: limits) == .tooSlow)
        var anyRate = limits
        anyRate.bytesPerTick = 0
        var slow = RequestPace(began: 3)
        slow.bodyBegins(at: 5)
        #expect(slow.look(at: 103, byteCount: 0, limits: anyRate) == .goOn(until: 104))
        #expect(slow.look(at: 104, byteCount: 0, limits: anyRate) == .tooSlow)
    }

    @Test func `time in which the gateway does not read does not count`() {
        var pace = RequestPace(began: 0)
        pace.bodyBegins(at: 0)
        pace.held(at: 4)
        pace.held(at: 6)
        #expect(pace.look(at: 500, byteCount: 8, limits: limits) == .goOn(until: 507))
        pace.released(at: 504)
        #expect(pace.look(at: 510, byteCount: 8, limits: limits) == .goOn(until: 511))
        #expect(pace.look(at: 511, byteCount: 8, limits: limits) == .tooSlow)
    }

    @Test func `who waits to be asked for its body is timed from then on, or from its first byte`() {
        var asked = RequestPace(began: 0)
        #expect(asked.look(at: 40, byteCount: 0, limits: limits) == .goOn(until: 41))
        asked.bodyBegins(at: 45)
        #expect(asked.look(at: 46, byteCount: 0, limits: limits) == .goOn(until: 56))
        #expect(asked.look(at: 56, byteCount: 0, limits: limits) == .tooSlow)
        var unasked = RequestPace(began: 0)
        #expect(unasked.look(at: 40, byteCount: 1, limits: limits) == .goOn(until: 51))
        #expect(unasked.look(at: 51, byteCount: 2, limits: limits) == .tooSlow)
        var never = RequestPace(began: 0)
        #expect(never.look(at: 101, byteCount: 0, limits: limits) == .tooSlow)
    }

    @Test func `a client that takes a byte of its answer now and then is not reading it`() {
        var pace = ReadingPace()
        #expect(pace.look(buffered: 100_000, leastBytes: 18_000) == true, "the first look only counts")
        var (slow, fast, last, still) = (pace, pace, pace, pace)
        #expect(slow.look(buffered: 99_999, leastBytes: 18_000) == false)
        #expect(fast.look(buffered: 82_000, leastBytes: 18_000) == true)
        #expect(fast.look(buffered: 64_001, leastBytes: 18_000) == false)
        #expect(last.look(buffered: 10_000, leastBytes: 18_000) == true)
        #expect(last.look(buffered: 1, leastBytes: 18_000) == false)
        #expect(still.look(buffered: 100_000, leastBytes: 0) == false, "at any rate is not never")
    }

    @Test(
        .hangLimit,
        arguments: ["Content-Length: 100000\r\n\r\na", "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n"]
    )
    func `a body that comes too slowly is a 408, long before its client was silent for too long`(
        _ rest: String
    ) async throws {
        try await withGateway(
            configure: Configure { configuration in
                configuration.bodyRateGrace = .milliseconds(200)
                configuration.idleTimeout = .seconds(600)
            }
        ) { stage async throws in
            let client = try await stage.client()
            try await client.send(post + rest)
            let answer = try await client.message()
            #expect(answer.status == 408)
            #expect(answer.field("Connection") == "close")
            #expect(try await client.readToEnd().isEmpty)
            #expect(stage.upstream.connectionCount == 0)
            #expect(stage.tap.now.abandoned.map(\.reason) == [.refused])
        }
    }

    @Test(.hangLimit)
    func `only 100 is the word to go on that starts the time for a body`() async throws {
        let hasBody = Signal()
        let goOn = Signal()
        let script: [Step] = [
            .requestHead, .send("HTTP/1.1 103 Early Hints\r\n\r\n"), .wait(goOn),
            .send("HTTP/1.1 100 Continue\r\n\r\n"),
            .wait(hasBody), .send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), .awaitClose,
        ]
        try await withGateway(
            upstream: [script],
            threads: 1,
            configure: Configure { configuration in
                configuration.bodyRateGrace = .milliseconds(200)
                configuration.idleTimeout = .seconds(600)
            }
        ) { stage async throws in
            let polite = try await stage.client()
            try await polite.send(post + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n")
            #expect(try await polite.message().status == 103)
            // The grace of one who began later is over when it is refused.
            let slow = try await stage.client()
            try await slow.send(post + "Content-Length: 100000\r\n\r\na")
            #expect(try await slow.message().status == 408)
            goOn.fire()
            #expect(try await polite.message().status == 100)
            try await polite.send("abc")
            hasBody.fire()
            #expect(try await polite.message().status == 200)
        }
    }

    @Test(.hangLimit)
    func `a request that takes too long as a whole is a 408, its connection to stable is given back`() async throws {
        let closed = Signal()
        try await withGateway(
            upstream: [[.requestHead, .awaitClose, .fire(closed)]],
            configure: Configure { configuration in
                configuration.requestTimeout = .milliseconds(500)
                configuration.idleTimeout = .seconds(600)
                configuration.minimumBodyRate = 0
                configuration.gatheredBodyLimit = 0
            }
        ) { stage async throws in
            let client = try await stage.client()
            try await client.send(post + "Content-Length: 100000\r\n\r\na")
            #expect(try await client.message().status == 408)
            await closed.wait()
        }
    }

    @Test(.hangLimit)
    func `a client that is held back because stable does not read is not called slow`() async throws {
        let total = 64 << 20
        try await withGateway(
            upstream: [[.requestHead, .stopReading, .wait(Signal())]],
            tap: RecordingTap(wantsBody: { _, _ in false }),
            configure: Configure { configuration in
                configuration.requestTimeout = .seconds(6)
                configuration.idleTimeout = .seconds(12)
                configuration.bodyLimit = total
            }
        ) { stage async throws in
            let client = try await stage.client()
            client.channel.writeAndFlush(ByteBuffer(string: post + "Content-Length: \(total)\r\n\r\n"), promise: nil)
            client.channel.writeAndFlush(ByteBuffer(repeating: 0x78, count: total), promise: nil)
            // The gateway says that stable is silent, not that the client is.
            #expect(try await client.message().status == 504)
            await client.close()
        }
    }
}
