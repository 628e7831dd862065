import JSON
import Statistics
import TestSupport
import Testing
import Vocabulary
import Wire

struct AnswerAssemblerTests {
    // MARK: Outcomes

    @Test func `without a head the transport's end is the outcome`() {
        let outcomes: [TransportEnd: Outcome] = [
            .timedOut: .timeout, .clientCancelled: .clientCancelled, .cut: .connectError, .unreachable: .connectError,
            .complete: .connectError,
        ]
        for (end, outcome) in outcomes {
            var assembler = AnswerAssembler(shape: .responses)
            let answer = assembler.finish(end, at: .seconds(1))
            #expect(answer.outcome == outcome)
            #expect(answer.status == nil)
            #expect(answer.timings.total == .seconds(1))
        }
    }

    @Test func `the transport's end decides while the protocol has not ended`() {
        let outcomes: [TransportEnd: Outcome] = [
            .timedOut: .timeout, .clientCancelled: .clientCancelled, .cut: .truncated, .complete: .truncated,
        ]
        for (end, outcome) in outcomes {
            #expect(assemble(text: data(delta(["content": "a"])), end: end).outcome == outcome)
            let unfinished = assemble(text: "{\"choices\":[", contentType: "application/json", end: end)
            #expect(unfinished.outcome == outcome)
        }
    }

    @Test(arguments: TransportEnd.allCases)
    func `after the protocol's own end the transport does not matter`(end: TransportEnd) {
        let text = data(delta(["content": "a"], finish: "stop")) + "data: [DONE]\n\n"
        #expect(assemble(text: text, end: end).outcome == .ok)
        #expect(assemble(text: named(["type": "message_stop"]), shape: .messages, end: end).outcome == .ok)
        let completed: JSON = ["type": "response.completed", "response": ["status": "completed", "output": []]]
        #expect(assemble(text: named(completed), shape: .responses, end: end).outcome == .ok)
    }

    @Test func `a stream without DONE is ok only if every choice finished and the transport ended cleanly`() {
        let finished = data(delta(["content": "a"]), delta([:], finish: "stop"))
        #expect(assemble(text: finished).outcome == .ok)
        #expect(assemble(text: finished, end: .cut).outcome == .truncated)
        let half = finished + data(delta(["content": "b"], index: 1))
        #expect(assemble(text: half).outcome == .truncated)
        #expect(assemble(text: ": ping\n\n: ping\n\n").outcome == .truncated)
        #expect(assemble(text: "").outcome == .truncated)
    }

    @Test(arguments: ["-1", "9223372036854775807", "1e300", "2.5", "\"many\""])
    func `a count of tokens that cannot be one is not taken`(count: String) {
        let chat = #"{"choices":[{"message":{"content":"a"},"finish_reason":"stop"}],"usage":"#
        let usage = #"{"prompt_tokens":\#(count),"completion_tokens":\#(count)}}"#
        #expect(assemble(text: chat + usage, contentType: "application/json").usage == TokenUsage())
        let message = #"{"type":"message","content":[],"stop_reason":"end_turn","usage":"#
        let parts = #"{"input_tokens":7,"cache_read_input_tokens":\#(count),"output_tokens":\#(count)}}"#
        let answer = assemble(text: message + parts, shape: .messages, contentType: "application/json")
        #expect(answer.usage == TokenUsage(inputTokens: 7, outputTokens: nil))
    }

