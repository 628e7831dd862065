import Gateway
import TestSupport
import Testing

private let get = "GET /victim HTTP/1.1\r\nHost: x\r\n\r\n"
private let poison = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nPOISON"

/// Bytes of stable that belong to nobody: they are never the answer to the next user's request.
@Suite(.serialized, .hangLimit) struct LateBodyTests {
    /// Answers that may have no body, with and without the announcement of one.
    static let bodiless: [(method: String, head: String)] = [
        ("HEAD", "200 OK\r\nContent-Length: 44\r\n\r\n"), ("HEAD", "200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        ("HEAD", "200 OK\r\nContent-Length: 0\r\n\r\n"), ("HEAD", "200 OK\r\n\r\n"),
        ("HEAD", "404 Not Found\r\nContent-Length: 44\r\n\r\n"), ("HEAD", "204 No Content\r\n\r\n"),
        ("GET", "204 No Content\r\n\r\n"), ("GET", "204 No Content\r\nContent-Length: 44\r\n\r\n"),
        ("POST", "204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n"),
        ("GET", "205 Reset Content\r\nContent-Length: 0\r\n\r\n"), ("GET", "304 Not Modified\r\n\r\n"),
        ("GET", "304 Not Modified\r\nContent-Length: 44\r\n\r\n"),
        ("GET", "304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n"),
    ]

    @Test(arguments: bodiless.indices)
    func `a body after an answer that may have none never becomes the next answer`(_ index: Int) async throws {
        let (method, head) = Self.bodiless[index]
        // The late body is sent when the next request is there, so that every time it would be taken for its answer.
        let first: [Step] = [.request, .send("HTTP/1.1 " + head), .request, .send(poison), .awaitClose]
        try await withGateway(upstream: [first, [.echoForEver]], threads: 1) { stage async throws in
            let client = try await stage.client()
            try await client.send("\(method) /first HTTP/1.1\r\nHost: x\r\n\r\n")
            let answer = try await client.message(isAnswerToHead: method == "HEAD")
            #expect("HTTP/1.1 \(answer.status)" == "HTTP/1.1 " + head.prefix(3))
            // The client's own connection lives on.
            try await client.send(get)
            #expect(try await client.message().text.hasPrefix("GET /victim"))
            #expect(stage.upstream.connectionCount == 2)
            await client.close()
        }
    }

    @Test(arguments: ["Content-Length: 44\r\n", "Transfer-Encoding: chunked\r\n"])
    func `after a 1xx that announces a body the connection is not used again`(_ line: String) async throws {
        let answer = "HTTP/1.1 103 Early Hints\r\n\(line)\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        let first: [Step] = [.request, .send(answer), .request, .send(poison), .awaitClose]
        try await withGateway(upstream: [first, [.echoForEver]], threads: 1) { stage async throws in
            let client = try await stage.client()
            try await client.send(get)
            #expect(try await client.message().status == 103)
            #expect(try await client.message().text == "ok")
            try await client.send(get)
            #expect(try await client.message().text.hasPrefix("GET /victim"))
            #expect(stage.upstream.connectionCount == 2)
            await client.close()
        }
    }
}
