// The gateway as a service: starts listening, stops gracefully.

package import Logging
package import NIOCore
package import NIOPosix
import NIOSSL
import Threads

/// The user's path: accepts clients, passes their requests to upstreams, streams the answers back.
package actor GatewayServer {
    private enum State {
        case ready
        case starting
        case running(any Channel)
        /// With the time that is left for exchanges in flight.
        case stopping(within: Duration)
        case stopped
    }

    private let configuration: GatewayConfiguration
    private let tap: any Tap
    private let observer: (any GatewayObserver)?
    private let resolver: (any Resolver & Sendable)?
    private let logger: Logger
    private let group: MultiThreadedEventLoopGroup
    private let ownsGroup: Bool
    /// Who is connected.
    package nonisolated let admission: Admission
    /// The TLS context of new client connections; nil inside for plain HTTP.
    private let listenerTLS = Locked<(context: NIOSSLContext, certificate: ListenerCertificate)?>(nil)
    private let firstRouter: any Router
    /// The router of the loops; nil before the start.
    private var routing: Routing?
    private var state = State.ready
    private var loops: [NIOLoopBound<GatewayLoop>] = []
    private var waitingForStop: [CheckedContinuation<Void, Never>] = []
    private var lastCounters = GatewayCounters()

    /// A gateway that does not listen yet.
    ///
    /// - Parameters:
    ///   - configuration: Addresses, limits and time-outs.
    ///   - router: Chooses the upstream of each request, until it is replaced.
    ///   - tap: Is told of the exchanges.
    ///   - group: Event loops to run on; nil makes `configuration.threads` of its own and ends them in `stop`.
    ///   - observer: Is told of every finished exchange.
    ///   - resolver: Finds the addresses of upstreams' names; nil asks the system.
    ///   - logger: Events of connections at debug, broken answers of upstreams at warning. No content of requests or answers.
    package init(
        configuration: GatewayConfiguration,
        router: any Router,
        tap: any Tap,
        group: MultiThreadedEventLoopGroup? = nil,
        observer: (any GatewayObserver)? = nil,
        resolver: (any Resolver & Sendable)? = nil,
        logger: Logger
    ) {
        self.configuration = configuration
        firstRouter = router
        self.tap = tap
        self.observer = observer
        self.resolver = resolver
        self.logger = logger
        self.group = group ?? MultiThreadedEventLoopGroup(numberOfThreads: max(1, configuration.threads))
        self.ownsGroup = group == nil
        self.admission = Admission(
            limit: configuration.maximumConnections,
            limitPerAddress: configuration.maximumConnectionsPerAddress
        )
    }

    /// Starts listening.
    ///
    /// - Returns: The address that clients can connect to, with the port that the system chose for port 0.
    /// - Throws: `GatewayError`; `.stopped` where `stop` was called meanwhile.
    package func start() async throws -> SocketAddress {
        guard case .ready = state else { throw GatewayError.alreadyStarted }
        state = .starting
        raiseFileLimit()
        var channel: (any Channel)?
        do {
            let routing = try self.routing ?? Routing(firstRouter)
            self.routing = routing
            if certificate == nil { _ = try readCertificate() }
            for (index, eventLoop) in group.makeIterator().enumerated() {
                let loop = try await makeLoop(index: index, eventLoop: eventLoop, routing: routing)
                loops.append(loop)
                try stillStarts()
                // The router may have been replaced while this loop was made.
                if let routing = self.routing { Self.route([loop], by: routing) }
            }
            let listening = try await listen()
            channel = listening
            try stillStarts()
            guard let address = listening.localAddress else {
                throw GatewayError.cannotListen(address: configuration.host, reason: "it has no address")
            }
            state = .running(listening)
            return address
        } catch {
            var patience = Duration.zero
            if case .stopping(let given) = state { patience = given }
            await end(channel, within: patience)
            throw error
        }
    }

    /// Checks the state again after a wait, in which `stop` may have been called.
    private func stillStarts() throws(GatewayError) {
        guard case .starting = state else { throw .stopped }
    }

    /// Stops: no new connections; exchanges in flight may finish, and are cut off when the time is over.
    ///
    /// It returns when that is done. A start in progress is given up, and an earlier stop is awaited.
    ///
    /// - Parameter patience: How long to wait for exchanges in flight.
    package func stop(within patience: Duration = .seconds(30)) async {
        switch state {
        case .ready, .stopped:
            return
        case .starting:
            state = .stopping(within: patience)
            await untilStopped()
        case .stopping:
            await untilStopped()
        case .running(let channel):
            await end(channel, within: patience)
        }
    }

    private func untilStopped() async {
        await withCheckedContinuation { waitingForStop.append($0) }
    }

    /// Ends the parts that exist, and resumes all waiters.
    private func end(_ channel: (any Channel)?, within patience: Duration) async {
        state = .stopping(within: patience)
        try? await channel?.close()
        let delay = TimeAmount(patience)
        await withTaskGroup(of: GatewayCounters.self) { tasks in
            for loop in loops {
                tasks.addTask { await Self.stop(loop, delay) }
            }
            for await counters in tasks { lastCounters = lastCounters + counters }
        }
        if ownsGroup { try? await group.shutdownGracefully() }
        loops = []
        state = .stopped
        for waiting in waitingForStop { waiting.resume() }
        waitingForStop = []
    }

    /// Replaces the router.
    ///
    /// It returns when every event loop uses the new one. A request whose upstream was chosen before may finish there, whether or
    /// not the new router has that upstream. On a stopped gateway nothing happens.
    ///
    /// - Throws: `GatewayError`; the router is then unchanged.
    package func route(by router: any Router) async throws {
        let routing = try Routing(router, after: self.routing)
        self.routing = routing
        switch state {
        case .stopping, .stopped: return
        case .ready, .starting, .running: break
        }
        Self.route(loops, by: routing)
        // A loop runs its tasks in order: once a later task has run, the replacement is done.
        for loop in loops { try? await loop.eventLoop.submit {}.get() }
    }

    private static func route(_ loops: [NIOLoopBound<GatewayLoop>], by routing: Routing) {
        for loop in loops { loop.eventLoop.execute { loop.value.route(by: routing) } }
    }

    /// The listening channel, while there is one.
    var listeningChannel: (any Channel)? {
        if case .running(let channel) = state { channel } else { nil }
    }

    /// Reads the listener's certificate and key again and uses them for every new connection.
    ///
    /// - Returns: The certificate in force now; nil where the listener speaks plain HTTP.
    /// - Throws: `GatewayError`; the earlier certificate then stays in force.
    @discardableResult
    package nonisolated func readCertificate() throws -> ListenerCertificate? {
        guard let files = configuration.tls else { return nil }
        let (context, certificate) = try TLS.listener(files)
        listenerTLS.withLock { $0 = (context, certificate) }
        return certificate
    }

    /// The certificate in force; nil before the start and where the listener speaks plain HTTP.
    package nonisolated var certificate: ListenerCertificate? { listenerTLS.withLock { $0?.certificate } }

    /// What all loops have counted so far.
    package func counters() async -> GatewayCounters {
        let admitted = admission.figures
        var sum = GatewayCounters()
        sum.connectionsRefused = admitted.refusedByAddress
        sum.acceptPauses = admitted.pauses
        sum.acceptFailures = admitted.failures
        guard case .running = state else { return sum + lastCounters }
        for loop in loops {
            if let counters = try? await loop.eventLoop.submit({ loop.value.snapshot() }).get() { sum = sum + counters }
        }
        return sum
    }

    // MARK: Parts

    private func makeLoop(
        index: Int,
        eventLoop: any EventLoop,
        routing: Routing
    ) async throws -> NIOLoopBound<GatewayLoop> {
        let (configuration, tap, observer, logger, resolver) = (configuration, tap, observer, logger, resolver)
        return try await eventLoop.submit {
            wakeWithoutDelay()
            let loop = GatewayLoop(
                index: index,
                eventLoop: eventLoop,
                configuration: configuration,
                tap: tap,
                observer: observer,
                logger: logger,
                routing: routing,
                resolver: resolver
            )
            loop.startTicking()
            return NIOLoopBound(loop, eventLoop: eventLoop)
        }.get()
    }

    private func listen() async throws -> any Channel {
        let byEventLoop = Dictionary(
            uniqueKeysWithValues: loops.map { (ObjectIdentifier($0.eventLoop as AnyObject), $0) }
        )
        let (admission, logger) = (admission, logger)
        let limitName =
            configuration.fileLimit.map { "the open-file limit of \($0) allows" } ?? "limits.connections allows"
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let gate = AcceptGate(admission, limitName: limitName, logger: logger)
                    try channel.pipeline.syncOperations.addHandler(gate)
                }
            }
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelOption(.recvAllocator, value: ReadBufferSize())
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let loop = byEventLoop[ObjectIdentifier(channel.eventLoop as AnyObject)] else {
                        throw ChannelError.inappropriateOperationForState
                    }
                    let pipeline = channel.pipeline.syncOperations
                    if let tls = self.listenerTLS.withLock({ $0?.context }) {
                        try pipeline.addHandler(NIOSSLServerHandler(context: tls))
                    }
                    try pipeline.addHandler(ClientConnection(loop: loop.value))
                }
            }
        do {
            return try await bootstrap.bind(host: configuration.host, port: configuration.port).get()
        } catch {
            throw GatewayError.cannotListen(
                address: "\(configuration.host):\(configuration.port)",
                reason: "\(error)"
            )
        }
    }

    private static func stop(_ loop: NIOLoopBound<GatewayLoop>, _ patience: TimeAmount) async -> GatewayCounters {
        let eventLoop = loop.eventLoop
        let drained = eventLoop.flatSubmit {
            let cutting = eventLoop.scheduleTask(in: patience) { loop.value.cut() }
            return loop.value.drain().map {
                cutting.cancel()
                loop.value.stopTicking()
            }
        }
        try? await drained.get()
        return (try? await eventLoop.submit { loop.value.snapshot() }.get()) ?? GatewayCounters()
    }
}
