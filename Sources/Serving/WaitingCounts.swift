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
    private var traffic: [Day: DayTraffic] = [:]
    private var table: RateTable?
    private var savedTable: RateTable?
    private var tally: FunnelTally?
    /// Of the store that has what was written so far.
    private var generation = 0

    var isEmpty: Bool { minutes.isEmpty && traffic.isEmpty && table == savedTable }

    /// Takes over what the mirror has counted since the last time.
    mutating func drain(_ mirror: Mirror) async {
        let drain = mirror.drainMinutes()
        add(drain.minutes, upTo: drain.tally)
        add(await mirror.drainTraffic())
        table = mirror.rates
    }

    /// Adds changes of the funnel, and what they lead up to.
    mutating func add(_ changes: [FunnelMinute], upTo tally: FunnelTally?) {
        self.tally = tally
        for change in changes {
            minutes[Minute(minute: change.minute, intent: change.intent), default: Funnel()] += change.change
        }
    }

    /// Adds to the traffic of days; of the parts that were observed the largest stands.
    mutating func add(_ changes: [DayTraffic]) {
        for change in changes {
            let day = Day(day: change.day, intent: change.intent)
            var sum =
                traffic[day]
                ?? DayTraffic(day: day.day, intent: day.intent, requests: 0, sessions: 0, observedShare: 0)
            sum.requests += change.requests
            sum.sessions += change.sessions
            sum.played += change.played
            sum.tokens += change.tokens
            sum.observedShare = max(sum.observedShare, change.observedShare)
            self.traffic[day] = sum
        }
    }

    /// Writes all in one transaction; what was written is gone from here.
    ///
    /// - Throws: what the store says; then all of it waits for the next time.
    mutating func write(to store: Store, experiment: ExperimentID) throws {
        if store.generation != generation { begin(store.generation) }
        let newTable = table == savedTable ? nil : table
        try store.transaction { transaction in
            try transaction.funnel.add(
                minutes.map { FunnelMinute(minute: $0.minute, intent: $0.intent, change: $1) },
                upTo: tally,
                experiment: experiment
            )
            try transaction.traffic.add(Array(traffic.values), experiment: experiment)
            if let newTable { try transaction.traffic.save(newTable, experiment: experiment) }
        }
        minutes = [:]
        traffic = [:]
        savedTable = table
    }

    /// A new store took the place of the one that has what was written so far: it hears of what is in flight as of
    /// requests of its own, or its funnel could not add up.
    private mutating func begin(_ generation: Int) {
        self.generation = generation
        savedTable = nil
        guard let tally else { return }
        for (intent, funnel) in tally.classes {
            let waiting = minutes.filter { $0.key.intent == intent }
            let before = funnel.inFlight - waiting.values.reduce(0) { $0 + $1.inFlight }
            var carried = Funnel()
            (carried.seen, carried.sampled, carried.inFlight) = (before, before, before)
            minutes[Minute(minute: tally.minute, intent: intent), default: Funnel()] += carried
        }
    }
}
