import JSON
import Vocabulary

// The answers of `/v1/completions`.

extension AnswerWriter {
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
            choicesChunk(object: "text_completion", prefix: "cmpl", choices: choices, usage: usage)
        }
        var events = pieces.map { chunk(completionChoices($0, finish: nil)) }
        events.append(chunk(completionChoices("", finish: .string(finishReason ?? "stop"))))
        if includesUsageEvent { events.append(chunk([], usage: total("prompt_tokens", "completion_tokens"))) }
        return events + [Self.done]
    }
}
