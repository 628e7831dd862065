import Gateway
import NIOCore
import TestSupport
import Testing
import Vocabulary

/// Routes by the field X-Upstream, which names an upstream.
private struct ByField: Router {
    let usual: Upstream
    var others: [Upstream] = []

    func choose(for head: RequestHead) -> Upstream.Name? {
        head.fields.first("x-upstream").map { Upstream.Name($0) }
    }
}

private func get(_ target: String, _ name: String) -> String {
    "GET \(target) HTTP/1.1\r\nHost: x\r\nX-Upstream: \(name)\r\n\r\n"
}

private let second = Upstream.Name("second")
private let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

/// The head of a stream, its beginning and its rest.
private func stream(_ word: String) -> (begin: String, rest: String) {
    (
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n\(word)\r\n",
        "3\r\nend\r\n0\r\n\r\n"
    )
}

/// Runs a second upstream beside stable, at a base path where one is given.
private func withSecond(
    _ scripts: [[Step]],
    basePath: String = "",
    _ body: (ScriptedUpstream, Upstream) async throws -> Void
) async throws {
    let server = ScriptedUpstream(scripts)
    let port = try await server.start()
    let url = try ServerURL("http://127.0.0.1:\(port)\(basePath)")
    let result: Result<Void, any Error>
    do {
        result = .success(try await body(server, Upstream(second, version: "v1.2.0", url: url)))
    } catch {
        result = .failure(error)
    }
    await server.stop()
    try result.get()
}

/// Several upstreams behind one gateway, and what becomes of them when the router is replaced.
@Suite(.serialized, .hangLimit) struct RouterTests {
    @Test func `a request goes to the upstream that its head chooses: head, version and connections are that one's`()
        async throws
    {
        try await withGateway(threads: 1) { stage in
            try await withSecond([[.echoForEver]], basePath: "/base") { server, other in
                try await stage.gateway.route(by: ByField(usual: stage.stable, others: [other]))
                let client = try await stage.client()
                for _ in 0..<3 {
                    for (name, upstream) in [("second", other), ("stable", stage.stable), ("unknown", stage.stable)] {
                        try await client.send(get("/x", name))
                        let answer = try await client.message()
                        #expect(answer.fields("X-Model-Version") == [upstream.version])
                        let line = "GET \(upstream.url.basePath)/x HTTP/1.1\r\nHost: \(upstream.url.authority)\r\n"
                        #expect(answer.text.hasPrefix(line))
                    }
                }
                #expect(server.connectionCount == 1 && stage.upstream.connectionCount == 1)
                let counters = await stage.gateway.counters()
                #expect(counters.upstreamConnectionsOpened == 2 && counters.upstreamConnectionsReused == 7)
                #expect(counters.upstreamConnectionsIdle == 2)
                await stage.tap.wait { $0.summaries.count == 9 }
                let names = [second, .stable, .stable, second, .stable, .stable, second, .stable, .stable]
                #expect(stage.tap.now.answers.map(\.request.servedBy) == names)
                #expect(stage.tap.now.summaries.map(\.servedBy) == names)
                await client.close()
            }
        }
    }

    @Test func `streams finish on an upstream that is taken out while they run, and nothing new goes there`()
        async throws
    {
        let goOn = Signal()
        let streamClosed = Signal()
        let unusedClosed = Signal()
        let (ofStable, ofSecond) = (stream("stable"), stream("second"))
        let stableScripts: [[Step]] = [
            [.request, .send(ofStable.begin), .wait(goOn), .send(ofStable.rest), .awaitClose], [.echoForEver],
        ]
        let secondScripts: [[Step]] = [
            [.request, .send(ofSecond.begin), .wait(goOn), .send(ofSecond.rest), .awaitClose, .fire(streamClosed)],
            [.request, .send(ok), .awaitClose, .fire(unusedClosed)],
        ]
        try await withGateway(upstream: stableScripts, threads: 2) { stage in
            try await withSecond(secondScripts) { server, other in
                try await stage.gateway.route(by: ByField(usual: stage.stable, others: [other]))
                let streams = [(try await stage.client(), stage.stable), (try await stage.client(), other)]
                for (client, upstream) in streams {
                    try await client.send(get("/stream", upstream.name.text))
                    let head = try await client.read(through: "\r\n\r\n")
                    #expect(head.contains("X-Model-Version: \(upstream.version)\r\n"))
                    try await client.read(through: "6\r\n\(upstream.name.text)\r\n")
                }
                let client = try await stage.client()
                try await client.send(get("/unused", "second"))
                #expect(try await client.message().text == "ok")

                try await stage.gateway.route(by: EveryoneTo(stage.stable))
                // Its unused connection is closed at once.
                await unusedClosed.wait()
                try await client.send(get("/later", "second"))
                let answer = try await client.message()
                #expect(answer.field("X-Model-Version") == "v1.1.0")
                #expect(answer.text.hasPrefix("GET /later"))

                goOn.fire()
                for (client, _) in streams { try await client.read(through: "3\r\nend\r\n0\r\n\r\n") }
                // Its last connection closes with the last answer.
                await streamClosed.wait()
                #expect(server.requests.count == 2)
                await stage.tap.wait { $0.summaries.count == 4 }
                let answers = stage.tap.now.answers
                #expect(answers.map(\.request.servedBy) == [.stable, second, second, .stable])
                #expect(answers.prefix(2).map(\.body) == [Array("stableend".utf8), Array("secondend".utf8)])
                #expect(answers.allSatisfy { $0.end == .complete })
                for (client, _) in streams { await client.close() }
                await client.close()
            }
        }
    }

    @Test func `an upstream that is called otherwise keeps its connections`() async throws {
        try await withGateway(threads: 1) { stage in
            #expect(try await stage.ask(get("/", "stable")).field("X-Model-Version") == "v1.1.0")
            var renamed = stage.stable
            renamed.name = second
            renamed.version = "v1.1.1"
            try await stage.gateway.route(by: EveryoneTo(renamed))
            #expect(try await stage.ask(get("/", "stable")).field("X-Model-Version") == "v1.1.1")
            #expect(stage.upstream.connectionCount == 1)
            await stage.tap.wait { $0.summaries.count == 2 }
            #expect(stage.tap.now.summaries.map(\.servedBy) == [.stable, second])
        }
    }

    @Test func `unused connections of all upstreams together stay within the limit`() async throws {
        let closed = Signal()
        try await withGateway(
            upstream: [[.request, .send(ok), .awaitClose, .fire(closed)]],
            threads: 1,
            configure: Configure { $0.maximumKeptConnections = 1 }
        ) { stage in
            try await withSecond([[.echoForEver]]) { _, other in
                try await stage.gateway.route(by: ByField(usual: stage.stable, others: [other]))
                #expect(try await stage.ask(get("/", "stable")).text == "ok")
                #expect(try await stage.ask(get("/", "second")).status == 200)
                await closed.wait()
                #expect(await stage.gateway.counters().upstreamConnectionsIdle == 1)
            }
        }
    }

    @Test func `where one upstream lies below a base path, a path that climbs is refused whoever would serve it`()
        async throws
    {
        try await withGateway(threads: 1) { stage in
            try await withSecond([[.echoForEver]], basePath: "/base") { _, other in
                let client = try await stage.client()
                try await client.send(get("/../x", "stable"))
                #expect(try await client.message().status == 200)
                try await stage.gateway.route(by: ByField(usual: stage.stable, others: [other]))
                try await client.send(get("/../x", "stable"))
                #expect(try await client.message().status == 400)
                await client.close()
            }
        }
    }
}
