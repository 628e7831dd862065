// A loop's connections to upstreams: taken, kept, opened.

import NIOCore
import NIOPosix
import NIOSSL

extension GatewayLoop {
    /// A kept connection that is ready for use, or nil.
    func takeKept(_ pool: UpstreamPool) -> UpstreamConnection? {
        let connection = pool.idle.take(now: coarseNow)
        if connection != nil { counters.upstreamConnectionsReused += 1 }
        return connection
    }

    /// Keeps a connection for the next request to the same place, unless none is to come.
    func keep(_ connection: UpstreamConnection, afterEventStream: Bool) {
        let pool = connection.pool
        guard !isStopping, !pool.isRetired else { return connection.close() }
        // One tick on top, because `coarseNow` may lie that far back.
        let settleTime = afterEventStream ? configuration.streamSettleTime + configuration.tick : .zero
        pool.idle.put(connection, settleTime: settleTime, now: coarseNow)?.close()
        if routes.pools.count > 1, keptConnectionCount > configuration.maximumKeptConnections { dropOldest() }
    }

    /// Unused connections that are kept.
    var keptConnectionCount: Int { routes.pools.reduce(0) { $0 + $1.idle.count } }

    /// Closes the connection that was kept for longest; the limit holds for all pools together.
    private func dropOldest() {
        let pools = routes.pools.filter { $0.idle.oldestExpires != nil }
        let oldest = pools.min { ($0.idle.oldestExpires ?? coarseNow) < ($1.idle.oldestExpires ?? coarseNow) }
        oldest?.idle.removeOldest()?.close()
    }

    func forget(_ connection: UpstreamConnection) {
        connection.pool.idle.remove(connection)
    }

    /// A connection that is not opened yet (`open`).
    func makeConnection(_ route: Route) -> UpstreamConnection {
        UpstreamConnection(loop: self, pool: route.pool, name: route.upstream.name)
    }

    /// Opens a connection on this loop; its client is told the result, possibly before this returns.
    func open(_ connection: UpstreamConnection) {
        counters.upstreamConnectionsOpened += 1
        let bound = NIOLoopBound(connection, eventLoop: eventLoop)
        let pool = connection.pool
        let tls = pool.tls
        let host = pool.place.host
        let isLiteral = pool.address != nil
        let bootstrap = ClientBootstrap(group: eventLoop)
            .resolver(resolver)
            .connectTimeout(TimeAmount(configuration.connectTimeout))
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelOption(.recvAllocator, value: ReadBufferSize())
            // Half-closure keeps the socket open, to read its state when the upstream closes. TLS has its own way to close.
            .channelOption(.allowRemoteHalfClosure, value: tls == nil)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        // Server Name Indication carries names only (RFC 6066 section 3); an address is verified as one.
                        let handler = try NIOSSLClientHandler(context: tls, serverHostname: isLiteral ? nil : host)
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    bound.value.attempts.append(channel)
                }
            }
        let connecting =
            pool.address.map { bootstrap.connect(to: $0) } ?? bootstrap.connect(host: host, port: pool.place.port)
        connecting.assumeIsolated().whenComplete { result in
            switch result {
            case .success(let channel): connection.connected(channel)
            case .failure(let error): connection.connectFailed(error)
            }
        }
    }
}
