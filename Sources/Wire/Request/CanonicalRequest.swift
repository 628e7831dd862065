// The canonical form of a request: what the model reads, in the one spelling of all requests that say the same.
//
// Two requests with equal canonical bytes put the same question. The prompt hash (keyed, `Mirroring`) and the
// stand-in's answer lookup (unkeyed SHA-256) are both taken over these bytes.
//
// The form is a JSON object with the members below, as far as they are there and not null; members sorted by their
// names' UTF-8 bytes at every level, no insignificant whitespace, numbers normalised, of duplicate names only the last,
// strings with the fewest escapes (RFC 8259 §7). Python makes the same bytes, for numbers that both write alike, with
//     json.dumps(object, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
//
// Left out is what chooses or steers the sampling or the transport and is not read by the model: `model`, `stream`,
// `stream_options`, `user`, `metadata`, `store`, `n`, `temperature`, `top_p`, `seed`, `stop`, token limits, penalties,
// logprobs. The endpoint is no part of it.

package import JSON
package import Vocabulary

/// The canonical form of a request, for hashing.
package enum CanonicalRequest {
    /// The members that count, per endpoint.
    ///
    /// Of `text` and `reasoning` of `/v1/responses` only `format` and `effort` count.
    package static func members(of endpoint: Endpoint) -> [String] {
        switch endpoint {
        case .chatCompletions:
            ["messages", "tools", "tool_choice", "functions", "function_call", "response_format", "reasoning_effort"]
                + templateMembers + grammarMembers
        case .completions:
            ["prompt", "suffix", "response_format"] + grammarMembers
        case .responses:
            ["instructions", "input", "prompt", "tools", "tool_choice", "text", "reasoning"]
        case .messages:
            ["system", "messages", "tools", "tool_choice", "thinking", "output_format", "output_config"]
        }
    }

    /// What vLLM, SGLang and llama.cpp let a request say about its chat template.
    private static let templateMembers = [
        "documents", "chat_template", "chat_template_kwargs", "add_generation_prompt", "continue_final_message",
    ]

    /// How vLLM, SGLang and llama.cpp let a request ask for structure.
    private static let grammarMembers = [
        "guided_json", "guided_regex", "guided_choice", "guided_grammar", "structured_outputs", "grammar",
        "json_schema",
        "regex", "ebnf",
    ]

    /// Of these members only the named part is read by the model.
    private static let partialMembers = ["text": "format", "reasoning": "effort"]

    /// The canonical bytes of a request's body.
    package static func bytes(endpoint: Endpoint, body: JSON) -> [UInt8] {
        form(endpoint: endpoint, body: body).canonicalBytes
    }

    /// Of a request's body the members that count.
    fileprivate static func form(endpoint: Endpoint, body: JSON) -> JSON {
        var form = JSON.Object()
        for name in members(of: endpoint) {
            guard var value = body[name], !value.isNull else { continue }
            if endpoint == .responses, let part = partialMembers[name] {
                guard let kept = value[part], !kept.isNull else { continue }
                value = .object([part: kept])
            }
            form[name] = value
        }
        return .object(form)
    }

    /// The canonical bytes of a prompt that is plain text: those of a `/v1/completions` request for it.
    package static func bytes(prompt: String) -> [UInt8] {
        bytes(endpoint: .completions, body: ["prompt": .string(prompt)])
    }

    /// The canonical bytes of messages alone: those of a `/v1/chat/completions` request with nothing else.
    package static func bytes(messages: JSON) -> [UInt8] {
        bytes(endpoint: .chatCompletions, body: ["messages": messages])
    }
}

extension MirroredRequest {
    /// The canonical bytes of this request, for hashing.
    package var canonicalBytes: [UInt8] { CanonicalRequest.bytes(endpoint: endpoint, body: body) }

    /// Hands over the canonical bytes piece by piece, so that they never stand beside the request as a whole.
    ///
    /// - Parameter body: gets pieces of 64 KiB, and of a longer string that string at once.
    package func forEachCanonicalPiece(_ body: ([UInt8]) -> Void) {
        var output: [UInt8] = []
        CanonicalRequest.form(endpoint: endpoint, body: self.body).writeCanonical(to: &output) { output in
            guard output.count >= 64 << 10 else { return }
            body(output)
            output.removeAll(keepingCapacity: output.capacity <= 256 << 10)
        }
        if !output.isEmpty { body(output) }
    }
}
