import Vocabulary

/// Counts the traffic of the days, class by class, in bounded memory.
struct TrafficTally {
    private struct Key: Hashable {
        var day: Int
        var intent: IntentClass
    }

    private struct Count {
        var requests = 0
        var sessions = DistinctDraws()
        var played = 0
        var tokens = 0
        var drained = DayTraffic(day: 0, intent: .other, requests: 0, sessions: 0)
    }

    /// Traffic of earlier runs, as it was restored.
    private let earlier: [DayTraffic]
    private let startDay: Int
    private let startDayShare: Double
    private var counts: [Key: Count] = [:]

    /// A tally that starts at this time of the wall clock; `earlier` has the counts of earlier runs.
    init(earlier: [DayTraffic], secondsSince1970: Double) {
        self.earlier = earlier
        startDay = utcDay(secondsSince1970)
        let passed = secondsSince1970 / 86_400 - Double(startDay)
        // A day begun by an earlier run counts as observed since then, without the time between the runs.
        startDayShare = earlier.filter { [startDay] in $0.day == startDay }.map(\.observedShare).max() ?? 1 - passed
    }

    mutating func saw(_ intent: IntentClass, draw: Draw, day: Int) {
        change(intent, day) { count in
            count.requests += 1
            count.sessions.insert(draw)
        }
    }

    mutating func played(_ intent: IntentClass, tokens: Int, day: Int) {
        change(intent, day) { count in
            count.played += 1
            count.tokens += tokens
        }
    }

    private mutating func change(_ intent: IntentClass, _ day: Int, _ body: (inout Count) -> Void) {
        body(&counts[Key(day: day, intent: intent), default: Count()])
    }

    /// Everything known, earlier runs included; days older than eight are forgotten.
    mutating func history(day: Int) -> [DayTraffic] {
        counts = counts.filter { $0.key.day >= day - 8 }
        return earlier + counts.map { key, count in traffic(key, count) }
    }

    /// The traffic since the last call, for a store that adds it up.
    mutating func drain() -> [DayTraffic] {
        var result: [DayTraffic] = []
        for key in counts.keys {
            guard let count = counts[key] else { continue }
            let whole = traffic(key, count)
            var part = whole
            part.requests -= count.drained.requests
            part.sessions -= count.drained.sessions
            part.played -= count.drained.played
            part.tokens -= count.drained.tokens
            guard part.requests != 0 || part.played != 0 else { continue }
            counts[key]?.drained = whole
            result.append(part)
        }
        return result
    }

    private func traffic(_ key: Key, _ count: Count) -> DayTraffic {
        DayTraffic(
            day: key.day,
            intent: key.intent,
            requests: count.requests,
            sessions: count.sessions.estimate,
            played: count.played,
            tokens: count.tokens,
            observedShare: key.day == startDay ? startDayShare : 1
        )
    }
}

/// The number of distinct sessions, from their draws: exact up to 1,024, an estimate above.
///
/// The k smallest of n uniform values determine n: the k-th is about k ÷ (n + 1) (Bar-Yossef and others, "Counting
/// distinct elements in a data stream", 2002). The draws are uniform already.
struct DistinctDraws {
    static let capacity = 1_024

    /// The smallest draws, ascending.
    private var smallest: [UInt64] = []

    mutating func insert(_ draw: Draw) {
        if smallest.count == Self.capacity, let last = smallest.last, draw.bits >= last { return }
        var low = 0
        var high = smallest.count
        while low < high {
            let middle = (low + high) / 2
            if smallest[middle] < draw.bits { low = middle + 1 } else { high = middle }
        }
        if low < smallest.count, smallest[low] == draw.bits { return }
        smallest.insert(draw.bits, at: low)
        if smallest.count > Self.capacity { smallest.removeLast() }
    }

    var estimate: Int {
        guard smallest.count == Self.capacity, let last = smallest.last, last > 0 else { return smallest.count }
        return Int((Double(Self.capacity - 1) / (Double(last) * 0x1p-64)).rounded())
    }
}
