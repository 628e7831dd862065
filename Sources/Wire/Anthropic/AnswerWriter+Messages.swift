import JSON
import Vocabulary

// The shapes of Anthropic's `/v1/messages`.

extension AnswerWriter {
    private var messageStopReason: JSON { .string(finishReason ?? (toolCalls.isEmpty ? "end_turn" : "tool_use")) }

    private func messageToolUse(_ index: Int, input: JSON) -> JSON {
        ["type": "tool_use", "id": .string(callID(index)), "name": .string(toolCalls[index].name), "input": input]
    }

    private func message(content: [JSON], stopReason: JSON, outputTokens: Int) -> JSON {
        [
            "id": "msg_\(id)", "type": "message", "role": "assistant", "model": .string(model),
            "content": .array(content), "stop_reason": stopReason, "stop_sequence": nil,
            "usage": [
                "input_tokens": .number(.init(usage.inputTokens ?? 0)), "output_tokens": .number(.init(outputTokens)),
            ],
        ]
    }

    var messageDocument: JSON {
        var content: [JSON] = text.isEmpty ? [] : [["type": "text", "text": .string(text)]]
        for (index, call) in toolCalls.enumerated() {
            content.append(messageToolUse(index, input: (try? JSON(parsing: call.arguments)) ?? [:]))
        }
        return message(content: content, stopReason: messageStopReason, outputTokens: usage.outputTokens ?? 0)
    }

    func messageEvents(_ pieces: [String]) -> [[UInt8]] {
        var events: [[UInt8]] = []
        func add(_ type: String, _ members: JSON.Object) {
            let event = JSON.Object(members: [.init(key: "type", value: .string(type))] + members.members)
            events.append(Self.event(type: type, data: JSON.object(event).bytes()))
        }
        func block(_ index: Int, start: JSON, deltas: [JSON]) {
            let place: JSON = .number(.init(index))
            add("content_block_start", ["index": place, "content_block": start])
            for delta in deltas { add("content_block_delta", ["index": place, "delta": delta]) }
            add("content_block_stop", ["index": place])
        }
        add("message_start", ["message": message(content: [], stopReason: nil, outputTokens: 0)])
        if !pieces.isEmpty {
            block(
                0,
                start: ["type": "text", "text": ""],
                deltas: pieces.map { ["type": "text_delta", "text": .string($0)] }
            )
        }
        for (index, call) in toolCalls.enumerated() {
            block(
                index + (pieces.isEmpty ? 0 : 1),
                start: messageToolUse(index, input: [:]),
                deltas: [["type": "input_json_delta", "partial_json": .string(call.arguments)]]
            )
        }
        add(
            "message_delta",
            [
                "delta": ["stop_reason": messageStopReason, "stop_sequence": nil],
                "usage": ["output_tokens": .number(.init(usage.outputTokens ?? 0))],
            ]
        )
        add("message_stop", [:])
        return events
    }
}
