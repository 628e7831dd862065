// Anthropic's `/v1/messages`: content blocks by index, in one document or as named events.
//
// Text blocks are joined without a separator, as the official client's own helper does. Thinking blocks are reasoning.
// `tool_use` blocks are tool calls; calls of tools that the server runs itself (`server_tool_use`) are answered already and
// do not count.

import JSON
import Vocabulary

extension AnswerDraft {
    /// Reads one event of a stream.
    mutating func readMessagesEvent(_ event: JSON) {
        switch event["type"]?.stringValue {
        case "message_start":
            if let message = event["message"] { readEnvelope(message) }
        case "content_block_start":
            guard let block = event["content_block"] else { return }
            readBlock(block, index: event["index"]?.intValue ?? 0, isStart: true)
        case "content_block_delta":
            guard let delta = event["delta"] else { return }
            append(text: delta["text"]?.stringValue, toChoice: 0)
            append(reasoning: delta["thinking"]?.stringValue, toChoice: 0)
            if let piece = delta["partial_json"]?.stringValue {
                let key = Choice.ToolCallKey.index(event["index"]?.intValue ?? 0)
                // Other blocks than tool calls have pieces of input too.
                guard choices.first?.position(ofToolCall: key) != nil else { return }
                append(toolCall: key, arguments: piece, toChoice: 0)
            }
        case "content_block_stop":
            // A tool without arguments is streamed without pieces; its input is an empty object.
            complete(toolCall: .index(event["index"]?.intValue ?? 0), arguments: "{}", choice: 0)
        case "message_delta":
            finish(choice: 0, reason: event["delta"]?["stop_reason"]?.stringValue)
            readMessagesUsage(event["usage"])
        case "message_stop":
            _ = position(ofChoice: 0)
            ended = true
        case "error":
            fail(with: event["error"] ?? event)
        default:
            // `ping`, and future types, which clients should ignore.
            _ = readError(event)
        }
    }

    /// Reads a whole answer; false for another body.
    mutating func readMessagesDocument(_ document: JSON) -> Bool {
        if document["type"]?.stringValue == "error" || document["error"]?.objectValue != nil {
            fail(with: document["error"] ?? document)
            return true
        }
        readEnvelope(document)
        guard let blocks = document["content"]?.arrayValue else { return false }
        for (index, block) in blocks.enumerated() {
            if isOverLimit { return true }
            readBlock(block, index: index, isStart: false)
        }
        return true
    }

    private mutating func readEnvelope(_ message: JSON) {
        _ = position(ofChoice: 0)
        name(model: message["model"]?.stringValue)
        finish(choice: 0, reason: message["stop_reason"]?.stringValue)
        readMessagesUsage(message["usage"])
    }

    private mutating func readBlock(_ block: JSON, index: Int, isStart: Bool) {
        switch block["type"]?.stringValue {
        case "tool_use":
            let input = block["input"]?.objectValue
            append(
                toolCall: .index(index),
                id: block["id"]?.stringValue,
                name: block["name"]?.stringValue,
                // A streamed block starts with an empty object that its pieces replace.
                arguments: isStart && input?.isEmpty != false ? nil : input.map { JSON.object($0).text() },
                toChoice: 0
            )
        case "thinking":
            append(reasoning: block["thinking"]?.stringValue, toChoice: 0)
        case "text":
            append(text: block["text"]?.stringValue, toChoice: 0)
        default: break
        }
    }

    /// Takes the usage of a message or of its end.
    ///
    /// "Total input tokens in a request is the summation of `input_tokens`, `cache_creation_input_tokens`, and
    /// `cache_read_input_tokens`" (Anthropic's API reference, Usage).
    private mutating func readMessagesUsage(_ found: JSON?) {
        guard let found else { return }
        if let tokens = found["input_tokens"]?.tokenCount { usage.inputTokens = tokens }
        if let tokens = found["output_tokens"]?.tokenCount { usage.outputTokens = tokens }
        let cached = [found["cache_read_input_tokens"], found["cache_creation_input_tokens"]]
            .compactMap { $0?.tokenCount }
        if !cached.isEmpty { cachedInputTokens = cached.reduce(0, +) }
    }
}