    @Test func `calls of a whole message stay apart, whatever their ids`() {
        for id in [#""id":"","#, #""id":"same","#, ""] {
            let calls = ["f", "g"].map { #"{\#(id)"function":{"name":"\#($0)","arguments":"{}"}}"# }
            let message = #"{"message":{"tool_calls":[\#(calls.joined(separator: ","))]},"finish_reason":"tool_calls"}"#
            let answer = assemble(text: #"{"choices":[\#(message)]}"#, contentType: "application/json")
            #expect(answer.toolCalls.map(\.name) == ["f", "g"], "\(id)")
            #expect(answer.toolCalls.map(\.arguments) == ["{}", "{}"])
        }
    }

    @Test(arguments: [400, 404, 429, 500, 503, 301])
    func `a status that is not a success is an error whatever the body says`(status: Int) {
        let body = "{\"error\":{\"type\":\"rate_limit_error\",\"message\":\"secret words\"}}"
        let answer = assemble(text: body, status: status, contentType: "application/json", end: .cut)
        #expect(answer.outcome == .httpError)
        #expect(answer.errorCode == "rate_limit_error")
        #expect(answer.text.isEmpty)
        #expect(assemble(text: "<html>", status: status, contentType: "text/html").outcome == .httpError)
        #expect(assemble(text: "", status: status, contentType: nil).outcome == .httpError)
    }

    @Test func `an error code is bounded and never prose`() {
        func code(_ error: JSON) -> String? {
            assemble(text: JSON.object(["error": error]).text(), status: 500, contentType: "application/json").errorCode
        }
        #expect(code(["code": 400]) == "400")
        #expect(code(["type": "words of the prompt", "code": "context_length_exceeded"]) == "context_length_exceeded")
        #expect(code(["type": .string(String(repeating: "a", count: 65))]) == nil)
        #expect(code("You said something") == nil)
    }

    @Test func `an error inside a 200 stream is an error, with the text so far`() {
        let error: JSON = ["error": ["message": "m", "type": "server_error"]]
        for text in [
            data(delta(["content": "a"]), error),
            data(delta(["content": "a"])) + "event: error\ndata: {\"code\":1}\n\n",
        ] {
            let answer = assemble(text: text + "data: [DONE]\n\n")
            #expect(answer.outcome == .httpError)
            #expect(answer.status == 200)
            #expect(answer.text == "a")
        }
        let anthropic: JSON = ["type": "error", "error": ["type": "overloaded_error", "message": "m"]]
        #expect(assemble(text: named(anthropic), shape: .messages).errorCode == "overloaded_error")
        let failed: JSON = [
            "type": "response.failed", "response": ["status": "failed", "error": ["code": "server_error"]],
        ]
        #expect(assemble(text: named(failed), shape: .responses).errorCode == "server_error")
        let plain: JSON = ["type": "error", "code": "ERR_SOMETHING", "message": "m", "param": nil]
        #expect(assemble(text: named(plain), shape: .responses).errorCode == "ERR_SOMETHING")
        let document = assemble(text: "{\"error\":{\"type\":\"x\"}}", contentType: "application/json")
        #expect(document.outcome == .httpError)
    }

    @Test func `what is not of the protocol is malformed, with its reason`() {
        let json = "application/json"
        #expect(assemble(text: "data: {oops\n\n").malformedReason == .notJSON)
        #expect(assemble(text: "data: 7\n\n").malformedReason == .unexpectedShape)
        #expect(assemble(text: "<html></html>", contentType: "text/html").malformedReason == .notJSON)
        #expect(assemble(text: "{\"choices\":[]}", contentType: json).malformedReason == .unexpectedShape)
        #expect(assemble(text: "[]", contentType: json).malformedReason == .unexpectedShape)
        #expect(assemble(text: "{}", shape: .responses, contentType: json).malformedReason == .unexpectedShape)
        #expect(assemble(text: "{}", shape: .messages, contentType: json).malformedReason == .unexpectedShape)
        #expect(assemble(text: "", contentType: json).malformedReason == .emptyBody)
        #expect(assemble(text: " \n\n", contentType: json).malformedReason == .emptyBody)
        #expect(assemble(text: "{\"choices\":[]} x", contentType: json).malformedReason == .notJSON)
        let broken = [Array("data: {\"choices\":[{\"delta\":{\"content\":\"".utf8) + [0xFF] + Array("\"}}]}\n\n".utf8)]
        #expect(assemble(broken).malformedReason == .invalidUTF8)
        #expect(assemble(broken).outcome == .malformed)
    }

    @Test func `nothing is assembled behind a malformed event`() {
        let text = data(delta(["content": "a"])) + "data: {\n\n" + data(delta(["content": "b"], finish: "stop"))
        let answer = assemble(text: text + "data: [DONE]\n\n")
        #expect(answer.outcome == .malformed)
        #expect(answer.text == "a")
        #expect(answer.byteCount == text.utf8.count + 14)
    }

    @Test func `an empty answer is ok with empty text`() {
        #expect(assemble(text: "", status: 204, contentType: nil).outcome == .ok)
        let empty = assemble(text: data(delta(["role": "assistant", "content": nil]), delta([:], finish: "stop")))
        #expect(empty.outcome == .ok)
        #expect(empty.text.isEmpty)
        #expect(empty.timings.firstToken == nil)
        let document: JSON = ["choices": [["index": 0, "message": ["content": nil], "finish_reason": "stop"]]]
        #expect(assemble(text: document.text(), contentType: "application/json").outcome == .ok)
    }

    @Test func `fewer bytes than the length says are truncated`() {
        let document = "{\"choices\":[{\"message\":{\"content\":\"a\"}}]}"
        let count = document.utf8.count
        #expect(assemble(text: document, contentType: "application/json", contentLength: count).outcome == .ok)
        #expect(
            assemble(text: document, contentType: "application/json", contentLength: count + 1).outcome == .truncated
        )
        #expect(assemble(text: document, contentType: "application/json", end: .cut).outcome == .truncated)
        #expect(assemble(text: "", contentType: "application/json", contentLength: 9).outcome == .truncated)
    }

    // MARK: Which form

    @Test func `events and JSON are told apart by their first bytes where the type does not say`() {
        let events = data(delta(["content": "a"], finish: "stop")) + "data: [DONE]\n\n"
        for type in [nil, "application/json", "text/plain"] {
            for size in [1, 3, 1_000] {
                let answer = assemble(Array((": ping\n\n" + events).utf8).pieces(of: size), contentType: type)
                #expect(answer.text == "a")
                #expect(answer.streamed)
            }
            let document = "\n {\"choices\":[{\"message\":{\"content\":\"b\"}}]}"
            let answer = assemble(Array(document.utf8).pieces(of: 1), contentType: type)
            #expect(answer.text == "b")
            #expect(!answer.streamed)
        }
        #expect(assemble(text: "d", contentType: nil).outcome == .malformed)
    }

    // MARK: Timings

    @Test func `gaps are those between events that carry tokens`() {
        var assembler = AnswerAssembler(shape: .chatCompletions)
        assembler.head(status: 200, contentType: "text/event-stream; charset=utf-8")
        let times = [10, 100, 110, 125, 127, 400]
        let events =
            [": ping\n\n"] + ["a", "b", "c", "d"].map { data(delta(["content": .string($0)])) } + ["data: [DONE]\n\n"]
        for (time, event) in zip(times, events) { assembler.consume(event.utf8, at: .milliseconds(time)) }
        let timings = assembler.finish(.complete, at: .milliseconds(401)).timings
        #expect(
            timings
                == Timings(
                    firstByte: .milliseconds(10),
                    firstToken: .milliseconds(100),
                    total: .milliseconds(401),
                    interTokenMedian: .milliseconds(10),
                    interTokenMaximum: .milliseconds(15)
                )
        )
    }

