import Vocabulary

/// Requests that an event loop rejected, counted without a lock.
///
/// The loops add to `FunnelMemory`; each look at the funnel enters first what came since the last one, so that it adds up.
struct LoopRejections {
    private(set) var entered: [NotEligibleReason: Int] = [:]
    private(set) var enteredOverflowed = 0

    /// Enters the counts since the last time.
    ///
    /// A request without room for its body cannot be classified; it is drawn without class and session, at the default rate.
    mutating func enter(_ memory: FunnelMemory, into ledger: inout FunnelLedger, minute: Int, rate: Double) {
        for reason in NotEligibleReason.allCases {
            let count = memory.rejectedCount(reason)
            let new = count - entered[reason, default: 0]
            guard new > 0 else { continue }
            entered[reason] = count
            ledger.rejected(reason, count: new, minute: minute)
        }
        let overflowed = memory.overflowedCount
        for _ in enteredOverflowed..<max(enteredOverflowed, overflowed) {
            ledger.overflowed(isSampled: Double.random(in: 0..<1) < rate, minute: minute)
        }
        enteredOverflowed = max(enteredOverflowed, overflowed)
    }
}
