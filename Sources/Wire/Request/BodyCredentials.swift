// The members of a request's body that are removed from legs and from the store.
//
// Why. Headers pass by a list of allowed fields (`ForwardedHeaders`). For a body that is impossible: all of it is the question
// to the model, and servers take parameters that no list has. So bodies have a list of forbidden members: those in which
// clients of LiteLLM, OpenAI, Azure, Bedrock, Vertex AI, watsonx and OpenRouter put credentials, or tell a gateway where to
// send its own. The client did not give them to the shadow. The control leg goes to the same server as the client's request,
// but with the operator's key: members that act in the caller's name are removed there too, so that both legs are asked the
// same.
//
// Names are compared without regard to case, `_`, `-`, `.` and blanks: `api_key`, `API-Key` and `apiKey` are one. Left out are
//   1. by name: `named` below, in reference order;
//   2. by the end of the name: `…api_key`, `…access_key`, `…secret_key`, `…password`, `…credentials`, `…authorization`,
//      `…headers` and the others of `endings`;
//   3. by its beginning: `aws_…`, `vertex_…`, `litellm_…` and the others of `beginnings`, which identify the caller.
// They are looked for:
//   – at the top of the body;
//   – at any depth of `extra_body`, `data_sources` (Azure, "On Your Data"), `fallbacks`, `mcp_servers`, `plugins`, `provider`
//     and `providerOptions` (OpenRouter, Vercel), but for what is asked there once more (`words`);
//   – at the top of each entry of `tools` and `functions`.
// Not searched on purpose: messages and prompts (the user's words, which are redacted), schemas of tools and of answers (a
// function may well have a parameter called `api_key`), and `metadata`, which is the user's own.
// MCP needs credentials and has effects: such a request is never mirrored (`Statefulness.remoteTool`).

import JSON

/// The members of bodies that carry credentials.
enum BodyCredentials {
    /// Names as they are documented.
    static let named = [
        // OpenAI's clients, LiteLLM and similar ones: the key itself, or whole heads.
        "api_key", "apikey", "key", "token", "auth", "authentication", "authorization", "authorization_token",
        "auth_token", "access_token", "refresh_token", "bearer_token", "session_token", "id_token", "api_token",
        "credential", "credentials", "secret", "client_secret", "password", "cookie", "cookies", "headers",
        "extra_headers", "default_headers", "extra_query", "default_query", "organization", "openai_organization",
        "openai_project", "x-api-key",
        // The target of a gateway, which sends its own key there.
        "api_base", "base_url", "api_url", "server_url", "connector_id",
        // LiteLLM: whole configurations, and members added by its proxy.
        "user_config", "model_list", "proxy_server_request", "secret_fields", "user_api_key", "clientside_auth",
        // Azure, watsonx, Hugging Face.
        "azure_ad_token", "azure_ad_token_provider", "azure_username", "azure_password", "zen_api_key", "hf_token",
        "connection_string", "encoded_api_key", "embedding_key", "databricks_token", "github_token", "bearer", "byok",
    ]
    /// Ends of names, with a prefix for each provider.
    static let endings = [
        "api_key", "access_key", "access_key_id", "secret_key", "private_key", "password", "passphrase", "secret",
        "credential", "credentials", "authorization", "authorization_token", "auth_token", "access_token",
        "refresh_token", "bearer_token", "session_token", "identity_token", "api_token", "headers", "cookies",
        "connection_string",
    ]
    /// Beginnings of names.
    static let beginnings = [
        "aws_", "vertex_", "litellm_", "watsonx_", "user_api_key", "langfuse_", "langsmith_", "azure_ad_",
    ]
    /// Members of the body within which the names are looked for at every depth.
    static let searched: Set<String> = [
        "extra_body", "data_sources", "dataSources", "fallbacks", "mcp_servers", "plugins", "provider",
        "providerOptions", "provider_options",
    ]
    /// Members within those that hold the user's words and schemas; they are not searched there, as at the top.
    static let words: Set<String> = [
        "messages", "prompt", "input", "system", "instructions", "metadata", "function", "input_schema",
        "response_format",
        "json_schema", "guided_json", "structured_outputs", "text",
    ]
    /// Members of the body whose entries are searched at their top level only.
    static let lists: Set<String> = ["tools", "functions"]

    /// Members of nearly every body and tool, which need no closer check.
    private static let ordinary: Set<String> = [
        "model", "messages", "prompt", "input", "instructions", "system", "stream", "stream_options", "temperature",
        "top_p",
        "max_tokens", "max_completion_tokens", "max_output_tokens", "n", "stop", "seed", "user", "metadata", "tools",
        "tool_choice", "response_format", "store", "type", "function", "name", "description", "parameters", "strict",
        "input_schema",
    ]
    private static let exactNames = Set(named.map { folded($0) })
    private static let foldedEndings = endings.map { folded($0) }
    private static let foldedBeginnings = beginnings.map { folded($0) }

