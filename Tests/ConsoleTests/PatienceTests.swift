import Foundation
import JSON
import TestSupport
import Testing
import Threads
import Vocabulary

@testable import Console

/// How long strangers may hold what the console has.
@Suite(.hangLimit) struct PatienceTests {
    private let start = ContinuousClock.now

    private func progress() -> ConnectionProgress {
        var patience = ConnectionPatience()
        patience.request = .seconds(10)
        patience.answer = .seconds(30)
        patience.idle = .seconds(60)
        patience.stop = .seconds(2)
        patience.farewell = .seconds(3)
        return ConnectionProgress(patience, openedAt: start)
    }

    @Test func `a connection has a deadline at each point where its client is to do something`() {
        var one = progress()
        #expect(one.deadline == start + .seconds(10))
        one.headCame(now: start + .seconds(8))
        #expect(one.deadline == start + .seconds(10), "a slow head leaves less for the body")
        one.requestEnded()
        #expect(one.deadline == nil, "the console's own work is not the client's delay")
        one.answerBegan(now: start + .seconds(100))
        #expect(one.deadline == start + .seconds(130))
        one.answerLeft(now: start + .seconds(101))
        #expect(one.deadline == start + .seconds(161))
        one.headCame(now: start + .seconds(160))
        #expect(one.deadline == start + .seconds(170), "the time unused is not taken from the next request")
        one.requestEnded()
        one.answerBegan(now: start + .seconds(160))
        one.answerLeft(now: start + .seconds(160))
        one.outputClosed(now: start + .seconds(160))
        #expect(one.deadline == start + .seconds(163))
    }

    @Test func `only our own work on an answer keeps a connection its place, not a client that does not take it`() {
        var one = progress()
        var busy = [one.isBusy]
        one.headCame(now: start)
        busy.append(one.isBusy)
        one.requestEnded()
        busy.append(one.isBusy)
        one.answerBegan(now: start)
        busy.append(one.isBusy)
        one.answerLeft(now: start)
        busy.append(one.isBusy)
        #expect(busy == [false, false, true, false, false])
        var early = progress()
        early.headCame(now: start)
        early.answerBegan(now: start)
        early.requestEnded()
        #expect(!early.isBusy)
    }

    @Test func `an early answer does not end the wait for the rest of its request`() {
        var one = progress()
        one.headCame(now: start)
        one.answerBegan(now: start + .seconds(1))
        one.answerLeft(now: start + .seconds(1))
        #expect(one.deadline == start + .seconds(10))
    }

    @Test func `when the process stops only an answer that is being worked on is waited for, and not long`() {
        var (unused, reading, answering) = (progress(), progress(), progress())
        reading.headCame(now: start)
        answering.headCame(now: start)
        answering.requestEnded()
        let closes = (unused.stop(now: start), reading.stop(now: start), answering.stop(now: start))
        #expect(closes == (true, true, false))
        answering.answerBegan(now: start)
        #expect(answering.deadline == start + .seconds(2))
    }

    @Test(arguments: [
        "", "GET /metrics HTTP/1.1\r\nA: ",
        "PUT /api/v1/sampling HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{",
        "PUT /api/v1/sampling HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer a-token-of-16-or\r\nContent-Length: 9\r\n\r\n{",
        "PUT /api/v1/sampling HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer a-token-of-16-or\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
    ])
    func `a request that does not become complete is closed`(_ beginning: String) async throws {
        try await withConsole(
            token: "a-token-of-16-or",
            configure: Configure { $0.requestTimeout = .milliseconds(200) }
        ) { client, backend in
            let raw = try RawConnection(to: client.port)
            raw.send(beginning)
            _ = await raw.readToEnd()
            #expect(backend.state.withLock { $0.rate } == 0.1)
        }
    }

    @Test func `a connection that is not used any more is closed`() async throws {
        try await withConsole(configure: Configure { $0.idleTimeout = .milliseconds(200) }) { client, _ in
            let raw = try RawConnection(to: client.port)
            raw.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(await raw.readToEnd().contains("ok\n"))
        }
    }

    @Test func `a client that asked to close and does not is closed`() async throws {
        try await withConsole { client, _ in
            let raw = try RawConnection(to: client.port)
            raw.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            #expect(await raw.readToEnd().contains("ok\n"))
        }
    }

    @Test func `who says nothing leaves when the last place is taken, the one that waited longest first`() {
        var book = PlaceBook(count: 4)
        let entered = (0..<3).map { _ in book.enter() }
        #expect(entered.allSatisfy { $0.leaves == nil })
        // The first is being answered, the second has been answered, the third has said nothing.
        book.note(entered[0].number, isBusy: true)
        book.note(entered[1].number, isBusy: true)
        book.note(entered[1].number, isBusy: false)
        let fourth = book.enter()
        #expect(fourth.leaves == entered[2].number)
        let fifth = book.enter()
        #expect(fifth.leaves == fourth.number)
        book.note(fifth.number, isBusy: true)
        let sixth = book.enter()
        #expect(sixth.leaves == entered[1].number)
        book.note(sixth.number, isBusy: true)
        let seventh = book.enter()
        #expect(seventh.leaves == nil, "all others are being answered")
    }

