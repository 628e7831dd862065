import Gateway
import TestSupport
import Testing
import Vocabulary

/// What happens to heads on their way, over real sockets.
@Suite(.serialized) struct HeadTests {
    @Test(.hangLimit)
    func `a request head keeps its lines, order and duplicates, and loses what is for one hop`() async throws {
        try await withGateway { stage async throws in
            let answer = try await stage.ask(
                "GET /v1/models?x=%20 HTTP/1.1\r\nX-B: 1\r\nHost: me.example\r\nx-b: 2\r\nAuthorization: Bearer t\r\n"
                    + "Connection: keep-alive, X-Hop\r\nX-Hop: gone\r\nKeep-Alive: timeout=1\r\nTE: trailers\r\n"
                    + "Upgrade: websocket\r\nProxy-Connection: close\r\nX-Forwarded-For: 192.0.2.1\r\nX-Last:v\r\n\r\n"
            )
            let authority = try #require(answer.text.split(separator: "\r\n").first { $0.hasPrefix("Host: ") })
            #expect(
                answer.text == """
                    GET /v1/models?x=%20 HTTP/1.1\r
                    \(authority)\r
                    X-B: 1\r
                    x-b: 2\r
                    Authorization: Bearer t\r
                    X-Last:v\r
                    X-Forwarded-For: 192.0.2.1, 127.0.0.1\r
                    X-Forwarded-Proto: http\r
                    X-Forwarded-Host: me.example\r
                    \r

                    """
            )
            #expect(authority != "Host: me.example")
        }
    }

    @Test(.hangLimit)
    func `forwarded fields can be switched off, and a base path comes before every target`() async throws {
        try await withGateway(
            configure: Configure { configuration, stable in
                configuration.addsForwarded = false
                stable.url.basePath = "/base"
            }
        ) { stage async throws in
            let origin = try await stage.ask("GET /a HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n")
            let host = stage.stable.url.authority
            #expect(origin.text == "GET /base/a HTTP/1.1\r\nHost: \(host)\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n")
            let absolute = try await stage.ask("GET http://y?q HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(absolute.text.hasPrefix("GET /base/?q HTTP/1.1\r\n"))
            let asterisk = try await stage.ask("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(asterisk.text.hasPrefix("OPTIONS /base/ HTTP/1.1\r\n"))
        }
    }

    @Test(.hangLimit)
    func `an answer head keeps its lines, and gets the model's version`() async throws {
        let head =
            "HTTP/1.1 200 Fine by me\r\nServer: s\r\nDate: d\r\nSet-Cookie: a\r\nset-cookie: b\r\nX-Model-Version: fake\r\n"
            + "Connection: X-Hop\r\nX-Hop: gone\r\nKeep-Alive: timeout=5, max=100\r\nContent-Length: 2\r\n\r\nok"
        try await withGateway(upstream: [[.request, .send(head), .awaitClose]]) { stage async throws in
            let answer = try await stage.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(
                answer.head
                    == "HTTP/1.1 200 Fine by me\r\nServer: s\r\nDate: d\r\nSet-Cookie: a\r\nset-cookie: b\r\n"
                    + "Content-Length: 2\r\nX-Model-Version: v1.1.0\r\n\r\n"
            )
            #expect(answer.text == "ok")
        }
    }

    static let bodiless: [(String, String, String)] = [
        ("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "Content-Length: 5\r\n"),
        ("HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "Transfer-Encoding: chunked\r\n"),
        ("GET", "HTTP/1.1 204 No Content\r\n\r\n", ""),
        ("GET", "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", ""),
        ("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", "Content-Length: 5\r\n"),
        ("GET", "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", "Content-Length: 0\r\n"),
    ]

    @Test(.hangLimit, arguments: bodiless.indices)
    func `an answer without a body leaves the connection ready for the next`(_ index: Int) async throws {
        let (method, head, line) = Self.bodiless[index]
        try await withGateway(upstream: [[.request, .send(head), .echoForEver], [.echoForEver]]) { stage async throws in
            let client = try await stage.client()
            try await client.send("\(method) / HTTP/1.1\r\nHost: x\r\n\r\n")
            let answer = try await client.message(isAnswerToHead: method == "HEAD")
            let statusLine = try #require(answer.head.split(separator: "\r\n").first)
            #expect(answer.head == "\(statusLine)\r\n\(line)X-Model-Version: v1.1.0\r\n\r\n")
            try await client.send("GET /next HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await client.message().text.hasPrefix("GET /next"))
            await client.close()
        }
    }

    @Test(.hangLimit)
    func `a client that expects 100-continue gets it from stable, and early hints too`() async throws {
        let script: [Step] = [
            .requestHead, .send("HTTP/1.1 100 Continue\r\nConnection: x\r\n\r\n"),
            .send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"), .request,
            .send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
            .awaitClose,
        ]
        try await withGateway(upstream: [script]) { stage async throws in
            let client = try await stage.client()
            try await client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 60\r\n\r\n")
            #expect(try await client.message().head == "HTTP/1.1 100 Continue\r\n\r\n")
            #expect(try await client.message().head == "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
            // The upstream reads the 60 bytes of the body as a request of their own.
            try await client.send("GET /body HTTP/1.1\r\nX: 123456789012345678901234567890123\r\n\r\n")
            #expect(try await client.message().status == 200)
            #expect(stage.upstream.requests.first?.field("Expect") == "100-continue")
            await stage.tap.wait { $0.answers.first?.end == .complete }
            #expect(stage.tap.now.answers.first?.request.bodyByteCount == 60)
            #expect(stage.tap.now.answers.first?.status == 200)
            await client.close()
        }
    }

    @Test(.hangLimit)
    func `stable may refuse a body that was announced, and the connection closes`() async throws {
        let script: [Step] = [
            .requestHead, .send("HTTP/1.1 417 No\r\nContent-Length: 2\r\n\r\nno"), .awaitClose,
        ]
        try await withGateway(upstream: [script]) { stage async throws in
            let client = try await stage.client()
            try await client.send(
                "POST /early HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 60\r\n\r\n"
            )
            let answer = try await client.message()
            #expect(answer.status == 417)
            #expect(answer.field("Connection") == "close")
            #expect(try await client.readToEnd().isEmpty)
            #expect(stage.tap.now.abandoned == [.init(reason: .answeredEarly, path: "/early")])
            #expect(stage.tap.now.answers.isEmpty)
        }
    }

    @Test(.hangLimit)
    func `chunks, extensions and trailers pass in both directions as they are`() async throws {
        let body = "3;a=\"b\"\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n"
        let script: [Step] = [
            .request, .send("HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n\(body)"),
            .awaitClose,
        ]
        try await withGateway(upstream: [script]) { stage async throws in
            let answer = try await stage.ask("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\(body)")
            #expect(answer.raw == Array(body.utf8))
            #expect(answer.field("Trailer") == "X-Sum")
            let seen = try #require(stage.upstream.requests.first)
            #expect(seen.raw == Array(body.utf8))
            #expect(seen.field("Transfer-Encoding") == "chunked")
        }
    }

    @Test(.hangLimit)
    func `a client of HTTP 1.0 gets no chunks, no 1xx and no trailer`() async throws {
        let script: [Step] = [
            .request,
            .send("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\nTrailer: T\r\nTransfer-Encoding: chunked\r\n\r\n"),
            .send("3\r\nabc\r\n2;x\r\nde\r\n0\r\nT: 1\r\n\r\n"), .awaitClose,
        ]
        try await withGateway(upstream: [script]) { stage async throws in
            let client = try await stage.client()
            try await client.send("GET / HTTP/1.0\r\nExpect: 100-continue\r\nConnection: keep-alive\r\n\r\n")
            let all = String(decoding: try await client.readToEnd(), as: UTF8.self)
            #expect(all == "HTTP/1.1 200 OK\r\nX-Model-Version: v1.1.0\r\nConnection: close\r\n\r\nabcde")
            #expect(stage.upstream.requests.first?.field("Expect") == nil)
            #expect(stage.tap.now.answers.first?.body == Array("abcde".utf8))
        }
    }

    @Test(.hangLimit)
    func `a client of HTTP 1.0 may keep its connection where the answer has a length`() async throws {
        try await withGateway { stage async throws in
            let client = try await stage.client()
            for _ in 0..<3 {
                try await client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                #expect(try await client.message().field("Connection") == "keep-alive")
            }
            await client.close()
        }
    }

    @Test(.hangLimit)
    func `an answer that ends when stable closes ends so for the client`() async throws {
        let script: [Step] = [.request, .send("HTTP/1.0 200 OK\r\n\r\nall of "), .send("it"), .close]
        try await withGateway(upstream: [script]) { stage async throws in
            let answer = try await stage.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(answer.head == "HTTP/1.1 200 OK\r\nX-Model-Version: v1.1.0\r\nConnection: close\r\n\r\n")
            #expect(answer.text == "all of it")
            #expect(stage.tap.now.answers.first?.end == .complete)
        }
    }
}
