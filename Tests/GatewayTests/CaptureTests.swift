import Gateway
import NIOCore
import TestSupport
import Testing

/// What a capture must look like after the gateway, worked out by the simplest means.
private struct Expected {
    var statusLine: String
    var fields: [String]
    var rawBody: [UInt8]
    var payload: [UInt8]
    var isComplete: Bool

    init(_ response: [UInt8], isAnswerToHead: Bool) {
        let mark = Array("\r\n\r\n".utf8)
        let end = (0...(response.count - 4)).first { Array(response[$0..<($0 + 4)]) == mark } ?? response.count - 4
        var lines = String(decoding: response[..<end], as: UTF8.self).split(separator: "\r\n").map(String.init)
        statusLine = lines.removeFirst()
        fields = lines
        rawBody = Array(response[(end + 4)...])
        let isChunked = lines.contains { $0.lowercased() == "transfer-encoding: chunked" }
        let length = lines.first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst(15).trimmingPrefix { $0 == " " }) }
        if isChunked {
            (payload, isComplete) = Self.dechunk(rawBody)
        } else {
            payload = rawBody
            isComplete = length == nil || length == rawBody.count
        }
    }

    private static func dechunk(_ raw: [UInt8]) -> ([UInt8], Bool) {
        var payload: [UInt8] = []
        var rest = raw[...]
        while let end = rest.firstIndex(of: 0x0d) {
            let digits = String(decoding: rest[..<end], as: UTF8.self).prefix { $0.isHexDigit }
            guard let size = Int(digits, radix: 16) else { return (payload, false) }
            if size == 0 { return (payload, rest.count >= digits.count + 4) }
            rest = rest[(end + 2)...]
            payload += rest.prefix(size)
            guard rest.count >= size + 2 else { return (payload, false) }
            rest = rest.dropFirst(size + 2)
        }
        return (payload, false)
    }

    /// The fields without those of one hop.
    var endToEnd: [String] {
        let dropped = ["connection", "keep-alive", "proxy-connection", "te", "upgrade"]
        return fields.filter { field in
            !dropped.contains(String(field.prefix { $0 != ":" }).lowercased())
        }
    }
}

@Suite(.serialized, .enabled(if: Captures.folder != nil, "the captures of ../shared/data are not here"))
struct CaptureTests {
    @Test func `there are captures to test with`() {
        #expect(Captures.all.count > 60)
    }

    @Test(.hangLimit, arguments: Captures.all)
    func `a recorded answer passes unchanged`(_ capture: Captures.Capture) async throws {
        let expected = Expected(capture.response, isAnswerToHead: false)
        try await withGateway(upstream: [[.request, .sendBytes(capture.response), .close]]) { stage in
            let client = try await stage.client()
            try await client.send(capture.request)
            let received = Expected(try await client.readToEnd(), isAnswerToHead: false)
            #expect(received.statusLine == expected.statusLine)
            #expect(received.fields == expected.endToEnd + ["X-Model-Version: v1.1.0", "Connection: close"])
            #expect(received.rawBody == expected.rawBody)
            #expect(received.payload == expected.payload)
            await stage.tap.wait { $0.answers.first?.end != nil }
            let answer = try #require(stage.tap.now.answers.first)
            #expect(answer.body == expected.payload)
            #expect(answer.end == (expected.isComplete ? .complete : .upstreamCut))
            #expect(answer.headers?.map { "\($0.name): \($0.value)" } == expected.fields)
            let request = Expected(capture.request, isAnswerToHead: false)
            #expect(answer.request.body.flatMap { Array($0.readableBytesView) } == request.payload)
        }
    }

    @Test(arguments: Captures.all)
    func `a recorded answer reads the same however it is cut`(_ capture: Captures.Capture) {
        let expected = Expected(capture.response, isAnswerToHead: false)
        func read(_ pieces: [ArraySlice<UInt8>]) -> (status: Int, raw: [UInt8], payload: [UInt8], ended: Bool) {
            var reader = AnswerReader(isAnswerToHead: false)
            var result = (status: 0, raw: [UInt8](), payload: [UInt8](), ended: false)
            for piece in pieces {
                reader.receive(ByteBuffer(bytes: piece))
                loop: while true {
                    switch reader.next() {
                    case .needMore, .broken: break loop
                    case .informational: Issue.record("no 1xx in captures")
                    case .head(let head):
                        result.status = head.status
                        reader.recordPayload()
                    case .body(let raw):
                        result.raw += raw.readableBytesView
                        if case .chunked = reader.framing.kind {
                            let bytes = Array(raw.readableBytesView)
                            for range in reader.framing.payloadRanges { result.payload += bytes[range] }
                        } else {
                            result.payload += raw.readableBytesView
                        }
                    case .end: result.ended = true
                    }
                }
            }
            if reader.inputEnded() { result.ended = true }
            return result
        }
        let bytes = capture.response
        var cuts = [[bytes[...]], bytes.indices.map { bytes[$0...$0] }]
        let step = max(1, bytes.count / 100)
        for cut in stride(from: 1, to: bytes.count, by: step) { cuts.append([bytes[..<cut], bytes[cut...]]) }
        for cut in cuts {
            let result = read(cut)
            #expect(result.status == Int(expected.statusLine.split(separator: " ")[1]))
            #expect(result.raw == expected.rawBody)
            #expect(result.payload == expected.payload)
            #expect(result.ended == expected.isComplete)
        }
    }
}
