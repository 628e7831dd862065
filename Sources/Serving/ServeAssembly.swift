package import Configuration
import Console
import Evaluation
import Foundation
import Gateway
import Logging
import Mirroring
import NIOCore
import PairStore
import Report
import ServiceLifecycle
import UnixSignals
import Vocabulary
import Wire
import Workflows

/// What `serve` is made of, in the order in which it starts; it stops in reverse.
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

    /// Says at the start what would otherwise be known after the week.
    private static func warn(of plan: Plan, logger: Logger) {
        guard !plan.canPromote else { return }
        logger.warning("\(([plan.headline] + plan.remedies.map(\.sentence)).joined(separator: " "))")
    }

    package func run() async throws {
        let configuration = loaded.configuration
        guard let stable = configuration.stable, let shadow = configuration.shadow else {
            throw CommandFailure.configuration("serve needs stable and shadow, each with model, version and url.")
        }
        LoggingSystem.bootstrap(StreamLogHandler.standardError)
        let logger = Logger(label: "understudy")

        // Before anything is settled that another process might have in flight.
        let lock = try ServingLock(store: configuration.store.path)
        defer { withExtendedLifetime(lock) {} }
        let (store, key, run) = try Self.opening(configuration, logger: logger)
        Self.warn(of: ConfigurationMapping.plan(configuration), logger: logger)
        let registry = PrometheusRegistry.forUnderstudy()
        let latencies = LegLatencies(registry: registry)
        let outage = OutageBox(registry: registry, logger: logger, store: store)
        let writer = try PairWriter(
            store: store,
            experiment: run.id,
            policy: try ConfigurationMapping.textPolicy(configuration.prompts),
            scorer: ScoringAtStoring(observe: latencies.recordScores),
            onCommit: outage.committed,
            onOutage: outage.changed
        )
        var mirroring = try run.mirroring(
            configuration,
            stable: stable,
            shadow: shadow,
            secrets: loaded.secrets,
            key: key
        )
        let descriptors = Self.descriptors(configuration, calls: mirroring.limits)
        if let warning = descriptors.warning { logger.warning("\(warning)") }
        mirroring.limits.lower(toCallsInFlight: descriptors.shadowCalls)
        let mirror = try Mirror(
            mirroring,
            sink: StoreSink(writer: writer),
            observer: LegObserver(latencies: latencies),
            memory: try run.beginCounting(in: store, logger: logger),
            logger: logger
        )
        outage.attach(mirror)
        let requests = GatewayRequests(
            latencies: latencies,
            version: stable.version,
            loops: configuration.threads
        )
        let gateway = GatewayServer(
            configuration: Self.gateway(configuration, stable: stable, descriptors),
            router: EveryoneTo(Upstream(.stable, version: stable.version, url: stable.url)),
            tap: mirror,
            observer: requests,
            logger: logger
        )
        // Before anything listens.
        try gateway.readCertificate()
        let certificate = CertificateBox(gateway: gateway, registry: registry, logger: logger)
        let state = ServingStateBox()
        let stopping = Stopping(drain: configuration.limits.drain, logger: logger)
        let changes = LiveChanges(
            mirror: mirror,
            store: store,
            experiment: run.id,
            maximumCalls: descriptors.shadowCalls
        )
        let spareWork = SpareWork()
        let backend = ServeBackend(
            mirror: mirror,
            writer: writer,
            store: store,
            changes: changes,
            latencies: latencies,
            state: state,
            bodyLimitBytes: configuration.limits.body.bytes,
            admission: gateway.admission,
            experiment: run.id,
            certificate: certificate,
            spareWork: spareWork
        )
        var consoleSettings = ConsoleSettings(
            host: configuration.console.address.host,
            port: configuration.console.address.port,
            isLoopback: configuration.console.address.isLoopback,
            token: loaded.secrets.consoleToken?.reveal()
        )
        consoleSettings.maximumConnections = descriptors.console
        let console = ConsoleServer(
            configuration: consoleSettings,
            backend: backend,
            registry: registry,
            logger: Self.quiet(logger),
            onListening: { port in
                let address = NetworkAddress(host: configuration.console.address.host, port: port)
                Self.announce("console on http://\(address)")
            }
        )
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: UnhurriedService(inner: console, stopping: stopping)),
                    .init(
                        service: StoreService(
                            store: store,
                            writer: writer,
                            mirror: mirror,
                            run: run,
                            stopping: stopping,
                            logger: logger
                        )
                    ),
                    .init(
                        service: UnhurriedService(
                            inner: RetentionService(
                                store: store,
                                writer: writer,
                                bounds: configuration.store,
                                prompts: configuration.prompts,
                                registry: registry,
                                logger: logger,
                                stopping: stopping,
                                spareWork: spareWork
                            ),
                            stopping: stopping
                        )
                    ),
                    .init(service: UnhurriedService(inner: requests, stopping: stopping)),
                    .init(service: ClientWatch(admission: gateway.admission, registry: registry)),
                    .init(service: MirrorService(mirror: mirror, writer: writer, stopping: stopping)),
                    .init(
                        service: UnhurriedService(
                            inner: ReloadService(
                                loaded: loaded,
                                load: reload,
                                changes: changes,
                                certificate: certificate,
                                logger: logger
                            ),
                            stopping: stopping
                        )
                    ),
                    .init(service: certificate),
                    .init(
                        service: GatewayService(
                            server: gateway,
                            state: state,
                            certificate: certificate,
                            stopping: stopping
                        ) { port in
                            Self.announce(
                                "gateway on \(configuration.tls == nil ? "http" : "https")://"
                                    + "\(configuration.listen.host):\(port), stable \(stable.version) at \(stable.url), "
                                    + "shadow \(shadow.version) at \(shadow.url)"
                            )
                        }
                    ),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: Self.quiet(logger)
            )
        )
        do {
            try await group.run()
        } catch let error as GatewayError {
            throw CommandFailure.inputOutput(error.description)
        }
        let funnel = mirror.funnel
        Self.announce(
            "stopped: \(funnel.seen) seen, \(funnel.sampled) sampled, \(funnel.stored) stored, "
                + "\(funnel.shedTotal) shed, \(funnel.failedTotal) failed, \(funnel.inFlight) in flight"
        )
    }

    /// How long a write waits for another process's: two of them may wait behind one another, the counts' and the pairs',
    /// before the outage is told.
    private static let busyTimeout = Duration.seconds(5)
    /// How often a start tries a store that another process is writing to.
    private static let attempts = 6

    /// The store with what serving needs of it.
    ///
    /// A store that turns out to be damaged is set aside, and a new one is begun: users wait for the gateway, not for it.
    private static func opening(
        _ configuration: UnderstudyConfiguration,
        logger: Logger
    ) throws -> (Store, PromptKey, ExperimentRun) {
        func open() throws -> (Store, PromptKey, ExperimentRun) {
            let store = try Store.open(
                path: configuration.store.path,
                access: .createOrOpen,
                busyTimeout: Self.busyTimeout
            )
            let key = try StoreKey.loadOrCreate(path: configuration.keyFile, beside: store)
            return (store, key, try ExperimentRun(declaring: configuration, in: store, at: Date()))
        }
        for _ in 1..<attempts {
            do {
                return try open()
            } catch  where StoreOutage(error) == .locked {
                logger.warning("Another process is writing to the store; waiting for it.")
            } catch {
                break
            }
        }
        do {
            return try open()
        } catch  where StoreOutage(error) == .corrupt {
            let aside = try Store.setAside(path: configuration.store.path, at: Date())
            logger.error("The store is damaged; it was set aside as \(aside), and a new one is begun.")
            return try open()
        }
    }

    /// How the files that the process may open are shared out; to be asked when the store is open and nothing else is.
    private static func descriptors(
        _ configuration: UnderstudyConfiguration,
        calls limits: MirroringLimits
    ) -> DescriptorBudget {
        DescriptorBudget.ofThisProcess(
            loops: configuration.threads,
            // The console runs on the event loops that NIO has for everybody.
            otherLoops: System.coreCount,
            wishes: .init(
                clients: configuration.limits.connections,
                shadowCalls: limits.maximumInFlight + limits.maximumControlsInFlight
            )
        )
    }

    private static func gateway(
        _ configuration: UnderstudyConfiguration,
        stable: StableConfiguration,
        _ descriptors: DescriptorBudget
    ) -> GatewayConfiguration {
        var gateway = GatewayConfiguration(host: configuration.listen.host, port: configuration.listen.port)
        // Whatever API the request is of: the most clients read this one's errors.
        gateway.errorBody = ErrorBody { type, code, message in
            AnswerWriter.error(shape: .chatCompletions, type: type, message: message, code: code)
        }
        gateway.threads = configuration.threads
        gateway.headerLimit = configuration.limits.header.bytes
        gateway.bodyLimit = configuration.limits.body.bytes
        gateway.idleTimeout = configuration.limits.idleTimeout
        gateway.headerTimeout = configuration.limits.headerTimeout
        gateway.requestTimeout = configuration.limits.requestTimeout
        gateway.maximumConnections = descriptors.clients
        gateway.maximumConnectionsPerAddress = configuration.limits.connectionsPerAddress
        gateway.maximumKeptConnections = descriptors.keptPerLoop
        gateway.fileLimit = descriptors.clients < configuration.limits.connections ? descriptors.limit : nil
        gateway.connectTimeout = stable.connectTimeout
        gateway.answerIdleTimeout = stable.timeout
        gateway.trustedProxies = configuration.trustedProxies.compactMap { AddressRange($0) }
        gateway.tls = configuration.tls.map { .init(certificatePath: $0.certificate, keyPath: $0.key) }
        return gateway
    }

    /// What tools wait for goes to standard output, a line each.
    private static func announce(_ sentence: String) {
        try? Output.write(sentence + "\n")
    }

    /// Frameworks tell of each step; an operator wants what is wrong.
    private static func quiet(_ logger: Logger) -> Logger {
        var quiet = logger
        quiet.logLevel = .warning
        return quiet
    }
}
