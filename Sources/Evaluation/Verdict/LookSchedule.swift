import Foundation
import Vocabulary

/// One look at the data: up to when, and how much error it may spend.
struct Look {
    /// Seconds since 1970; later pairs are for the e-processes only.
    var end: Double
    var alpha: Double
    var state: HorizonState
}

/// When the data may be looked at for a PROMOTE.
///
/// Once, on the data up to the declared horizon; or twice where an extension was declared, α 0.04 at the first and 0.01 at
/// the second. A fixed-n test that is repeated at will promotes wrongly far too often (6 % becomes 11 % after a week of
/// nightly looks). Imported pairs without a horizon are looked at as they are.
struct LookSchedule {
    let start: Date
    let horizon: Duration?
    let extended: Duration?
    let isImported: Bool

    /// The looks that are due: none before the horizon.
    func looks(at now: Date) -> [Look] {
        guard let horizon else { return isImported ? [first(at: now)] : [] }
        let elapsed = now.timeIntervalSince(start)
        guard elapsed >= horizon.milliseconds / 1_000 else { return [] }
        guard let extended, extended > horizon else {
            return [look(at: now, end: horizon, alpha: 0.05, number: 1, isReached: true)]
        }
        let first = look(at: now, end: horizon, alpha: 0.04, number: 1, isReached: true)
        guard elapsed >= extended.milliseconds / 1_000 else { return [first] }
        return [first, look(at: now, end: extended, alpha: 0.01, number: 2, isReached: true)]
    }

    /// A look that decides nothing but REJECT, or the one at imported pairs without a horizon.
    func first(at now: Date) -> Look {
        look(
            at: now,
            end: nil,
            alpha: horizon != nil && extended != nil ? 0.04 : 0.05,
            number: 1,
            isReached: horizon == nil && isImported
        )
    }

    private func look(at now: Date, end: Duration?, alpha: Double, number: Int, isReached: Bool) -> Look {
        let last = end.map { start.timeIntervalSince1970 + $0.milliseconds / 1_000 } ?? now.timeIntervalSince1970
        return Look(
            end: last,
            alpha: alpha,
            state: HorizonState(
                declared: horizon,
                extended: extended,
                elapsed: .fractionalMilliseconds(max(0, now.timeIntervalSince(start)) * 1_000),
                isReached: isReached,
                look: number,
                alpha: alpha
            )
        )
    }
}
