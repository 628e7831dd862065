import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Threads

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The context of a console request.
struct ConsoleContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let remoteAddress: SocketAddress?

    init(source: Source) {
        coreContext = .init(source: source)
        remoteAddress = source.channel.remoteAddress
    }
}

/// Applies the access rules before routing, and slows down guessing.
struct AccessMiddleware: RouterMiddleware {
    typealias Context = ConsoleContext

    let rule: AccessRule
    let now: @Sendable () -> ContinuousClock.Instant
    let logger: Logger
    private let throttle: Throttle

    /// Shared by all copies of the middleware.
    private final class Throttle: Sendable {
        let state = Locked(FailureThrottle())
    }

    init(rule: AccessRule, now: @escaping @Sendable () -> ContinuousClock.Instant, logger: Logger) {
        self.rule = rule
        self.now = now
        self.logger = logger
        throttle = Throttle()
    }

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let decision = rule.decide(
            AccessQuestion(
                method: request.method,
                path: request.uri.path,
                authority: request.head.authority,
                authorization: request.headers[.authorization],
                origin: request.headers[.origin],
                fetchSite: HTTPField.Name("Sec-Fetch-Site").flatMap { request.headers[$0] }
            )
        )
        switch decision {
        case .allowed:
            return try await next(request, context)
        case .authorised:
            if let wait = wait(context) { return Self.tooManyFailures(wait) }
            return try await next(request, context)
        case .tokenWrong:
            if let wait = wait(context) { return Self.tooManyFailures(wait) }
            noteFailure(context)
            return unauthorised("This is not the token.")
        case .tokenMissing:
            return unauthorised("A token is needed here: Authorization: Bearer TOKEN.")
        case .forbidden:
            return Reply.refusal(
                "Nothing can be changed while no token is configured; set console.token_env and start again.",
                .forbidden
            )
        case .hostMissing:
            return Reply.refusal("The request needs a Host field with a host and an optional port.")
        case .hostStrange:
            return Reply.refusal(
                "This console is on loopback and answers to loopback names only; ask for 127.0.0.1 or localhost.",
                .misdirectedRequest
            )
        case .crossSite:
            return Reply.refusal("A change cannot be asked for by another site's page.", .forbidden)
        }
    }

    private func unauthorised(_ sentence: String) -> Response {
        var reply = Reply.refusal(sentence, .unauthorized)
        // `Basic` makes browsers ask for the token, `Bearer` is for programs; a page on loopback needs none to read.
        reply.headers[.wwwAuthenticate] = rule.isLoopback ? "Bearer" : #"Basic realm="Understudy", Bearer"#
        return reply
    }

    private static func tooManyFailures(_ wait: Duration) -> Response {
        var reply = Reply.refusal(
            "Too many wrong tokens came from this address; wait before the next.",
            .tooManyRequests
        )
        reply.headers[.retryAfter] = "\(max(1, Int(wait.components.seconds) + 1))"
        return reply
    }

    // MARK: Guessing

    private func wait(_ context: Context) -> Duration? {
        throttle.state.withLock { $0.wait(Self.key(context.remoteAddress), now: now()) }
    }

    private func noteFailure(_ context: Context) {
        guard throttle.state.withLock({ $0.failed(Self.key(context.remoteAddress), now: now()) }) == .exhausted else {
            return
        }
        let address = context.remoteAddress?.ipAddress ?? "an unknown address"
        logger.warning("console: \(address) has tried too many wrong tokens and has to wait.")
    }

    /// An IPv4 address, or the network of an IPv6 one.
    static func key(_ address: SocketAddress?) -> [UInt8] {
        guard let text = address?.ipAddress else { return [] }
        var octets = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &octets) == 1 { return Array(octets[..<4]) }
        guard inet_pton(AF_INET6, String(text.prefix { $0 != "%" }), &octets) == 1 else { return [] }
        let isMapped = octets[..<10].allSatisfy { $0 == 0 } && octets[10] == 0xff && octets[11] == 0xff
        return isMapped ? Array(octets[12...]) : Array(octets[..<8])
    }
}
