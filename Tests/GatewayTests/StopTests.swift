import Dispatch
import Logging
import NIOCore
import NIOPosix
import TestSupport
import Testing
import Vocabulary

@testable import Gateway

private let streamHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
private let get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"

/// Says when it is first asked, which a start does before it waits for its loops.
private struct Telling: Router {
    let upstream: Upstream
    let isAsked: Signal

    var usual: Upstream {
        isAsked.fire()
        return upstream
    }
    var others: [Upstream] { [] }

    func choose(for head: RequestHead) -> Upstream.Name? { nil }
}

/// Starting and stopping.
@Suite(.serialized) struct StopTests {
    @Test(.hangLimit)
    func `what is in flight finishes, what is unused closes, nothing new is accepted`() async throws {
        let goOn = Signal()
        let script: [Step] = [
            .request, .send(streamHead + "1\r\na\r\n"), .wait(goOn), .send("1\r\nb\r\n0\r\n\r\n"), .awaitClose,
        ]
        try await withGateway(upstream: [script], threads: 2) { stage async throws in
            let streaming = try await stage.client()
            try await streaming.send(get)
            try await streaming.read(through: "a\r\n")
            let unused = try await stage.client()
            let inHead = try await stage.client()
            try await inHead.send("GET / HTTP/1.1\r\nHo")
            async let stopping: Void = stage.gateway.stop(within: .seconds(30))
            // That it closes is how we know that stopping has begun.
            #expect(try await unused.readToEnd().isEmpty)
            await #expect(throws: (any Error).self) { try await stage.client() }
            await inHead.close()
            goOn.fire()
            #expect(String(decoding: try await streaming.readToEnd(), as: UTF8.self) == "1\r\nb\r\n0\r\n\r\n")
            await stopping
            #expect(stage.tap.now.answers.map(\.end) == [.complete])
            let counters = await stage.gateway.counters()
            #expect(counters.connectionsOpen == 0)
            #expect(counters.connectionsAccepted == 3)
        }
    }

    @Test(.hangLimit)
    func `an answer that begins while stopping says that the connection closes`() async throws {
        let received = Signal()
        let goOn = Signal()
        let script: [Step] = [
            .request, .fire(received), .wait(goOn), .send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), .awaitClose,
        ]
        try await withGateway(upstream: [script], threads: 1) { stage async throws in
            let unused = try await stage.client()
            let client = try await stage.client()
            try await client.send(get)
            await received.wait()
            async let stopping: Void = stage.gateway.stop(within: .seconds(30))
            #expect(try await unused.readToEnd().isEmpty)
            goOn.fire()
            #expect(try await client.message().field("Connection") == "close")
            #expect(try await client.readToEnd().isEmpty)
            await stopping
        }
    }

    @Test(.hangLimit)
    func `what does not finish in time is cut off and told so`() async throws {
        let script: [Step] = [.request, .send(streamHead + "1\r\na\r\n"), .awaitClose]
        try await withGateway(upstream: [script], threads: 1) { stage async throws in
            let client = try await stage.client()
            try await client.send(get)
            try await client.read(through: "a\r\n")
            let inBody = try await stage.client()
            try await inBody.send("POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n")
            await stage.gateway.stop(within: .milliseconds(50))
            #expect(try await client.readToEnd().isEmpty)
            #expect(stage.tap.now.answers.map(\.end) == [.stopped])
            #expect(await stage.gateway.counters().connectionsOpen == 0)
        }
    }

    @Test(.hangLimit)
    func `a gateway starts once, and says what is in its way`() async throws {
        try await withGateway { stage async throws in
            await #expect(throws: GatewayError.self) { _ = try await stage.gateway.start() }
            let url = try ServerURL("http://127.0.0.1:1")
            let second = GatewayServer(
                configuration: GatewayConfiguration(host: "127.0.0.1", port: stage.port),
                router: EveryoneTo(Upstream(.stable, version: "v", url: url)),
                tap: stage.tap,
                logger: Logger(label: "test")
            )
            let error = await #expect(throws: GatewayError.self) { _ = try await second.start() }
            #expect(error?.description.hasPrefix("The gateway cannot listen on 127.0.0.1:\(stage.port): ") == true)
        }
    }

    @Test(.hangLimit)
    func `a stop while the gateway starts leaves nothing that listens, and returns when it is over`() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let mayGoOn = DispatchSemaphore(value: 0)
        group.next().execute { mayGoOn.wait() }
        let isAsked = Signal()
        let url = try ServerURL("http://127.0.0.1:1")
        let gateway = GatewayServer(
            configuration: GatewayConfiguration(host: "127.0.0.1", port: 0),
            router: Telling(upstream: Upstream(.stable, version: "v", url: url), isAsked: isAsked),
            tap: RecordingTap(),
            group: group,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let starting = Task { try await gateway.start() }
        await isAsked.wait()
        let stopping = [
            Task.immediate { await gateway.stop() }, Task.immediate { await gateway.stop() },
        ]
        // Behind them: the actor takes its callers in order.
        #expect(await gateway.listeningChannel == nil)
        mayGoOn.signal()
        for stop in stopping { await stop.value }
        #expect(await gateway.listeningChannel == nil)
        let error = await #expect(throws: GatewayError.self) { _ = try await starting.value }
        #expect(error?.description == "The gateway was stopped before it had started.")
        #expect(await gateway.listeningChannel == nil)
        await #expect(throws: GatewayError.self) { _ = try await gateway.start() }
        try await group.shutdownGracefully()
    }

    @Test(.hangLimit)
    func `a router that is given while the gateway starts is followed from the first request on`() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let mayGoOn = DispatchSemaphore(value: 0)
        group.next().execute { mayGoOn.wait() }
        let isAsked = Signal()
        let server = ScriptedUpstream([[.echoForEver]])
        let nowhere = try ServerURL("http://127.0.0.1:1")
        let url = try ServerURL("http://127.0.0.1:\(try await server.start())")
        let gateway = GatewayServer(
            configuration: GatewayConfiguration(host: "127.0.0.1", port: 0),
            router: Telling(upstream: Upstream(.stable, version: "v1", url: nowhere), isAsked: isAsked),
            tap: RecordingTap(),
            group: group,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let starting = Task { try await gateway.start() }
        await isAsked.wait()
        try await gateway.route(by: EveryoneTo(Upstream(.stable, version: "v2", url: url)))
        mayGoOn.signal()
        let client = try await Wire.connect(port: try #require(try await starting.value.port))
        try await client.send(get)
        let answer = try await client.message()
        #expect(answer.status == 200 && answer.field("X-Model-Version") == "v2")
        await client.close()
        await gateway.stop()
        await server.stop()
        try await group.shutdownGracefully()
    }

    @Test(.hangLimit)
    func `connections spread over the loops`() async throws {
        try await withGateway(threads: 2) { stage async throws in
            for _ in 0..<8 { #expect(try await stage.ask(get).status == 200) }
            await stage.tap.wait { $0.summaries.count == 8 }
            #expect(Set(stage.tap.now.summaries.map(\.loopIndex)) == [0, 1])
        }
    }
}
