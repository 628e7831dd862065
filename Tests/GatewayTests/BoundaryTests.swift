import Gateway
import NIOCore
import TestSupport
import Testing
import Vocabulary

/// What a stranger says that would reach further than it may: paths that climb, fields of proxies, fields that come late.
@Suite(.serialized, .hangLimit) struct BoundaryTests {
    static let climbing = [
        "/../admin", "/..", "/a/../../admin", "/a/..", "/a/../b", "/%2e%2e/admin", "/%2E./admin", "/.%2e",
        "/..%2fadmin",
        "/..%5cadmin", "/..\\admin", "/a\\..\\..\\admin", "/%252e%252e/admin", "/%25252e%25252e/x", "/..;/admin",
        "/..;a=b/admin", "/%c0%ae%c0%ae/admin", "/..%c0%afadmin", "/.%00./admin", "/..%00/admin", "/..%20/admin",
        "//../admin",
        "/a//..//..//admin", "/..?x=1", "/..%3bx/admin", "http://h/../admin", "http://h/a/%2e%2e/b",
    ]
    static let staying = [
        ("/a", "/base/a"), ("//host/x", "/base//host/x"), ("/./a", "/base/./a"),
        ("/a...b/..c/...", "/base/a...b/..c/..."),
        ("/a?p=../..", "/base/a?p=../.."), ("/%2fadmin", "/base/%2fadmin"), ("http://h", "/base/"),
        ("http://h?q=/../", "/base/?q=/../"), ("http://h/x", "/base/x"), ("/a/..b", "/base/a/..b"), ("/a%", "/base/a%"),
        ("/v1.2/x", "/base/v1.2/x"),
    ]

    private static func below(_ basePath: String) -> Configure {
        Configure { $1.url.basePath = basePath }
    }

    /// Whether a reader with these bounds passes the head of a request for a target.
    private static func passes(_ target: String, confines: Bool) -> Bool {
        var reader = RequestReader(headerLimit: 4_096, bodyLimit: 4_096, confinesPaths: confines)
        reader.receive(ByteBuffer(string: "GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n"))
        if case .head = reader.next() { return true }
        return false
    }

