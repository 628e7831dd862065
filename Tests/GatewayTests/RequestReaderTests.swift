import Gateway
import NIOCore
import Statistics
import TestSupport
import Testing

/// Everything a reader says about a connection's bytes, in a form that does not depend on how they were cut.
struct Reading: Equatable, CustomStringConvertible {
    var heads: [String] = []
    var raw: [[UInt8]] = []
    var payload: [[UInt8]] = []
    var ends = 0
    var refusal: Refusal?

    var description: String { "\(heads.count) heads, \(ends) ends, \(refusal.map { "\($0)" } ?? "no refusal")" }

    init(_ pieces: [ArraySlice<UInt8>], headerLimit: Int = 4096, bodyLimit: Int = 65536) {
        var reader = RequestReader(headerLimit: headerLimit, bodyLimit: bodyLimit)
        for piece in pieces {
            reader.receive(ByteBuffer(bytes: piece))
            loop: while true {
                switch reader.next() {
                case .needMore: break loop
                case .head(let head):
                    reader.recordPayload()
                    let fields = head.fields.map { "\($0.name)=\($0.value)" }.joined(separator: "|")
                    heads.append("\(head.method) \(head.target) \(head.path) \(fields)")
                    raw.append([])
                    payload.append([])
                case .body(let bytes):
                    raw[raw.count - 1] += bytes.readableBytesView
                    let bytes = Array(bytes.readableBytesView)
                    if case .chunked = reader.framing.kind {
                        for range in reader.framing.payloadRanges { payload[payload.count - 1] += bytes[range] }
                    } else {
                        payload[payload.count - 1] += bytes
                    }
                case .end:
                    ends += 1
                    reader.startNext()
                case .refuse(let found):
                    refusal = found
                    break loop
                }
            }
        }
    }
}

@Suite struct RequestReaderTests {
    static let samples: [String] = [
        "GET /a?b=c HTTP/1.1\r\nHost: x\r\nX-A:  1 \r\nx-a: 2\r\n\r\n",
        "\r\nPOST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\nhello world",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;q=\"z\"\r\nhello\r\n1\r\n!\r\n0\r\nX-T: 1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n\r\nPOST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nabGET /c HTTP/1.0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost : x\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX0\r\n\r\n",
        "GET http://h:8/p HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/3.0\r\nHost: x\r\n\r\n",
    ]

    @Test func `a connection on which a byte of the next request always waits keeps no request that is over`() {
        let request = Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
        var reader = RequestReader(headerLimit: 4096, bodyLimit: 65536)
        reader.receive(ByteBuffer(bytes: request.prefix(1)))
        var heads = 0
        var mostBytes = 0
        for _ in 0..<2_000 {
            reader.receive(ByteBuffer(bytes: request.dropFirst() + request.prefix(1)))
            loop: while true {
                switch reader.next() {
                case .head: heads += 1
                case .end: reader.startNext()
                case .needMore, .body, .refuse: break loop
                }
            }
            mostBytes = max(mostBytes, reader.pendingStorageByteCount)
        }
        #expect(heads == 2_000)
        #expect(mostBytes <= 1_024)
    }

    @Test(arguments: samples.indices)
    func `a request reads the same whole, byte by byte and cut anywhere`(_ index: Int) {
        let bytes = Array(Self.samples[index].utf8)
        let whole = Reading([bytes[...]])
        #expect(whole.heads.count + (whole.refusal == nil ? 0 : 1) > 0)
        #expect(Reading(bytes.indices.map { bytes[$0...$0] }) == whole)
        for cut in 1..<bytes.count {
            #expect(Reading([bytes[..<cut], bytes[cut...]]) == whole, "cut at \(cut)")
        }
    }

    @Test func `a chunked body gives its payload and keeps its raw bytes`() {
        let reading = Reading([Array(Self.samples[2].utf8)[...]])
        #expect(reading.payload == [Array("hello!".utf8)])
        #expect(reading.raw == [Array("5;q=\"z\"\r\nhello\r\n1\r\n!\r\n0\r\nX-T: 1\r\n\r\n".utf8)])
        #expect(reading.ends == 1)
    }

