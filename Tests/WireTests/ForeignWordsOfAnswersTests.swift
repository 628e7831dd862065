import TestSupport
import Testing
import Vocabulary

@testable import Wire

/// A server's own words are cut where they are read (F4).
struct ForeignWordsOfAnswersTests {
    private static let long = String(repeating: "long ", count: 100_000)

    private func assemble(_ shape: APIShape, _ body: String, isStream: Bool) -> AssembledAnswer {
        var assembler = AnswerAssembler(shape: shape)
        assembler.head(status: 200, contentType: isStream ? "text/event-stream" : "application/json")
        assembler.consume(body.utf8, at: .zero)
        return assembler.finish(.complete, at: .zero)
    }

    private func expectBounded(_ answer: AssembledAnswer) {
        #expect(answer.outcome == .ok)
        #expect(answer.finishReason?.utf8.count ?? .max <= ForeignWord.finishReasonBytes)
        #expect(answer.finishReason?.hasSuffix("…") == true)
        #expect(answer.reportedModel?.utf8.count ?? .max <= ForeignWord.modelBytes)
        #expect(answer.reportedModel?.hasPrefix("long long") == true)
        for call in answer.toolCalls {
            #expect(call.name.utf8.count <= ForeignWord.toolNameBytes && call.name.hasSuffix("…"))
            #expect(call.id?.utf8.count ?? 0 <= ForeignWord.toolCallIDBytes)
            #expect(call.arguments == "{}")
        }
        #expect(!answer.toolCalls.isEmpty)
    }

    @Test func `of a document`() {
        let word = Self.long
        expectBounded(
            assemble(
                .chatCompletions,
                #"{"model":"\#(word)","choices":[{"index":0,"finish_reason":"\#(word)","message":{"content":null,"#
                    + #""tool_calls":[{"id":"\#(word)","function":{"name":"\#(word)","arguments":"{}"}}]}}]}"#,
                isStream: false
            )
        )
        expectBounded(
            assemble(
                .messages,
                #"{"model":"\#(word)","stop_reason":"\#(word)","content":"#
                    + #"[{"type":"tool_use","id":"\#(word)","name":"\#(word)","input":{}}]}"#,
                isStream: false
            )
        )
        expectBounded(
            assemble(
                .responses,
                #"{"model":"\#(word)","status":"\#(word)","output":"#
                    + #"[{"type":"function_call","id":"\#(word)","call_id":"\#(word)","name":"\#(word)","arguments":"{}"}]}"#,
                isStream: false
            )
        )
    }

    /// A name may come in pieces, each of which is short.
    @Test func `of a stream, however they are cut into pieces`() {
        func chunk(_ choice: String) -> String {
            #"data: {"model":"\#(Self.long)","choices":[{"index":0,\#(choice)}]}"# + "\n\n"
        }
        func delta(_ call: String) -> String { chunk(#""delta":{"tool_calls":[{"index":0,\#(call)}]}"#) }
        let body =
            delta(#""id":"\#(Self.long)","function":{"name":"","arguments":"{}"}"#)
            + (0..<200).map { delta(#""function":{"name":"piece \#($0) "}"#) }.joined()
            + chunk(#""delta":{},"finish_reason":"\#(Self.long)""#) + "data: [DONE]\n\n"
        expectBounded(assemble(.chatCompletions, body, isStream: true))
    }

    @Test func `an answer of more calls than any is given up, over all of its choices`() {
        let calls =
            String(repeating: #"{"id":"c","function":{"name":"f","arguments":"{}"}},"#, count: 299) + #"{"id":"c"}"#
        let choices = (0..<4).map {
            #"{"index":\#($0),"finish_reason":"stop","message":{"content":"","tool_calls":[\#(calls)]}}"#
        }
        let answer = assemble(
            .chatCompletions,
            #"{"model":"m","choices":[\#(choices.joined(separator: ","))]}"#,
            isStream: false
        )
        #expect(answer.outcome == .malformed && answer.malformedReason == .tooLarge)
    }

    /// 200,000 pieces of a thousand calls, or as many calls beyond the last that an answer may have.
    @Test(arguments: [true, false])
    func `calls by the million cost no more than reading them`(hasFew: Bool) {
        let opening = (0..<1_000).map { #"{"id":"ключ \#($0)","function":{"name":"f"}},"# }.joined()
        let rest =
            hasFew
            ? String(repeating: #"{"id":"ключ 1"},"#, count: 200_000)
            : (0..<200_000).map { #"{"id":"key \#($0)"},"# }.joined()
        let body =
            #"data: {"choices":[{"index":0,"delta":{"tool_calls":["# + opening + rest
            + #"{"id":"ключ 1","function":{"arguments":"{}"}}]},"finish_reason":"stop"}]}"# + "\n\ndata: [DONE]\n\n"
        let began = ProcessorTime.ofThread
        let answer = assemble(.chatCompletions, body, isStream: true)
        // 1 to 2 s without optimisation, of which nearly all is the parser's; a minute where each is looked for among all.
        #expect(ProcessorTime.ofThread - began < .seconds(15))
        #expect(answer.outcome == (hasFew ? .ok : .malformed))
        #expect(!hasFew || answer.toolCalls.count == 1_000 && answer.toolCalls[1].arguments == "{}")
    }
}
