import CoreMetrics

/// Metrics of the store.
package enum StoreInstruments {
    /// Sets the reason why nothing is stored now.
    ///
    /// - Parameters:
    ///   - reason: the reason in force; nil where pairs are stored.
    ///   - reasons: all possible ones, each a series of its own with 0 or 1.
    ///   - registry: receives the series.
    package static func show(paused reason: String?, of reasons: [String], in registry: PrometheusRegistry) {
        for known in reasons {
            Meter(label: "understudy_store_paused", dimensions: [("reason", known)], factory: registry)
                .set(known == reason ? 1 : 0)
        }
    }

    /// Records the duration of a transaction of the pair writer, the sync included.
    package static func recordCommit(_ duration: Duration, in registry: PrometheusRegistry) {
        Recorder(label: "understudy_store_commit_seconds", aggregate: true, factory: registry)
            .record(duration / .seconds(1))
    }

    /// Sets how much of the store's file is in use.
    package static func show(bytes: Int, in registry: PrometheusRegistry) {
        Meter(label: "understudy_store_size_bytes", factory: registry).set(bytes)
    }
}
