import Configuration
import Gateway
import Vocabulary
import Wire

/// The users' path: the gateway, its certificate, and what counts its answers.
struct GatewayAssembly {
    let server: GatewayServer
    let requests: GatewayRequests
    let certificate: CertificateBox

    /// - Throws: where the certificate or its key cannot be used.
    init(_ setup: ServingSetup, tap mirroring: MirrorAssembly) throws {
        let configuration = setup.configuration
        let stable = setup.stable
        requests = GatewayRequests(
            latencies: mirroring.latencies,
            version: stable.version,
            loops: configuration.threads
        )
        server = GatewayServer(
            configuration: GatewayConfiguration(serving: configuration, stable: stable, mirroring.descriptors),
            router: EveryoneTo(Upstream(.stable, version: stable.version, url: stable.url)),
            tap: mirroring.mirror,
            observer: requests,
            logger: setup.logger
        )
        // Before anything listens.
        try server.readCertificate()
        certificate = CertificateBox(gateway: server, registry: mirroring.registry, logger: setup.logger)
    }
}

extension GatewayConfiguration {
    /// The configuration file in the gateway's terms, with the files that the process has for it.
    init(
        serving configuration: UnderstudyConfiguration,
        stable: StableConfiguration,
        _ descriptors: DescriptorBudget
    ) {
        self.init(host: configuration.listen.host, port: configuration.listen.port)
        // Whatever API the request is of: the most clients read this one's errors.
        errorBody = ErrorBody { type, code, message in
            AnswerWriter.error(shape: .chatCompletions, type: type, message: message, code: code)
        }
        threads = configuration.threads
        headerLimit = configuration.limits.header.bytes
        bodyLimit = configuration.limits.body.bytes
        idleTimeout = configuration.limits.idleTimeout
        headerTimeout = configuration.limits.headerTimeout
        requestTimeout = configuration.limits.requestTimeout
        maximumConnections = descriptors.clients
        maximumConnectionsPerAddress = configuration.limits.connectionsPerAddress
        maximumKeptConnections = descriptors.keptPerLoop
        fileLimit = descriptors.clients < configuration.limits.connections ? descriptors.limit : nil
        connectTimeout = stable.connectTimeout
        answerIdleTimeout = stable.timeout
        trustedProxies = configuration.trustedProxies.compactMap { AddressRange($0) }
        tls = configuration.tls.map { .init(certificatePath: $0.certificate, keyPath: $0.key) }
    }
}
