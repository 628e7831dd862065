import JSON
import Vocabulary

extension APIShape {
    /// OpenAI's `/v1/responses`, which may continue what the provider stored.
    package static let responses = APIShape(
        endpoint: Endpoint(rawValue: "/v1/responses"),
        path: .fixed("/v1/responses"),
        forwardedFields: ["openai-beta"],
        request: RequestForm(
            canonicalMembers: ["instructions", "input", "prompt", "tools", "tool_choice", "text", "reasoning"],
            canonicalParts: ["text": "format", "reasoning": "effort"],
            turns: Responses.turns,
            maximumTokens: { $0["max_output_tokens"]?.intValue },
            responseFormat: { $0["text"]?["format"] },
            statefulness: Responses.statefulness,
            // Whether it is stateful depends on every item.
            glance: .whole,
            storage: .unlessRefused(member: "store")
        ),
        answer: AnswerForm(
            readEvent: { $0.readResponsesEvent($1) },
            readDocument: { $0.readResponsesDocument($1) },
            document: { $0.responseObject(status: "completed", output: $0.responseOutput) },
            events: { $0.responseEvents($1) }
        )
    )
}

private enum Responses {
    static func turns(of body: JSON) throws(MirroredRequestError) -> [MirroredRequest.Message] {
        let input: [MirroredRequest.Message]
        switch body["input"] {
        case .string(let text): input = [.init(role: "user", text: text, words: text)]
        case .array(let items): input = items.compactMap(turn)
        default:
            // A stored prompt may stand alone, without any input.
            guard body["prompt"]?.objectValue != nil else { throw .missing(member: "input") }
            input = []
        }
        return MirroredRequest.instructions(body["instructions"]) + input
    }

    /// An input item as a turn; nil for items that are not turns, such as kept reasoning.
    private static func turn(_ item: JSON) -> MirroredRequest.Message? {
        switch item["type"]?.stringValue {
        case "message", nil: return MirroredRequest.message(item)
        case "function_call", "custom_tool_call":
            return .init(role: "assistant", text: MirroredRequest.toolCall(item), words: "")
        case "function_call_output", "custom_tool_call_output":
            let (text, _) = MirroredRequest.content(item["output"] ?? .null)
            return .init(role: "tool", text: text, words: "")
        case "reasoning": return nil
        case .some(let type): return .init(role: "assistant", text: "[\(type)]", words: "")
        }
    }

    static func statefulness(of body: JSON) -> Statefulness? {
        if body.isPresent("previous_response_id") { return .previousResponse }
        if body.isPresent("conversation") { return .conversation }
        if body["background"]?.boolValue == true { return .background }
        if body["input"]?.arrayValue?.contains(where: { $0["type"]?.stringValue == "item_reference" }) == true {
            return .itemReference
        }
        if RemoteTool.isNamed(in: body) { return .remoteTool }
        let tools = body["tools"]?.arrayValue ?? []
        return tools.contains { $0["container"]?.stringValue != nil } ? .container : nil
    }
}
