// The sampling rates of a day.
//
// A table is a pure function of the settings and of the traffic of earlier days, and does not change by itself within a day:
// the e-process of the verdict relies on that.

package import Vocabulary

extension RateTable {
    /// The table of a day.
    ///
    /// Without earlier days every class has `rate`. With them each class aims at `targetPerDay` sessions, so a class that is
    /// rarer, or was never seen, is sampled whole. At most the last seven days count. Fixed rates stay, unless the token cap
    /// lowers all.
    package init(day: Int, settings: SamplingSettings, history: [DayTraffic]) {
        self.init(day: day, rates: settings.fixedRates, otherwise: settings.rate)
        let recent = history.filter { $0.day < day && $0.day >= day - 7 }
        let observedDays = Dictionary(grouping: recent, by: \.day).values
            .reduce(0) { $0 + ($1.map(\.observedShare).max() ?? 0) }
        guard observedDays >= Self.leastObservedDays else { return }
        let classes = Dictionary(grouping: recent, by: \.intent)
        if settings.targetPerDay > 0 {
            for (intent, days) in classes where settings.fixedRates[intent] == nil {
                let sessionsPerDay = Double(days.reduce(0) { $0 + $1.sessions }) / observedDays
                rates[intent] = sessionsPerDay > 0 ? min(1, Double(settings.targetPerDay) / sessionsPerDay) : 1
            }
            otherwise = 1
        }
        if let cap = settings.tokensPerMinute { lower(to: cap, classes: classes, observedDays: observedDays) }
    }

    /// The table at the start: the one in force before, if it is of this day, else a new one.
    init(atStartOf configuration: MirroringConfiguration, day: Int) {
        if let restored = configuration.restoredRates, restored.day == day {
            self = restored
        } else {
            self.init(day: day, settings: configuration.sampling, history: configuration.earlierTraffic)
        }
    }

    /// Less than an hour of traffic does not predict a day.
    private static let leastObservedDays = 1.0 / 24

    private mutating func lower(to cap: Int, classes: [IntentClass: [DayTraffic]], observedDays: Double) {
        let played = classes.values.joined().reduce(0) { $0 + $1.played }
        let tokens = classes.values.joined().reduce(0) { $0 + $1.tokens }
        guard played > 0 else { return }
        let meanTokens = Double(tokens) / Double(played)
        let expectedPerMinute = classes.reduce(0.0) { sum, item in
            let requests = Double(item.value.reduce(0) { $0 + $1.requests }) / observedDays
            let ofClass = item.value.reduce(0) { $0 + $1.played }
            let mean = ofClass > 0 ? Double(item.value.reduce(0) { $0 + $1.tokens }) / Double(ofClass) : meanTokens
            return sum + rate(of: item.key) * requests * mean / 1_440
        }
        guard expectedPerMinute > Double(cap) else { return }
        let factor = Double(cap) / expectedPerMinute
        rates = rates.mapValues { $0 * factor }
        otherwise *= factor
    }
}
