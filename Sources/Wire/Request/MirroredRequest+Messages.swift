package import JSON
import Vocabulary

extension MirroredRequest {
    /// The turns in the list `messages` of a chat.
    static func turns(of body: JSON) throws(MirroredRequestError) -> [Message] {
        guard let turns = body["messages"]?.arrayValue else { throw .missing(member: "messages") }
        return turns.map(message)
    }

    /// The system prompt as the first turn; it may be absent.
    static func instructions(_ value: JSON?) -> [Message] {
        guard let value, !value.isNull else { return [] }
        let (text, words) = content(value)
        return text.isEmpty ? [] : [Message(role: "system", text: text, words: words)]
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

    /// A message's content, as text to show and as words alone.
    static func content(_ value: JSON) -> (text: String, words: String) {
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

    /// A tool call as text to show.
    static func toolCall(_ call: JSON) -> String {
        let arguments = call["arguments"] ?? call["input"]
        let written = arguments?.stringValue ?? arguments?.text() ?? ""
        return "[tool call \(call["name"]?.stringValue ?? "?") \(written)]"
    }
}