    @Test func `a final event that states everything again is no token`() {
        var assembler = AnswerAssembler(shape: .responses)
        assembler.head(status: 200, contentType: "text/event-stream")
        let writer = AnswerWriter(shape: .responses, model: "m", id: "1", created: 0, text: "a b c")
        for (index, event) in writer.events().enumerated() {
            assembler.consume(event, at: .milliseconds(index < 8 ? 10 * index : 1_000 * index))
        }
        let timings = assembler.finish(.complete, at: .seconds(100)).timings
        // The deltas are the events 4, 5 and 6.
        #expect(timings.firstToken == .milliseconds(40))
        #expect(timings.interTokenMaximum == .milliseconds(10))
    }

    @Test func `the median of very many gaps stays close`() throws {
        var assembler = AnswerAssembler(shape: .chatCompletions)
        assembler.head(status: 200, contentType: "text/event-stream")
        let event = data(delta(["content": "a"]))
        var time = Duration.zero
        for index in 0..<12_000 {
            time += .milliseconds(index == 11_001 ? 9_000 : 10 + index % 3)
            assembler.consume(event.utf8, at: time)
        }
        let timings = assembler.finish(.complete, at: time).timings
        #expect(timings.interTokenMedian == .milliseconds(11))
        #expect(timings.interTokenMaximum == .milliseconds(9_000))
    }

