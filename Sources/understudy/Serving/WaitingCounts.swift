import Mirroring
import PairStore
import Vocabulary

/// What the mirror has counted and the store does not have yet.
struct WaitingCounts: Sendable {
    private var minutes: [StoredFunnelMinute] = []
    private var traffic: [StoredDayTraffic] = []
    private var rates: [SamplingRate] = []

    var isEmpty: Bool { minutes.isEmpty && traffic.isEmpty }

    /// Takes over what the mirror has counted since the last time.
    mutating func drain(_ mirror: Mirror) async {
        minutes += mirror.drainMinutes().map {
            StoredFunnelMinute(minute: $0.minute, intent: $0.intent, change: $0.delta)
        }
        traffic += await mirror.drainTraffic().map {
            StoredDayTraffic(day: $0.day, intent: $0.intent, requests: $0.requests, sessions: $0.sessions)
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
        try store.addFunnel(minutes, experiment: experiment)
        minutes = []
        try store.addTraffic(traffic, experiment: experiment)
        traffic = []
        try store.saveRates(rates, experiment: experiment)
    }
}
