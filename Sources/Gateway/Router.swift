/// Chooses the upstream that serves a request: once per request, in one place.
///
/// Called on several event loops at a time; it must return at once. The upstreams of a router never change: another router
/// replaces it (`GatewayServer.route`).
package protocol Router: Sendable {
    /// The upstream of requests for which no other is chosen.
    var usual: Upstream { get }

    /// The other upstreams, each with a name of its own.
    var others: [Upstream] { get }

    /// Chooses the upstream of the request with this head.
    ///
    /// The body is not available: a rule that needs it would have to wait before `ClientConnection.begin` writes the head that
    /// goes out.
    ///
    /// - Returns: A name; nil, or one that is not among `others`, stands for `usual`.
    func choose(for head: RequestHead) -> Upstream.Name?
}

/// The router with one answer.
package struct EveryoneTo: Router {
    package let usual: Upstream
    package var others: [Upstream] { [] }

    package init(_ upstream: Upstream) {
        usual = upstream
    }

    package func choose(for head: RequestHead) -> Upstream.Name? { nil }
}
