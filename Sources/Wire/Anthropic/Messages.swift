import JSON
import Vocabulary

extension APIShape {
    /// Anthropic's `/v1/messages`.
    package static let messages = APIShape(
        endpoint: Endpoint(rawValue: "/v1/messages"),
        path: .fixed("/v1/messages"),
        credential: .field("x-api-key"),
        forwardedFields: ["anthropic-beta", "anthropic-version"],
        request: RequestForm(
            canonicalMembers: [
                "system", "messages", "tools", "tool_choice", "thinking", "output_format", "output_config",
            ],
            turns: Messages.turns,
            maximumTokens: { $0["max_tokens"]?.intValue },
            responseFormat: { $0["output_format"] ?? $0["output_config"]?["format"] },
            statefulness: Messages.statefulness,
            glance: .lastTurn(
                conversation: "messages",
                turn: MirroredRequest.message,
                members: ["mcp_servers", "container"]
            )
        ),
        answer: AnswerForm(
            readEvent: { $0.readMessagesEvent($1) },
            readDocument: { $0.readMessagesDocument($1) },
            document: { $0.messageDocument },
            events: { $0.messageEvents($1) }
        ),
        error: ErrorForm { type, message, _ in
            ["type": "error", "error": ["type": .string(type), "message": .string(message)]]
        }
    )
}

private enum Messages {
    static func turns(of body: JSON) throws(MirroredRequestError) -> [MirroredRequest.Message] {
        let turns = try MirroredRequest.turns(of: body)
        return MirroredRequest.instructions(body["system"]) + turns
    }

    static func statefulness(of body: JSON) -> Statefulness? {
        if RemoteTool.isNamed(in: body) { return .remoteTool }
        return body.isPresent("container") ? .container : nil
    }
}
