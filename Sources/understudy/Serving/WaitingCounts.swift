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
    private var traffic: [Day: StoredDayTraffic] = [:]
    private var table: RateTable?
    private var savedTable: RateTable?

    var isEmpty: Bool { minutes.isEmpty && traffic.isEmpty && table == savedTable }

    /// Takes over what the mirror has counted since the last time.
    mutating func drain(_ mirror: Mirror) async {
        for change in mirror.drainMinutes() {
            minutes[Minute(minute: change.minute, intent: change.intent), default: Funnel()] += change.delta
        }
        for change in await mirror.drainTraffic() {
            let day = Day(day: change.day, intent: change.intent)
            var sum =
                traffic[day]
                ?? StoredDayTraffic(day: day.day, intent: day.intent, requests: 0, sessions: 0, observedShare: 0)
            sum.requests += change.requests
            sum.sessions += change.sessions
            sum.played += change.played
            sum.tokens += change.tokens
            sum.observedShare = max(sum.observedShare, change.observedShare)
            traffic[day] = sum
        }
        table = mirror.rates
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
        try store.addTraffic(Array(traffic.values), experiment: experiment)
        traffic = [:]
        guard let table, table != savedTable else { return }
        let rates = table.rates.map { SamplingRate(day: table.day, intent: $0.key, rate: $0.value) }
        try store.saveRates(
            rates + [SamplingRate(day: table.day, intent: nil, rate: table.otherwise)],
            experiment: experiment
        )
        savedTable = table
    }
}
