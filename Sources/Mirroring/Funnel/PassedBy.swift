// Requests that were over for the mirror on an event loop.
//
// Loops only count them, without a lock; whoever looks at the funnel next enters them first, so it adds up at each look.

import Synchronization
import Vocabulary

/// Counts of requests that are not in the funnel yet.
final class PassedBy: Sendable {
    private let endpoint = Atomic<Int>(0)
    private let paused = Atomic<Int>(0)
    private let incompleteRequest = Atomic<Int>(0)
    private let stateful = Atomic<Int>(0)
    private let unreadableRequest = Atomic<Int>(0)
    let overflowed = Atomic<Int>(0)

    func count(_ reason: NotEligibleReason) {
        switch reason {
        case .endpoint: endpoint.add(1, ordering: .relaxed)
        case .paused: paused.add(1, ordering: .relaxed)
        case .incompleteRequest: incompleteRequest.add(1, ordering: .relaxed)
        case .stateful: stateful.add(1, ordering: .relaxed)
        case .unreadableRequest: unreadableRequest.add(1, ordering: .relaxed)
        }
    }

    /// Enters them.
    ///
    /// A request for whose body there was no room cannot be classed; it is drawn as one of no class and no session, with
    /// the rate that holds where nothing else is said.
    func drain(into ledger: inout FunnelLedger, minute: Int, rate: Double) {
        func taken(_ count: borrowing Atomic<Int>) -> Int {
            count.load(ordering: .relaxed) == 0 ? 0 : count.exchange(0, ordering: .relaxed)
        }
        ledger.notEligible(.endpoint, count: taken(endpoint), minute: minute)
        ledger.notEligible(.paused, count: taken(paused), minute: minute)
        ledger.notEligible(.incompleteRequest, count: taken(incompleteRequest), minute: minute)
        ledger.notEligible(.stateful, count: taken(stateful), minute: minute)
        ledger.notEligible(.unreadableRequest, count: taken(unreadableRequest), minute: minute)
        for _ in 0..<taken(overflowed) {
            guard Double.random(in: 0..<1) < rate else {
                ledger.notSampled(nil, minute: minute)
                continue
            }
            ledger.sampled(nil, minute: minute)
            ledger.settle(nil, .shed(.bufferFull), minute: minute)
        }
    }
}
