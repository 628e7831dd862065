import Gateway
import TestSupport
import Testing

/// One case of the conformance table: bytes that a client sends, and what must come of them.
struct ConformanceCase: Sendable, CustomTestStringConvertible {
    var name: String
    var why: String
    var send: String
    /// The statuses that the client is answered with, in order.
    var answers: [Int]
    /// Whether the gateway closes afterwards.
    var closes: Bool
    /// How many whole requests stable sees.
    var seen: Int

    var testDescription: String { name }

    static func refused(_ name: String, _ why: String, _ send: String, _ status: Int = 400) -> ConformanceCase {
        ConformanceCase(name: name, why: why, send: send, answers: [status], closes: true, seen: 0)
    }

    static func passes(
        _ name: String,
        _ why: String,
        _ send: String,
        count: Int = 1,
        closes: Bool = false
    ) -> ConformanceCase {
        let answers = [Int](repeating: 200, count: count)
        return ConformanceCase(name: name, why: why, send: send, answers: answers, closes: closes, seen: count)
    }
}

private let get = "GET /v1/models HTTP/1.1\r\nHost: a\r\n"
private let post = "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\n"
private let chunked = post + "Transfer-Encoding: chunked\r\n\r\n"

private let requestLineCases: [ConformanceCase] = [
    .passes("plain GET", "RFC 9112 3", get + "\r\n"),
    .passes("one empty line first", "RFC 9112 2.2: should be ignored", "\r\n" + get + "\r\n"),
    .refused("two empty lines first", "only one is robustness", "\r\n\r\n" + get + "\r\n"),
    .refused("empty line of LF alone", "bare LF", "\n" + get + "\r\n"),
    .refused("no version", "HTTP/0.9", "GET /\r\n\r\n"),
    .refused("two spaces before the target", "one SP each", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
    .refused("two spaces before the version", "one SP each", "GET /  HTTP/1.1\r\nHost: a\r\n\r\n"),
    .refused("space after the version", "one SP each", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"),
    .refused("tab as separator", "SP only", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    .refused("space in the target", "RFC 9112 3.2", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
    .refused("leading space", "no method", " GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    .refused("method with a control", "token", "G\u{1}ET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    .refused("method with a separator", "token", "GE(T / HTTP/1.1\r\nHost: a\r\n\r\n"),
    .refused("NUL in the target", "control", "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"),
    .refused("fragment in the target", "RFC 9112 3.2", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"),
    .refused("relative target", "RFC 9112 3.2", "GET a/b HTTP/1.1\r\nHost: a\r\n\r\n"),
    .refused("other scheme", "not ours to fetch", "GET ftp://a/b HTTP/1.1\r\nHost: a\r\n\r\n"),
    .refused("absolute form without host", "RFC 9110 4.2", "GET http:///b HTTP/1.1\r\nHost: a\r\n\r\n"),
    .refused("absolute form with user", "RFC 9110 4.2.4", "GET http://u@a/b HTTP/1.1\r\nHost: a\r\n\r\n"),
    .refused("asterisk with GET", "OPTIONS only", "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
    .passes("asterisk with OPTIONS", "RFC 9112 3.2.4", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"),
    .passes("absolute form", "RFC 9112 3.2.2: must be accepted", "GET http://a/b?c HTTP/1.1\r\nHost: a\r\n\r\n"),
    .passes("unknown method", "any token", "BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n"),
    .refused("lower-case version", "case-sensitive", "GET / http/1.1\r\nHost: a\r\n\r\n"),
    .refused("long version", "8 octets", "GET / HTTP/1.10\r\nHost: a\r\n\r\n"),
    .refused("HTTP/2.0", "505", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
    .refused("HTTP/0.9 spelled out", "505", "GET / HTTP/0.9\r\nHost: a\r\n\r\n", 505),
    .refused("HTTP/2 preface", "505", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    .passes("HTTP/1.2", "RFC 9110 2.5: the minor version is no reason", "GET / HTTP/1.2\r\nHost: a\r\n\r\n"),
    .refused("CONNECT", "not a forward proxy", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", 501),
    .refused("target too long", "431", "GET /" + String(repeating: "a", count: 40000) + " HTTP/1.1\r\n\r\n", 431),
    .refused("authority form with GET", "CONNECT only", "GET a:443 HTTP/1.1\r\nHost: a\r\n\r\n"),
    .refused("lower-case scheme without slashes", "RFC 9112 3.2.2", "GET http:a HTTP/1.1\r\nHost: a\r\n\r\n"),
    .passes("two slashes first", "a path like any other", "GET //a HTTP/1.1\r\nHost: a\r\n\r\n"),
    .passes("encoded octets", "passed on as they are", "GET /%2e%2e/%00 HTTP/1.1\r\nHost: a\r\n\r\n"),
    .refused("TLS on the plain port", "not HTTP", "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\u{fc}\u{3}\u{3}\r\n\r\n"),
]

private let fieldCases: [ConformanceCase] = [
    .refused("no Host", "RFC 9112 3.2", "GET / HTTP/1.1\r\n\r\n"),
    .refused("two Hosts", "RFC 9112 3.2", get + "Host: a\r\n\r\n"),
    .refused("two different Hosts", "RFC 9112 3.2", get + "Host: b\r\n\r\n"),
    .refused("Host with a space", "RFC 9112 3.2", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
    .refused("Host with a list", "RFC 9112 3.2", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"),
    .refused("Host with a path", "RFC 9112 3.2", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
    .passes("Host with IPv6", "RFC 3986 3.2.2", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"),
    .passes("empty Host", "RFC 9112 3.2: allowed", "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
    .refused("space before the colon", "RFC 9112 5.1", get + "X : 1\r\n\r\n"),
    .refused("tab before the colon", "RFC 9112 5.1", get + "X\t: 1\r\n\r\n"),
    .refused("space before Content-Length's colon", "smuggling", post + "Content-Length : 5\r\n\r\nhello"),
    .refused("folded line", "RFC 9112 5.2", get + "X: 1\r\n 2\r\n\r\n"),
    .refused("folded line with tab", "RFC 9112 5.2", get + "X: 1\r\n\t2\r\n\r\n"),
    .refused("first field line folded", "RFC 9112 2.2", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
    .refused("no colon", "RFC 9112 5", get + "X\r\n\r\n"),
    .refused("empty name", "RFC 9112 5", get + ": 1\r\n\r\n"),
    .refused("name with a separator", "token", get + "X(y): 1\r\n\r\n"),
    .refused("name with a high byte", "token", get + "X\u{e9}: 1\r\n\r\n"),
    .refused("NUL in a value", "RFC 9110 5.5", get + "X: a\0b\r\n\r\n"),
    .refused("control in a value", "RFC 9110 5.5", get + "X: a\u{1}b\r\n\r\n"),
    .refused("DEL in a value", "RFC 9110 5.5", get + "X: a\u{7f}b\r\n\r\n"),
    .refused("bare CR in a value", "RFC 9112 2.2", get + "X: a\rb\r\n\r\n"),
    .refused("bare CR at the end of a line", "RFC 9112 2.2", "GET / HTTP/1.1\rHost: a\r\r"),
    .refused("lines of LF alone", "RFC 9112 2.2", "GET / HTTP/1.1\nHost: a\n\n"),
    .refused("one line of LF alone", "RFC 9112 2.2", get + "X: 1\nY: 2\r\n\r\n"),
    .refused("CR CR LF", "RFC 9112 2.2", get + "X: 1\r\r\n\r\n"),
    .passes("high bytes in a value", "RFC 9110 5.5: obs-text", get + "X: na\u{ef}ve\r\n\r\n"),
    .passes("tab in a value", "RFC 9110 5.5", get + "X: a\tb\r\n\r\n"),
    .passes("empty value", "RFC 9110 5.5", get + "X:\r\n\r\n"),
    .passes("no space after the colon", "OWS is optional", get + "X:1\r\n\r\n"),
    .refused("head too long", "431", get + "X: " + String(repeating: "a", count: 40000) + "\r\n\r\n", 431),
    .refused("head too long and without end", "431", get + "X: " + String(repeating: "a", count: 40000), 431),
    .refused("too many fields", "431", get + String(repeating: "A: b\r\n", count: 600) + "\r\n", 431),
    .refused("name with a slash", "token", get + "X/y: 1\r\n\r\n"),
    .refused("head that ends with LF alone", "RFC 9112 2.2", get + "X: 1\r\n\n"),
    .refused("Host with a user", "RFC 9110 4.2.4", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"),
    .passes("name with an underscore", "token", get + "X_y: 1\r\n\r\n"),
    .passes("empty Connection", "RFC 9110 5.6.1: empty list elements", get + "Connection: , ,\r\n\r\n"),
    .refused(
        "Connection names Transfer-Encoding",
        "smuggling",
        post + "Connection: transfer-encoding\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    ),
    .refused(
        "Connection names Content-Length",
        "smuggling",
        post + "Connection: content-length\r\nContent-Length: 1\r\n\r\nx"
    ),
    .refused("Connection names Host", "routing", get + "Connection: Host\r\n\r\n"),
]

private let lengthCases: [ConformanceCase] = [
    .passes("Content-Length", "RFC 9112 6.2", post + "Content-Length: 5\r\n\r\nhello"),
    .passes("Content-Length 0", "RFC 9112 6.2", post + "Content-Length: 0\r\n\r\n"),
    .passes("leading zeros", "1*DIGIT", post + "Content-Length: 0005\r\n\r\nhello"),
    .passes("POST without a body", "RFC 9112 6.3 7", post + "\r\n"),
    .refused(
        "both lengths (CL.TE)",
        "RFC 9112 6.1",
        post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    ),
    .refused(
        "both lengths (TE.CL)",
        "RFC 9112 6.1",
        post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"
    ),
    .refused("different lengths", "RFC 9112 6.3 5", post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"),
    .refused(
        "equal lengths twice",
        "RFC 9110 8.6: may reject",
        post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"
    ),
    .refused("list of lengths", "RFC 9110 8.6: may reject", post + "Content-Length: 5, 5\r\n\r\nhello"),
    .refused("signed length", "1*DIGIT", post + "Content-Length: +5\r\n\r\nhello"),
    .refused("negative length", "1*DIGIT", post + "Content-Length: -5\r\n\r\nhello"),
    .refused("hexadecimal length", "1*DIGIT", post + "Content-Length: 0x5\r\n\r\nhello"),
    .refused("empty length", "1*DIGIT", post + "Content-Length:\r\n\r\nhello"),
    .refused("length with a space", "1*DIGIT", post + "Content-Length: 1 0\r\n\r\nhello"),
    .refused("length with a fraction", "1*DIGIT", post + "Content-Length: 5.0\r\n\r\nhello"),
    .refused("length beyond 64 bits", "overflow", post + "Content-Length: 18446744073709551621\r\n\r\nhello"),
    .passes("zeros alone", "1*DIGIT", post + "Content-Length: 00\r\n\r\n"),
    .refused("tab before the length", "hides a field from some", post + "Content-Length:\t5 \r\n\r\nhello"),
    .passes("GET with a body", "RFC 9110 9.3.1", get + "Content-Length: 5\r\n\r\nhello"),
    .passes(
        "HTTP/1.0 with a body",
        "RFC 9112 6.3",
        "POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nab",
        closes: true
    ),
    .passes("Content_Length", "another field", post + "Content_Length: 9\r\nContent-Length: 5\r\n\r\nhello"),
    .refused("length and a comma", "RFC 9110 8.6", post + "Content-Length: 5,\r\n\r\nhello"),
    .refused("superscript digit", "1*DIGIT", post + "Content-Length: \u{b2}\r\n\r\nhello"),
    .refused("lengths in two cases", "RFC 9112 6.3 5", post + "content-length: 5\r\nCONTENT-LENGTH: 6\r\n\r\nhello"),
    .refused("length over the limit", "413", post + "Content-Length: 33554433\r\n\r\n", 413),
]

private let chunkCases: [ConformanceCase] = [
    .passes("chunked", "RFC 9112 7.1", chunked + "5\r\nhello\r\n0\r\n\r\n"),
    .passes(
        "Chunked in capitals",
        "case-insensitive",
        post + "Transfer-Encoding: CHUNKED\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    ),
    .passes("chunk extension", "RFC 9112 7.1.1", chunked + "5;a=b\r\nhello\r\n0;c\r\n\r\n"),
    .passes("quoted chunk extension", "RFC 9112 7.1.1", chunked + "5 ; a=\"b;c\"\r\nhello\r\n0\r\n\r\n"),
    .passes("size with leading zeros", "1*HEXDIG", chunked + "0005\r\nhello\r\n000\r\n\r\n"),
    .passes("trailer", "RFC 9112 7.1.2", chunked + "5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n"),
    .passes("capital digits", "HEXDIG", chunked + "A\r\n0123456789\r\n0\r\n\r\n"),
    .passes("data with line ends", "counted, not searched", chunked + "7\r\na\r\nb\r\nc\r\n0\r\n\r\n"),
    .passes("escaped quote in an extension", "RFC 9110 5.6.4", chunked + "5;a=\"\\\"\"\r\nhello\r\n0\r\n\r\n"),
    .refused("blank after the length", "hides a field from some", post + "Content-Length: 5 \r\n\r\nhello"),
    .refused("blank after chunked (TE.TE)", "smuggling", post + "Transfer-Encoding: chunked \r\n\r\n0\r\n\r\n"),
    .refused("tab before chunked (TE.TE)", "smuggling", post + "Transfer-Encoding:\tchunked \r\n\r\n0\r\n\r\n"),
    .passes(
        "Transfer_Encoding",
        "another field",
        post + "Transfer_Encoding: chunked\r\nContent-Length: 5\r\n\r\nhello"
    ),
    .refused("quote that is not closed", "RFC 9112 7.1.1", chunked + "5;a=\"b\r\nhello\r\n0\r\n\r\n"),
    .refused("negative size", "1*HEXDIG", chunked + "-1\r\nhello\r\n0\r\n\r\n"),
    .refused("size line with CR CR LF", "CRLF", chunked + "5\r\r\nhello\r\n0\r\n\r\n"),
    .refused("data after the last chunk", "not a trailer", chunked + "0\r\nhello\r\n\r\n"),
    .refused("NUL in a trailer", "RFC 9110 5.5", chunked + "0\r\nX: \0\r\n\r\n"),
    .refused("unknown coding", "only chunked", post + "Transfer-Encoding: gzip\r\n\r\n"),
    .refused("gzip, chunked", "only chunked", post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
    .refused("chunked, identity (TE.TE)", "smuggling", post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
    .refused("chunked twice", "smuggling", post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
    .refused("two fields (TE.TE)", "smuggling", chunked.dropLast(2) + "Transfer-Encoding: x\r\n\r\n0\r\n\r\n"),
    .refused("two equal fields", "smuggling", chunked.dropLast(2) + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    .refused("xchunked", "smuggling", post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
    .refused("chunked with a parameter", "smuggling", post + "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n"),
    .refused("quoted chunked", "smuggling", post + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"),
    .refused("chunked after vertical tab", "smuggling", post + "Transfer-Encoding: \u{b}chunked\r\n\r\n0\r\n\r\n"),
    .refused("empty coding", "smuggling", post + "Transfer-Encoding:\r\n\r\n"),
    .refused("chunked in HTTP/1.0", "RFC 9112 6.1", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    .refused("size not hexadecimal", "1*HEXDIG", chunked + "g\r\nhello\r\n0\r\n\r\n"),
    .refused("size with 0x", "1*HEXDIG", chunked + "0x5\r\nhello\r\n0\r\n\r\n"),
    .refused("size with a sign", "1*HEXDIG", chunked + "+5\r\nhello\r\n0\r\n\r\n"),
    .refused("size with leading space", "1*HEXDIG", chunked + " 5\r\nhello\r\n0\r\n\r\n"),
    .refused("size with trailing space", "BWS before ; only", chunked + "5 \r\nhello\r\n0\r\n\r\n"),
    .refused("empty size", "1*HEXDIG", chunked + "\r\nhello\r\n0\r\n\r\n"),
    .refused("size beyond 64 bits", "overflow", chunked + "10000000000000005\r\nhello\r\n0\r\n\r\n"),
    .refused("size line with LF alone", "CRLF", chunked + "5\nhello\r\n0\r\n\r\n"),
    .refused("bare LF in an extension", "CRLF", chunked + "5;a\nb\r\nhello\r\n0\r\n\r\n"),
    .refused("bare CR in an extension", "CRLF", chunked + "5;a\rb\r\nhello\r\n0\r\n\r\n"),
    .refused("chunk longer than its size", "CRLF after data", chunked + "4\r\nhello\r\n0\r\n\r\n"),
    .refused("chunk ends with LF alone", "CRLF after data", chunked + "5\r\nhello\n0\r\n\r\n"),
    .refused(
        "endless extension",
        "bounded",
        chunked + "5;" + String(repeating: "a", count: 5000) + "\r\nhello\r\n0\r\n\r\n"
    ),
    .refused("trailer with Content-Length", "RFC 9110 6.5.1", chunked + "0\r\nContent-Length: 5\r\n\r\n"),
    .refused("trailer with Transfer-Encoding", "RFC 9110 6.5.1", chunked + "0\r\nTransfer-Encoding: x\r\n\r\n"),
    .refused("trailer with Host", "RFC 9110 6.5.1", chunked + "0\r\nHost: b\r\n\r\n"),
    .refused("trailer with a space before the colon", "RFC 9112 5.1", chunked + "0\r\nX : 1\r\n\r\n"),
    .refused("trailer with LF alone", "CRLF", chunked + "0\r\nX: 1\n\r\n"),
    .refused("folded trailer", "RFC 9112 5.2", chunked + "0\r\nX: 1\r\n y\r\n\r\n"),
    .refused(
        "endless trailer",
        "bounded",
        chunked + "0\r\nX: " + String(repeating: "a", count: 9000) + "\r\n\r\n",
        431
    ),
]

private let connectionCases: [ConformanceCase] = [
    .passes("Connection: close", "RFC 9112 9.6", get + "Connection: close\r\n\r\n", closes: true),
    .passes("Connection: Close among others", "list", get + "Connection: x, CLOSE\r\n\r\n", closes: true),
    .passes("keep-alive and close", "close wins", get + "Connection: keep-alive, close\r\n\r\n", closes: true),
    .passes("two Connection fields", "one list", get + "Connection: x\r\nConnection: close\r\n\r\n", closes: true),
    .passes("Upgrade to a web socket", "ignored", get + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"),
    .passes("HTTP/1.0", "RFC 9112 9.3", "GET / HTTP/1.0\r\n\r\n", closes: true),
    .passes("HTTP/1.0 with keep-alive", "RFC 9112 9.3", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
    .passes(
        "Upgrade to h2c",
        "ignored",
        get + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n\r\n"
    ),
    .passes("three pipelined GETs", "RFC 9112 9.3.2", get + "\r\n" + get + "\r\n" + get + "\r\n", count: 3),
    .passes(
        "pipelined POSTs",
        "in order",
        post + "Content-Length: 2\r\n\r\nab" + chunked + "1\r\nc\r\n0\r\n\r\n",
        count: 2
    ),
    ConformanceCase(
        name: "pipelined request after a refused one",
        why: "RFC 9112 9.3.2: nothing after an error can be trusted",
        send: get + "X : 1\r\n\r\n" + get + "\r\n",
        answers: [400],
        closes: true,
        seen: 0
    ),
    ConformanceCase(
        name: "refused request after a good one",
        why: "answers stay in order",
        send: get + "\r\n" + get + "X : 1\r\n\r\n",
        answers: [200, 400],
        closes: true,
        seen: 1
    ),
    ConformanceCase(
        name: "pipelined request after Connection: close",
        why: "RFC 9112 9.6: nothing after it is served",
        send: get + "Connection: close\r\n\r\n" + get + "\r\n",
        answers: [200],
        closes: true,
        seen: 1
    ),
    ConformanceCase(
        name: "bytes after a chunked body are the next request",
        why: "smuggled request lines are requests of their own, and judged as such",
        send: chunked + "0\r\n\r\nGET /admin HTTP/1.1\r\n\r\n",
        answers: [200, 400],
        closes: true,
        seen: 1
    ),
]

let conformanceCases = requestLineCases + fieldCases + lengthCases + chunkCases + connectionCases

@Suite(.serialized) struct ConformanceTests {
    @Test(.hangLimit, arguments: conformanceCases)
    func `a request is read in exactly one way or refused`(_ given: ConformanceCase) async throws {
        try await withGateway { stage in
            let client = try await stage.client()
            // Latin-1, so that one character is one byte.
            try await client.send(given.send.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
            var answers: [Int] = []
            for _ in given.answers {
                let answer = try await client.message()
                answers.append(answer.status)
                if answer.status >= 400 {
                    #expect(answer.text.hasPrefix("{\"error\":{\"message\":\""))
                    #expect(answer.field("Connection") == "close")
                }
            }
            #expect(answers == given.answers, "\(given.why)")
            if given.closes {
                #expect(try await client.readToEnd().isEmpty)
            } else {
                try await client.send("GET /probe HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await client.message().text.hasPrefix("GET /probe HTTP/1.1\r\n"))
            }
            #expect(stage.upstream.requests.count == given.seen + (given.closes ? 0 : 1))
            await client.close()
        }
    }

    @Test func `the table covers what was promised`() {
        #expect(conformanceCases.count >= 150)
        #expect(Set(conformanceCases.map(\.name)).count == conformanceCases.count)
    }
}
