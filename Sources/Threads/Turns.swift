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
    /// A thread that was away for so long begins its next turn anew.
    static let pause = Duration.microseconds(50)

    private var began: ContinuousClock.Instant
    private var ended: ContinuousClock.Instant

    package init() {
        self.init(at: .now)
    }

    init(at now: ContinuousClock.Instant) {
        began = now
        ended = now
    }

    /// Called where a thread has got work after a wait, however short, which began right after a piece was done: in a long wait
    /// whoever wanted the processor has had it.
    package mutating func workBegins() {
        begin(at: .now)
    }

    /// Called after each piece of work; lets others run where the turn is over.
    package mutating func pieceDone() {
        guard end(at: .now) else { return }
        sched_yield()
        restart(at: .now)
    }

    mutating func begin(at now: ContinuousClock.Instant) {
        if now - ended >= Self.pause { began = now }
    }

    /// A piece of work is done.
    ///
    /// - Returns: Whether the turn is over with it.
    mutating func end(at now: ContinuousClock.Instant) -> Bool {
        ended = now
        return now - began >= Self.length
    }

    mutating func restart(at now: ContinuousClock.Instant) {
        began = now
        ended = now
    }
}
