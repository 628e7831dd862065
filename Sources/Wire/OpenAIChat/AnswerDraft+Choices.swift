// `/v1/chat/completions` and `/v1/completions`: `choices` by index, in one document or in chunks.
//
// Seen on the wire and accepted: a first delta whose `content` is null, empty or absent; the usage chunk with
// `choices: []`; `reasoning_content` (llama.cpp, vLLM, DeepSeek) and `reasoning` (newer vLLM, OpenRouter); content
// as a list of parts (Mistral); tool call pieces without an index; the older `function_call`; error objects inside a
// 200.

import JSON
import Vocabulary

extension AnswerDraft {
    /// Reads one chunk of a stream.
    mutating func readChoicesChunk(_ chunk: JSON) {
        if readError(chunk) { return }
        readModelAndUsage(chunk)
        for (offset, choice) in (chunk["choices"]?.arrayValue ?? []).enumerated() {
            if isOverLimit { return }
            let index = choice["index"]?.intValue ?? offset
            _ = position(ofChoice: index)
            append(text: choice["text"]?.stringValue, toChoice: index)
            if let delta = choice["delta"] { readMessage(delta, choice: index, isWhole: false) }
            finish(choice: index, reason: choice["finish_reason"]?.stringValue)
        }
    }

    /// Reads a whole answer; false for another body.
    mutating func readChoicesDocument(_ document: JSON) -> Bool {
        if readError(document) { return true }
        readModelAndUsage(document)
        guard let found = document["choices"]?.arrayValue, !found.isEmpty else { return false }
        for (offset, choice) in found.enumerated() {
            if isOverLimit { return true }
            let index = choice["index"]?.intValue ?? offset
            guard choice["message"]?.objectValue != nil || choice["text"]?.stringValue != nil else { return false }
            _ = position(ofChoice: index)
            append(text: choice["text"]?.stringValue, toChoice: index)
            if let message = choice["message"] { readMessage(message, choice: index, isWhole: true) }
            finish(choice: index, reason: choice["finish_reason"]?.stringValue)
        }
        return true
    }

    /// Reads a message, or a delta of one: the two differ only in how much of each member they hold.
    private mutating func readMessage(_ message: JSON, choice: Int, isWhole: Bool) {
        append(reasoning: message["reasoning_content"]?.stringValue, toChoice: choice)
        if message["reasoning_content"]?.stringValue == nil {
            append(reasoning: message["reasoning"]?.stringValue, toChoice: choice)
        }
        append(text: message["content"]?.stringValue, toChoice: choice)
        for part in message["content"]?.arrayValue ?? [] {
            if isOverLimit { return }
            append(text: part["text"]?.stringValue, toChoice: choice)
        }
        append(text: message["refusal"]?.stringValue, toChoice: choice)
        if let call = message["function_call"], !call.isNull {
            readFunction(call, key: .item(id: "function_call"), id: nil, choice: choice)
        }
        for (offset, call) in (message["tool_calls"]?.arrayValue ?? []).enumerated() {
            if isOverLimit { return }
            let id = call["id"]?.stringValue
            let function = call["function"] ?? call["custom"] ?? call
            // In a whole message each entry is a call of its own, whatever its id.
            let index = isWhole ? offset : call["index"]?.intValue
            let key = toolCallKey(index: index, id: id, offset: offset, choice: choice)
            readFunction(function, key: key, id: id, choice: choice)
        }
    }

    private mutating func readFunction(_ function: JSON, key: Choice.ToolCallKey, id: String?, choice: Int) {
        let arguments = function["arguments"] ?? function["input"]
        append(
            toolCall: key,
            id: id,
            name: function["name"]?.stringValue,
            // A string by the specification; some servers send the object itself.
            arguments: arguments?.stringValue ?? arguments?.objectValue.map { JSON.object($0).text() },
            toChoice: choice
        )
    }

    /// By index; without one, a new id begins a call and anything else continues the last.
    private func toolCallKey(index: Int?, id: String?, offset: Int, choice: Int) -> Choice.ToolCallKey {
        if let index { return .index(index) }
        if let id, !id.isEmpty { return .item(id: id) }
        return lastToolCallKey(ofChoice: choice) ?? .index(offset)
    }

    private mutating func readModelAndUsage(_ value: JSON) {
        name(model: value["model"]?.stringValue)
        guard let found = value["usage"] else { return }
        if let tokens = found["prompt_tokens"]?.tokenCount { usage.inputTokens = tokens }
        if let tokens = found["completion_tokens"]?.tokenCount { usage.outputTokens = tokens }
    }
}
