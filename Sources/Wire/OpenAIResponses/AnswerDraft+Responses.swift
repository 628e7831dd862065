// OpenAI's `/v1/responses`: output items, in one document or as typed events.
//
// The deltas are assembled as they come. The response object of the final event repeats the whole output and replaces them, as
// in the official client. Servers that send no deltas, or leave the output out of the final object, are read too.

import JSON
import Vocabulary

extension AnswerDraft {
    /// Reads one event of a stream.
    mutating func readResponsesEvent(_ event: JSON) {
        let type = event["type"]?.stringValue ?? ""
        switch type {
        case "response.output_text.delta", "response.refusal.delta":
            append(text: event["delta"]?.stringValue, toChoice: 0)
        case "response.reasoning_text.delta", "response.reasoning_summary_text.delta":
            append(reasoning: event["delta"]?.stringValue, toChoice: 0)
        case "response.output_item.added":
            guard let item = event["item"] else { return }
            readToolCall(item, key: itemKey(event, item: item))
        case "response.function_call_arguments.delta", "response.custom_tool_call_input.delta":
            append(toolCall: itemKey(event, item: nil), arguments: event["delta"]?.stringValue, toChoice: 0)
        case "response.function_call_arguments.done":
            complete(toolCall: itemKey(event, item: nil), arguments: event["arguments"]?.stringValue, choice: 0)
        case "response.output_item.done":
            guard let item = event["item"] else { return }
            complete(toolCall: itemKey(event, item: item), arguments: item["arguments"]?.stringValue, choice: 0)
        case "response.completed", "response.incomplete":
            ended = true
            readResponse(event["response"] ?? event)
        case "response.failed":
            fail(with: event["response"]?["error"] ?? event)
        case "error":
            fail(with: event["error"] ?? event["code"].map { .object(["code": $0]) } ?? event)
        case "response.created", "response.in_progress":
            name(model: event["response"]?["model"]?.stringValue)
        default:
            _ = readError(event)
        }
    }

    /// Reads a whole answer; false for another body.
    mutating func readResponsesDocument(_ document: JSON) -> Bool {
        if readError(document) { return true }
        if document["status"]?.stringValue == "failed" {
            fail(with: document)
            return true
        }
        guard document["output"]?.arrayValue != nil else { return false }
        readResponse(document)
        return true
    }

    private mutating func readResponse(_ response: JSON) {
        _ = position(ofChoice: 0)
        name(model: response["model"]?.stringValue)
        finish(
            choice: 0,
            reason: response["incomplete_details"]?["reason"]?.stringValue ?? response["status"]?.stringValue
        )
        if let found = response["usage"] {
            if let tokens = found["input_tokens"]?.tokenCount { usage.inputTokens = tokens }
            if let tokens = found["output_tokens"]?.tokenCount { usage.outputTokens = tokens }
        }
        guard let output = response["output"]?.arrayValue, !output.isEmpty else { return }
        let hasReasoning = choices.first?.reasoning.isEmpty == false
        clear(choice: 0)
        for (index, item) in output.enumerated() {
            if isOverLimit { return }
            switch item["type"]?.stringValue {
            case "message", nil:
                for part in item["content"]?.arrayValue ?? [] where !isOverLimit {
                    append(text: part["text"]?.stringValue ?? part["refusal"]?.stringValue, toChoice: 0)
                }
            case "reasoning" where !hasReasoning:
                for part in (item["content"]?.arrayValue ?? []) + (item["summary"]?.arrayValue ?? []) where !isOverLimit
                {
                    append(reasoning: part["text"]?.stringValue, toChoice: 0)
                }
            default: readToolCall(item, key: .index(index))
            }
        }
    }

    private mutating func readToolCall(_ item: JSON, key: Choice.ToolCallKey) {
        guard let type = item["type"]?.stringValue, type == "function_call" || type == "custom_tool_call" else {
            return
        }
        append(
            toolCall: key,
            id: item["call_id"]?.stringValue ?? item["id"]?.stringValue,
            name: item["name"]?.stringValue,
            arguments: item["arguments"]?.stringValue ?? item["input"]?.stringValue,
            toChoice: 0
        )
    }

    /// llama.cpp sends no `output_index`, so items go by their id first.
    private func itemKey(_ event: JSON, item: JSON?) -> Choice.ToolCallKey {
        if let id = event["item_id"]?.stringValue ?? item?["id"]?.stringValue { return .item(id: id) }
        return .index(event["output_index"]?.intValue ?? 0)
    }
}
