import NIOCore
import TestSupport
import Testing

@testable import Gateway

private let post = "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n"

/// What a request keeps for the tap is reserved as it comes, and given back whatever becomes of it.
@Suite(.serialized) struct ReservationTests {
    @Test(.hangLimit)
    func `a request in one piece reserves nothing, and one in many what it holds`() async throws {
        try await withGateway { stage async throws in
            #expect(try await stage.ask(post + "Content-Length: 2\r\n\r\n{}").status == 200)
            #expect(try stage.tap.firstAnswer().request.reservedByteCount == 0)
            #expect(stage.tap.now.reservations == 0)
            let client = try await stage.client()
            try await client.send(post + "Content-Length: 40000\r\n\r\n")
            for _ in 0..<40 {
                try await client.send([UInt8](repeating: 0x78, count: 1000))
            }
            _ = try await client.message()
            await stage.tap.wait { $0.answers.count == 2 }
            let request = try #require(stage.tap.now.answers.last?.request)
            #expect(request.reservedByteCount == stage.tap.now.reservedBytes)
            #expect(request.reservedByteCount <= request.heldByteCount)
            await client.close()
        }
    }

    @Test(.hangLimit)
    func `a request that is given up gives back what it took`() async throws {
        let early: [Step] = [.requestHead, .send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno"), .awaitClose]
        for (script, rest) in [
            // The client leaves; what it sends cannot be read; stable answers before it is complete.
            ([Step.requestHead, .awaitClose], nil), ([.requestHead, .awaitClose], "zz\r\n"), (early, ""),
        ] as [([Step], String?)] {
            let tap = RecordingTap()
            try await withGateway(upstream: [script], tap: tap) { stage async throws in
                let client = try await stage.client()
                try await client.send(
                    post + "Transfer-Encoding: chunked\r\n\r\n11170\r\n" + String(repeating: "x", count: 70_000)
                )
                await tap.wait { $0.reservations > 0 || !$0.abandoned.isEmpty }
                if let rest { try await client.send(rest.isEmpty ? "" : "\r\n" + rest) } else { await client.close() }
                await tap.wait { $0.abandoned.count == 1 }
                #expect(tap.now.reservations > 0)
                #expect(tap.now.reservedBytes == 0)
                await client.close()
            }
        }
    }

    @Test(.hangLimit)
    func `stopping gives back what unfinished requests took`() async throws {
        try await withGateway { stage async throws in
            let client = try await stage.client()
            try await client.send(post + "Content-Length: 9000\r\n\r\n" + String(repeating: "x", count: 4000))
            await stage.tap.wait { $0.reservations > 0 }
            await stage.gateway.stop(within: .milliseconds(50))
            #expect(stage.tap.now.abandoned.map(\.reason) == [.stopped])
            #expect(stage.tap.now.reservedBytes == 0)
            await client.close()
        }
    }

    @Test(.hangLimit)
    func `without room the copy is dropped, and the user's request goes on`() async throws {
        let tap = RecordingTap(room: 50_000)
        try await withGateway(tap: tap) { stage async throws in
            let client = try await stage.client()
            let total = 200_000
            try await client.send(post + "Content-Length: \(total)\r\n\r\n")
            for _ in 0..<100 { try await client.send([UInt8](repeating: 0x78, count: total / 100)) }
            let answer = try await client.message()
            #expect(answer.status == 200)
            #expect(answer.body.count > total)
            let request = try tap.firstAnswer().request
            #expect(request.isWithoutRoom)
            #expect(request.body.isEmpty)
            #expect(request.bodyByteCount == total)
            #expect(request.reservedByteCount == 0)
            #expect(tap.now.reservedBytes == 0)
            #expect(tap.now.mostReserved <= 50_000)
            await client.close()
        }
    }

    @Test func `slices count the memory that they keep, and small ones are joined`() {
        for size in [1, 16, 100, 1000, 5000, 16_384] {
            var slices = BodySlices()
            var expected: [UInt8] = []
            for index in 0..<(200_000 / size) {
                var read = ByteBufferAllocator().buffer(capacity: max(64, size))
                read.writeRepeatingByte(UInt8(truncatingIfNeeded: index), count: size)
                expected += read.readableBytesView
                slices.append(read)
            }
            #expect(slices.slices.flatMap { Array($0.readableBytesView) } == expected)
            #expect(slices.heldByteCount == slices.slices.reduce(0) { $0 + $1.storageCapacity })
            #expect(slices.heldByteCount <= 2 * expected.count + 2048)
            #expect(slices.slices.count <= expected.count / 1024 + 2, "pieces of \(size)")
        }
    }
}
