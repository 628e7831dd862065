import JSON
import Vocabulary

// The answers of `/v1/chat/completions`, and the chunk that it shares with `/v1/completions`.

extension AnswerWriter {
    private var chatFinishReason: JSON { .string(finishReason ?? (toolCalls.isEmpty ? "stop" : "tool_calls")) }

    private func chatToolCall(_ index: Int, arguments: String, isDelta: Bool) -> JSON {
        var call: JSON.Object = isDelta ? ["index": .number(.init(index))] : [:]
        call["id"] = .string(callID(index))
        call["type"] = "function"
        call["function"] = ["name": .string(toolCalls[index].name), "arguments": .string(arguments)]
        return .object(call)
    }

    var chatDocument: JSON {
        var message: JSON.Object = [
            "role": "assistant", "content": text.isEmpty && !toolCalls.isEmpty ? nil : .string(text), "refusal": nil,
        ]
        if !toolCalls.isEmpty {
            message["tool_calls"] = .array(
                toolCalls.indices.map { chatToolCall($0, arguments: toolCalls[$0].arguments, isDelta: false) }
            )
        }
        return [
            "id": "chatcmpl-\(id)", "object": "chat.completion", "created": .number(.init(created)),
            "model": .string(model),
            "choices": [
                ["index": 0, "message": .object(message), "logprobs": nil, "finish_reason": chatFinishReason]
            ],
            "usage": total("prompt_tokens", "completion_tokens"),
        ]
    }

    /// A chunk as both APIs of choices have it.
    func choicesChunk(object: String, prefix: String, choices: JSON, usage: JSON? = nil) -> [UInt8] {
        var chunk: JSON.Object = [
            "id": "\(prefix)-\(id)", "object": .string(object), "created": .number(.init(created)),
            "model": .string(model), "choices": choices,
        ]
        if let usage { chunk["usage"] = usage }
        return Self.event(data: JSON.object(chunk).bytes())
    }

    func chatEvents(_ pieces: [String]) -> [[UInt8]] {
        func chunk(delta: JSON, finish: JSON = nil) -> [UInt8] {
            choicesChunk(
                object: "chat.completion.chunk",
                prefix: "chatcmpl",
                choices: [["index": 0, "delta": delta, "logprobs": nil, "finish_reason": finish]]
            )
        }
        var events = [chunk(delta: ["role": "assistant", "content": ""])]
        events += pieces.map { chunk(delta: ["content": .string($0)]) }
        for index in toolCalls.indices {
            events.append(chunk(delta: ["tool_calls": [chatToolCall(index, arguments: "", isDelta: true)]]))
            let piece: JSON = [
                "index": .number(.init(index)), "function": ["arguments": .string(toolCalls[index].arguments)],
            ]
            events.append(chunk(delta: ["tool_calls": [piece]]))
        }
        events.append(chunk(delta: [:], finish: chatFinishReason))
        if includesUsageEvent {
            let usage = total("prompt_tokens", "completion_tokens")
            events.append(choicesChunk(object: "chat.completion.chunk", prefix: "chatcmpl", choices: [], usage: usage))
        }
        return events + [Self.done]
    }
}
