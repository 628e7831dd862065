import Statistics
import TestSupport
import Testing
import Vocabulary
import Wire

struct AnswerWriterTests {
    @Test(arguments: APIShape.all)
    func `what is written reads back, as a document and as events`(shape: APIShape) {
        for seed in 0..<60 {
            var random = SplitMix64(seed: seed)
            let text = (0..<Int.random(in: 0...6, using: &random)).map { _ in String.random(using: &random) }.joined(
                separator: " "
            )
            var calls: [ToolCall] = []
            if shape != .completions {
                for index in 0..<Int.random(in: 0...2, using: &random) {
                    calls.append(ToolCall(id: "c\(index)", name: "f\(index)", arguments: "{\"a\":\(index)}"))
                }
            }
            var writer = AnswerWriter(
                shape: shape,
                model: "m",
                id: "1",
                created: 5,
                text: text,
                toolCalls: calls,
                usage: TokenUsage(inputTokens: 7, outputTokens: 9),
                includesUsageEvent: true
            )
            if seed.isMultiple(of: 5) { writer.finishReason = shape == .responses ? "max_output_tokens" : "length" }
            let document = assemble(
                [writer.document()],
                shape: shape,
                contentType: AnswerWriter.documentContentType
            )
            let events = assemble(writer.events(), shape: shape, contentType: AnswerWriter.eventStreamContentType)
            for answer in [document, events] {
                #expect(answer.outcome == .ok, "seed \(seed)")
                #expect(answer.text == text, "seed \(seed)")
                #expect(answer.toolCalls == calls, "seed \(seed)")
                #expect(answer.usage == writer.usage, "seed \(seed)")
                #expect(answer.reportedModel == "m", "seed \(seed)")
                #expect(answer.finishReason == document.finishReason, "seed \(seed)")
            }
            if let reason = writer.finishReason { #expect(events.finishReason == reason, "seed \(seed)") }
            #expect(events.streamed && !document.streamed)
            #expect((events.timings.firstToken == nil) == (text.isEmpty && calls.isEmpty), "seed \(seed)")
        }
    }

    @Test func `pieces add up to the text`() {
        for text in ["", " ", "a", "a b", "  a  b ", "Paris is the capital.", "a\n b", "語 😀"] {
            #expect(AnswerWriter.pieces(of: text).joined() == text)
        }
        #expect(AnswerWriter.pieces(of: "Paris is it.") == ["Paris", " is", " it."])
    }

    @Test(arguments: APIShape.all)
    func `an error reads back as one`(shape: APIShape) {
        let body = AnswerWriter.error(shape: shape, type: "overloaded_error", message: "Too much.")
        let answer = assemble([body], shape: shape, status: 529, contentType: "application/json")
        #expect(answer.outcome == .httpError)
        #expect(answer.errorCode == "overloaded_error")
    }

    @Test func `OpenAI's error is spelt as the gateway gives it, to the byte`() {
        let body = AnswerWriter.error(
            shape: .chatCompletions,
            type: "upstream_error",
            message: "The model server's `answer` is not HTTP/1.1: it (1) ends.",
            code: "upstream_bad_answer"
        )
        #expect(
            String(decoding: body, as: UTF8.self) == """
                {"error":{"message":"The model server's `answer` is not HTTP/1.1: it (1) ends.",\
                "type":"upstream_error","param":null,"code":"upstream_bad_answer"}}
                """
        )
    }

    @Test func `data with line ends is one event`() throws {
        var parser = ServerSentEventParser()
        let events = try parser.parse(AnswerWriter.event(type: "t", data: "a\nb".utf8))
        #expect(events.map(\.text) == ["a\nb"])
        #expect(events.map(\.type) == ["t"])
    }
}
