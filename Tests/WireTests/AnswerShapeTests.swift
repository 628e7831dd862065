import JSON
import Testing
import Vocabulary
import Wire

struct AnswerShapeTests {
    @Test func `first deltas with null, empty or absent content, usage without choices, several events in a slice`() {
        let usage: JSON = ["choices": [], "usage": ["prompt_tokens": 3, "completion_tokens": 2]]
        for first in [["content": nil], ["content": ""], ["role": "assistant"]] as [JSON] {
            let text = data(
                delta(first),
                delta(["content": "a"]),
                delta(["content": "b"]),
                delta([:], finish: "length"),
                usage
            )
            let answer = assemble(text: text + "data: [DONE]\n\n")
            #expect(answer.text == "ab")
            #expect(answer.finishReason == "length")
            #expect(answer.usage == TokenUsage(inputTokens: 3, outputTokens: 2))
            #expect(answer.reportedModel == "m")
            #expect(answer.timings.interTokenMaximum == .zero)
        }
    }

    @Test func `refusals are text, reasoning is not, and neither is a token the other`() {
        let text = data(
            delta(["reasoning_content": "hm"]),
            delta(["reasoning": "m"]),
            delta(["content": "no"]),
            delta(["refusal": ", sorry"]),
            delta([:], finish: "stop")
        )
        let answer = assemble(text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { $0 + [0x0A] })
        #expect(answer.text == "no, sorry")
        #expect(answer.reasoning == "hmm")
        // Three lines to an event: the third event ends with the sixth slice.
        #expect(answer.timings.firstToken == .milliseconds(6))
        #expect(answer.timings.firstByte == .milliseconds(1))
    }

    @Test func `choices are kept by their index`() {
        let text = data(
            delta(["content": "x"], index: 1),
            delta(["content": "a"]),
            delta(["content": "y"], index: 1),
            delta([:], index: 1, finish: "length"),
            delta([:], finish: "stop")
        )
        let answer = assemble(text: text)
        #expect(answer.text == "a")
        #expect(answer.otherChoices == ["xy"])
        #expect(answer.finishReason == "stop")
    }

    @Test func `tool calls come together from their pieces`() {
        func piece(_ index: Int?, id: String? = nil, name: String? = nil, _ arguments: String) -> JSON {
            var call: JSON.Object = ["function": ["name": JSON(name), "arguments": .string(arguments)]]
            call["index"] = index.map { JSON($0) }
            call["id"] = id.map(JSON.string)
            return delta(["tool_calls": [.object(call)]])
        }
        let expected = [
            ToolCall(id: "c1", name: "f", arguments: "{\"a\":1}"), ToolCall(id: "c2", name: "g", arguments: "{}"),
        ]
        let plain = data(
            piece(0, id: "c1", name: "f", ""),
            piece(0, "{\"a\""),
            piece(1, id: "c2", name: "g", "{}"),
            piece(0, ":1}"),
            delta([:], finish: "tool_calls")
        )
        #expect(assemble(text: plain).toolCalls == expected)
        let repeating = data(
            piece(0, id: "c1", name: "f", "{\"a\""),
            piece(0, id: "c1", name: "f", ":1}"),
            piece(1, id: "c2", name: "g", "{}")
        )
        #expect(assemble(text: repeating).toolCalls == expected)
        let withoutIndex = data(
            piece(nil, id: "c1", name: "f", "{\"a\""),
            piece(nil, ":1}"),
            piece(nil, id: "c2", name: "g", "{}")
        )
        #expect(assemble(text: withoutIndex).toolCalls == expected)
        let older = data(
            delta(["function_call": ["name": "f", "arguments": "{"]]),
            delta(["function_call": ["arguments": "}"]])
        )
        #expect(assemble(text: older).toolCalls == [ToolCall(name: "f", arguments: "{}")])
        #expect(assemble(text: plain).timings.firstToken == .milliseconds(1))
    }

