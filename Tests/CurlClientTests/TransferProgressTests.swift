import Testing

@testable import CurlClient

@Suite struct TransferProgressTests {
    let start = ContinuousClock.now
    let timeouts = CurlTimeouts(
        connect: .seconds(1),
        firstByte: .seconds(10),
        stall: .seconds(3),
        total: .seconds(30)
    )

    func progress(maximumBytes: Int = 100) -> TransferProgress {
        TransferProgress(startedAt: start, timeouts: timeouts, maximumResponseBytes: maximumBytes)
    }

    @Test func `until the first byte of the payload the first-byte limit counts, head or not`() {
        var progress = progress()
        #expect(progress.deadline.at == start + .seconds(10))
        progress.receivedHead(status: 200)
        #expect(progress.deadline.at == start + .seconds(10))
        #expect(progress.expire(at: start + .seconds(9)) == false)
        #expect(progress.expire(at: start + .seconds(10)) == true)
        #expect(progress.outcome(.connectTimeout) == .timeout(.firstByte))
    }

    @Test func `after a byte silence is a stall, and bytes keep it away`() {
        var progress = progress()
        #expect(progress.receivedBytes(1, at: start + .seconds(2)) == true)
        #expect(progress.deadline.at == start + .seconds(5))
        #expect(progress.receivedBytes(1, at: start + .seconds(4)) == true)
        #expect(progress.expire(at: start + .seconds(6)) == false)
        #expect(progress.expire(at: start + .seconds(7)) == true)
        #expect(progress.outcome(.connectionLost) == .timeout(.stall))
    }

    @Test func `a steady stream ends at the total limit`() {
        var progress = progress()
        for second in 1..<30 {
            #expect(progress.expire(at: start + .seconds(second)) == false)
            #expect(progress.receivedBytes(1, at: start + .seconds(second)) == true)
        }
        #expect(progress.deadline.at == start + .seconds(30))
        #expect(progress.expire(at: start + .seconds(30)) == true)
        #expect(progress.outcome(.complete) == .timeout(.total))
    }

    @Test func `one byte more than allowed is too large, at the limit is not`() {
        var progress = progress(maximumBytes: 10)
        #expect(progress.receivedBytes(10, at: start) == true)
        #expect(progress.receivedBytes(1, at: start) == false)
        #expect(progress.outcome(.notHTTP) == .tooLarge)
    }

    @Test func `an endless head is too large`() {
        var progress = progress()
        #expect(progress.receivedHeadBytes(TransferProgress.maximumHeadBytes) == true)
        #expect(progress.receivedHeadBytes(1) == false)
        #expect(progress.outcome(.notHTTP) == .tooLarge)
    }

    @Test func `what was decided first stands`() {
        var progress = progress()
        progress.cancel()
        #expect(progress.expire(at: start + .seconds(100)) == false)
        #expect(progress.outcome(.complete) == .cancelled)
    }

    @Test func `a lost connection is told apart by whether a head had come`() {
        var progress = progress()
        #expect(progress.outcome(.connectionLost) == .closedBeforeAnswer)
        progress.receivedHead(status: 200)
        #expect(progress.outcome(.connectionLost) == .truncated)
    }
}

@Suite struct HeaderLinesTests {
    @Test func `libcurl's own fields are suppressed unless given`() {
        #expect(headerLines([("X-A", "1")], hasBody: true) == ["X-A: 1", "Accept:", "Expect:", "Content-Type:"])
        #expect(
            headerLines([("content-type", "a/b"), ("accept", "c/d")], hasBody: true)
                == ["content-type: a/b", "accept: c/d", "Expect:"]
        )
    }

    @Test func `an empty value is sent as an empty value`() {
        #expect(headerLines([("X-A", " ")], hasBody: false) == ["X-A;", "Accept:", "Expect:"])
    }

    @Test func `framing is libcurl's`() {
        #expect(
            headerLines([("Content-Length", "3"), ("Transfer-Encoding", "chunked")], hasBody: false)
                == ["Accept:", "Expect:"]
        )
    }

    @Test(arguments: [("X-A", "1\r\nX-B: 2"), ("X A", "1"), ("", "1"), ("X-A:", "1"), ("X-A", "\u{0}")])
    func `what could smuggle a field is refused`(field: (String, String)) {
        #expect(headerLines([field], hasBody: false) == nil)
    }
}

@Suite struct ResponseHeadParserTests {
    @Test func `interim heads and trailers are not the head`() {
        var parser = ResponseHeadParser()
        var heads: [CurlHead] = []
        let lines = [
            "HTTP/1.1 103 Early Hints\r\n", "Link: x\r\n", "\r\n", "HTTP/1.1 200 OK\r\n", "B: 2\r\n", "a: 1 \r\n",
            "B:3\r\n", "\r\n", "Trailer: x\r\n", "\r\n",
        ]
        for line in lines {
            if let head = parser.line(Array(line.utf8)) { heads.append(head) }
        }
        let fields = [
            CurlField(name: "B", value: "2"), CurlField(name: "a", value: "1"), CurlField(name: "B", value: "3"),
        ]
        #expect(heads == [CurlHead(status: 200, fields: fields)])
        #expect(heads.first?.values("b") == ["2", "3"])
    }
}

@Suite struct InboxTests {
    @Test func `one wake-up is owed between two drains`() throws {
        var inbox = Inbox()
        let first = try #require(inbox.start(CurlRequest(url: "http://a/")) { _ in })
        #expect(first.wake)
        #expect(inbox.cancel(first.id) == false)
        #expect(inbox.drain().commands.count == 2)
        #expect(inbox.cancel(first.id) == true)
    }

    @Test func `a closed inbox takes nothing more and hands over what it has`() {
        var inbox = Inbox()
        _ = inbox.start(CurlRequest(url: "http://a/")) { _ in }
        #expect(inbox.close(completion: {}) == false)
        #expect(inbox.start(CurlRequest(url: "http://a/")) { _ in } == nil)
        let batch = inbox.drain()
        #expect(batch.commands.count == 1 && batch.isFinal)
        #expect(inbox.takeCompletionsIfStopped().isEmpty)
        #expect(inbox.stopped().count == 1)
        _ = inbox.close(completion: {})
        #expect(inbox.takeCompletionsIfStopped().count == 1)
    }
}
