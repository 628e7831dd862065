import Foundation
import Gateway
import NIOCore
import TestSupport
import Testing
import Threads
import Vocabulary

@testable import Mirroring

/// What a stranger's bytes become is counted before it is made, bounded, and given back (F2, F11).
@Suite(.hangLimit) struct ForeignBytesTests {
    private func send(_ body: [UInt8], coding: String?, to mirror: Mirror) {
        _ = mirror.requestCompleted(
            TappedRequest(
                head: requestHead("POST", "/v1/chat/completions", coding.map { [("Content-Encoding", $0)] } ?? []),
                body: [ByteBuffer(bytes: body)],
                receivedFirstByteAt: .now,
                completedAt: .now
            )
        )
    }

    private func body(_ content: String) -> [UInt8] {
        Array(#"{"messages":[{"role":"user","content":""#.utf8) + Array(content.utf8) + Array(#""}]}"#.utf8)
    }

    private static let nowhere = "http://127.0.0.1:9"

    @Test func `a body that decodes to more than any, or has more values than any, is not eligible`() async throws {
        let mirror = try makeMirror(makeConfiguration(shadow: Self.nowhere) { $0.maximumBodyBytes = 3 << 20 })
        send(compressed(body(String(repeating: "a", count: 4 << 20))), coding: "gzip", to: mirror)
        let values =
            #"{"messages":["# + String(repeating: "0,", count: 1_200_000) + #"{"role":"user","content":"hi"}]}"#
        send(compressed(Array(values.utf8)), coding: "gzip", to: mirror)
        send(Array(values.utf8), coding: nil, to: mirror)
        await mirror.caughtUp()
        #expect(mirror.funnel.notEligible == [.requestTooLarge: 3])
        #expect(mirror.bufferedBytes == 0 && mirror.funnel.addsUp)
        await mirror.stop(within: .zero)
    }

    @Test func `a body that becomes more than there is room for is shed`() async throws {
        let mirror = try makeMirror(
            makeConfiguration(shadow: Self.nowhere) { $0.limits.maximumBufferedBytes = 1 << 20 }
        )
        // Decoded, parsed, and played.
        send(compressed(body(String(repeating: "a", count: 4 << 20))), coding: "gzip", to: mirror)
        send(
            Array(
                (#"{"messages":[{"role":"user","content":"x"}],"a":["# + String(repeating: "0,", count: 50_000) + "0]}")
                    .utf8
            ),
            coding: nil,
            to: mirror
        )
        send(body(String(repeating: "a", count: 400_000)), coding: nil, to: mirror)
        await mirror.caughtUp()
        #expect(mirror.funnel.shed == [.bufferFull: 3])
        #expect(mirror.funnel.sampled == 3 && mirror.bufferedBytes == 0 && mirror.funnel.addsUp)
        await mirror.stop(within: .zero)
    }

    @Test func `an answer whose tree finds no room is shed, and all is given back`() async throws {
        let answer =
            #"{"x":["# + String(repeating: "0,", count: 100_000)
            + #"0],"choices":[{"index":0,"message":{"content":"a"},"finish_reason":"stop"}]}"#
        let shadow = try LoopbackServer { connection in
            while connection.readRequest() != nil { connection.answer(200, answer) }
        }
        defer { shadow.stop() }
        let sink = MemorySink()
        for (limit, fits) in [(2 << 20, false), (64 << 20, true)] {
            let mirror = try makeMirror(
                makeConfiguration(shadow: shadow.url) { $0.limits.maximumBufferedBytes = limit },
                sink: sink
            )
            mirror.exchange()
            await mirror.stop(within: .seconds(60))
            #expect(mirror.funnel.shed == (fits ? [:] : [.bufferFull: 1]))
            #expect(mirror.funnel.stored == (fits ? 1 : 0))
            #expect(mirror.bufferedBytes == 0 && mirror.funnel.addsUp)
        }
    }

    @Test func `no credential of a body reaches the shadow, the control or the pair, and MCP is not played`()
        async throws
    {
        let seen = Locked<[LoopbackRequest]>([])
        let server = try LoopbackServer { connection in
            while let request = connection.readRequest() {
                seen.withLock { $0.append(request) }
                connection.answer(200, chatAnswer("answer"))
            }
        }
        defer { server.stop() }
        let sink = MemorySink()
        let mirror = try makeMirror(
            makeConfiguration(shadow: server.url, stable: server.url, controlRate: 1),
            sink: sink
        )
        mirror.exchange(
            #"{"model":"m","messages":[{"role":"user","content":"hi"}],"Api-Key":"CANARY","extra_headers":{"A":"CANARY"},"#
                + #""extra_body":{"aws_secret_access_key":"CANARY"},"temperature":0,"#
                + #""tools":[{"type":"function","headers":{"x":"CANARY"},"function":{"name":"f"}}]}"#
        )
        let pair = try #require(await sink.pairs(1).first)
        let mcp = #"{"messages":[{"role":"user","content":"hi"}],"tools":[{"type":"mcp","authorization":"CANARY"}]}"#
        mirror.exchange(mcp)
        await mirror.stop(within: .seconds(60))
        let bodies = seen.withLock { $0.map { String(decoding: $0.body, as: UTF8.self) } }
        #expect(bodies.count == 2 && bodies.allSatisfy { !$0.contains("CANARY") && $0.contains("temperature") })
        #expect(pair.request.tools == #"[{"type":"function","function":{"name":"f"}}]"#)
        #expect(mirror.funnel.notEligible == [.stateful: 1])
    }

    /// What comes of stable's answer before it is decided that the request is mirrored, and what after.
    @Test(arguments: [true, false], [true, false])
    func `an answer's head that comes alone is given back, whatever follows it`(
        isMirrored: Bool,
        hasBody: Bool
    ) async throws {
        let gate = Gate()
        let mirror = try makeMirror(
            makeConfiguration(shadow: Self.nowhere, rate: isMirrored ? 1 : 0),
            wallClock: {
                gate.pass()
                return 1_800_000_000
            }
        )
        gate.close()
        let taps = (0..<20).compactMap { _ in mirror.request(chatBody()) }
        #expect(taps.count == 20)
        await gate.reached()
        for tap in taps {
            tap.answerHead(status: 200, headers: HeaderFields([("Content-Type", "application/json")]), at: .now)
        }
        gate.open()
        await mirror.caughtUp()
        if hasBody { for tap in taps { tap.answerBytes(ByteBuffer(string: chatAnswer("a")), at: .now) } }
        for tap in taps { tap.finished(.complete, at: .now) }
        await mirror.stop(within: .seconds(60))
        #expect(mirror.funnel.stored == (isMirrored ? 20 : 0) && mirror.funnel.addsUp)
        #expect(mirror.bufferedBytes == 0)
    }

    @Test func `a buffer that the head and slices of an undecided answer share is counted once`() async throws {
        let gate = Gate()
        let mirror = try makeMirror(
            makeConfiguration(shadow: Self.nowhere),
            wallClock: {
                gate.pass()
                return 1_800_000_000
            }
        )
        gate.close()
        mirror.request(chatBody())
        await gate.reached()
        let tap = mirror.request(chatBody())
        let before = mirror.bufferedBytes
        var read = ByteBuffer(repeating: 0x20, count: 60_000)
        for _ in 0..<4 { if let slice = read.readSlice(length: 10) { tap?.answerBytes(slice, at: .now) } }
        let counted = mirror.bufferedBytes - before
        #expect(counted >= read.storageCapacity && counted < read.storageCapacity + 1_000)
        gate.open()
        tap?.finished(.complete, at: .now)
        await mirror.stop(within: .zero)
        #expect(mirror.bufferedBytes == 0)
    }

    @Test func `a reservation is given back once, whoever forgets it`() {
        let budget = ByteBudget(limit: 100)
        do {
            let one = Reservation(budget)
            #expect(one.grow(by: 60) && !one.grow(by: 41) && one.bytes == 60 && budget.usedBytes == 60)
            #expect(one.resize(to: 10) && budget.usedBytes == 10)
            one.hold(150)
            #expect(budget.usedBytes == 150)
            // To hold less is granted, also beyond the limit.
            #expect(one.resize(to: 120) && budget.usedBytes == 120)
            one.handOver(30)
            #expect(one.bytes == 0 && budget.usedBytes == 30)
            #expect(one.grow(by: 5))
        }
        #expect(budget.usedBytes == 30)
    }
}
