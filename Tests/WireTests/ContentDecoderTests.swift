import TestSupport
import Testing
import Vocabulary
import Wire

struct ContentDecoderTests {
    private static let gzip: Int32 = 31
    private static let zlib: Int32 = 15
    private static let raw: Int32 = -15

    private var answer: AnswerWriter {
        AnswerWriter(shape: .chatCompletions, model: "m", id: "1", created: 0, text: "It is sunny in Oslo today.")
    }

    @Test(arguments: [("gzip", gzip), ("x-gzip", gzip), ("GZIP", gzip), ("deflate", zlib), ("deflate", raw)])
    func `compressed answers read as plain ones, however they are cut`(coding: (name: String, windowBits: Int32)) {
        let events = Array(answer.events().joined())
        let body = compressed(events, windowBits: coding.windowBits)
        let plain = assemble([events])
        for size in [1, 2, 7, body.count] {
            var packed = assemble(body.pieces(of: size), contentEncoding: coding.name)
            #expect(packed.byteCount == body.count)
            packed.byteCount = plain.byteCount
            #expect(packed.withoutTimings == plain.withoutTimings)
        }
        let document = compressed(answer.document(), windowBits: coding.windowBits)
        let packed = assemble([document], contentType: "application/json", contentEncoding: coding.name)
        #expect(packed.text == answer.text)
    }

    @Test func `several members in a row are one body and padding behind them is ignored`() throws {
        let body =
            compressed(Array("ab".utf8), windowBits: Self.gzip) + compressed(Array("cd".utf8), windowBits: Self.gzip)
        for tail in [[], [0, 0, 0]] as [[UInt8]] {
            let decoded = try ContentDecoder.decoded([body + tail], contentEncoding: "gzip", limit: 10)
            #expect(decoded == Array("abcd".utf8))
        }
    }

    @Test func `broken, unfinished and unknown codings have their outcomes`() {
        var body = compressed(answer.document(), windowBits: Self.gzip)
        #expect(
            assemble([body.dropLast(9)], contentType: "application/json", contentEncoding: "gzip").outcome == .truncated
        )
        body[15] ^= 0xFF
        body[30] ^= 0xFF
        let broken = assemble([body], contentType: "application/json", contentEncoding: "gzip")
        #expect(broken.malformedReason == .brokenContentCoding)
        for coding in ["br", "zstd", "gzip, br", "gzip, gzip"] {
            let unknown = assemble([answer.document()], contentType: "application/json", contentEncoding: coding)
            #expect(unknown.malformedReason == .unknownContentCoding)
            #expect(assemble([body], status: 500, contentEncoding: coding).outcome == .httpError)
        }
        #expect(assemble([answer.document()], contentType: nil, contentEncoding: "identity").text == answer.text)
    }

    @Test func `a body that unpacks to more than the limit is malformed`() throws {
        let bomb = compressed([UInt8](repeating: 0x5B, count: 5 << 20), windowBits: Self.gzip)
        #expect(bomb.count < 20_000)
        let answer = assemble(
            [bomb],
            contentType: "application/json",
            contentEncoding: "gzip",
            limits: .init(bufferedBytes: 1 << 20)
        )
        #expect(answer.malformedReason == .tooLarge)
        #expect(throws: ContentCodingError.self) {
            try ContentDecoder.decoded([bomb], contentEncoding: "gzip", limit: 1 << 20)
        }
    }

    @Test func `a copied assembler goes its own way`() {
        let events = compressed(Array(answer.events().joined()), windowBits: Self.gzip)
        var first = AnswerAssembler(shape: .chatCompletions)
        first.head(status: 200, contentType: "text/event-stream", contentEncoding: "gzip")
        first.consume(events[..<60], at: .zero)
        var second = first
        second.consume(events[60...], at: .zero)
        #expect(second.finish(.complete, at: .zero).text == answer.text)
        first.consume(events[60...], at: .zero)
        #expect(first.finish(.complete, at: .zero).text == answer.text)
    }

    @Test func `requests are decoded too`() throws {
        let body = compressed(Array("{}".utf8), windowBits: Self.zlib)
        #expect(try ContentDecoder.decoded([body], contentEncoding: "deflate", limit: 100) == Array("{}".utf8))
        #expect(try ContentDecoder.decoded([body], contentEncoding: nil, limit: 100) == body)
        #expect(try ContentDecoder.decoded([body], contentEncoding: "br", limit: 100) == nil)
    }
}