    @Test func `Anthropic's blocks, thinking, tools without arguments and cached tokens`() {
        let start: JSON = [
            "type": "message_start",
            "message": ["model": "m", "usage": ["input_tokens": 5, "cache_read_input_tokens": 3, "output_tokens": 1]],
        ]
        func block(_ index: Int, _ block: JSON) -> JSON {
            ["type": "content_block_start", "index": JSON(index), "content_block": block]
        }
        func piece(_ index: Int, _ delta: JSON) -> JSON {
            ["type": "content_block_delta", "index": JSON(index), "delta": delta]
        }
        let text = named(
            start,
            ["type": "ping"],
            block(0, ["type": "thinking", "thinking": ""]),
            piece(0, ["type": "thinking_delta", "thinking": "hm"]),
            block(1, ["type": "text", "text": ""]),
            piece(1, ["type": "text_delta", "text": "a"]),
            piece(1, ["type": "text_delta", "text": "b"]),
            block(2, ["type": "tool_use", "id": "t1", "name": "f", "input": [:]]),
            piece(2, ["type": "input_json_delta", "partial_json": ""]),
            piece(2, ["type": "input_json_delta", "partial_json": "{\"a\": 1}"]),
            block(3, ["type": "tool_use", "id": "t2", "name": "g", "input": [:]]),
            ["type": "content_block_stop", "index": 3],
            block(4, ["type": "server_tool_use", "id": "s", "name": "web_search", "input": [:]]),
            piece(4, ["type": "input_json_delta", "partial_json": "{\"query\":1}"]),
            ["type": "something_new"],
            ["type": "message_delta", "delta": ["stop_reason": "tool_use"], "usage": ["output_tokens": 9]],
            ["type": "message_stop"]
        )
        let answer = assemble(text: text, shape: .messages)
        #expect(answer.outcome == .ok)
        #expect(answer.text == "ab")
        #expect(answer.reasoning == "hm")
        #expect(
            answer.toolCalls == [
                ToolCall(id: "t1", name: "f", arguments: "{\"a\": 1}"), ToolCall(id: "t2", name: "g", arguments: "{}"),
            ]
        )
        #expect(answer.usage == TokenUsage(inputTokens: 8, outputTokens: 9))
        #expect(answer.finishReason == "tool_use")
    }

    @Test func `the final response replaces the deltas, and stands alone where there were none`() {
        let call: JSON = ["type": "function_call", "id": "fc", "call_id": "c", "name": "f", "arguments": "{}"]
        let message: JSON = [
            "type": "message",
            "content": [["type": "output_text", "text": "ab"], ["type": "refusal", "refusal": "c"]],
        ]
        let completed: JSON = [
            "type": "response.completed",
            "response": [
                "status": "completed", "model": "m", "output": [message, call],
                "usage": ["input_tokens": 1, "output_tokens": 2],
            ],
        ]
        let deltas = named(
            ["type": "response.output_text.delta", "item_id": "m", "delta": "ab"],
            ["type": "response.refusal.delta", "item_id": "m", "delta": "c"],
            [
                "type": "response.output_item.added",
                "item": ["type": "function_call", "id": "fc", "call_id": "c", "name": "f", "arguments": ""],
            ],
            ["type": "response.function_call_arguments.delta", "item_id": "fc", "delta": "{}"]
        )
        for text in [named(completed), deltas + named(completed)] {
            let answer = assemble(text: text, shape: .responses)
            #expect(answer.text == "abc")
            #expect(answer.toolCalls == [ToolCall(id: "c", name: "f", arguments: "{}")])
            #expect(answer.usage == TokenUsage(inputTokens: 1, outputTokens: 2))
        }
        let cut = assemble(text: deltas, shape: .responses)
        #expect(cut.outcome == .truncated)
        #expect(cut.text == "abc")
        #expect(cut.toolCalls == [ToolCall(id: "c", name: "f", arguments: "{}")])
        let incomplete: JSON = [
            "type": "response.incomplete",
            "response": [
                "status": "incomplete", "incomplete_details": ["reason": "max_output_tokens"], "output": [message],
            ],
        ]
        #expect(assemble(text: named(incomplete), shape: .responses).finishReason == "max_output_tokens")
        #expect(assemble(text: named(incomplete), shape: .responses).outcome == .ok)
    }
}
