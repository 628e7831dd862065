// Everything that belongs to one event loop: its clients, its connections to stable, its counters.
//
// Nothing here is shared between loops, so nothing is locked. Deadlines are not timers: every connection writes down until
// which tick of its loop it may stay as it is, and each tick looks at all of them. That costs a connection a store instead
// of an allocation and a heap operation per event. A deadline passes up to two ticks late and never early: a loop that
// was kept from running has not ticked meanwhile, so a busy machine makes nobody look silent.

import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Vocabulary

/// The timeouts of the configuration in ticks.
struct Timeouts {
    var idle: Int
    var header: Int
    var answer: Int
    var connect: Int
    var linger: Int
    var request: RequestPace.Limits

    init(_ configuration: GatewayConfiguration) {
        func ticks(_ timeout: Duration) -> Int { max(1, Int((timeout / configuration.tick).rounded(.up))) }
        idle = ticks(configuration.idleTimeout)
        header = ticks(configuration.headerTimeout)
        answer = ticks(configuration.answerIdleTimeout)
        connect = ticks(configuration.connectTimeout)
        linger = ticks(configuration.lingerTimeout)
        request = RequestPace.Limits(
            whole: ticks(configuration.requestTimeout),
            grace: ticks(configuration.bodyRateGrace),
            bytesPerTick: Double(configuration.minimumBodyRate) * (configuration.tick / .seconds(1))
        )
    }
}

final class GatewayLoop {
    let index: Int
    let eventLoop: any EventLoop
    let configuration: GatewayConfiguration
    let rewriting: RequestRewriting
    let tap: any Tap
    let observer: (any GatewayObserver)?
    let logger: Logger
    private let upstreamTLS: NIOSSLContext?
    private let upstreamAddress: SocketAddress?
    private let resolver: (any Resolver & Sendable)?

    var counters = GatewayCounters()
    var acknowledgements = AcknowledgementTrust()
    private(set) var isStopping = false
    /// The time at the last tick.
    private(set) var coarseNow = ContinuousClock.now
    private(set) var tickCount = 0
    let timeouts: Timeouts
    /// Body bytes of unfinished requests that no connection to stable was taken for.
    var gatheredByteCount = 0
    /// How many they may be on this loop.
    let gatheredTotalLimit: Int
    /// Memory of requests that may have to be sent again, or whose connection to stable is not there yet.
    var replayByteCount = 0
    /// Where it is more on this loop, requests go over fresh connections, which need no replay, and bodies wait at their clients.
    private let replayTotalLimit: Int
    var hasReplayRoom: Bool { replayByteCount < replayTotalLimit }

    private var clients: [ClientConnection] = []
    private var pool: IdlePool<UpstreamConnection>
    private var ticking: RepeatedTask?
    private var emptied: EventLoopPromise<Void>?

    init(
        index: Int,
        eventLoop: any EventLoop,
        configuration: GatewayConfiguration,
        tap: any Tap,
        observer: (any GatewayObserver)?,
        logger: Logger,
        upstreamTLS: NIOSSLContext?,
        resolver: (any Resolver & Sendable)?
    ) {
        self.index = index
        self.eventLoop = eventLoop
        self.configuration = configuration
        self.timeouts = Timeouts(configuration)
        self.gatheredTotalLimit = configuration.gatheredTotalLimit / max(1, configuration.threads)
        self.replayTotalLimit = configuration.replayTotalLimit / max(1, configuration.threads)
        self.tap = tap
        self.observer = observer
        self.logger = logger
        self.upstreamTLS = upstreamTLS
        self.resolver = resolver
        let upstream = configuration.upstream
        // A literal address needs no resolver, which would mean a hop to another thread for every connection.
        self.upstreamAddress = try? SocketAddress(ipAddress: upstream.host, port: upstream.port)
        self.pool = IdlePool(limit: configuration.maximumKeptConnections, timeout: configuration.keptConnectionTimeout)
        self.rewriting = RequestRewriting(
            authority: upstream.authority,
            basePath: upstream.basePath,
            addsForwarded: configuration.addsForwarded,
            clientScheme: configuration.tls == nil ? "http" : "https"
        )
    }

    /// The tick at which a wait of this many ticks, begun now, is over.
    func deadline(_ ticks: Int) -> Int {
        tickCount + ticks + 1
    }

