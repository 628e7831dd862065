// The operator's side, on a port of its own.
//
// What: probes, metrics, the funnel, the evaluation, two live changes and one page, over Hummingbird.
// Why apart from the gateway: nothing an operator or a scraper does may share a loop or a port with user traffic.
// Limits: plain HTTP (put a proxy with TLS before it when it is not on loopback); it shows figures, never a prompt.

import HTTPTypes
import Hummingbird
package import Logging
import NIOCore
import ServiceLifecycle

/// Where the console listens and who may use it.
package struct ConsoleConfiguration: Sendable {
    package var host: String
    /// 0 lets the system choose, for tests.
    package var port: Int
    /// The bearer token; nil where none is configured: then nothing can be changed.
    package var token: String?

    package init(host: String, port: Int, token: String?) {
        self.host = host
        self.port = port
        self.token = token
    }

    var isLoopback: Bool {
        host == "localhost" || host == "::1" || host == "[::1]" || host.hasPrefix("127.")
    }
}

/// The console as a service: runs until graceful shutdown.
package struct ConsoleServer: Service {
    private let configuration: ConsoleConfiguration
    private let backend: any ConsoleBackend
    private let registry: PrometheusRegistry
    private let logger: Logger
    private let onListening: @Sendable (Int) async -> Void

    /// A console that will print `registry` beside the funnel, and tells `onListening` its port once it accepts.
    package init(
        configuration: ConsoleConfiguration,
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

    package func run() async throws {
        let application = Application(
            router: ConsoleRoutes(
                backend: backend,
                registry: registry,
                access: AccessRule(
                    token: configuration.token.map { Array($0.utf8) },
                    isLoopback: configuration.isLoopback
                )
            ).router(),
            configuration: .init(address: .hostname(configuration.host, port: configuration.port)),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) },
            logger: logger
        )
        try await application.run()
    }
}
