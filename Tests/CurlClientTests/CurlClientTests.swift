import CurlClient
import Foundation
import Synchronization
import TestSupport
import Testing
import Threads

/// Real transfers to a scripted server on the loopback interface.
@Suite(.hangLimit) struct CurlClientTests {
    let client: CurlClient

    init() throws {
        client = try CurlClient(CurlConfiguration(name: "test"))
    }

    func post(_ server: LoopbackServer, _ timeouts: CurlTimeouts = CurlTimeouts()) -> CurlRequest {
        CurlRequest(url: server.url + "/v1/x", body: Array("{}".utf8), timeouts: timeouts)
    }

    @Test func `an answer with a length`() async throws {
        let server = try LoopbackServer { connection in
            guard let request = connection.readRequest() else { return }
            connection.answer(201, "you sent \(String(decoding: request.body, as: UTF8.self))")
        }
        defer { server.stop() }
        let recording = await client.play(post(server))
        let result = try #require(recording.result)
        #expect(result.outcome == .ok)
        #expect(result.status == 201)
        #expect(recording.text == "you sent {}")
        #expect(result.byteCount == recording.body.count)
        #expect(recording.head?.values("content-type") == ["application/json"])
        #expect(!result.reusedConnection)
        #expect(result.timings.total > .zero && result.timings.startTransfer >= result.timings.preTransfer)
        #expect(recording.eventsAfterTheEnd == 0)
    }

    /// Processor time of the thread of this name so far.
    private func processorTime(ofThread name: String) throws -> Duration {
        for thread in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task") {
            let folder = "/proc/self/task/\(thread)"
            guard let comm = try? String(contentsOfFile: folder + "/comm", encoding: .utf8), comm == name + "\n" else {
                continue
            }
            let statistics = try String(contentsOfFile: folder + "/schedstat", encoding: .utf8)
            return .nanoseconds(try #require(Int64(statistics.prefix { $0 != " " })))
        }
        throw POSIXError(.ESRCH)
    }

    @Test func `who waits for a silent server and keeps a connection that was closed does no work`() async throws {
        let isFirst = Atomic<Bool>(true)
        let server = try LoopbackServer { connection in
            guard connection.readRequest() != nil else { return }
            // The first connection is closed by the server after an answer that would let it live.
            guard isFirst.exchange(false, ordering: .relaxed) else { return connection.waitForPeerToLeave() }
            connection.answer(200, "ok")
        }
        defer { server.stop() }
        let client = try CurlClient(CurlConfiguration(name: "waiting"))
        #expect(await client.play(post(server)).result?.outcome == .ok)
        let before = try processorTime(ofThread: "curl-waiting")
        var timeouts = CurlTimeouts()
        timeouts.firstByte = .milliseconds(500)
        #expect(await client.play(post(server, timeouts)).result?.outcome == .timeout(.firstByte))
        #expect(try processorTime(ofThread: "curl-waiting") - before < .milliseconds(100))
    }

    @Test func `a client that is shut down leaves no descriptor`() async throws {
        func descriptors() throws -> Int {
            let folder = "/proc/self/fd/"
            return try FileManager.default.contentsOfDirectory(atPath: folder).count {
                // epoll's and the bell's; sockets come and go with other tests.
                (try? FileManager.default.destinationOfSymbolicLink(atPath: folder + $0))?.contains("[event") == true
            }
        }
        let before = try descriptors()
        for _ in 0..<200 {
            let client = try CurlClient(CurlConfiguration(name: "brief"))
            await withCheckedContinuation { stopped in client.shutdown { stopped.resume() } }
        }
        // Two each would be 400; the other tests have some open themselves.
        #expect(try descriptors() - before < 200)
    }