    @Test func `a probe is answered while strangers hold every place`() async throws {
        try await withConsole(
            configure: Configure {
                $0.maximumConnections = 4
                $0.requestTimeout = .seconds(600)
            }
        ) { client, _ in
            let silent = try (0..<12).map { _ in try RawConnection(to: client.port) }
            let late = try RawConnection(to: client.port)
            late.send("PUT /api/v1/sampling HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{")
            for _ in 0..<8 {
                let asking = try RawConnection(to: client.port)
                asking.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(await asking.read(through: "ok\n").contains("200 OK"))
            }
            withExtendedLifetime((silent, late)) {}
        }
    }

    @Test func `a stalled change does not keep the console from stopping`() async throws {
        let (stalled, client) = AsyncStream<RawConnection>.makeStream()
        try await withConsole(
            token: "a-token-of-16-or",
            configure: Configure { $0.requestTimeout = .seconds(600) }
        ) { console, _ in
            let raw = try RawConnection(to: console.port)
            raw.send("PUT /api/v1/sampling HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer a-token-of-16-or\r\n")
            raw.send("Content-Length: 9\r\nExpect: 100-continue\r\n\r\n{")
            // The console has taken the connection once it answers on another.
            try await #expect(console.ask("/healthz").status == 200)
            client.yield(raw)
        }
        client.finish()
        var count = 0
        for await raw in stalled {
            _ = await raw.readToEnd()
            count += 1
        }
        #expect(count == 1)
    }

    @Test func `who waits for an evaluation does not keep the console from stopping`() async throws {
        let (never, keeping) = AsyncStream<Void>.makeStream()
        let backend = FixedBackend(evaluating: never)
        let (asked, asking) = AsyncStream<Task<Int, Never>>.makeStream()
        try await withConsole(backend: backend) { client, backend in
            asking.yield(Task { (try? await client.ask("/api/v1/readiness").status) ?? 0 })
            await backend.evaluations.wait { $0 > 0 }
        }
        asking.finish()
        for await task in asked { #expect(await task.value == 503) }
        keeping.finish()
    }

    @Test func `one evaluation at a time serves all who ask, and is shown again for a while`() async throws {
        let (stream, finish) = AsyncStream<Void>.makeStream()
        try await withConsole(backend: FixedBackend(evaluating: stream)) { client, backend in
            let bodies = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<8 { group.addTask { try await client.ask("/api/v1/readiness").body } }
                await backend.evaluations.wait { $0 > 0 }
                finish.finish()
                var bodies: Set<String> = []
                for try await body in group { bodies.insert(body) }
                return bodies
            }
            #expect(bodies == [#"{"verdict":"hold","number":1}"# + "\n"])
            _ = try await client.ask("/api/v1/readiness")
            #expect(backend.evaluations.now == 1)
        }
    }

    @Test func `an evaluation that is too old is made anew, and a failure is not kept`() {
        var shared = SharedAnswer<Int>(lifetime: .seconds(30))
        func ask(_ waiter: Int, after seconds: Int) -> SharedAnswer<Int>.Action {
            shared.ask(waiter, now: start + .seconds(seconds))
        }
        #expect(ask(1, after: 0) == .begin)
        #expect(ask(2, after: 0) == .wait)
        let both = shared.finished(["a": 1], now: start + .seconds(5))
        #expect(both == [1, 2])
        #expect(ask(3, after: 34) == .give(["a": 1]))
        #expect(ask(4, after: 35) == .begin)
        let one = shared.finished(nil, now: start + .seconds(36))
        #expect(one == [4])
        #expect(ask(5, after: 36) == .begin)
        let left = shared.stop()
        #expect(left == [5])
        #expect(ask(6, after: 36) == .refuse)
    }

    @Test func `so many wait for an evaluation, and the next is told to come again`() {
        var shared = SharedAnswer<Int>(lifetime: .seconds(30))
        let actions = (0..<20).map { shared.ask($0, now: start) }
        #expect(actions.first == .begin)
        #expect(actions[1..<16].allSatisfy { $0 == .wait })
        #expect(actions[16...].allSatisfy { $0 == .refuse })
    }

    @Test func `foreign words have no effect on a terminal or on the order of a text`() async throws {
        let backend = FixedBackend()
        let foreign = "a\u{1b}]0;title\u{7}\u{202e}gpj.\u{9b}31m\u{2028}b\u{200f}\u{7f}c\u{e0041}"
        backend.state.withLock { $0.rows = [StatusRow(name: "shadow\u{1b}[2J", value: foreign)] }
        try await withConsole(backend: backend) { client, _ in
            let status = try await client.ask("/api/v1/status").body
            #expect(!status.dropLast().unicodeScalars.contains { $0.isUnseen })
            let row = try #require(try JSON(parsing: status).arrayValue?.first)
            #expect(row["name"]?.stringValue == "shadow\u{fffd}[2J")
            #expect(row["value"]?.stringValue?.unicodeScalars.contains { $0.isUnseen } == false)
        }
        // A document says the same to a program.
        let document: JSON = ["text": .string(foreign + "é 😀 \u{5e9}")]
        let escaped = document.text().escapedJSON
        #expect(!escaped.unicodeScalars.contains { $0.isUnseen })
        #expect(try JSON(parsing: escaped) == document)
    }
}