    // MARK: Limits

    @Test func `too much text is malformed and stops wanting more`() {
        var assembler = AnswerAssembler(shape: .chatCompletions, limits: .init(textBytes: 1_000))
        assembler.head(status: 200, contentType: "text/event-stream")
        let event = data(delta(["content": .string(String(repeating: "a", count: 100))]))
        for index in 0..<20 { assembler.consume(event.utf8, at: .milliseconds(index)) }
        #expect(!assembler.wantsMore)
        let answer = assembler.finish(.cut, at: .seconds(1))
        #expect(answer.malformedReason == .tooLarge)
        #expect(answer.text.utf8.count == 1_000)
        #expect(answer.byteCount == 20 * event.utf8.count)
    }

    @Test func `bodies, events, choices and tool calls are bounded`() {
        let limits = AnswerAssembler.Limits(textBytes: 1_000, bufferedBytes: 2_000)
        let large = Array(repeating: UInt8(ascii: "["), count: 3_000)
        #expect(assemble([large], contentType: "application/json", limits: limits).malformedReason == .tooLarge)
        #expect(assemble([Array("data: ".utf8) + large], limits: limits).malformedReason == .tooLarge)
        let choices = (0..<300).map { data(delta(["content": "a"], index: $0)) }.joined()
        #expect(assemble(text: choices).malformedReason == .tooLarge)
        let calls = (0..<1_100).map { index in
            data(delta(["tool_calls": [["index": JSON(index), "function": ["name": "f", "arguments": ""]]]]))
        }
        #expect(assemble(text: calls.joined()).malformedReason == .tooLarge)
        let long: JSON = ["choices": [["message": ["content": .string(String(repeating: "a", count: 1_001))]]]]
        let answer = assemble([long.bytes()], contentType: "application/json", limits: limits)
        #expect(answer.malformedReason == .tooLarge)
    }

    @Test func `damaged answers are outcomes and never crashes, however they are cut`() {
        for seed in 0..<600 {
            var random = SplitMix64(seed: seed)
            let shape = APIShape.all[seed % 4]
            let calls = seed % 3 == 0 ? [ToolCall(id: "c", name: "f", arguments: "{\"a\":1}")] : []
            let writer = AnswerWriter(
                shape: shape,
                model: "m",
                id: "1",
                created: 0,
                text: "Paris is it.",
                toolCalls: calls
            )
            var bytes = seed.isMultiple(of: 2) ? writer.document() : Array(writer.events().joined())
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let end = TransportEnd.allCases[Int.random(in: 0..<5, using: &random)]
            let type = ["text/event-stream", "application/json", nil][Int.random(in: 0..<3, using: &random)]
            let cut = assemble(random.slices(of: bytes), shape: shape, contentType: type, end: end)
            let whole = assemble([bytes], shape: shape, contentType: type, end: end)
            #expect(cut.withoutTimings == whole.withoutTimings, "seed \(seed)")
            #expect(cut.byteCount == bytes.count, "seed \(seed)")
        }
    }

    @Test func `an answer becomes one side of a pair`() {
        let writer = AnswerWriter(shape: .chatCompletions, model: "m", id: "1", created: 0, text: "Hi")
        let answer = assemble([writer.document()], contentType: AnswerWriter.documentContentType)
        let made = answer.legAnswer(version: "v1.2.0")
        #expect(made.version == "v1.2.0")
        #expect(made.reportedModel == "m")
        #expect(made.text == "Hi")
        #expect(made.outcome == .ok)
        #expect(made.status == 200)
        #expect(made.byteCount == writer.document().count)
        #expect(made.timings.total == .milliseconds(2))
    }
}
