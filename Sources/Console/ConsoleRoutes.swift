import HTTPTypes
import Hummingbird
import NIOCore
import Vocabulary
import Wire

/// The console's paths and what stands behind each.
struct ConsoleRoutes: Sendable {
    let backend: any ConsoleBackend
    let registry: PrometheusRegistry
    let access: AccessRule

    /// The largest body of a change; the real ones have some tens of bytes.
    private static let bodyLimit = 16 * 1_024

    func router() -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self)
        router.add(middleware: AccessMiddleware(rule: access))
        router.get("/") { _, _ in Reply.html(LivePage.html) }
        router.get("/healthz") { _, _ in Reply.text("ok\n") }
        router.get("/readyz") { [backend] _, _ in
            switch backend.servingState() {
            case .ready: Reply.text("ready\n")
            case .notReady(let reason): Reply.text(reason + "\n", status: .serviceUnavailable)
            }
        }
        router.get("/metrics") { [backend, registry] _, _ in
            Reply.exposition(backend.funnel().exposition + registry.exposition())
        }
        router.get("/api/v1/funnel") { [backend] _, _ in Reply.json(backend.funnel().json) }
        router.get("/api/v1/status") { [backend] _, _ in
            Reply.json(.array(backend.status().map(\.json)))
        }
        router.get("/api/v1/readiness") { [backend] _, _ in Reply.json(try await backend.readiness()) }
        router.put("/api/v1/sampling") { [backend] request, _ in
            try await change(request) { try await backend.apply(try SamplingChange(json: $0)) }
        }
        router.put("/api/v1/shadow") { [backend] request, _ in
            try await change(request) { try await backend.apply(try ShadowLimitsChange(json: $0)) }
        }
        return router
    }

    /// Reads a change, makes it, and answers with what is in force, or with a sentence that says what would be right.
    private func change(_ request: Request, _ make: (JSON) async throws -> JSON) async throws -> Response {
        let bytes: ByteBuffer
        do {
            bytes = try await request.body.collect(upTo: Self.bodyLimit)
        } catch is NIOTooManyBytesError {
            return Reply.refusal("The body of a change has at most \(Self.bodyLimit) bytes.", .contentTooLarge)
        }
        let json: JSON
        do {
            json = try JSON(parsing: Array(bytes.readableBytesView))
        } catch {
            return Reply.refusal("The body of a change is one JSON object, and this one cannot be read: \(error)")
        }
        do {
            return Reply.json(try await make(json))
        } catch let refusal as ChangeRefused {
            return Reply.refusal(refusal.description)
        }
    }
}

/// Answers as the console gives them.
enum Reply {
    static func text(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        response(text, type: "text/plain; charset=utf-8", status: status)
    }

    static func html(_ text: String) -> Response {
        var reply = response(text, type: "text/html; charset=utf-8", status: .ok)
        reply.headers[.contentSecurityPolicy] =
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'"
        return reply
    }

    /// The media type that Prometheus negotiates for the text format.
    static func exposition(_ text: String) -> Response {
        response(text, type: "text/plain; version=0.0.4; charset=utf-8", status: .ok)
    }

    static func json(_ json: JSON, status: HTTPResponse.Status = .ok) -> Response {
        response(json.text() + "\n", type: "application/json", status: status)
    }

    static func refusal(_ sentence: String, _ status: HTTPResponse.Status = .badRequest) -> Response {
        json(["error": ["message": .string(sentence)]], status: status)
    }

    private static func response(_ text: String, type: String, status: HTTPResponse.Status) -> Response {
        Response(
            status: status,
            headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}

/// Applies the access rule before any route is looked for.
private struct AccessMiddleware: RouterMiddleware {
    typealias Context = BasicRequestContext

    let rule: AccessRule

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let decision = rule.decide(
            method: request.method,
            path: request.uri.path,
            authorization: request.headers[.authorization]
        )
        switch decision {
        case .allowed:
            return try await next(request, context)
        case .unauthorised:
            var reply = Reply.refusal("A bearer token is needed here: Authorization: Bearer TOKEN.", .unauthorized)
            reply.headers[.wwwAuthenticate] = "Bearer"
            return reply
        case .forbidden:
            return Reply.refusal(
                "Nothing can be changed while no token is configured; set console.token_env and start again.",
                .forbidden
            )
        }
    }
}
