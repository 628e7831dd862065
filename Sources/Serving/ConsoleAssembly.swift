import Configuration
import Console
import Gateway
import Vocabulary

/// The console, and the changes that it and SIGHUP may make.
struct ConsoleAssembly {
    let server: ConsoleServer
    let state: ServingStateBox
    let changes: LiveChanges
    let spareWork: SpareWork

    init(_ setup: ServingSetup, _ opened: OpenedStore, _ mirroring: MirrorAssembly, _ gateway: GatewayAssembly) {
        let configuration = setup.configuration
        state = ServingStateBox()
        changes = LiveChanges(
            mirror: mirroring.mirror,
            store: opened.store,
            experiment: opened.run.id,
            maximumCalls: mirroring.descriptors.shadowCalls
        )
        spareWork = SpareWork()
        let backend = ServeBackend(
            mirror: mirroring.mirror,
            writer: mirroring.writer,
            store: opened.store,
            changes: changes,
            latencies: mirroring.latencies,
            state: state,
            bodyLimitBytes: configuration.limits.body.bytes,
            admission: gateway.server.admission,
            experiment: opened.run.id,
            certificate: gateway.certificate,
            spareWork: spareWork
        )
        var settings = ConsoleSettings(
            host: configuration.console.address.host,
            port: configuration.console.address.port,
            isLoopback: configuration.console.address.isLoopback,
            token: setup.loaded.secrets.consoleToken?.reveal()
        )
        settings.maximumConnections = mirroring.descriptors.console
        server = ConsoleServer(
            configuration: settings,
            backend: backend,
            registry: mirroring.registry,
            logger: setup.quietLogger,
            onListening: { port in
                let address = NetworkAddress(host: configuration.console.address.host, port: port)
                ServingSetup.announce("console on http://\(address)")
            }
        )
    }
}
