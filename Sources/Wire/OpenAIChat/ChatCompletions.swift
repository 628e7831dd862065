import JSON
import Vocabulary

extension APIShape {
    /// OpenAI's `/v1/chat/completions`, which vLLM, SGLang, TGI and llama.cpp serve with members of their own.
    package static let chatCompletions = APIShape(
        endpoint: Endpoint(rawValue: "/v1/chat/completions"),
        path: .fixed("/v1/chat/completions"),
        forwardedFields: ["openai-beta"],
        request: RequestForm(
            canonicalMembers: [
                "messages", "tools", "tool_choice", "functions", "function_call", "response_format", "reasoning_effort",
            ] + OpenModelServers.templateMembers + OpenModelServers.grammarMembers,
            turns: MirroredRequest.turns,
            maximumTokens: { $0["max_completion_tokens"]?.intValue ?? $0["max_tokens"]?.intValue },
            responseFormat: { $0["response_format"] },
            glance: .lastTurn(conversation: "messages", turn: MirroredRequest.message, members: ["mcp_servers"]),
            // It stores answers only when asked to.
            storage: .ifAsked(member: "store")
        ),
        answer: AnswerForm(
            readEvent: { $0.readChoicesChunk($1) },
            readDocument: { $0.readChoicesDocument($1) },
            document: { $0.chatDocument },
            events: { $0.chatEvents($1) }
        )
    )
}

/// Members that vLLM, SGLang and llama.cpp add to OpenAI's requests.
enum OpenModelServers {
    /// Members about the chat template.
    static let templateMembers = [
        "documents", "chat_template", "chat_template_kwargs", "add_generation_prompt", "continue_final_message",
    ]
    /// Members that ask for structure.
    static let grammarMembers = [
        "guided_json", "guided_regex", "guided_choice", "guided_grammar", "structured_outputs", "grammar",
        "json_schema",
        "regex", "ebnf",
    ]
}