    @Test func `the head is exactly what was asked for`() async throws {
        let seen = Locked<[String]>([])
        let server = try LoopbackServer { connection in
            while let request = connection.readRequest() {
                seen.withLock { $0.append(request.head) }
                connection.answer(200, "ok")
            }
        }
        defer { server.stop() }
        var request = post(server)
        request.url = server.url + "/v1/a/../b?q=%20&r"
        request.headers = [
            ("B-field", "2"), ("content-type", "application/json"), ("a", ""), ("B-field", "1"),
            ("Content-Length", "99"),
        ]
        _ = await client.play(request)
        request.headers = [("Host", "shadow.example")]
        request.body = [UInt8](repeating: 120, count: 2 << 20)
        _ = await client.play(request)
        request.method = "GET"
        request.body = nil
        request.headers = [("User-Agent", "u")]
        _ = await client.play(request)
        let host = "127.0.0.1:\(server.port)"
        #expect(
            seen.withLock { $0 } == [
                "POST /v1/a/../b?q=%20&r HTTP/1.1\r\nHost: \(host)\r\nB-field: 2\r\ncontent-type: application/json\r\n"
                    + "a:\r\nB-field: 1\r\nContent-Length: 2\r\n\r\n",
                "POST /v1/a/../b?q=%20&r HTTP/1.1\r\nHost: shadow.example\r\nContent-Length: 2097152\r\n\r\n",
                "GET /v1/a/../b?q=%20&r HTTP/1.1\r\nHost: \(host)\r\nUser-Agent: u\r\n\r\n",
            ]
        )
        #expect(server.connectionCount == 1)
    }

    @Test func `a streamed answer arrives as it is sent`() async throws {
        let mayGoOn = DispatchSemaphore(value: 0)
        let server = try LoopbackServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.startChunked()
            for number in 0..<3 {
                connection.chunk("data: \(number)\n\n")
                // The next event is sent when the client has seen this one.
                mayGoOn.wait()
            }
            connection.send("0\r\nX-Trailer: 1\r\n\r\n")
        }
        defer { server.stop() }
        let recording = await client.play(post(server)) { event in
            if case .bytes = event { mayGoOn.signal() }
        }
        #expect(recording.outcome == .ok)
        #expect(recording.text == "data: 0\n\ndata: 1\n\ndata: 2\n\n")
        #expect(recording.pieceCount == 3)
        #expect(recording.head?.values("x-trailer") == [])
    }

    @Test func `connections are used again`() async throws {
        let server = try LoopbackServer { connection in
            while connection.readRequest() != nil { connection.answer(200, "ok") }
        }
        defer { server.stop() }
        #expect(await client.play(post(server)).result?.reusedConnection == false)
        #expect(await client.play(post(server)).result?.reusedConnection == true)
        #expect(server.connectionCount == 1)
    }

    @Test func `a kept connection that died is replaced, a fresh one that dies is not`() async throws {
        let connections = Atomic<Int>(0)
        let server = try LoopbackServer { connection in
            let number = connections.add(1, ordering: .relaxed).newValue
            guard connection.readRequest() != nil, number < 3 else { return }
            connection.answer(200, "answer on \(number)")
            // Promises to stay, takes one more request and leaves.
            _ = connection.readRequest()
        }
        defer { server.stop() }
        #expect(await client.play(post(server)).text == "answer on 1")
        #expect(await client.play(post(server)).text == "answer on 2")
        #expect(server.connectionCount == 2)
        // The second connection dies as the first did; the third, a fresh one, dies too and is not replaced.
        #expect(await client.play(post(server)).outcome == .closedBeforeAnswer)
        #expect(server.connectionCount == 3)
    }

    @Test func `a refused connection`() async throws {
        let port = try LoopbackServer.refusingPort()
        let recording = await client.play(CurlRequest(url: "http://127.0.0.1:\(port)/", body: []))
        #expect(recording.outcome == .connectFailed)
        #expect(recording.result?.status == nil)
        #expect(recording.result?.detail.isEmpty == false)
    }

    @Test func `names are resolved`() async throws {
        let server = try LoopbackServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.answer(200, "ok")
        }
        defer { server.stop() }
        let recording = await client.play(CurlRequest(url: "http://localhost:\(server.port)/", body: []))
        #expect(recording.outcome == .ok)
    }

    @Test func `TLS with a server that does not speak it is no connection`() async throws {
        let server = try LoopbackServer { connection in
            connection.send("HTTP/1.1 400 X\r\n\r\n")
        }
        defer { server.stop() }
        let recording = await client.play(CurlRequest(url: "https://127.0.0.1:\(server.port)/", body: []))
        #expect(recording.outcome == .connectFailed)
    }

    @Test func `a reset before the answer and in the midst of it`() async throws {
        let before = try LoopbackServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.reset()
        }
        defer { before.stop() }
        #expect(await client.play(post(before)).outcome == .closedBeforeAnswer)
        let seen = DispatchSemaphore(value: 0)
        let midst = try LoopbackServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.startChunked()
            connection.chunk("data: 1\n\n")
            seen.wait()
            connection.reset()
        }
        defer { midst.stop() }
        let recording = await client.play(post(midst)) { event in
            if case .bytes = event { seen.signal() }
        }
        #expect(recording.outcome == .truncated)
        #expect(recording.result?.status == 200)
        #expect(recording.text == "data: 1\n\n")
    }

    @Test(
        arguments: [
            ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfive!", CurlOutcome.truncated),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfive!\r\n", .truncated),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfi", .truncated),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nfive!\r\n", .protocolError),
            ("HTTP/1.1 200 OK\r\nContent-Le", .closedBeforeAnswer),
            ("", .closedBeforeAnswer),
            ("\u{1}\u{2}garbage that is no HTTP at all\r\n\r\n", .protocolError),
            ("HTTP/1.1 200 OK\r\n\r\nuntil the end", .ok),
            ("HTTP/1.1 204 No Content\r\n\r\n", .ok),
        ]
    )
    func `what a server sends before it closes`(answer: String, outcome: CurlOutcome) async throws {
        let server = try LoopbackServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.send(answer)
        }
        defer { server.stop() }
        #expect(await client.play(post(server)).outcome == outcome)
    }

    @Test func `a server that never answers runs into the first-byte limit, with or without a head`() async throws {
        let limits = CurlTimeouts(firstByte: .milliseconds(60))
        for head in ["", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"] {
            let server = try LoopbackServer { connection in
                guard connection.readRequest() != nil else { return }
                connection.send(head)
                connection.waitForPeerToLeave()
            }
            defer { server.stop() }
            let recording = await client.play(post(server, limits))
            #expect(recording.outcome == .timeout(.firstByte))
            let result = try #require(recording.result)
            #expect(result.finishedAt - result.startedAt >= .milliseconds(60))
        }
    }

    @Test func `a stream that falls silent runs into the stall limit`() async throws {
        let server = try LoopbackServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.startChunked()
            connection.chunk("data: 1\n\n")
            connection.waitForPeerToLeave()
        }
        defer { server.stop() }
        let recording = await client.play(post(server, CurlTimeouts(stall: .milliseconds(60))))
        #expect(recording.outcome == .timeout(.stall))
        #expect(recording.text == "data: 1\n\n")
    }

    @Test func `a stream without end runs into the total limit`() async throws {
        let server = try LoopbackServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.startChunked()
            while connection.chunk("data: again\n\n") {}
        }
        defer { server.stop() }
        var request = post(server, CurlTimeouts(total: .milliseconds(100)))
        request.maximumResponseBytes = .max
        #expect(await client.play(request).outcome == .timeout(.total))
    }

    @Test func `an address that swallows connections runs into the connect limit`() async throws {
        // A listener whose backlog is full and who never accepts: the kernel drops the SYN.
        let full = try FullListener()
        let recording = await client.play(
            CurlRequest(
                url: "http://127.0.0.1:\(full.port)/",
                body: [],
                timeouts: CurlTimeouts(connect: .milliseconds(60))
            )
        )
        #expect(recording.outcome == .timeout(.connect))
    }

    @Test func `an endless answer is cut off at the limit`() async throws {
        let server = try LoopbackServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.startChunked()
            while connection.chunk(String(repeating: "x", count: 8_000)) {}
        }
        defer { server.stop() }
        var request = post(server)
        request.maximumResponseBytes = 100_000
        let recording = await client.play(request)
        #expect(recording.outcome == .tooLarge)
        #expect(recording.body.count <= 100_000)
    }

    @Test func `an endless head is cut off`() async throws {
        let server = try LoopbackServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\n")
            while connection.send("X-Field: \(String(repeating: "x", count: 8_000))\r\n") {}
        }
        defer { server.stop() }
        #expect(await client.play(post(server)).outcome == .tooLarge)
    }

    @Test(
        arguments: [
            CurlRequest(url: "ftp://127.0.0.1/"), CurlRequest(url: "file:///etc/hostname"), CurlRequest(url: "no url"),
            CurlRequest(method: "P T", url: "http://127.0.0.1/"),
            CurlRequest(url: "http://127.0.0.1/", headers: [("X", "a\r\nY: b")]),
        ]
    )
    func `what cannot be sent never leaves`(request: CurlRequest) async {
        let outcome = await client.play(request).outcome
        #expect(outcome == .invalidRequest || outcome == .protocolError)
    }

    @Test func `a redirect is an answer`() async throws {
        let server = try LoopbackServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.send("HTTP/1.1 307 X\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")
        }
        defer { server.stop() }
        #expect(await client.play(post(server)).result?.status == 307)
        #expect(server.connectionCount == 1)
    }

    @Test func `a transfer is cancelled from another thread`() async throws {
        let arrived = DispatchSemaphore(value: 0)
        let server = try LoopbackServer { connection in
            guard connection.readRequest() != nil else { return }
            arrived.signal()
            connection.waitForPeerToLeave()
        }
        defer { server.stop() }
        let client = client
        let recording: Recording = await withCheckedContinuation { continuation in
            let recorded = Locked(Recording())
            let id = client.start(post(server)) { event in
                let whole = recorded.withLock { recorded in
                    recorded.take(event)
                    return recorded
                }
                if case .finished = event { continuation.resume(returning: whole) }
            }
            Thread {
                arrived.wait()
                if let id { client.cancel(id) }
            }.start()
        }
        #expect(recording.outcome == .cancelled)
    }

    @Test func `shutting down ends every transfer and then the thread`() async throws {
        let server = try LoopbackServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.waitForPeerToLeave()
        }
        defer { server.stop() }
        let outcomes = Locked<[CurlOutcome]>([])
        for _ in 0..<20 {
            client.start(post(server)) { event in
                if case .finished(let result) = event { outcomes.withLock { $0.append(result.outcome) } }
            }
        }
        await client.stopped()
        #expect(outcomes.withLock { $0 } == Array(repeating: .cancelled, count: 20))
        #expect(client.start(post(server)) { _ in } == nil)
        await client.stopped()
    }

    @Test func `a released client cancels what runs`() async throws {
        let server = try LoopbackServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.waitForPeerToLeave()
        }
        defer { server.stop() }
        let outcome: CurlOutcome = await withCheckedContinuation { continuation in
            let client = try? CurlClient(CurlConfiguration(name: "short"))
            client?.start(post(server)) { event in
                if case .finished(let result) = event { continuation.resume(returning: result.outcome) }
            }
        }
        #expect(outcome == .cancelled)
    }

    @Test func `five hundred transfers at once`() async throws {
        let waiting = Atomic<Int>(0)
        let everyone = DispatchSemaphore(value: 0)
        let server = try LoopbackServer { connection in
            guard let request = connection.readRequest() else { return }
            // Nobody is answered before all have asked.
            if waiting.add(1, ordering: .sequentiallyConsistent).newValue == 500 {
                for _ in 0..<500 { everyone.signal() }
            }
            everyone.wait()
            connection.startChunked()
            connection.chunk(String(decoding: request.body, as: UTF8.self))
            connection.chunk("!")
            connection.send("0\r\n\r\n")
        }
        defer { server.stop() }
        let client = client
        let url = server.url
        let texts = await withTaskGroup(of: String.self) { group in
            for number in 0..<500 {
                group.addTask {
                    await client.play(CurlRequest(url: url, body: Array("\(number)".utf8))).text
                }
            }
            return await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(texts == Set((0..<500).map { "\($0)!" }))
    }

    @Test func `events may start and cancel transfers`() async throws {
        let server = try LoopbackServer { connection in
            while connection.readRequest() != nil { connection.answer(200, "ok") }
        }
        defer { server.stop() }
        let client = client
        let request = post(server)
        let outcome: CurlOutcome = await withCheckedContinuation { continuation in
            client.start(request) { event in
                guard case .finished = event else { return }
                client.start(request) { event in
                    if case .finished(let result) = event { continuation.resume(returning: result.outcome) }
                }
            }
        }
        #expect(outcome == .ok)
    }
}
