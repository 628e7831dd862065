import CurlClient
import Foundation
import Gateway
import NIOCore
import Synchronization
import TestSupport
import Testing
import Threads
import Vocabulary

@testable import Mirroring

/// The whole mirror against a scripted shadow on the loopback interface; the gateway is played by the test.
@Suite(.hangLimit) struct MirrorTests {
    @Test func `a request becomes a pair of both answers`() async throws {
        let seen = Locked<[LoopbackRequest]>([])
        let shadow = try LoopbackServer { connection in
            while let request = connection.readRequest() {
                seen.withLock { $0.append(request) }
                connection.answer(200, chatAnswer("shadow"))
            }
        }
        defer { shadow.stop() }
        let sink = MemorySink()
        let observer = MemoryObserver()
        let mirror = try makeMirror(makeConfiguration(shadow: shadow.url), sink: sink, observer: observer)
        mirror.request(
            chatBody("hi", user: "ann"),
            target: "/v1/chat/completions?api_key=secret",
            headers: [("Authorization", "Bearer client"), ("Accept", "*/*")]
        )?.play(chatAnswer("stable"))
        let pair = try #require(await sink.pairs(1).first)
        #expect(pair.stable.text == "stable" && pair.stable.outcome == .ok && pair.stable.version == "v1.1.0")
        #expect(pair.shadow.text == "shadow" && pair.shadow.outcome == .ok && pair.shadow.version == "v1.2.0")
        #expect(pair.control == nil)
        #expect(pair.prompt == "hi")
        #expect(pair.session == KeyedHash(key: Array(0..<32)).session("ann"))
        #expect(pair.samplingProbability == 1)
        #expect(pair.endpoint == "/v1/chat/completions")
        #expect(pair.stable.usage.outputTokens == 2)
        #expect(abs(pair.time.timeIntervalSince1970 - 1_800_000_000) < 5)
        #expect(pair.shadow.timings.total ?? .zero > .zero)
        let request = try #require(seen.withLock { $0.first })
        #expect(request.line == "POST /v1/chat/completions HTTP/1.1")
        #expect(
            String(decoding: request.body, as: UTF8.self)
                == chatBody("hi", user: "ann").replacing("\"m\"", with: "\"shadow-model\"")
        )
        #expect(
            Set(request.fields) == [
                "Host: 127.0.0.1:\(shadow.port)", "Content-Type: application/json", "Accept: */*",
                "Authorization: Bearer shadow-key", "User-Agent: understudy", "X-Understudy-Leg: shadow",
                "Content-Length: \(request.body.count)",
            ]
        )
        await mirror.stop(within: .seconds(60))
        #expect(mirror.funnel.stored == 1 && mirror.funnel.inFlight == 0 && mirror.funnel.addsUp)
        #expect(mirror.bufferedBytes == 0)
        #expect(Set(observer.seen.legs.map(\.leg)) == [.stable, .shadow])
        #expect(observer.seen.tables.count == 1)
    }

    @Test func `the shadow starts when the request is complete, not when stable has answered`() async throws {
        let shadow = try LoopbackServer { connection in
            while connection.readRequest() != nil { connection.answer(200, chatAnswer("shadow")) }
        }
        defer { shadow.stop() }
        let sink = MemorySink()
        let mirror = try makeMirror(makeConfiguration(shadow: shadow.url), sink: sink)
        let arrived = AsyncStream<Void>.makeStream()
        let second = try LoopbackServer { connection in
            while connection.readRequest() != nil {
                arrived.continuation.yield()
                connection.answer(200, chatAnswer("shadow"))
            }
        }
        defer { second.stop() }
        let other = try makeMirror(makeConfiguration(shadow: second.url), sink: sink)
        let tap = other.request(chatBody())
        // Stable has not said a word yet.
        for await _ in arrived.stream { break }
        tap?.play(chatAnswer("stable"))
        _ = await sink.pairs(1)
        await other.stop(within: .seconds(60))
        await mirror.stop(within: .zero)
    }

    @Test func `a streamed request is streamed on both legs, with times to the first token`() async throws {
        let shadow = try LoopbackServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.startChunked()
            connection.chunk(chatEvents(["Hel", "lo"]))
            connection.send("0\r\n\r\n")
        }
        defer { shadow.stop() }
        let sink = MemorySink()
        let mirror = try makeMirror(makeConfiguration(shadow: shadow.url), sink: sink)
        mirror.request(chatBody(stream: true))?.play(chatEvents(["Good", " day"]), type: "text/event-stream")
        let pair = try #require(await sink.pairs(1).first)
        #expect(pair.stable.text == "Good day" && pair.shadow.text == "Hello")
        #expect(pair.request.stream)
        for answer in [pair.stable, pair.shadow] {
            #expect(answer.timings.firstToken != nil && answer.timings.interTokenMaximum != nil)
        }
        await mirror.stop(within: .seconds(60))
        #expect(mirror.bufferedBytes == 0)
    }

    /// What a shadow does wrong, and what is stored of it.
    enum Fault: CaseIterable {
        case refuses, hangs, resets, says500, garbage, notJSON, endless, endlessAfterTheEnd, cut, cutStream, huge

        var outcomes: Set<Outcome> {
            switch self {
            case .refuses, .resets: [.connectError]
            case .hangs: [.timeout]
            case .says500: [.httpError]
            case .garbage, .notJSON, .huge: [.malformed]
            case .endless: [.timeout, .malformed]
            case .endlessAfterTheEnd: [.ok]
            case .cut, .cutStream: [.truncated]
            }
        }

        func play(_ connection: LoopbackConnection) {
            guard connection.readRequest() != nil else { return }
            switch self {
            case .refuses: break
            case .hangs: connection.waitForPeerToLeave()
            case .resets: connection.reset()
            case .says500: connection.answer(500, #"{"error":{"message":"broken"}}"#)
            case .garbage: connection.send("\u{1}\u{2}\u{3} nothing of HTTP\r\n\r\n")
            case .notJSON: connection.answer(200, "<html>sorry</html>")
            case .endless:
                connection.startChunked()
                while connection.chunk("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"again \"}}]}\n\n") {}
            case .endlessAfterTheEnd:
                connection.startChunked()
                connection.chunk(chatEvents(["ok"]))
                while connection.chunk(": still here\n\n") {}
            case .cut: connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"choices\":[")
            case .cutStream:
                connection.startChunked()
                connection.chunk("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n")
            case .huge:
                connection.startChunked(type: "application/json")
                while connection.chunk(String(repeating: "x", count: 65_536)) {}
            }
        }
    }

    @Test(arguments: Fault.allCases)
    func `a shadow that fails is a stored pair with its outcome`(fault: Fault) async throws {
        let shadow = try LoopbackServer { fault.play($0) }
        defer { shadow.stop() }
        let url = fault == .refuses ? "http://127.0.0.1:\(try LoopbackServer.refusingPort())" : shadow.url
        let sink = MemorySink()
        let mirror = try makeMirror(
            makeConfiguration(shadow: url) { configuration in
                let isTimed = fault == .hangs || fault == .endless
                configuration.limits.timeout = isTimed ? .milliseconds(200) : .seconds(50)
                configuration.limits.maximumAnswerBytes = 1 << 20
            },
            sink: sink
        )
        mirror.exchange()
        let pair = try #require(await sink.pairs(1).first)
        #expect(fault.outcomes.contains(pair.shadow.outcome), "\(pair.shadow.outcome)")
        #expect(pair.stable.outcome == .ok && pair.stable.text == "stable")
        await mirror.stop(within: .seconds(60))
        #expect(mirror.funnel.stored == 1 && mirror.funnel.inFlight == 0 && mirror.funnel.addsUp)
        #expect(mirror.bufferedBytes == 0)
    }

    @Test func `what stable does is an outcome too`() async throws {
        let shadow = try LoopbackServer { connection in
            while connection.readRequest() != nil { connection.answer(200, chatAnswer("shadow")) }
        }
        defer { shadow.stop() }
        let sink = MemorySink()
        let mirror = try makeMirror(makeConfiguration(shadow: shadow.url), sink: sink)
        mirror.request(chatBody("a"))?.play("{\"cho", end: .clientCancelled)
        mirror.request(chatBody("b"))?.play("{\"error\":{}}", status: 500)
        mirror.request(chatBody("c"))?.finished(.upstreamUnreachable, at: .now)
        mirror.request(chatBody("d"))?.play("{\"cho", end: .upstreamCut)
        let pairs = await sink.pairs(4)
        let outcomes = Dictionary(uniqueKeysWithValues: pairs.map { ($0.prompt ?? "", $0.stable.outcome) })
        #expect(outcomes == ["a": .clientCancelled, "b": .httpError, "c": .connectError, "d": .truncated])
        await mirror.stop(within: .seconds(60))
    }

    @Test func `the control goes to stable a second time, as the client`() async throws {
        let seen = Locked<[LoopbackRequest]>([])
        let shadow = try LoopbackServer { connection in
            while connection.readRequest() != nil { connection.answer(200, chatAnswer("shadow")) }
        }
        defer { shadow.stop() }
        let stable = try LoopbackServer { connection in
            while let request = connection.readRequest() {
                seen.withLock { $0.append(request) }
                connection.answer(200, chatAnswer("stable again"))
            }
        }
        defer { stable.stop() }
        let sink = MemorySink()
        let mirror = try makeMirror(
            makeConfiguration(shadow: shadow.url, stable: stable.url, controlRate: 1),
            sink: sink
        )
        mirror.exchange(headers: [("Authorization", "Bearer client")])
        let pair = try #require(await sink.pairs(1).first)
        #expect(pair.control?.text == "stable again" && pair.control?.version == "v1.1.0")
        let request = try #require(seen.withLock { $0.first })
        #expect(request.value("authorization") == "Bearer client")
        #expect(request.value("x-understudy-leg") == "control")
        #expect(String(decoding: request.body, as: UTF8.self) == chatBody())
        await mirror.stop(within: .seconds(60))
        #expect(mirror.bufferedBytes == 0)
    }

    @Test func `what cannot be mirrored is counted by its reason`() async throws {
        let mirror = try makeMirror(makeConfiguration(shadow: "http://127.0.0.1:9", rate: 0))
        #expect(mirror.request("", target: "/v1/models", method: "GET") == nil)
        #expect(mirror.request(chatBody(), target: "/v1/embeddings") == nil)
        mirror.request("not json")
        mirror.request("{}")
        mirror.request(#"{"input":"x","background":true}"#, target: "/v1/responses")
        mirror.request(chatBody(), headers: [("Content-Encoding", "br")])
        mirror.requestAbandoned(.refused, head: nil)
        mirror.requestAbandoned(.clientLeft, head: requestHead("POST", "/v1/messages"))
        mirror.requestAbandoned(.clientLeft, head: requestHead("GET", "/v1/models"))
        mirror.request(chatBody())
        #expect(mirror.change { $0.isPaused = true }.map(\.name) == ["sampling.paused"])
        #expect(!mirror.wantsBody(of: requestHead("POST", "/v1/messages")))
        mirror.request(chatBody())
        await mirror.caughtUp()
        let funnel = mirror.funnel
        #expect(
            funnel.notEligible == [
                .endpoint: 3, .unreadableRequest: 3, .stateful: 1, .incompleteRequest: 2, .paused: 1,
            ]
        )
        #expect(funnel.notSampled == 1 && funnel.seen == 11 && funnel.addsUp)
        #expect(mirror.bufferedBytes == 0)
        await mirror.stop(within: .zero)
    }

    @Test func `a conversation is in whole or out whole, on every replica`() async throws {
        let shadow = try LoopbackServer { connection in
            while connection.readRequest() != nil { connection.answer(200, chatAnswer("shadow")) }
        }
        defer { shadow.stop() }
        let sinks = [MemorySink(), MemorySink()]
        let mirrors = try sinks.map { sink in
            try makeMirror(
                makeConfiguration(shadow: shadow.url, rate: 0.3) { $0.limits.maximumQueued = 1_000 },
                sink: sink
            )
        }
        for mirror in mirrors {
            for number in 0..<300 {
                mirror.exchange(headers: [("X-Session-Id", "session \(number % 60)")])
            }
            await mirror.stop(within: .seconds(60))
        }
        let counts = sinks.map { sink in
            Dictionary(grouping: sink.pairs, by: \.session).mapValues(\.count)
        }
        #expect(counts[0] == counts[1])
        #expect(!counts[0].isEmpty && counts[0].values.allSatisfy { $0 == 5 })
        #expect(mirrors[0].funnel.sampled == counts[0].count * 5)
        #expect(sinks[0].pairs.allSatisfy { $0.samplingProbability == 0.3 })
    }

    @Test func `requests without a session are drawn one by one`() async throws {
        let mirror = try makeMirror(
            makeConfiguration(shadow: "http://127.0.0.1:9", rate: 0.5) { $0.limits.breaker.failures = 1 }
        )
        for _ in 0..<400 { mirror.exchange() }
        await mirror.stop(within: .seconds(60))
        #expect((120...280).contains(mirror.funnel.sampled))
    }

    @Test func `a hung shadow fills its queue and sheds, and nothing grows`() async throws {
        let shadow = try LoopbackServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.waitForPeerToLeave()
        }
        defer { shadow.stop() }
        let sink = MemorySink()
        let mirror = try makeMirror(
            makeConfiguration(shadow: shadow.url) { configuration in
                configuration.limits.maximumInFlight = 4
                configuration.limits.maximumQueued = 6
            },
            sink: sink
        )
        for _ in 0..<100 { mirror.exchange() }
        await mirror.caughtUp()
        #expect(mirror.funnel.shed == [.queueFull: 90])
        #expect(mirror.funnel.inFlight == 10)
        // Eight kilobytes each for the records, the rest for words.
        #expect((10 * 8_000..<10 * 9_000).contains(mirror.bufferedBytes))
        await mirror.stop(within: .zero)
        #expect(mirror.funnel.failed == [.stopped: 10])
        #expect(mirror.funnel.inFlight == 0 && mirror.funnel.addsUp)
        #expect(mirror.bufferedBytes == 0)
        #expect(sink.pairs.isEmpty)
    }

    @Test func `the budget in bytes bounds what waits`() async throws {
        let shadow = try LoopbackServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.waitForPeerToLeave()
        }
        defer { shadow.stop() }
        let mirror = try makeMirror(
            makeConfiguration(shadow: shadow.url) { configuration in
                configuration.limits.maximumQueued = 1_000
                configuration.limits.maximumBufferedBytes = 100_000
            }
        )
        let body = chatBody(String(repeating: "word ", count: 1_000))
        for _ in 0..<100 { mirror.exchange(body) }
        await mirror.caughtUp()
        #expect(mirror.bufferedBytes <= 100_000)
        #expect((mirror.funnel.shed[.bufferFull] ?? 0) >= 80)
        // An answer can be what does not fit.
        await mirror.stop(within: .zero)
        #expect(mirror.funnel.addsUp && mirror.funnel.inFlight == 0 && mirror.bufferedBytes == 0)
    }

    @Test func `an answer that outgrows the budget sheds its pair`() async throws {
        let shadow = try LoopbackServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.startChunked(type: "application/json")
            while connection.chunk(String(repeating: " ", count: 10_000)) {}
        }
        defer { shadow.stop() }
        let mirror = try makeMirror(
            makeConfiguration(shadow: shadow.url) { $0.limits.maximumBufferedBytes = 200_000 }
        )
        mirror.exchange()
        await mirror.stop(within: .seconds(60))
        #expect(mirror.funnel.shed == [.bufferFull: 1])
        #expect(mirror.bufferedBytes == 0)
    }

    @Test func `a dead shadow opens the breaker, and every request is still a pair`() async throws {
        let port = try LoopbackServer.refusingPort()
        let sink = MemorySink()
        let observer = MemoryObserver()
        let mirror = try makeMirror(
            makeConfiguration(shadow: "http://127.0.0.1:\(port)") { configuration in
                configuration.limits.breaker = .init(failures: 3, probeEvery: .seconds(60))
            },
            sink: sink,
            observer: observer
        )
        for number in 1...20 {
            mirror.exchange()
            _ = await sink.pairs(number)
        }
        await mirror.stop(within: .seconds(60))
        #expect(sink.pairs.count == 20)
        #expect(sink.pairs.allSatisfy { $0.shadow.outcome == .connectError && $0.stable.outcome == .ok })
        #expect(observer.seen.breaker.count == 1)
    }

    @Test(arguments: [MemorySink.Mode.isFull, .fails, .isSilent])
    func `a store that does not keep a pair is counted`(mode: MemorySink.Mode) async throws {
        let shadow = try LoopbackServer { connection in
            while connection.readRequest() != nil { connection.answer(200, chatAnswer("shadow")) }
        }
        defer { shadow.stop() }
        let mirror = try makeMirror(makeConfiguration(shadow: shadow.url), sink: MemorySink(mode))
        mirror.exchange()
        await mirror.stop(within: .milliseconds(500), sinkWithin: .milliseconds(200))
        switch mode {
        case .isFull: #expect(mirror.funnel.shed == [.storeFull: 1])
        default: #expect(mirror.funnel.failed == [.store: 1])
        }
        #expect(mirror.funnel.inFlight == 0 && mirror.bufferedBytes == 0)
    }

    @Test func `rates change live for the day, and the next day follows the target`() async throws {
        let clock = Locked(86_400.0 * 100)
        let observer = MemoryObserver()
        let mirror = try makeMirror(
            makeConfiguration(shadow: "http://127.0.0.1:9", rate: 0) { $0.sampling.targetPerDay = 20 },
            observer: observer,
            wallClock: { clock.withLock { $0 } }
        )
        for number in 0..<200 { mirror.exchange(headers: [("X-Session-Id", "\(number % 100)")]) }
        await mirror.caughtUp()
        #expect(mirror.funnel.notSampled == 200)
        #expect(
            mirror.change { $0.sampling.rate = 0.25 } == [
                SettingChange(name: "sampling.rate", before: "0.0", after: "0.25")
            ]
        )
        #expect(mirror.change { $0.sampling.rate = 0.25 }.isEmpty)
        await mirror.caughtUp()
        #expect(mirror.rates == RateTable(day: 100, rates: [:], otherwise: 0.25))
        clock.withLock { $0 += 86_400 }
        mirror.exchange()
        await mirror.caughtUp()
        #expect(mirror.rates == RateTable(day: 101, rates: [.other: 0.2], otherwise: 1))
        #expect(observer.seen.tables.map(\.day) == [100, 100, 101])
        let traffic = await mirror.drainTraffic().filter { $0.day == 100 }
        #expect(traffic.map(\.requests) == [200] && traffic.map(\.sessions) == [100])
        await mirror.stop(within: .zero)
    }

    @Test func `after the stop requests are counted and left alone`() async throws {
        let mirror = try makeMirror(makeConfiguration(shadow: "http://127.0.0.1:9"))
        await mirror.stop(within: .zero)
        #expect(mirror.request(chatBody()) == nil)
        #expect(mirror.request("", target: "/v1/models", method: "GET") == nil)
        await mirror.stop(within: .zero)
        await mirror.caughtUp()
        #expect(mirror.funnel.notEligible == [.paused: 1, .endpoint: 1])
        #expect(mirror.funnel.addsUp && mirror.bufferedBytes == 0)
    }

    @Test func `under mixed faults from many threads every request is accounted for`() async throws {
        let number = Atomic<Int>(0)
        let shadow = try LoopbackServer { connection in
            while connection.readRequest() != nil {
                switch number.add(1, ordering: .relaxed).newValue % 10 {
                case 0: return connection.reset()
                case 1: connection.answer(500, "{}")
                case 2: return connection.waitForPeerToLeave()
                default: connection.answer(200, chatAnswer("shadow"))
                }
            }
        }
        defer { shadow.stop() }
        let sink = MemorySink()
        let mirror = try makeMirror(
            makeConfiguration(shadow: shadow.url, stable: shadow.url, rate: 0.5, controlRate: 0.1) { configuration in
                configuration.limits.timeout = .milliseconds(300)
                configuration.limits.breaker.failures = 0
                configuration.sampling.unit = .request
            },
            sink: sink
        )
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<4 {
                group.addTask {
                    for number in 0..<250 {
                        switch (number + worker) % 20 {
                        case 0: mirror.request("", target: "/metrics", method: "GET")
                        case 1: mirror.requestAbandoned(.clientLeft, head: requestHead("POST", "/v1/messages"))
                        case 2: mirror.request(chatBody())?.play("{", end: .clientCancelled)
                        default: mirror.exchange()
                        }
                        if number % 50 == 0 { #expect(mirror.funnel.addsUp) }
                    }
                }
            }
        }
        await mirror.stop(within: .seconds(60))
        let funnel = mirror.funnel
        #expect(funnel.addsUp && funnel.inFlight == 0 && funnel.seen == 1_000)
        #expect(funnel.stored == sink.pairs.count && funnel.stored > 0)
        #expect(mirror.bufferedBytes == 0)
        #expect(mirror.drainMinutes().minutes.reduce(into: Funnel()) { $0 += $1.change } == funnel)
    }
}