    func startTicking() {
        let interval = TimeAmount(configuration.tick)
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        ticking = eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in bound.value.tick() }
    }

    private func tick() {
        coarseNow = .now
        tickCount += 1
        for connection in pool.expire(now: coarseNow) { connection.close() }
        // A connection that closes takes itself out and moves the last one into its place: backwards, none is missed.
        for index in clients.indices.reversed() where index < clients.count {
            clients[index].checkDeadline()
        }
    }

    // MARK: Clients

    func add(_ client: ClientConnection) {
        counters.connectionsAccepted += 1
        counters.connectionsOpen += 1
        client.place = clients.count
        clients.append(client)
        if isStopping { client.drain() }
    }

    func remove(_ client: ClientConnection) {
        guard let place = client.place else { return }
        client.place = nil
        counters.connectionsOpen -= 1
        let last = clients.removeLast()
        if last !== client {
            clients[place] = last
            last.place = place
        }
        if clients.isEmpty { emptied?.succeed(()) }
    }

    // MARK: Stable

    /// A kept connection that is ready for use, or nil.
    func takeKept() -> UpstreamConnection? {
        let connection = pool.take(now: coarseNow)
        if connection != nil { counters.upstreamConnectionsReused += 1 }
        return connection
    }

    func keep(_ connection: UpstreamConnection, afterEventStream: Bool) {
        guard !isStopping else { return connection.close() }
        // One tick on top, because `coarseNow` may lie that far back.
        let settleTime = afterEventStream ? configuration.streamSettleTime + configuration.tick : .zero
        pool.put(connection, settleTime: settleTime, now: coarseNow)?.close()
    }

    func forget(_ connection: UpstreamConnection) {
        pool.remove(connection)
    }

    /// A connection to stable that is still to be opened with `open`.
    func makeConnection() -> UpstreamConnection {
        UpstreamConnection(loop: self, isTLS: upstreamTLS != nil)
    }

    /// Opens a connection to stable on this loop; its client hears how it went, perhaps before this returns.
    func open(_ connection: UpstreamConnection) {
        counters.upstreamConnectionsOpened += 1
        let bound = NIOLoopBound(connection, eventLoop: eventLoop)
        let upstreamTLS = self.upstreamTLS
        let host = configuration.upstream.host
        let isLiteral = upstreamAddress != nil
        let bootstrap = ClientBootstrap(group: eventLoop)
            .resolver(resolver)
            .connectTimeout(TimeAmount(configuration.connectTimeout))
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelOption(.recvAllocator, value: ReadBufferSize())
            // Half-closure keeps the socket open for a last look at it when stable closes. TLS has its own way to close.
            .channelOption(.allowRemoteHalfClosure, value: upstreamTLS == nil)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let upstreamTLS {
                        // Server Name Indication carries names only (RFC 6066 section 3); an address is verified as one.
                        let handler = try NIOSSLClientHandler(
                            context: upstreamTLS,
                            serverHostname: isLiteral ? nil : host
                        )
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    bound.value.attempts.append(channel)
                }
            }
        let connecting =
            upstreamAddress.map { bootstrap.connect(to: $0) }
            ?? bootstrap.connect(host: host, port: configuration.upstream.port)
        connecting.assumeIsolated().whenComplete { result in
            switch result {
            case .success(let channel): connection.connected(channel)
            case .failure(let error): connection.connectFailed(error)
            }
        }
    }

    // MARK: Stop

    /// Closes what is unused and lets the rest finish.
    ///
    /// - Returns: Succeeds when the last client is gone.
    func drain() -> EventLoopFuture<Void> {
        isStopping = true
        for connection in pool.removeAll() { connection.close() }
        let emptied = eventLoop.makePromise(of: Void.self)
        self.emptied = emptied
        for client in clients { client.drain() }
        if clients.isEmpty { emptied.succeed(()) }
        return emptied.futureResult
    }

    /// Cuts off whatever is still in flight.
    func cut() {
        for client in clients { client.cut() }
    }

    func stopTicking() {
        ticking?.cancel()
        ticking = nil
    }

    func snapshot() -> GatewayCounters {
        var snapshot = counters
        snapshot.upstreamConnectionsIdle = pool.count
        return snapshot
    }
}
