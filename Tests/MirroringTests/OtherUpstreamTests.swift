import CurlClient
import Dispatch
import Gateway
import Logging
import NIOCore
import TestSupport
import Testing
import Threads
import Vocabulary

@testable import Mirroring

/// Routes by the field X-Upstream, which names an upstream.
private struct ByField: Router {
    let usual: Upstream
    let others: [Upstream]

    func choose(for head: RequestHead) -> Upstream.Name? {
        head.fields.first("x-upstream").map { Upstream.Name($0) }
    }
}

/// A server that answers every request with a stream of one word, the end of which waits until it may come.
private func streamServer(_ word: String, begun: AsyncStream<Void>.Continuation, _ gate: Latch) throws -> LoopbackServer
{
    try LoopbackServer { connection in
        while connection.readRequest() != nil {
            connection.startChunked()
            connection.chunk(chatEvents([word]))
            begun.yield()
            gate.wait()
            connection.send("0\r\n\r\n")
        }
    }
}

/// Opens once and stays open.
private final class Latch: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    func open() { semaphore.signal() }
    func wait() {
        semaphore.wait()
        semaphore.signal()
    }
}

/// Requests that stable did not serve, behind a gateway and by themselves.
@Suite(.hangLimit) struct OtherUpstreamTests {
    @Test func `an answer of another upstream is no pair of stable's, and is accounted for`() async throws {
        let shadow = try LoopbackServer { connection in
            while connection.readRequest() != nil { connection.answer(200, chatAnswer("shadow")) }
        }
        defer { shadow.stop() }
        let sink = MemorySink()
        let mirror = try makeMirror(makeConfiguration(shadow: shadow.url), sink: sink)
        var request = TappedRequest(
            head: requestHead("POST", "/v1/chat/completions"),
            body: [ByteBuffer(string: chatBody())],
            receivedFirstByteAt: .now,
            completedAt: .now,
            servedBy: Upstream.Name("candidate")
        )
        #expect(mirror.reserve(1_000))
        request.reservedByteCount = 1_000
        #expect(mirror.requestCompleted(request) == nil)
        #expect(mirror.bufferedBytes == 0)
        mirror.exchange()
        #expect(await sink.pairs(1).map(\.stable.text) == ["stable"])
        await mirror.stop(within: .seconds(60))
        #expect(mirror.funnel.seen == 2 && mirror.funnel.stored == 1 && mirror.funnel.addsUp)
        #expect(mirror.funnel.notEligible == [.endpoint: 1])
        #expect(shadow.connectionCount == 1)
    }

    @Test func `of two upstreams behind one gateway only stable's answers are stored, whatever the router becomes`()
        async throws
    {
        let (begun, begins) = AsyncStream<Void>.makeStream()
        let gate = Latch()
        let stable = try streamServer("stable", begun: begins, gate)
        let candidate = try streamServer("candidate", begun: begins, gate)
        let shadow = try LoopbackServer { connection in
            while connection.readRequest() != nil { connection.answer(200, chatAnswer("shadow")) }
        }
        defer { for server in [stable, candidate, shadow] { server.stop() } }
        let sink = MemorySink()
        let mirror = try makeMirror(makeConfiguration(shadow: shadow.url), sink: sink)
        func upstream(_ name: String, _ version: String, _ server: LoopbackServer) throws -> Upstream {
            Upstream(Upstream.Name(name), version: version, url: try ServerURL(server.url))
        }
        let usual = try upstream("stable", "v1.1.0", stable)
        let other = try upstream("candidate", "v1.2.0", candidate)
        let gateway = GatewayServer(
            configuration: GatewayConfiguration(host: "127.0.0.1", port: 0),
            router: ByField(usual: usual, others: [other]),
            tap: mirror,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let address = try await gateway.start()
        let port = try #require(address.port)
        let client = try CurlClient(CurlConfiguration(name: "users"))
        @Sendable func ask(_ name: String) async -> Answer {
            await client.answer(
                CurlRequest(
                    url: "http://127.0.0.1:\(port)/v1/chat/completions",
                    headers: [("Content-Type", "application/json"), ("X-Upstream", name)],
                    body: Array(chatBody("for \(name)", stream: true).utf8)
                )
            )
        }
        var beginnings = begun.makeAsyncIterator()
        async let fromStable = ask("stable")
        async let fromCandidate = ask("candidate")
        for _ in 0..<2 { await beginnings.next() }
        try await gateway.route(by: EveryoneTo(usual))
        gate.open()
        let answers = [await fromStable, await fromCandidate, await ask("candidate")]
        #expect(answers.map(\.version) == ["v1.1.0", "v1.2.0", "v1.1.0"])
        #expect(answers.map(\.text) == ["stable", "candidate", "stable"].map { chatEvents([$0]) })
        let pairs = await sink.pairs(2)
        #expect(pairs.map(\.stable.text) == ["stable", "stable"])
        #expect(Set(pairs.map(\.prompt)) == ["for stable", "for candidate"])
        await gateway.stop()
        await mirror.stop(within: .seconds(60))
        #expect(sink.pairs.count == 2)
        #expect(mirror.funnel.seen == 3 && mirror.funnel.stored == 2 && mirror.funnel.addsUp)
        #expect(mirror.funnel.notEligible == [.endpoint: 1])
        #expect(mirror.bufferedBytes == 0)
        await withCheckedContinuation { continuation in client.shutdown { continuation.resume() } }
    }
}

/// What a user gets.
private struct Answer: Sendable {
    var version: String?
    var text = ""
}

extension CurlClient {
    fileprivate func answer(_ request: CurlRequest) async -> Answer {
        let answer = Locked(Answer())
        return await withCheckedContinuation { continuation in
            start(request) { event in
                switch event {
                case .head(let head, _): answer.withLock { $0.version = head.values("x-model-version").first }
                case .bytes(let bytes, _): answer.withLock { $0.text += String(decoding: bytes, as: UTF8.self) }
                case .finished: continuation.resume(returning: answer.withLock { $0 })
                }
            }
        }
    }
}
