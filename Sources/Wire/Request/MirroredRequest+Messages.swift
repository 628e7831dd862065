package import JSON
import Vocabulary

extension MirroredRequest {
    /// The conversation of a body.
    static func messages(endpoint: Endpoint, body: JSON) throws(MirroredRequestError) -> [Message] {
        switch endpoint {
        case .chatCompletions:
            guard let turns = body["messages"]?.arrayValue else { throw .missing(member: "messages") }
            return turns.map(message)
        case .messages:
            guard let turns = body["messages"]?.arrayValue else { throw .missing(member: "messages") }
            return instructions(body["system"]) + turns.map(message)
        case .completions:
            guard let prompt = body["prompt"], !prompt.isNull else { throw .missing(member: "prompt") }
            return [promptMessage(prompt)]
        case .responses:
            let input: [Message]
            switch body["input"] {
            case .string(let text): input = [Message(role: "user", text: text, words: text)]
            case .array(let items): input = items.compactMap(item)
            default:
                // A stored prompt may stand alone, without any input.
                guard body["prompt"]?.objectValue != nil else { throw .missing(member: "input") }
                input = []
            }
            return instructions(body["instructions"]) + input
        }
    }

    private static func instructions(_ value: JSON?) -> [Message] {
        guard let value, !value.isNull else { return [] }
        let (text, words) = content(value)
        return text.isEmpty ? [] : [Message(role: "system", text: text, words: words)]
    }

    private static func promptMessage(_ prompt: JSON) -> Message {
        switch prompt {
        case .string(let text): return Message(role: "user", text: text, words: text)
        case .array(let parts) where parts.allSatisfy { $0.stringValue != nil }:
            let text = parts.compactMap(\.stringValue).joined(separator: "\n\n")
            return Message(role: "user", text: text, words: text)
        default: return Message(role: "user", text: "[token ids]", words: "")
        }
    }

    /// A message of a chat, in OpenAI's or in Anthropic's form.
    package static func message(_ value: JSON) -> Message {
        let role = value["role"]?.stringValue ?? "user"
        var (text, words) = content(value["content"] ?? .null)
        var shown = text.isEmpty ? [] : [text]
        for call in value["tool_calls"]?.arrayValue ?? [] {
            shown.append(toolCall(call["function"] ?? call["custom"] ?? call))
        }
        if let call = value["function_call"], !call.isNull { shown.append(toolCall(call)) }
        if let refusal = value["refusal"]?.stringValue, !refusal.isEmpty {
            shown.append(refusal)
            words += words.isEmpty ? refusal : "\n" + refusal
        }
        text = shown.joined(separator: "\n")
        return Message(role: role, text: text, words: words)
    }

    /// An input item of `/v1/responses`; nil for what no one said, such as kept reasoning.
    private static func item(_ value: JSON) -> Message? {
        switch value["type"]?.stringValue {
        case "message", nil: return message(value)
        case "function_call", "custom_tool_call": return Message(role: "assistant", text: toolCall(value), words: "")
        case "function_call_output", "custom_tool_call_output":
            let (text, _) = content(value["output"] ?? .null)
            return Message(role: "tool", text: text, words: "")
        case "reasoning": return nil
        case .some(let type): return Message(role: "assistant", text: "[\(type)]", words: "")
        }
    }

    /// What a message holds, as text to show and as words alone.
    private static func content(_ value: JSON) -> (text: String, words: String) {
        if case .string(let text) = value { return (text, text) }
        var shown: [String] = []
        var words: [String] = []
        for part in value.arrayValue ?? [] {
            switch part["type"]?.stringValue ?? "text" {
            case "text", "input_text", "output_text", "refusal":
                let text = part["text"]?.stringValue ?? part["refusal"]?.stringValue ?? part.stringValue ?? ""
                shown.append(text)
                words.append(text)
            case "image_url", "input_image", "image": shown.append("[image]")
            case "input_audio", "audio": shown.append("[audio]")
            case "file", "input_file", "document": shown.append("[file]")
            case "tool_use", "server_tool_use": shown.append(toolCall(part))
            case "tool_result": shown.append("[tool result] " + content(part["content"] ?? .null).text)
            case "thinking", "redacted_thinking", "reasoning": break
            case let type: shown.append("[\(type)]")
            }
        }
        return (shown.joined(separator: "\n"), words.joined(separator: "\n"))
    }

    private static func toolCall(_ call: JSON) -> String {
        let arguments = call["arguments"] ?? call["input"]
        let written = arguments?.stringValue ?? arguments?.text() ?? ""
        return "[tool call \(call["name"]?.stringValue ?? "?") \(written)]"
    }
}