    @Test func `any body in any chunks and any cuts gives the same payload`() {
        for seed in 0..<300 {
            var random = SplitMix64(seed: UInt64(seed))
            var wire: [UInt8] = []
            var bodies: [[UInt8]] = []
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                var body: [UInt8] = []
                wire += Array("POST /\(seed) HTTP/1.1\r\nHost: x\r\n".utf8)
                if Bool.random(using: &random) {
                    wire += Array("Transfer-Encoding: chunked\r\n\r\n".utf8)
                    for _ in 0..<Int.random(in: 0...6, using: &random) {
                        let chunk = (0..<Int.random(in: 1...80, using: &random)).map { _ in
                            UInt8.random(in: 0...255, using: &random)
                        }
                        let padding = String(repeating: "0", count: Int.random(in: 0...3, using: &random))
                        let tail = Bool.random(using: &random) ? ";a=b" : ""
                        wire += Array("\(padding)\(String(chunk.count, radix: 16))\(tail)\r\n".utf8) + chunk
                        wire += Array("\r\n".utf8)
                        body += chunk
                    }
                    wire += Array((Bool.random(using: &random) ? "0\r\nT: 1\r\n\r\n" : "0\r\n\r\n").utf8)
                } else {
                    body = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                        UInt8.random(in: 0...255, using: &random)
                    }
                    wire += Array("Content-Length: \(body.count)\r\n\r\n".utf8) + body
                }
                bodies.append(body)
            }
            var pieces: [ArraySlice<UInt8>] = []
            var start = 0
            while start < wire.count {
                let end = min(wire.count, start + Int.random(in: 1...60, using: &random))
                pieces.append(wire[start..<end])
                start = end
            }
            let reading = Reading(pieces)
            #expect(reading.payload == bodies, "seed \(seed)")
            #expect(reading.ends == bodies.count, "seed \(seed)")
            #expect(reading.refusal == nil, "seed \(seed)")
        }
    }

    @Test func `no bytes whatever make it stumble`() {
        let alphabet = Array("GETPOS /:HTTP/1.1\r\n\r\n\0 chunkedTransfer-Encoding:0123456789abcdef;\t\u{7f}".utf8)
        for seed in 0..<2000 {
            var random = SplitMix64(seed: UInt64(seed))
            var wire = Array("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                let place = Int.random(in: 0..<wire.count, using: &random)
                let octet = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                if Bool.random(using: &random) { wire[place] = octet } else { wire.insert(octet, at: place) }
            }
            for _ in 0..<Int.random(in: 0...40, using: &random) {
                wire.append(alphabet[Int.random(in: 0..<alphabet.count, using: &random)])
            }
            let whole = Reading([wire[...]])
            let single = Reading(wire.indices.map { wire[$0...$0] })
            // Cut differently, a head can be refused for another of its faults; whether it is refused cannot differ.
            #expect((single.refusal == nil) == (whole.refusal == nil), "seed \(seed)")
            #expect(single.payload == whole.payload, "seed \(seed)")
            #expect(single.ends == whole.ends, "seed \(seed)")
        }
    }

    @Test func `limits are exact`() {
        let head = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
        #expect(Reading([Array(head.utf8)[...]], headerLimit: head.utf8.count).refusal == nil)
        #expect(Reading([Array(head.utf8)[...]], headerLimit: head.utf8.count - 1).refusal == .headerTooLarge)
        let post = "POST / HTTP/1.1\r\nHost: x\r\n"
        let fits = Array((post + "Content-Length: 4\r\n\r\nabcd").utf8)
        #expect(Reading([fits[...]], bodyLimit: 4).ends == 1)
        #expect(Reading([fits[...]], bodyLimit: 3).refusal == .bodyTooLarge)
        let chunked = Array((post + "Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n").utf8)
        #expect(Reading([chunked[...]], bodyLimit: 4).ends == 1)
        #expect(Reading([chunked[...]], bodyLimit: 3).refusal == .bodyTooLarge)
    }

    @Test func `framing that costs far more than it carries is refused`() {
        let post = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        let dear = "1;" + String(repeating: "e", count: 1000) + "\r\nx\r\n"
        let bytes = Array((post + String(repeating: dear, count: 40)).utf8)
        guard case .malformed = Reading([bytes[...]]).refusal else {
            Issue.record("not refused")
            return
        }
        let cheap = Array((post + String(repeating: "1\r\nx\r\n", count: 60000) + "0\r\n\r\n").utf8)
        #expect(Reading([cheap[...]]).payload.first?.count == 60000)
    }

    @Test func `fields are found by any case and keep their order and duplicates`() {
        let fields = HeaderFields([("Accept", "a"), ("X-Twice", "1"), ("x-twice", "2"), ("Host", "h")])
        #expect(fields.first("ACCEPT") == "a")
        #expect(fields.all("X-TWICE") == ["1", "2"])
        #expect(fields.first("missing") == nil)
        #expect(fields.map(\.name) == ["Accept", "X-Twice", "x-twice", "Host"])
    }
}
