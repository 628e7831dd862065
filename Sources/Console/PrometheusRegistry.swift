// Prometheus' text exposition format over swift-metrics.
//
// What: a `MetricsFactory` that keeps every instrument of the process and prints all of them on request.
// Why: no exporter resolves together with the other packages, and the format is small.
// Source: https://prometheus.io/docs/instrumenting/exposition_formats/ ("Text format details", version 0.0.4).
// Limits: no summaries, no exemplars, no timestamps; a label pair stays until the process ends, so labels must come from
// bounded sets.

package import CoreMetrics
import Threads

/// Every instrument of the process, kept by name and labels.
package final class PrometheusRegistry: MetricsFactory, Sendable {
    private let histogramBounds: @Sendable (String) -> [Double]
    private let help: [String: String]
    private let instruments = Locked<[InstrumentKey: Instrument]>([:])

    /// - Parameters:
    ///   - help: the HELP line of a metric, by its name.
    ///   - histogramBounds: the upper bounds of a histogram's buckets, ascending, without infinity.
    package init(
        help: [String: String] = [:],
        histogramBounds: @escaping @Sendable (String) -> [Double] = { _ in PrometheusRegistry.latencyBounds }
    ) {
        self.help = help
        self.histogramBounds = histogramBounds
    }

    /// Bounds in seconds from 1 ms to 5 min, about 1 : 2 : 5, which covers cached answers and long generations.
    package static let latencyBounds: [Double] = [
        0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300,
    ]

    private func instrument(_ label: String, _ dimensions: [(String, String)], _ make: () -> Instrument) -> Instrument {
        let key = InstrumentKey(name: label, labels: dimensions)
        return instruments.withLock { instruments in
            if let known = instruments[key] { return known }
            let new = make()
            instruments[key] = new
            return new
        }
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        instrument(label, dimensions) { Instrument(.counter) }
    }

    package func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        instrument(label, dimensions) { Instrument(.counter) }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        instrument(label, dimensions) { Instrument(.gauge) }
    }

    package func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        instrument(label, dimensions) {
            Instrument(aggregate ? .histogram(bounds: histogramBounds(label)) : .gauge)
        }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        instrument(label, dimensions) { Instrument(.histogram(bounds: histogramBounds(label))) }
    }

    // Instruments stay until the process ends: a counter that is removed and made again would look like a reset.
    package func destroyCounter(_: any CounterHandler) {}
    package func destroyFloatingPointCounter(_: any FloatingPointCounterHandler) {}
    package func destroyMeter(_: any MeterHandler) {}
    package func destroyRecorder(_: any RecorderHandler) {}
    package func destroyTimer(_: any TimerHandler) {}

    /// The text of one scrape, families in the order of their names.
    package func exposition() -> String {
        let snapshot = instruments.withLock { $0 }
        let families = Dictionary(grouping: snapshot) { $0.key.name }
        var text = PrometheusText()
        for (name, members) in families.sorted(by: { $0.key < $1.key }) {
            guard let first = members.first else { continue }
            text.begin(name, type: first.value.shape.typeName, help: help[name])
            for (key, instrument) in members.sorted(by: { $0.key < $1.key }) {
                instrument.write(name: name, labels: key.labelPairs, to: &text)
            }
        }
        return text.body
    }
}

/// A metric's name and its labels, in the order of the labels' names.
private struct InstrumentKey: Hashable, Comparable {
    let name: String
    let labelNames: [String]
    let labelValues: [String]

    init(name: String, labels: [(String, String)]) {
        let sorted = labels.sorted { $0.0 < $1.0 }
        self.name = name
        labelNames = sorted.map(\.0)
        labelValues = sorted.map(\.1)
    }

    var labelPairs: [(String, String)] { Array(zip(labelNames, labelValues)) }

    static func < (left: InstrumentKey, right: InstrumentKey) -> Bool {
        (left.name, left.labelValues.joined(separator: "\u{0}"))
            < (right.name, right.labelValues.joined(separator: "\u{0}"))
    }
}

extension PrometheusRegistry {
    /// A registry with the help texts and buckets of the console's own metrics.
    package static func forUnderstudy() -> PrometheusRegistry {
        PrometheusRegistry(
            help: [
                "http_requests_total": "Finished answers by leg, model version and HTTP status.",
                "http_request_duration_seconds": "Time from the complete request to the end of the answer.",
                "time_to_first_token_seconds":
                    "Time from the complete request to the first token of a streamed answer.",
                "llm_refusal_total": "Answers that the refusal scorer calls a refusal.",
                "understudy_store_paused": "1 for the reason for which nothing is stored or mirrored now.",
                "understudy_store_commit_seconds": "Transactions of stored pairs, the sync of the disk included.",
                "understudy_store_size_bytes": "Bytes in use within the store's file.",
                "understudy_clients_open": "Clients that are connected to the gateway.",
                "understudy_clients_limit": "Clients that may be connected at a time.",
                "understudy_accept_pauses_total": "How often accepting stopped because that many were connected.",
                "understudy_accept_failures_total": "How often the system had no descriptor or memory for a client.",
                "understudy_clients_refused_total": "Connections closed because their address had too many.",
                "understudy_certificate_expires_seconds":
                    "When the certificate that clients are met with expires, in seconds of Unix time.",
                "llm_quality_score": "Heuristic quality of the scored answers, 0 to 1.",
            ],
            histogramBounds: { name in
                name == "llm_quality_score"
                    ? stride(from: 0.1, through: 1, by: 0.1).map { ($0 * 10).rounded() / 10 } : latencyBounds
            }
        )
    }
}
