// Which fields of the client's head a leg carries.
//
// An allow-list: what is not named stays behind. Left behind on purpose, besides credentials and cookies:
// `x-session-id` and the like, which name a person to a server that need not know; `user-agent`; `accept-encoding`,
// because the legs are read here and not by the client; trace headers, because the shadow's spans are not part of the
// user's request. The query stays behind on the shadow leg as well: some clients put their key there.

/// Builds the head of a leg.
struct ForwardedHeaders: Sendable {
    /// The fields that always pass, lower case.
    static let always: Set<String> = [
        "accept", "accept-language", "anthropic-beta", "anthropic-version", "content-type", "openai-beta",
    ]
    /// Fields that no list can let pass to the shadow: credentials, and what belongs to one hop or to the message's
    /// framing.
    static let never: Set<String> = [
        "authorization", "proxy-authorization", "x-api-key", "api-key", "x-goog-api-key", "cookie",
        "openai-organization", "openai-project",
        "host", "content-length", "content-encoding", "transfer-encoding", "connection", "keep-alive",
        "proxy-connection", "te", "trailer",
        "upgrade", "expect", "accept-encoding", "x-understudy-leg", "forwarded", "x-forwarded-for", "x-real-ip",
    ]
    /// What the client's own credentials may stand in.
    private static let credentials: Set<String> = [
        "authorization", "x-api-key", "api-key", "openai-organization", "openai-project",
    ]

    private let allowed: Set<String>

    init(additional: [String]) {
        allowed = Self.always.union(additional.map { $0.lowercased() }).subtracting(Self.never)
    }

    /// The head of the shadow leg: never a credential of the client's.
    func shadow(
        client: some Sequence<(name: String, value: String)>,
        apiKey: String?,
        isMessages: Bool
    ) -> [(String, String)] {
        head(client, allowed: allowed, apiKey: apiKey, isMessages: isMessages, leg: "shadow")
    }

    /// The head of the control leg, which goes to the server that the client itself talks to.
    ///
    /// With the operator's key for stable, where there is one; else with the client's own credentials, which stable
    /// has seen already.
    func control(
        client: some Sequence<(name: String, value: String)>,
        apiKey: String?,
        isMessages: Bool
    ) -> [(String, String)] {
        let allowed = apiKey == nil ? allowed.union(Self.credentials) : allowed
        return head(client, allowed: allowed, apiKey: apiKey, isMessages: isMessages, leg: "control")
    }

    private func head(
        _ client: some Sequence<(name: String, value: String)>,
        allowed: Set<String>,
        apiKey: String?,
        isMessages: Bool,
        leg: String
    ) -> [(String, String)] {
        var fields: [(String, String)] = []
        var hasType = false
        for (name, value) in client where allowed.contains(name.lowercased()) {
            if name.lowercased() == "content-type" { hasType = true }
            fields.append((name, value))
        }
        if !hasType { fields.append(("Content-Type", "application/json")) }
        if let apiKey {
            fields.append(isMessages ? ("x-api-key", apiKey) : ("Authorization", "Bearer \(apiKey)"))
        }
        fields.append(("User-Agent", "understudy"))
        fields.append(("X-Understudy-Leg", leg))
        return fields
    }
}
