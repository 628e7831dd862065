// How threads of low priority yield to an event loop.
//
// Why. Low priority alone is not enough. A loop that is woken just after it went to sleep may not be entitled to run at
// that moment (EEVDF's negative lag, kernel/sched/fair.c), whatever its weight. The kernel then reconsiders the running thread
// only at its next tick, up to 4 ms later. sched_yield(2) makes it reconsider now.
// Measured: 11,100 requests a second, a tenth of them stored, all on one processor: p99 with a shadow that refuses
// connections fell from 2.6 to 1.8 ms, the value without a shadow. Turns of 150 µs gained nothing more and cost a
// fifth more processor at 10,000, because the threads of low priority then yield to each other.
// Limits. A piece of work is never interrupted; long work belongs into `inSpareTime`.

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The turns of work of a thread of low priority; others may run between them.
package struct Turns: Sendable {
    /// The length of a turn; it ends with the piece of work in progress.
    static let length = Duration.microseconds(300)
    /// A wait of this length starts a new turn.
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

    /// Call when work arrives after a wait that began right after a piece was done.
    ///
    /// A wait longer than `pause` starts a new turn: others have had the processor.
    package mutating func workBegins() {
        begin(at: .now)
    }

    /// Call after each piece of work; yields where the turn is over.
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
