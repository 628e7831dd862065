import NIOCore
import NIOPosix
import TestSupport
import Testing
import Threads

@testable import Gateway

private let get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"

/// Finds stable, except while it is held.
private final class HeldResolver: Resolver, Sendable {
    private struct State {
        var isHeld = false
        var held: [EventLoopPromise<Void>] = []
    }

    private let eventLoop: any EventLoop = MultiThreadedEventLoopGroup.singleton.next()
    private let state = Locked(State())

    func hold() { state.withLock { $0.isHeld = true } }

    func letGo() {
        let held = state.withLock { state in
            defer { state = State() }
            return state.held
        }
        for promise in held { promise.succeed(()) }
    }

    func initiateAAAAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
        eventLoop.makeSucceededFuture([])
    }

    func initiateAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
        let promise = eventLoop.makePromise(of: Void.self)
        let isHeld = state.withLock { state in
            if state.isHeld { state.held.append(promise) }
            return state.isHeld
        }
        if !isHeld { promise.succeed(()) }
        return promise.futureResult.flatMapThrowing { [try SocketAddress(ipAddress: "127.0.0.1", port: port)] }
    }

    func cancelQueries() {}
}

/// What is kept for sending requests again.
@Suite(.serialized) struct ReplayTests {
    @Test(.hangLimit, arguments: [true, false])
    func `where enough is kept for sending again, a request under way lets go and is not sent twice`(
        hasRoom: Bool
    ) async throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        try await withGateway(
            // A kept connection that dies under its second request.
            upstream: [[.request, .send(answer), .request, .close], [.request, .send(answer), .awaitClose]],
            threads: 1,
            configure: Configure { $0.replayTotalLimit = hasRoom ? 1 << 20 : 50_000 }
        ) { stage async throws in
            let client = try await stage.client()
            try await client.send(get)
            #expect(try await client.message().status == 200)
            let body = String(repeating: "x", count: 60_000)
            try await client.send("PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n" + body)
            #expect(try await client.message().status == (hasRoom ? 200 : 502))
            let counters = await stage.gateway.counters()
            #expect(counters.upstreamConnectionsReused == 1)
            #expect(counters.upstreamRetries == (hasRoom ? 1 : 0))
            await client.close()
        }
    }

    @Test(.hangLimit)
    func `where requests wait for their connection to stable with enough, further ones go over fresh connections`()
        async throws
    {
        let resolver = HeldResolver()
        try await withGateway(
            threads: 1,
            resolver: resolver,
            configure: Configure { $0.replayTotalLimit = 100 }
        ) { stage async throws in
            let first = try await stage.client()
            try await first.send(get)
            #expect(try await first.message().status == 200)
            resolver.hold()
            let second = try await stage.client()
            try await second.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n")
            await stage.tap.wait { $0.answers.count == 2 }
            try await first.send(get)
            await stage.tap.wait { $0.answers.count == 3 }
            #expect(await stage.gateway.counters().upstreamConnectionsOpened == 3)
            resolver.letGo()
            #expect(try await second.message().status == 200)
            #expect(try await first.message().status == 200)
            // What was kept is free again.
            try await first.send(get)
            #expect(try await first.message().status == 200)
            let counters = await stage.gateway.counters()
            #expect(counters.upstreamConnectionsOpened == 3 && counters.upstreamConnectionsReused == 1)
            await first.close()
            await second.close()
        }
    }
}
