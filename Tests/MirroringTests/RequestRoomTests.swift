import Gateway
import NIOCore
import TestSupport
import Testing
import Vocabulary

@testable import Mirroring

/// What requests take of the budget while they come.
@Suite(.hangLimit) struct RequestRoomTests {
    @Test func `what a request took while it came is its own when it is complete, and free when it is not mirrored`()
        async throws
    {
        let shadow = try LoopbackServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.waitForPeerToLeave()
        }
        defer { shadow.stop() }
        let mirror = try makeMirror(
            makeConfiguration(shadow: shadow.url) { $0.limits.maximumBufferedBytes = 100_000 }
        )
        let body = ByteBuffer(string: chatBody(String(repeating: "word ", count: 1_000)))
        func complete(_ target: String, reserved: Int, isWithoutRoom: Bool = false) {
            var request = TappedRequest(
                head: requestHead("POST", target),
                body: isWithoutRoom ? [] : [body],
                bodyByteCount: body.readableBytes,
                receivedFirstByteAt: .now,
                completedAt: .now
            )
            request.reservedByteCount = reserved
            request.isWithoutRoom = isWithoutRoom
            #expect(mirror.requestCompleted(request) == nil || !isWithoutRoom)
        }
        #expect(!mirror.reserve(100_001))
        #expect(mirror.bufferedBytes == 0)
        // Taken over, not taken twice: another 60 kB would not fit.
        #expect(mirror.reserve(60_000))
        complete("/v1/chat/completions", reserved: 60_000)
        await mirror.caughtUp()
        #expect(mirror.funnel.sampled == 1 && mirror.funnel.shed.isEmpty)
        #expect(mirror.bufferedBytes < 60_000)
        // Not mirrored at all.
        #expect(mirror.reserve(20_000))
        let before = mirror.bufferedBytes
        complete("/v1/embeddings", reserved: 20_000)
        #expect(mirror.bufferedBytes == before - 20_000)
        // Paused meanwhile.
        #expect(mirror.reserve(20_000))
        mirror.change { $0.isPaused = true }
        complete("/v1/chat/completions", reserved: 20_000)
        #expect(mirror.bufferedBytes == before - 20_000)
        mirror.change { $0.isPaused = false }
        // No room while it came: shed for the buffer, not paused.
        complete("/v1/chat/completions", reserved: 0, isWithoutRoom: true)
        #expect(mirror.funnel.shed == [.bufferFull: 1])
        #expect(mirror.funnel.notEligible == [.endpoint: 1, .paused: 1])
        await mirror.stop(within: .zero)
        #expect(mirror.funnel.addsUp && mirror.bufferedBytes == 0)
    }

    @Test func `a request that is complete when the budget is gone gives back what it took`() async throws {
        let mirror = try makeMirror(
            makeConfiguration(shadow: "http://127.0.0.1:9") { $0.limits.maximumBufferedBytes = 10_000 }
        )
        #expect(mirror.reserve(4_000))
        #expect(mirror.reserve(4_000))
        var request = TappedRequest(
            head: requestHead("POST", "/v1/chat/completions"),
            body: [ByteBuffer(repeating: 0x20, count: 9_000)],
            receivedFirstByteAt: .now,
            completedAt: .now
        )
        request.reservedByteCount = 4_000
        #expect(mirror.requestCompleted(request) == nil)
        #expect(mirror.bufferedBytes == 4_000)
        #expect(mirror.funnel.shed == [.bufferFull: 1])
        mirror.release(4_000)
        await mirror.stop(within: .zero)
        #expect(mirror.funnel.addsUp && mirror.bufferedBytes == 0)
    }
}
