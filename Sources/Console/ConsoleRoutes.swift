import Formats
import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import Vocabulary

/// The console's paths and their handlers.
struct ConsoleRoutes: Sendable {
    let backend: any ConsoleBackend
    let registry: PrometheusRegistry
    let access: AccessMiddleware
    let desk: ReadinessDesk

    /// The largest body of a change, in bytes; real ones have some tens of bytes.
    private static let bodyLimit = 16 * 1_024

    func router() -> Router<ConsoleContext> {
        let router = Router(context: ConsoleContext.self)
        router.add(middleware: access)
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
        router.get("/api/v1/readiness") { [desk] _, _ in
            do {
                return Reply.json(try await desk.readiness())
            } catch let reason as EvaluationUnavailable {
                return Reply.refusal(reason.description, .serviceUnavailable)
            }
        }
        router.put("/api/v1/sampling") { [backend] request, _ in
            try await change(request) { try await backend.apply(try SamplingChange(json: $0)) }
        }
        router.put("/api/v1/shadow") { [backend] request, _ in
            try await change(request) { try await backend.apply(try ShadowLimitsChange(json: $0)) }
        }
        return router
    }

    /// Reads a change, makes it, and answers with the settings in force, or with a sentence that gives the remedy.
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

/// The console's answers.
enum Reply {
    static func text(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        response(text, type: "text/plain; charset=utf-8", status: status)
    }

    static func html(_ text: String) -> Response {
        var reply = response(text, type: "text/html; charset=utf-8", status: .ok)
        reply.headers[.contentSecurityPolicy] =
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        return reply
    }

    /// The media type that Prometheus negotiates for the text format.
    static func exposition(_ text: String) -> Response {
        response(text, type: "text/plain; version=0.0.4; charset=utf-8", status: .ok)
    }

    static func json(_ json: JSON, status: HTTPResponse.Status = .ok) -> Response {
        response(json.text().escapedJSON + "\n", type: "application/json", status: status)
    }

    static func refusal(_ sentence: String, _ status: HTTPResponse.Status = .badRequest) -> Response {
        json(["error": ["message": .string(sentence)]], status: status)
    }

    private static func response(_ text: String, type: String, status: HTTPResponse.Status) -> Response {
        Response(
            status: status,
            headers: [.contentType: type, .cacheControl: "no-store", .xContentTypeOptions: "nosniff"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}
