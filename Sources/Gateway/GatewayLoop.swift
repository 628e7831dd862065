// Everything that belongs to one event loop: its clients, its connections to upstreams, its counters.
//
// Nothing here is shared between loops, so nothing is locked. Deadlines are not timers: every connection stores the tick of its
// loop at which its wait ends, and each tick checks all connections. That costs a connection one store instead of an
// allocation and a heap operation per event. A deadline passes up to two ticks late and never early: a loop without the
// processor does not tick, so no client of a busy machine is taken for silent.

import Logging
import NIOCore
import NIOPosix

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
    let tap: any Tap
    let observer: (any GatewayObserver)?
    let logger: Logger
    let resolver: (any Resolver & Sendable)?
    /// The router in force.
    private(set) var routes: Routes

    var counters = GatewayCounters()
    private(set) var isStopping = false
    /// The time at the last tick.
    private(set) var coarseNow = ContinuousClock.now
    private(set) var tickCount = 0
    let timeouts: Timeouts
    /// Gathered body bytes of unfinished requests without a connection to an upstream.
    var gatheredByteCount = 0
    /// Their limit on this loop.
    let gatheredTotalLimit: Int
    /// Memory of requests that may have to be sent again, or whose connection to the upstream is not open yet.
    var replayByteCount = 0
    /// Beyond this, requests go over fresh connections, which need no replay, and bodies wait at their clients.
    private let replayTotalLimit: Int
    var hasReplayRoom: Bool { replayByteCount < replayTotalLimit }

    private var clients: [ClientConnection] = []
    private var ticking: RepeatedTask?
    private var emptied: EventLoopPromise<Void>?

    init(
        index: Int,
        eventLoop: any EventLoop,
        configuration: GatewayConfiguration,
        tap: any Tap,
        observer: (any GatewayObserver)?,
        logger: Logger,
        routing: Routing,
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
        self.resolver = resolver
        self.routes = Routes(routing, configuration, keeping: [])
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
        for pool in routes.pools {
            for connection in pool.idle.expire(now: coarseNow) { connection.close() }
        }
        // A closing connection removes itself and moves the last one into its place: backwards, none is missed.
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

    // MARK: Upstreams

    /// Uses another router from the next request on; requests that have an upstream stay with it.
    func route(by routing: Routing) {
        let earlier = routes.pools
        routes = Routes(routing, configuration, keeping: earlier)
        for pool in earlier where !routes.pools.contains(where: { $0 === pool }) {
            pool.isRetired = true
            for connection in pool.idle.removeAll() { connection.close() }
        }
    }

    // MARK: Stop

    /// Closes what is unused and lets the rest finish.
    ///
    /// - Returns: Succeeds when the last client is gone.
    func drain() -> EventLoopFuture<Void> {
        isStopping = true
        for pool in routes.pools {
            for connection in pool.idle.removeAll() { connection.close() }
        }
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
        snapshot.upstreamConnectionsIdle = keptConnectionCount
        return snapshot
    }
}
