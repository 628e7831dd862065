import CoreMetrics

/// What the metrics say of the gateway's clients.
package struct ClientInstruments: Sendable {
    private let open: Meter
    private let limit: Meter
    private let pauses: Counter
    private let failures: Counter
    private let refused: Counter

    /// Shows them in `registry`, which has them at 0 from now on.
    package init(registry: PrometheusRegistry) {
        open = Meter(label: "understudy_clients_open", factory: registry)
        limit = Meter(label: "understudy_clients_limit", factory: registry)
        pauses = Counter(label: "understudy_accept_pauses_total", factory: registry)
        failures = Counter(label: "understudy_accept_failures_total", factory: registry)
        refused = Counter(label: "understudy_clients_refused_total", factory: registry)
    }

    /// Shows who is connected, and adds what happened since the last time.
    ///
    /// - Parameters:
    ///   - open: Clients that are connected.
    ///   - limit: How many may be.
    ///   - pauses: Times that accepting stopped at the limit.
    ///   - failures: Times that the system had nothing left for a client.
    ///   - refused: Connections closed because their address had too many.
    package func show(open: Int, limit: Int, newPauses pauses: Int, newFailures failures: Int, newRefused refused: Int)
    {
        self.open.set(open)
        self.limit.set(limit)
        self.pauses.increment(by: pauses)
        self.failures.increment(by: failures)
        self.refused.increment(by: refused)
    }
}
