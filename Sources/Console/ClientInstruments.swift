import CoreMetrics

/// Metrics of the gateway's clients.
package struct ClientInstruments: Sendable {
    private let open: Meter
    private let limit: Meter
    private let pauses: Counter
    private let failures: Counter
    private let refused: Counter

    /// Registers them in `registry`, at 0.
    package init(registry: PrometheusRegistry) {
        open = Meter(label: "understudy_clients_open", factory: registry)
        limit = Meter(label: "understudy_clients_limit", factory: registry)
        pauses = Counter(label: "understudy_accept_pauses_total", factory: registry)
        failures = Counter(label: "understudy_accept_failures_total", factory: registry)
        refused = Counter(label: "understudy_clients_refused_total", factory: registry)
    }

    /// Sets the number of clients, and adds the events since the last call.
    ///
    /// - Parameters:
    ///   - open: Connected clients.
    ///   - limit: Their maximum.
    ///   - pauses: Times that accepting stopped at the limit.
    ///   - failures: Times that the system had no descriptor or memory left for a client.
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
