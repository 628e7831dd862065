import CoreMetrics
import Histogram
import Threads
package import Vocabulary

/// The metrics of answered requests, by leg and version.
///
/// Called off the user's path, once per finished leg.
package final class LegLatencies: Sendable {
    private struct Recorded {
        /// 1 µs to 1 h, recorded in microseconds, three significant digits.
        var total = Histogram<UInt64>(highestTrackableValue: 3_600_000_000, numberOfSignificantValueDigits: .three)
        var firstToken = Histogram<UInt64>(
            highestTrackableValue: 3_600_000_000,
            numberOfSignificantValueDigits: .three
        )
    }

    private let registry: PrometheusRegistry
    private let recorded = Locked<[Leg: Recorded]>([:])

    package init(registry: PrometheusRegistry) {
        self.registry = registry
    }

    /// Counts one finished answer; `code` is its HTTP status, nil without a head.
    package func record(leg: Leg, version: String, code: Int?, timings: Timings) {
        record(leg: leg, version: version, finished: [(code, timings.total)])
        recordFirstToken(leg: leg, version: version, timings.firstToken)
    }

    /// Counts many finished answers of one leg; `code` is the HTTP status, nil without a head.
    package func record(leg: Leg, version: String, finished: ArraySlice<(code: Int?, total: Duration?)>) {
        let labels = [("leg", leg.rawValue), ("model_version", version)]
        let answersByCode: [Int?: Int] = finished.reduce(into: [:]) { $0[$1.code, default: 0] += 1 }
        for (code, answers) in answersByCode {
            Counter(
                label: "http_requests_total",
                dimensions: labels + [("code", code.map(String.init) ?? "none")],
                factory: registry
            ).increment(by: answers)
        }
        let totals = finished.compactMap(\.total)
        guard !totals.isEmpty else { return }
        let seconds = Recorder(
            label: "http_request_duration_seconds",
            dimensions: labels,
            aggregate: true,
            factory: registry
        )
        for total in totals { seconds.record(total.milliseconds / 1_000) }
        recorded.withLock { recorded in
            for total in totals { _ = recorded[leg, default: Recorded()].total.record(Self.microseconds(total)) }
        }
    }

    /// Records a time to first token whose answer is counted elsewhere; nil records nothing.
    package func recordFirstToken(leg: Leg, version: String, _ firstToken: Duration?) {
        guard let firstToken else { return }
        let labels = [("leg", leg.rawValue), ("model_version", version)]
        Recorder(label: "time_to_first_token_seconds", dimensions: labels, aggregate: true, factory: registry)
            .record(firstToken.milliseconds / 1_000)
        recorded.withLock { recorded in
            _ = recorded[leg, default: Recorded()].firstToken.record(Self.microseconds(firstToken))
        }
    }

    /// Records the scores of one answer.
    package func record(leg: Leg, version: String, isRefusal: Bool, quality: Double?) {
        let labels = [("leg", leg.rawValue), ("model_version", version)]
        Counter(label: "llm_refusal_total", dimensions: labels, factory: registry).increment(by: isRefusal ? 1 : 0)
        guard let quality else { return }
        Recorder(label: "llm_quality_score", dimensions: labels, aggregate: true, factory: registry).record(quality)
    }

    /// One line per leg for the live page, tails included.
    package func statusRows() -> [StatusRow] {
        recorded.withLock { recorded in
            Leg.allCases.compactMap { leg in
                guard let histograms = recorded[leg] else { return nil }
                var text = "total \(Self.summary(histograms.total))"
                if histograms.firstToken.totalCount > 0 {
                    text += "; first token \(Self.summary(histograms.firstToken))"
                }
                return StatusRow(name: "\(leg.rawValue) p50 / p95 / p99", value: text)
            }
        }
    }

    private static func microseconds(_ duration: Duration) -> UInt64 {
        UInt64(min(max(duration.milliseconds * 1_000, 1), 3_600_000_000))
    }

    private static func summary(_ histogram: Histogram<UInt64>) -> String {
        [50.0, 95, 99].map { percentile in
            let milliseconds = Double(histogram.valueAtPercentile(percentile)) / 1_000
            return milliseconds < 10
                ? "\((milliseconds * 100).rounded() / 100)" : "\(Int(milliseconds.rounded()))"
        }.joined(separator: " / ") + " ms"
    }
}
