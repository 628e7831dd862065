// The upstreams of one event loop.
//
// A `Router` names upstreams by value and is shared by all loops. Each loop has its own connections to them, so it keeps a
// `Route` for each (the rewriting of heads, and the connections), which a request retains. When the router is replaced, an
// upstream with the same place keeps its connections. A removed one takes no further request: its unused connections are
// closed at once, and those in use at the end of their answers.

import NIOCore
import NIOSSL
import Vocabulary

/// A router with the TLS contexts of its upstreams; shared by all loops.
struct Routing: Sendable {
    let router: any Router
    private let tls: [Upstream.Place: NIOSSLContext]

    /// - Parameters:
    ///   - router: The router.
    ///   - earlier: The one before it; its contexts stay in use where the place is the same.
    /// - Throws: `GatewayError`.
    init(_ router: any Router, after earlier: Routing? = nil) throws {
        self.router = router
        var tls: [Upstream.Place: NIOSSLContext] = [:]
        for upstream in [router.usual] + router.others where upstream.url.isTLS && tls[upstream.place] == nil {
            tls[upstream.place] = try earlier?.tls[upstream.place] ?? TLS.upstream(upstream)
        }
        self.tls = tls
    }

    /// The TLS context of connections to a place; nil for plain HTTP.
    func tls(for place: Upstream.Place) -> NIOSSLContext? { tls[place] }
}

/// A loop's connections to one place.
final class UpstreamPool {
    let place: Upstream.Place
    let tls: NIOSSLContext?
    /// The address, if the host is a literal one: it needs no resolver and so no hop to another thread for every connection.
    let address: SocketAddress?
    var idle: IdlePool<UpstreamConnection>
    var acknowledgements = AcknowledgementTrust()
    /// Whether no upstream of the current router has this place any more.
    var isRetired = false

    init(_ place: Upstream.Place, tls: NIOSSLContext?, configuration: GatewayConfiguration) {
        self.place = place
        self.tls = tls
        address = try? SocketAddress(ipAddress: place.host, port: place.port)
        idle = IdlePool(limit: configuration.maximumKeptConnections, timeout: configuration.keptConnectionTimeout)
    }
}

/// The route of a loop's requests to one upstream.
final class Route {
    let upstream: Upstream
    let rewriting: RequestRewriting
    let pool: UpstreamPool

    init(_ upstream: Upstream, _ pool: UpstreamPool, _ configuration: GatewayConfiguration) {
        self.upstream = upstream
        self.pool = pool
        rewriting = RequestRewriting(
            authority: upstream.url.authority,
            basePath: upstream.url.basePath,
            addsForwarded: configuration.addsForwarded,
            clientScheme: configuration.tls == nil ? "http" : "https"
        )
    }
}

/// The routes of one loop.
///
/// A class, so that a look-up copies nothing.
final class Routes {
    private let router: any Router
    private let usual: Route
    private let others: [Route]
    /// Each once.
    let pools: [UpstreamPool]
    /// Whether a path with `..` is refused (`PathConfinement`).
    ///
    /// True if any upstream has a base path: refusal must not depend on the chosen upstream.
    let confinesPaths: Bool

    /// - Parameters:
    ///   - routing: The router.
    ///   - configuration: The gateway's.
    ///   - earlier: The existing pools; those of unchanged places stay in use.
    init(_ routing: Routing, _ configuration: GatewayConfiguration, keeping earlier: [UpstreamPool]) {
        var pools: [UpstreamPool] = []
        func route(to upstream: Upstream) -> Route {
            let place = upstream.place
            if let pool = pools.first(where: { $0.place == place }) { return Route(upstream, pool, configuration) }
            let pool =
                earlier.first { $0.place == place }
                ?? UpstreamPool(place, tls: routing.tls(for: place), configuration: configuration)
            pools.append(pool)
            return Route(upstream, pool, configuration)
        }
        router = routing.router
        usual = route(to: router.usual)
        others = router.others.map { route(to: $0) }
        self.pools = pools
        confinesPaths = ([usual] + others).contains { !$0.rewriting.basePath.isEmpty }
    }

    /// The route of the request with this head.
    func choose(for head: RequestHead) -> Route {
        guard let name = router.choose(for: head) else { return usual }
        return others.first { $0.upstream.name == name } ?? usual
    }
}
