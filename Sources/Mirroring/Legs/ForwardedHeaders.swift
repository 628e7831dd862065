// The fields of the client's head that a leg carries.
//
// An allow-list: other fields are not sent. Left out on purpose, besides credentials and cookies: `x-session-id` and the like,
// which would identify a person to the shadow's server; `user-agent`; `accept-encoding`, because the legs are read here and not
// by the client; trace headers, because the shadow's spans are not part of the user's request. The shadow leg also drops the
// query: some clients put their key there.

import Wire

/// Builds the head of a leg.
struct ForwardedHeaders: Sendable {
    /// The fields that always pass, lower case; besides them those that an API reads (`APIShape.forwardedFields`).
    static let always: Set<String> = ["accept", "accept-language", "content-type"]
    /// Fields that never pass to the shadow, even if listed: credentials, hop-by-hop fields and the message's framing.
    static let never: Set<String> = [
        "authorization", "proxy-authorization", "x-api-key", "api-key", "x-goog-api-key", "cookie",
        "openai-organization", "openai-project",
        "host", "content-length", "content-encoding", "transfer-encoding", "connection", "keep-alive",
        "proxy-connection", "te", "trailer",
        "upgrade", "expect", "accept-encoding", "x-understudy-leg", "forwarded", "x-forwarded-for", "x-real-ip",
    ]
    /// The fields that may hold the client's own credentials.
    private static let credentials: Set<String> = [
        "authorization", "x-api-key", "api-key", "openai-organization", "openai-project",
    ]

    private let allowed: Set<String>

    /// - Parameters:
    ///   - additional: fields that the operator allows.
    ///   - shapes: the APIs whose own fields pass.
    init(additional: [String], shapes: APIShapes = .provided) {
        allowed = Self.always
            .union(shapes.all.flatMap(\.forwardedFields))
            .union(additional.map { $0.lowercased() })
            .subtracting(Self.never)
            .subtracting(shapes.all.map { $0.credential.name.lowercased() })
    }

    /// The head of the shadow leg: never a credential of the client's.
    func shadow(
        client: some Sequence<(name: String, value: String)>,
        apiKey: String?,
        shape: APIShape
    ) -> [(String, String)] {
        head(client, allowed: allowed, apiKey: apiKey, shape: shape, leg: "shadow")
    }

    /// The head of the control leg, which goes to the server that the client itself talks to.
    ///
    /// With the operator's key for stable, if there is one; else with the client's own credentials, which stable has seen
    /// already.
    func control(
        client: some Sequence<(name: String, value: String)>,
        apiKey: String?,
        shape: APIShape
    ) -> [(String, String)] {
        let credentials = Self.credentials.union([shape.credential.name.lowercased()])
        let allowed = apiKey == nil ? allowed.union(credentials) : allowed
        return head(client, allowed: allowed, apiKey: apiKey, shape: shape, leg: "control")
    }

    private func head(
        _ client: some Sequence<(name: String, value: String)>,
        allowed: Set<String>,
        apiKey: String?,
        shape: APIShape,
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
            fields.append(shape.credential.field(for: apiKey))
        }
        fields.append(("User-Agent", "understudy"))
        fields.append(("X-Understudy-Leg", leg))
        return fields
    }
}
