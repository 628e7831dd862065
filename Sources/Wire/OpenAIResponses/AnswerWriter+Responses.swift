import JSON
import Vocabulary

// The shapes of `/v1/responses`.

extension AnswerWriter {
    private func responseMessage(_ text: String, status: String) -> JSON {
        [
            "type": "message", "id": "msg_\(id)", "status": .string(status), "role": "assistant",
            "content": status == "completed" ? [responsePart(text)] : [],
        ]
    }

    private func responsePart(_ text: String) -> JSON {
        ["type": "output_text", "text": .string(text), "annotations": []]
    }

    private func responseToolCall(_ index: Int, arguments: String, status: String) -> JSON {
        [
            "type": "function_call", "id": "fc_\(id)_\(index)", "call_id": .string(callID(index)),
            "name": .string(toolCalls[index].name), "arguments": .string(arguments), "status": .string(status),
        ]
    }

    private var responseHasMessage: Bool { !text.isEmpty || toolCalls.isEmpty }

    var responseOutput: [JSON] {
        (responseHasMessage ? [responseMessage(text, status: "completed")] : [])
            + toolCalls.indices.map {
                responseToolCall($0, arguments: toolCalls[$0].arguments, status: "completed")
            }
    }

    func responseObject(status: String, output: [JSON]) -> JSON {
        let isIncomplete = status == "completed" && finishReason != nil && finishReason != "completed"
        let isDone = status == "completed"
        return [
            "id": "resp_\(id)", "object": "response", "created_at": .number(.init(created)),
            "status": .string(isIncomplete ? "incomplete" : status), "error": nil,
            "incomplete_details": isIncomplete ? ["reason": JSON(finishReason)] : nil, "instructions": nil,
            "model": .string(model), "output": .array(output), "parallel_tool_calls": true, "tool_choice": "auto",
            "tools": [], "usage": isDone ? total("input_tokens", "output_tokens") : nil,
        ]
    }

    func responseEvents(_ pieces: [String]) -> [[UInt8]] {
        var events: [[UInt8]] = []
        func add(_ type: String, _ members: JSON.Object) {
            var event: JSON.Object = ["type": .string(type), "sequence_number": .number(.init(events.count))]
            event.members += members.members
            events.append(Self.event(type: type, data: JSON.object(event).bytes()))
        }
        let begun = responseObject(status: "in_progress", output: [])
        add("response.created", ["response": begun])
        add("response.in_progress", ["response": begun])
        if responseHasMessage {
            let place: JSON.Object = ["item_id": "msg_\(id)", "output_index": 0, "content_index": 0]
            func at(_ more: JSON.Object) -> JSON.Object { JSON.Object(members: place.members + more.members) }
            add("response.output_item.added", ["output_index": 0, "item": responseMessage("", status: "in_progress")])
            add("response.content_part.added", at(["part": responsePart("")]))
            for piece in pieces { add("response.output_text.delta", at(["delta": .string(piece), "logprobs": []])) }
            add("response.output_text.done", at(["text": .string(text), "logprobs": []]))
            add("response.content_part.done", at(["part": responsePart(text)]))
            add("response.output_item.done", ["output_index": 0, "item": responseMessage(text, status: "completed")])
        }
        for (index, call) in toolCalls.enumerated() {
            let output: JSON = .number(.init(index + (responseHasMessage ? 1 : 0)))
            let item: JSON.Object = ["item_id": "fc_\(id)_\(index)", "output_index": output]
            func at(_ more: JSON.Object) -> JSON.Object { JSON.Object(members: item.members + more.members) }
            let begun = responseToolCall(index, arguments: "", status: "in_progress")
            add("response.output_item.added", ["output_index": output, "item": begun])
            add("response.function_call_arguments.delta", at(["delta": .string(call.arguments)]))
            add(
                "response.function_call_arguments.done",
                at(["name": .string(call.name), "arguments": .string(call.arguments)])
            )
            let ended = responseToolCall(index, arguments: call.arguments, status: "completed")
            add("response.output_item.done", ["output_index": output, "item": ended])
        }
        let isIncomplete = finishReason != nil && finishReason != "completed"
        let response = responseObject(status: "completed", output: responseOutput)
        add(isIncomplete ? "response.incomplete" : "response.completed", ["response": response])
        return events
    }
}
