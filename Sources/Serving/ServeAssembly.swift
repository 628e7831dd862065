package import Configuration
import Evaluation
import Gateway
import Logging
import Mirroring
import PairStore
import Report
import ServiceLifecycle
import UnixSignals
import Vocabulary
import Workflows

/// What `serve` is made of: opened from the store outwards, started in the order of `services`, stopped in reverse.
///
/// The console is there first and last, so that starting and draining can be watched; the gateway comes last and goes
/// first, so that no request is taken that cannot be accounted for.
package struct ServeAssembly {
    private let loaded: LoadedConfiguration
    private let reload: @Sendable () throws -> LoadedConfiguration

    /// What is served, and how the same file is read again for SIGHUP.
    package init(_ loaded: LoadedConfiguration, reload: @escaping @Sendable () throws -> LoadedConfiguration) {
        self.loaded = loaded
        self.reload = reload
    }

    package func run() async throws {
        let configuration = loaded.configuration
        guard let stable = configuration.stable, let shadow = configuration.shadow else {
            throw CommandFailure.configuration("serve needs stable and shadow, each with model, version and url.")
        }
        LoggingSystem.bootstrap(StreamLogHandler.standardError)
        let setup = ServingSetup(
            loaded: loaded,
            stable: stable,
            shadow: shadow,
            logger: Logger(label: "understudy")
        )

        // Before anything is settled that another process might have in flight.
        let lock = try ServingLock(store: configuration.store.path)
        defer { withExtendedLifetime(lock) {} }
        let opened = try OpenedStore(configuration, logger: setup.logger)
        Self.warn(of: ConfigurationMapping.plan(configuration), logger: setup.logger)
        let mirroring = try MirrorAssembly(setup, opened)
        let gateway = try GatewayAssembly(setup, tap: mirroring)
        let console = ConsoleAssembly(setup, opened, mirroring, gateway)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services(setup, opened, mirroring, gateway, console).map { .init(service: $0) },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: setup.quietLogger
            )
        )
        do {
            try await group.run()
        } catch let error as GatewayError {
            throw CommandFailure.inputOutput(error.description)
        }
        let funnel = mirroring.mirror.funnel
        ServingSetup.announce(
            "stopped: \(funnel.seen) seen, \(funnel.sampled) sampled, \(funnel.stored) stored, "
                + "\(funnel.shedTotal) shed, \(funnel.failedTotal) failed, \(funnel.inFlight) in flight"
        )
    }

    /// Says at the start what would otherwise be known after the week.
    private static func warn(of plan: Plan, logger: Logger) {
        guard !plan.canPromote else { return }
        logger.warning("\(([plan.headline] + plan.remedies.map(\.sentence)).joined(separator: " "))")
    }

    /// In the order of starting.
    private func services(
        _ setup: ServingSetup,
        _ opened: OpenedStore,
        _ mirroring: MirrorAssembly,
        _ gateway: GatewayAssembly,
        _ console: ConsoleAssembly
    ) -> [any Service] {
        let (store, writer, mirror) = (opened.store, mirroring.writer, mirroring.mirror)
        let (registry, certificate, logger) = (mirroring.registry, gateway.certificate, setup.logger)
        let stopping = Stopping(drain: setup.configuration.limits.drain, logger: logger)
        func unhurried(_ service: some Service) -> any Service {
            UnhurriedService(inner: service, stopping: stopping)
        }
        let retention = RetentionService(
            store: store,
            writer: writer,
            bounds: setup.configuration.store,
            prompts: setup.configuration.prompts,
            registry: registry,
            logger: logger,
            stopping: stopping,
            spareWork: console.spareWork
        )
        let reloading = ReloadService(
            loaded: loaded,
            load: reload,
            changes: console.changes,
            certificate: certificate,
            logger: logger
        )
        return [
            unhurried(console.server),
            StoreService(
                store: store,
                writer: writer,
                mirror: mirror,
                run: opened.run,
                stopping: stopping,
                logger: logger
            ),
            unhurried(retention),
            unhurried(gateway.requests),
            ClientWatch(admission: gateway.server.admission, registry: registry),
            MirrorService(mirror: mirror, writer: writer, stopping: stopping),
            unhurried(reloading),
            certificate,
            GatewayService(
                server: gateway.server,
                state: console.state,
                certificate: certificate,
                stopping: stopping,
                onListening: { port in ServingSetup.announce(Self.greeting(setup, port: port)) }
            ),
        ]
    }

    private static func greeting(_ setup: ServingSetup, port: Int) -> String {
        let configuration = setup.configuration
        return "gateway on \(configuration.tls == nil ? "http" : "https")://\(configuration.listen.host):\(port), "
            + "stable \(setup.stable.version) at \(setup.stable.url), "
            + "shadow \(setup.shadow.version) at \(setup.shadow.url)"
    }
}
