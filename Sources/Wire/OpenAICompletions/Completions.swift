import JSON
import Vocabulary

extension APIShape {
    /// OpenAI's older `/v1/completions`: a prompt without turns.
    package static let completions = APIShape(
        endpoint: Endpoint(rawValue: "/v1/completions"),
        path: .fixed("/v1/completions"),
        request: RequestForm(
            canonicalMembers: ["prompt", "suffix", "response_format"] + OpenModelServers.grammarMembers,
            turns: Completions.turns,
            maximumTokens: { $0["max_tokens"]?.intValue },
            responseFormat: { $0["response_format"] },
            glance: .members(["prompt", "mcp_servers"])
        ),
        // The chunks and documents of a chat, with `text` in place of a message.
        answer: AnswerForm(
            readEvent: { $0.readChoicesChunk($1) },
            readDocument: { $0.readChoicesDocument($1) },
            document: { $0.completionDocument },
            events: { $0.completionEvents($1) }
        )
    )
}

private enum Completions {
    /// The prompt as one turn of the user.
    static func turns(of body: JSON) throws(MirroredRequestError) -> [MirroredRequest.Message] {
        guard let prompt = body["prompt"], !prompt.isNull else { throw .missing(member: "prompt") }
        return [turn(prompt)]
    }

    /// A string, several strings, or token ids, which are not text.
    private static func turn(_ prompt: JSON) -> MirroredRequest.Message {
        switch prompt {
        case .string(let text): return .init(role: "user", text: text, words: text)
        case .array(let parts) where parts.allSatisfy { $0.stringValue != nil }:
            let text = parts.compactMap(\.stringValue).joined(separator: "\n\n")
            return .init(role: "user", text: text, words: text)
        default: return .init(role: "user", text: "[token ids]", words: "")
        }
    }
}
