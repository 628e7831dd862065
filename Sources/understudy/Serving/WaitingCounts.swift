import Mirroring
import PairStore
import Vocabulary

/// What the mirror has counted and the store does not have yet.
///
/// Merged by minute and class, so that a store that takes nothing for a weekend costs kilobytes.
struct WaitingCounts: Sendable {
    private struct Minute: Hashable {
        var minute: Int
        var intent: IntentClass?
    }

    private struct Day: Hashable {
        var day: Int
        var intent: IntentClass
    }

    private var minutes: [Minute: Funnel] = [:]
    private var traffic: [Day: (requests: Int, sessions: Int)] = [:]
    private var rates: [SamplingRate] = []

    var isEmpty: Bool { minutes.isEmpty && traffic.isEmpty }

    /// Takes over what the mirror has counted since the last time.
    mutating func drain(_ mirror: Mirror) async {
        for change in mirror.drainMinutes() {
            minutes[Minute(minute: change.minute, intent: change.intent), default: Funnel()] += change.delta
        }
        for change in await mirror.drainTraffic() {
            let day = Day(day: change.day, intent: change.intent)
            let earlier = traffic[day] ?? (0, 0)
            traffic[day] = (earlier.requests + change.requests, earlier.sessions + change.sessions)
        }
        let table = mirror.rates
        rates = table.rates.map { SamplingRate(day: table.day, intent: $0.key, rate: $0.value) }
        if table.rates[.other] == nil {
            rates.append(SamplingRate(day: table.day, intent: .other, rate: table.rate(of: .other)))
        }
    }

    /// Writes part by part, each in a transaction of its own; what was written is gone from here, even if a later part
    /// fails.
    ///
    /// - Throws: what the store says.
    mutating func write(to store: PairStore, experiment: ExperimentID) throws {
        try store.addFunnel(
            minutes.map { StoredFunnelMinute(minute: $0.minute, intent: $0.intent, change: $1) },
            experiment: experiment
        )
        minutes = [:]
        try store.addTraffic(
            traffic.map {
                StoredDayTraffic(day: $0.day, intent: $0.intent, requests: $1.requests, sessions: $1.sessions)
            },
            experiment: experiment
        )
        traffic = [:]
        try store.saveRates(rates, experiment: experiment)
    }
}
