import JSON
import Vocabulary

// The shapes of `/v1/chat/completions` and `/v1/completions`.

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

    private func chunk(object: String, prefix: String, choices: JSON, usage: JSON? = nil) -> [UInt8] {
        var chunk: JSON.Object = [
            "id": "\(prefix)-\(id)", "object": .string(object), "created": .number(.init(created)),
            "model": .string(model), "choices": choices,
        ]
        if let usage { chunk["usage"] = usage }
        return Self.event(data: JSON.object(chunk).bytes())
    }

    func chatEvents(_ pieces: [String]) -> [[UInt8]] {
        func chunk(delta: JSON, finish: JSON = nil) -> [UInt8] {
            self.chunk(
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
            events.append(self.chunk(object: "chat.completion.chunk", prefix: "chatcmpl", choices: [], usage: usage))
        }
        return events + [Self.done]
    }

    // MARK: Completions

    private func completionChoices(_ text: String, finish: JSON) -> JSON {
        [["index": 0, "text": .string(text), "logprobs": nil, "finish_reason": finish]]
    }

    var completionDocument: JSON {
        [
            "id": "cmpl-\(id)", "object": "text_completion", "created": .number(.init(created)),
            "model": .string(model),
            "choices": completionChoices(text, finish: .string(finishReason ?? "stop")),
            "usage": total("prompt_tokens", "completion_tokens"),
        ]
    }

    func completionEvents(_ pieces: [String]) -> [[UInt8]] {
        func chunk(_ choices: JSON, usage: JSON? = nil) -> [UInt8] {
            self.chunk(object: "text_completion", prefix: "cmpl", choices: choices, usage: usage)
        }
        var events = pieces.map { chunk(completionChoices($0, finish: nil)) }
        events.append(chunk(completionChoices("", finish: .string(finishReason ?? "stop"))))
        if includesUsageEvent { events.append(chunk([], usage: total("prompt_tokens", "completion_tokens"))) }
        return events + [Self.done]
    }
}
