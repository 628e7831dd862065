// How threads that have given way let an event loop run in between.
//
// Why. Their low priority alone does not do it. A loop that is woken just after it went to sleep may not be entitled to run at
// that moment (EEVDF's negative lag, kernel/sched/fair.c), whatever its weight. The thread that runs is then looked at
// again at the kernel's next tick only, up to 4 ms later. sched_yield(2) makes the kernel look now.
// Measured: 11,100 requests a second, a tenth of them stored, all on one processor: p99 with a shadow that refuses
// connections fell from 2.6 to 1.8 ms, which it is without a shadow. Turns of 150 µs brought no more, and cost a
// fifth more processor at 10,000, since threads that have given way then take turns with each other.
// Limits. A piece of work is never interrupted; what takes long belongs into `inSpareTime`.

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The turns of work of a thread that has given way; between them others may run.
package struct Turns: Sendable {
    /// After so long a turn is over with the piece in hand.
    static let length = Duration.microseconds(300)

    private var began: ContinuousClock.Instant

    package init() {
        self.init(at: .now)
    }

    init(at now: ContinuousClock.Instant) {
        began = now
    }

    /// Called after each piece of work; lets others run where the turn is over.
    package mutating func pieceDone() {
        guard isOver(at: .now) else { return }
        sched_yield()
        begin(at: .now)
    }

    func isOver(at now: ContinuousClock.Instant) -> Bool { now - began >= Self.length }

    mutating func begin(at now: ContinuousClock.Instant) { began = now }
}
