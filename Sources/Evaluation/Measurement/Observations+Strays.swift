package import Foundation
import Vocabulary

// Pairs whose times cannot be right.
//
// Why. The horizon is a matter of time, and one pair of a clock that is ahead, or that was never set, would make a day look
// like a year. So pairs outside of the experiment are set aside and counted; many of them hold (`VerdictRules`).
// Limits. The time of an imported experiment is only known from its pairs, so that few of them far from all the others are what
// cannot be right.

extension Observations {
    /// How many of some pairs may be set aside without a HOLD.
    static func toleratedStrays(of count: Int) -> Int { max(3, count / 1_000) }

    /// Sets the pairs aside that lie before an experiment's start or after a look at it.
    package mutating func setAside(before start: Date?, after end: Date) {
        let from = start?.timeIntervalSince1970 ?? -.infinity
        setAside(outside: from...max(from, end.timeIntervalSince1970))
    }

    /// Sets the pairs aside whose times are far from all others', where only the pairs say when an experiment was.
    ///
    /// Those with a whole horizon without any pair between them and most of the pairs; and a few, as many as are tolerated at
    /// either end, that are further away than all others are apart, a day at least.
    package mutating func setAsideOutliers(horizon: Duration) {
        let seconds = horizon.milliseconds / 1_000
        var sorted = times.filter(\.isFinite).sorted()
        guard !sorted.isEmpty else { return }
        // Between each of these and the one before there is a gap.
        let starts = [0] + sorted.indices.dropFirst().filter { sorted[$0] - sorted[$0 - 1] > seconds } + [sorted.count]
        let runs = zip(starts, starts.dropFirst()).map { $0..<$1 }
        guard let largest = runs.max(by: { $0.count < $1.count }) else { return }
        sorted = Array(sorted[largest])
        setAside(outside: sorted[0]...sorted[sorted.count - 1])

        let few = min(Self.toleratedStrays(of: sorted.count), (sorted.count - 1) / 3)
        let (first, last) = (sorted[few], sorted[sorted.count - 1 - few])
        let slack = max(86_400, last - first)
        setAside(outside: (first - slack)...(last + slack))
    }
}