    /// Whether a member of that name is removed.
    static func contains(_ name: String) -> Bool {
        if ordinary.contains(name) { return false }
        let folded = folded(name)
        // The shortest is `key`.
        guard folded.count >= 3 else { return false }
        return exactNames.contains(folded) || foldedEndings.contains { folded.ends(with: $0) }
            || foldedBeginnings.contains { folded.starts(with: $0) }
    }

    private static func folded(_ name: String) -> [UInt8] {
        var folded: [UInt8] = []
        folded.reserveCapacity(name.utf8.count)
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: " "): break
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): folded.append(byte | 0x20)
            default: folded.append(byte)
            }
        }
        return folded
    }

    /// Tools without the forbidden members of their entries, for the store.
    static func removed(fromTools tools: JSON) -> JSON {
        guard case .array(let entries) = tools else { return tools }
        return .array(
            entries.map { entry in
                guard case .object(var tool) = entry else { return entry }
                tool.members.removeAll { contains($0.key) }
                return .object(tool)
            }
        )
    }
}

extension [UInt8] {
    fileprivate func ends(with suffix: [UInt8]) -> Bool {
        count >= suffix.count && self[(count - suffix.count)...].elementsEqual(suffix)
    }
}

/// Finds the ranges of a body's bytes to remove, in no order, so that no member of `BodyCredentials` remains.
struct CredentialCuts {
    private(set) var ranges: [Range<Int>] = []

    /// Searches a body.
    ///
    /// - Parameters:
    ///   - members: of the whole body.
    ///   - bytes: the whole body, parsed before.
    /// - Returns: whether any member at the top is left.
    /// - Throws: `JSONError` if it is not JSON.
    mutating func find(in members: JSONMembers, of bytes: UnsafeRawBufferPointer) throws(JSONError) -> Bool {
        var list = MemberList()
        for member in members.members {
            let isRemoved = BodyCredentials.contains(member.key)
            list.add(member.keyRange, member.valueRange, isRemoved: isRemoved, to: &ranges)
            guard !isRemoved else { continue }
            let isSearched = BodyCredentials.searched.contains(member.key)
            guard isSearched || BodyCredentials.lists.contains(member.key) else { continue }
            var parser = JSONParser(bytes, maximumDepth: JSON.defaultMaximumDepth)
            parser.position = member.valueRange.lowerBound
            if isSearched {
                try search(&parser, depth: 1)
            } else {
                try searchEntries(&parser)
            }
        }
        list.end(&ranges)
        return list.hasKept || members.members.isEmpty
    }

    /// At every depth.
    private mutating func search(_ parser: inout JSONParser, depth: Int) throws(JSONError) {
        switch try parser.peek() {
        case UInt8(ascii: "["):
            try parser.forEachElement(depth: depth + 1) { parser throws(JSONError) in
                try search(&parser, depth: depth + 1)
            }
        case UInt8(ascii: "{"): try searchObject(&parser, depth: depth + 1, goesOn: true)
        default: try parser.skipValue(depth: depth)
        }
    }

    /// Only the members of the entries themselves.
    private mutating func searchEntries(_ parser: inout JSONParser) throws(JSONError) {
        guard try parser.peek() == UInt8(ascii: "[") else { return try parser.skipValue(depth: 1) }
        try parser.forEachElement(depth: 2) { parser throws(JSONError) in
            guard try parser.peek() == UInt8(ascii: "{") else { return try parser.skipValue(depth: 2) }
            try searchObject(&parser, depth: 3, goesOn: false)
        }
    }

    private mutating func searchObject(_ parser: inout JSONParser, depth: Int, goesOn: Bool) throws(JSONError) {
        var list = MemberList()
        try parser.forEachMember(depth: depth) { parser, key, keyRange throws(JSONError) in
            let start = parser.position
            let isRemoved = BodyCredentials.contains(key)
            if isRemoved || !goesOn || BodyCredentials.words.contains(key) {
                try parser.skipValue(depth: depth)
            } else {
                try search(&parser, depth: depth)
            }
            list.add(keyRange, start..<parser.position, isRemoved: isRemoved, to: &ranges)
        }
        list.end(&ranges)
    }

    /// Cuts members out of a list together with one comma each.
    private struct MemberList {
        private var lastKeptEnd: Int?
        /// The removed members at the head of the list, which take the comma behind them.
        private var head: Range<Int>?
        /// The removed members behind the last kept one.
        private var run: Range<Int>?

        var hasKept: Bool { lastKeptEnd != nil }

        mutating func add(_ key: Range<Int>, _ value: Range<Int>, isRemoved: Bool, to ranges: inout [Range<Int>]) {
            guard isRemoved else {
                if let head { ranges.append(head.lowerBound..<key.lowerBound) }
                if let run { ranges.append(run) }
                (head, run) = (nil, nil)
                lastKeptEnd = value.upperBound
                return
            }
            if let lastKeptEnd {
                run = lastKeptEnd..<value.upperBound
            } else {
                head = (head?.lowerBound ?? key.lowerBound)..<value.upperBound
            }
        }

        func end(_ ranges: inout [Range<Int>]) {
            if let head { ranges.append(head) }
            if let run { ranges.append(run) }
        }
    }
}
