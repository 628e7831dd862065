import CoreMetrics
import Threads

/// One instrument of swift-metrics, as a counter, a gauge or a histogram.
final class Instrument: Sendable {
    enum Shape: Sendable {
        case counter
        case gauge
        case histogram(bounds: [Double])

        var typeName: String {
            switch self {
            case .counter: "counter"
            case .gauge: "gauge"
            case .histogram: "histogram"
            }
        }
    }

    private struct State {
        var value = 0.0
        /// Observations per bucket, not cumulative; the last one is above every bound.
        var buckets: [Int]
        var count = 0
    }

    let shape: Shape
    private let state: Locked<State>

    init(_ shape: Shape) {
        self.shape = shape
        let bucketCount =
            switch shape {
            case .histogram(let bounds): bounds.count + 1
            case .counter, .gauge: 0
            }
        state = Locked(State(buckets: Array(repeating: 0, count: bucketCount)))
    }

    private func observe(_ value: Double) {
        switch shape {
        case .counter, .gauge:
            state.withLock { $0.value = value }
        case .histogram(let bounds):
            // "le": a value that equals a bound belongs to that bound's bucket.
            let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
            state.withLock { state in
                state.buckets[bucket] += 1
                state.count += 1
                state.value += value
            }
        }
    }

    private func add(_ amount: Double) {
        state.withLock { $0.value += amount }
    }

    func write(name: String, labels: [(String, String)], to text: inout PrometheusText) {
        let (value, buckets, count) = state.withLock { ($0.value, $0.buckets, $0.count) }
        guard case .histogram(let bounds) = shape else {
            text.sample(name, labels: labels, value: value)
            return
        }
        var cumulative = 0
        for (index, inBucket) in buckets.enumerated() {
            cumulative += inBucket
            let bound = index < bounds.count ? PrometheusText.number(bounds[index]) : "+Inf"
            text.sample(name + "_bucket", labels: labels + [("le", bound)], value: Double(cumulative))
        }
        text.sample(name + "_sum", labels: labels, value: value)
        text.sample(name + "_count", labels: labels, value: Double(count))
    }
}

extension Instrument: CounterHandler {
    func increment(by amount: Int64) { add(Double(amount)) }
    func reset() { state.withLock { $0.value = 0 } }
}

extension Instrument: FloatingPointCounterHandler {
    func increment(by amount: Double) { add(amount) }
}

extension Instrument: MeterHandler {
    func set(_ value: Int64) { observe(Double(value)) }
    func set(_ value: Double) { observe(value) }
    func decrement(by amount: Double) { add(-amount) }
}

extension Instrument: RecorderHandler {
    func record(_ value: Int64) { observe(Double(value)) }
    func record(_ value: Double) { observe(value) }
}

extension Instrument: TimerHandler {
    /// Timers are printed in seconds, Prometheus' base unit.
    func recordNanoseconds(_ duration: Int64) { observe(Double(duration) / 1e9) }
}
