// The operator's side, on a port of its own.
//
// What: probes, metrics, the funnel, the evaluation, two live changes and one page, over Hummingbird.
// Why apart from the gateway: operators and scrapers must not share a loop or a port with user traffic.
// Before the token is checked, a client's resources are bounded: connections, time for a request, size of a head.
// Limits: plain HTTP (use a proxy with TLS in front when it is not on loopback); it shows figures, never a prompt.

import HTTPTypes
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle

/// The console's address, token and limits.
package struct ConsoleSettings: Sendable {
    package var host: String
    /// 0 lets the system choose, for tests.
    package var port: Int
    /// Whether only this machine can reach it; then reading needs no token.
    package var isLoopback: Bool
    /// The token; nil if none is configured, and then nothing can be changed.
    package var token: String?
    /// Connections at a time, each with a file descriptor (`ConnectionPlaces`).
    package var maximumConnections = 64
    /// How long a request may take to arrive, its head included.
    package var requestTimeout = ConnectionPatience().request
    /// How long a connection may be unused.
    package var idleTimeout = ConnectionPatience().idle
    /// How long an evaluation is reused before the next is made.
    package var evaluationLifetime = Duration.seconds(30)
    /// What time it is for whoever has to wait after wrong tokens; tests have one that stands still.
    package var now: @Sendable () -> ContinuousClock.Instant = { .now }

    package init(host: String, port: Int, isLoopback: Bool, token: String?) {
        self.host = host
        self.port = port
        self.isLoopback = isLoopback
        self.token = token
    }
}

/// The console as a service: runs until graceful shutdown.
package struct ConsoleServer: Service {
    private let configuration: ConsoleSettings
    private let backend: any ConsoleBackend
    private let registry: PrometheusRegistry
    private let logger: Logger
    private let onListening: @Sendable (Int) async -> Void

    /// A console that prints `registry` beside the funnel, and calls `onListening` with its port once it accepts.
    package init(
        configuration: ConsoleSettings,
        backend: any ConsoleBackend,
        registry: PrometheusRegistry,
        logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.backend = backend
        self.registry = registry
        self.logger = logger
        self.onListening = onListening
    }

    /// What a console's request can need; browsers send a kilobyte.
    private static let decoderLimits = HTTP1Channel.Configuration.DecoderConfiguration(
        maxHeaderFieldSize: 8 * 1_024,
        maxHeaderListSize: 16 * 1_024,
        maxHeaderFieldCount: 100
    )

    package func run() async throws {
        let desk = ReadinessDesk(backend: backend, lifetime: configuration.evaluationLifetime)
        let access = AccessMiddleware(
            rule: AccessRule(
                token: configuration.token.map { Array($0.utf8) },
                isLoopback: configuration.isLoopback
            ),
            now: configuration.now,
            logger: logger
        )
        let patience = ConnectionPatience(request: configuration.requestTimeout, idle: configuration.idleTimeout)
        let places = ConnectionPlaces(count: configuration.maximumConnections, logger: logger)
        let application = Application(
            router: ConsoleRoutes(backend: backend, registry: registry, access: access, desk: desk).router(),
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: [ConnectionDeadlines(patience, places: places)],
                    // `ConnectionDeadlines` sees to that.
                    idleTimeout: nil,
                    httpDecoderConfiguration: Self.decoderLimits
                )
            ),
            configuration: .init(
                address: .hostname(configuration.host, port: configuration.port),
                availableConnectionsDelegate: MaximumAvailableConnections(
                    configuration.maximumConnections,
                    logger: logger
                )
            ),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) },
            logger: logger
        )
        try await withGracefulShutdownHandler {
            try await application.run()
        } onGracefulShutdown: {
            desk.stop()
        }
    }
}