    @Test func `a path that climbs is refused where there is something to climb out of`() {
        for target in Self.climbing {
            #expect(!Self.passes(target, confines: true), "\(target)")
            #expect(Self.passes(target, confines: false), "\(target)")
        }
        for (target, _) in Self.staying { #expect(Self.passes(target, confines: true), "\(target)") }
    }

    @Test func `below a base path no request reaches what lies beside it`() async throws {
        try await withGateway(threads: 1, configure: Self.below("/base")) { stage async throws in
            for target in ["/../admin", "/%2e%2e/admin", "http://h/../admin"] {
                let answer = try await stage.ask("GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(answer.status == 400, "\(target)")
                #expect(answer.text.contains("leads out of what is served here"), "\(target)")
            }
            #expect(stage.upstream.requests.isEmpty)
            let client = try await stage.client()
            for (target, expected) in Self.staying {
                try await client.send("GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await client.message().text.hasPrefix("GET \(expected) HTTP/1.1\r\n"), "\(target)")
            }
            await client.close()
        }
    }

    @Test func `without a base path every path passes as it is`() async throws {
        try await withGateway(threads: 1) { stage async throws in
            let client = try await stage.client()
            for target in Self.climbing where target.hasPrefix("/") {
                try await client.send("GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await client.message().text.hasPrefix("GET \(target) HTTP/1.1\r\n"))
            }
            await client.close()
        }
    }

    private static let spoofed = [
        "X-Forwarded-Proto: https", "X-Forwarded-Host: bank.example", "X-Forwarded-Port: 443",
        "X-Forwarded-Prefix: /admin",
        "X-Forwarded-Server: s", "X-Forwarded-Scheme: https", "X-Forwarded-Ssl: on", "X-Forwarded-Protocol: https",
        "Forwarded: for=192.0.2.9;proto=https", "X-Real-IP: 192.0.2.9", "X-REAL-IP: 192.0.2.8",
        "X-Client-IP: 192.0.2.9",
        "True-Client-IP: 192.0.2.9", "CF-Connecting-IP: 192.0.2.9", "X-Cluster-Client-Ip: 192.0.2.9",
        "X-Original-Forwarded-For: 192.0.2.9", "X-Envoy-External-Address: 192.0.2.9", "Front-End-Https: on",
        "Fastly-Client-IP: 192.0.2.9", "Client-IP: 192.0.2.9", "X_Forwarded_For: 192.0.2.9", "X_Real_IP: 192.0.2.9",
        "X-Forwarded_Proto: https",
    ]

    @Test func `what a client says for a proxy is not passed on, and its address stands last`() async throws {
        try await withGateway(threads: 1) { stage async throws in
            let lines =
                Self.spoofed + ["X-Forwarded-For: 192.0.2.9", "X-Understudy-Leg: shadow", "X-Forwarded-User: me"]
            let answer = try await stage.ask(
                "GET / HTTP/1.1\r\nHost: real.example\r\n\(lines.joined(separator: "\r\n"))\r\n\r\n"
            )
            let seen = answer.text.split(separator: "\r\n").dropFirst(2).map(String.init)
            #expect(
                seen == [
                    "X-Forwarded-User: me", "X-Forwarded-For: 192.0.2.9, 127.0.0.1", "X-Forwarded-Proto: http",
                    "X-Forwarded-Host: real.example",
                ]
            )
        }
    }

    @Test func `a trusted proxy is believed, and only what it left out is added`() async throws {
        let range = try #require(AddressRange("127.0.0.0/8"))
        try await withGateway(threads: 1, configure: Configure { $0.trustedProxies = [range] }) { stage async throws in
            let answer = try await stage.ask(
                "GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-Proto: https\r\nX-Real-IP: 192.0.2.9\r\nX-Forwarded-For: 192.0.2.9"
                    + "\r\nX-Understudy-Leg: shadow\r\n\r\n"
            )
            let seen = answer.text.split(separator: "\r\n").dropFirst(2).map(String.init)
            #expect(
                seen == [
                    "X-Forwarded-Proto: https", "X-Real-IP: 192.0.2.9", "X-Forwarded-For: 192.0.2.9, 127.0.0.1",
                    "X-Forwarded-Host: h",
                ]
            )
        }
    }

    @Test func `a range of addresses holds those that begin with its bits`() throws {
        let cases: [(range: String, address: String, isIn: Bool)] = [
            ("10.0.0.0/8", "10.255.1.2", true), ("10.0.0.0/8", "11.0.0.0", false), ("192.0.2.1", "192.0.2.1", true),
            ("192.0.2.1", "192.0.2.2", false), ("10.1.2.0/23", "10.1.3.9", true), ("10.1.2.0/23", "10.1.4.9", false),
            ("0.0.0.0/0", "8.8.8.8", true), ("0.0.0.0/0", "::1", false), ("fd00::/8", "fd12::3", true),
            ("fd00::/8", "fe80::3", false), ("10.0.0.0/8", "::ffff:10.1.1.1", true),
        ]
        for (text, address, isIn) in cases {
            let range = try #require(AddressRange(text))
            #expect(range.contains(try SocketAddress(ipAddress: address, port: 1)) == isIn, "\(text) \(address)")
        }
        for text in [
            "", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", "a", "10.0.0/8", "::/129", "10.0.0.0/-1", "10.0.0.0/+1",
        ] {
            #expect(AddressRange(text) == nil, "\(text)")
        }
    }

    /// Fields that must not come after a body.
    static let late = [
        "Authorization: Bearer t", "Content-Length: 5", "X-Forwarded-For: 192.0.2.9", "Host: b",
        "X-Model-Version: fake",
        "X-Understudy-Leg: shadow", "Transfer-Encoding: chunked", "Cookie: a=b", "Set-Cookie: a=b",
        "Content-Type: text/html",
        "Content-Encoding: gzip", "X-API-Key: k", "If-Match: x", "Expect: 100-continue", "Connection: close",
        "TE: trailers",
        "Cache-Control: no-store", "Forwarded: for=a", "X-Real-IP: 192.0.2.9", "Trailer: A", "Proxy-Authorization: x",
        "Content-Range: bytes 0-1/2", "Location: /", "AUTHORIZATION: x", "Upgrade: h2c", "Keep-Alive: x",
    ]

    @Test func `a request whose trailer frames, routes or authorises it is refused`() async throws {
        func body(_ line: String) -> String { "1\r\na\r\n0\r\n\(line)\r\n\r\n" }
        for line in Self.late + ["X-Sum: 1"] {
            var framing = BodyFraming(.chunked, isStrict: true)
            var bytes = ByteBuffer(string: body(line))
            _ = framing.take(from: &bytes)
            #expect(framing.fault == (line == "X-Sum: 1" ? nil : .forbiddenTrailer), "\(line)")
        }
        try await withGateway(threads: 1) { stage async throws in
            let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            #expect(try await stage.ask(head + body("Authorization: Bearer t")).status == 400)
            #expect(stage.upstream.requests.isEmpty)
        }
    }

    @Test func `of an answer's trailer what must not come late is left out, and the rest passes`() async throws {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        let lines = Self.late.map { $0 + "\r\n" }.joined()
        let whole = "3\r\nabc\r\n0\r\nX-Sum: 1\r\n\(lines)x-last:v\r\n\r\n"
        // In one piece, and byte by byte.
        let scripts: [[Step]] = [
            [.request, .send(head + whole), .awaitClose],
            [.request, .send(head)] + whole.map { Step.send(String($0)) } + [.awaitClose],
        ]
        for script in scripts {
            try await withGateway(upstream: [script], threads: 1) { stage async throws in
                let answer = try await stage.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(String(decoding: answer.raw, as: UTF8.self) == "3\r\nabc\r\n0\r\nX-Sum: 1\r\nx-last:v\r\n\r\n")
                #expect(stage.tap.now.answers.first?.body == Array("abc".utf8))
            }
        }
    }

    @Test func `an answer whose trailer is no field line is cut, as before`() async throws {
        let answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX : 1\r\n\r\n"
        try await withGateway(upstream: [[.request, .send(answer), .awaitClose]], threads: 1) { stage async throws in
            let client = try await stage.client()
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            let all = String(decoding: try await client.readToEnd(), as: UTF8.self)
            #expect(all.hasSuffix("\r\n\r\n3\r\nabc\r\n0\r\n"))
            await stage.tap.wait { $0.answers.first?.end == .upstreamCut }
        }
    }
}
