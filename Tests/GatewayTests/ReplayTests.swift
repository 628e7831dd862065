import Testing

@testable import Gateway

private let get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"

/// What is kept for sending requests again.
@Suite(.serialized) struct ReplayTests {
    @Test(.timeLimit(.minutes(1)))
    func `where enough is kept for sending again, further requests go over fresh connections`() async throws {
        let isHere = Signal()
        let goOn = Signal()
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        try await withGateway(
            // Two that are kept, of which one then has a request that is not answered yet.
            upstream: [
                [.request, .wait(isHere), .send(answer), .request, .wait(goOn), .send(answer), .echoForEver],
                [.request, .fire(isHere), .send(answer), .request, .wait(goOn), .send(answer), .echoForEver],
                [.echoForEver],
            ],
            threads: 1,
            configure: Configure { $0.replayTotalLimit = 50_000 }
        ) { stage async throws in
            let first = try await stage.client()
            let second = try await stage.client()
            try await first.send(get)
            try await second.send(get)
            #expect(try await first.message().status == 200)
            #expect(try await second.message().status == 200)
            let body = String(repeating: "x", count: 60_000)
            let begun = "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n" + body
            try await first.send(begun)
            await stage.tap.wait { $0.answers.count == 3 }
            #expect(await stage.gateway.counters().upstreamConnectionsReused == 1)
            try await second.send(begun)
            #expect(try await second.message().status == 200)
            #expect(await stage.gateway.counters().upstreamConnectionsReused == 1)
            #expect(stage.upstream.connectionCount == 3)
            goOn.fire()
            #expect(try await first.message().status == 200)
            // What was kept is free again.
            try await second.send(get)
            #expect(try await second.message().status == 200)
            #expect(await stage.gateway.counters().upstreamConnectionsReused == 2)
            await first.close()
            await second.close()
        }
    }
}
