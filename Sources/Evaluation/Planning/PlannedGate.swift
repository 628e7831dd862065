import Foundation
import Statistics
package import Vocabulary

/// One gate of one class, or overall, and what is expected of it.
package struct PlannedGate: Sendable, Equatable {
    /// nil: overall.
    package var intent: IntentClass?
    package var gate: Gate
    package var spread: GateSpread
    /// Sessions that the gate's metric is defined on, so far.
    package var sessions: Int
    /// Further ones a day at the present rates; nil where the traffic is not known.
    package var sessionsPerDay: Double?
    /// The present sampling probability of the class, 0…1; nil where it is not known.
    package var rate: Double?
    /// The class's share of the traffic, 0…1.
    package var share: Double

    package init(
        intent: IntentClass?,
        gate: Gate,
        spread: GateSpread,
        sessions: Int = 0,
        sessionsPerDay: Double?,
        rate: Double? = nil,
        share: Double = 1
    ) {
        self.intent = intent
        self.gate = gate
        self.spread = spread
        self.sessions = sessions
        self.sessionsPerDay = sessionsPerDay
        self.rate = rate
        self.share = share
    }

    /// The margin on the scale of the spread.
    package var margin: Double {
        switch gate.margin {
        case .absolute(let margin): margin
        case .ratio(let ratio): log(ratio)
        }
    }

    /// Sessions after so many more days.
    package func sessions(afterDays days: Double) -> Int {
        sessions + Int(min(1e9, max(0, days) * (sessionsPerDay ?? 0)))
    }

    /// The days until there are so many sessions; nil where none come.
    package func days(until needed: Int) -> Double? {
        if needed <= sessions { return 0 }
        guard let sessionsPerDay, sessionsPerDay > 0 else { return nil }
        return Double(needed - sessions) / sessionsPerDay
    }

    func passProbability(afterDays days: Double, alpha: Double) -> Double {
        spread.passProbability(sessions: sessions(afterDays: days), margin: margin, alpha: alpha)
    }
}
