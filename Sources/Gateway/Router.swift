/// Chooses the upstream that serves a request: once per request, in one place.
///
/// Called on the event loops, on several at a time; it must return at once. A router is a value that does not change what it may
/// choose: another one is put in its place (`GatewayServer.route`).
package protocol Router: Sendable {
    /// Serves the requests for which no other is chosen.
    var usual: Upstream { get }

    /// Who else may be chosen, each by a name of its own.
    var others: [Upstream] { get }

    /// Chooses who serves the request with this head.
    ///
    /// Of its body nothing has come yet, or nothing that is looked at: a rule that needs it would have to be waited for before
    /// `ClientConnection.begin` writes the head that goes out.
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
