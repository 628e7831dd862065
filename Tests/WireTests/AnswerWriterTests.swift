import Statistics
import TestSupport
import Testing
import Vocabulary
import Wire

struct AnswerWriterTests {
    @Test(arguments: Endpoint.allCases)
    func `what is written reads back, as a document and as events`(endpoint: Endpoint) {
        for seed in 0..<60 {
            var random = SplitMix64(seed: seed)
            let text = (0..<Int.random(in: 0...6, using: &random)).map { _ in String.random(using: &random) }.joined(
                separator: " "
            )
            var calls: [ToolCall] = []
            if endpoint != .completions {
                for index in 0..<Int.random(in: 0...2, using: &random) {
                    calls.append(ToolCall(id: "c\(index)", name: "f\(index)", arguments: "{\"a\":\(index)}"))
                }
            }
            var writer = AnswerWriter(
                endpoint: endpoint,
                model: "m",
                id: "1",
                created: 5,
                text: text,
                toolCalls: calls,
                usage: TokenUsage(inputTokens: 7, outputTokens: 9),
                includesUsageEvent: true
            )
            if seed.isMultiple(of: 5) { writer.finishReason = endpoint == .responses ? "max_output_tokens" : "length" }
            let document = assemble(
                [writer.document()],
                endpoint: endpoint,
                contentType: AnswerWriter.documentContentType
            )
            let events = assemble(writer.events(), endpoint: endpoint, contentType: AnswerWriter.eventStreamContentType)
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

    @Test(arguments: Endpoint.allCases)
    func `an error reads back as one`(endpoint: Endpoint) {
        let body = AnswerWriter.error(endpoint: endpoint, type: "overloaded_error", message: "Too much.")
        let answer = assemble([body], endpoint: endpoint, status: 529, contentType: "application/json")
        #expect(answer.outcome == .httpError)
        #expect(answer.errorCode == "overloaded_error")
    }

    @Test func `data with line ends is one event`() throws {
        var parser = ServerSentEventParser()
        let events = try parser.parse(AnswerWriter.event(type: "t", data: "a\nb".utf8))
        #expect(events.map(\.text) == ["a\nb"])
        #expect(events.map(\.type) == ["t"])
    }
}
