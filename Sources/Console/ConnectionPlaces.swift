// Which connection is closed when all places of the console are taken.
//
// What: when the last place is taken, one connection without a whole request is closed: first the oldest of those that never sent
// one, then the one that has been unused, or has had an answer to read, for longest. A connection whose answer is being made
// stays.
// Why: with a maximum alone, silent connections could fill the console. Probes would wait for the deadlines of all earlier
// connections, and a process whose probe fails is restarted. A probe's request comes with its connection, so it is answered
// before its connection is the oldest.
// Limits: where answers are being made for all connections, the next one waits in the kernel.

import Logging
import NIOCore
import Threads

/// The open connections in the order in which they would be closed, as a value.
struct PlaceBook {
    private struct Entry {
        /// Grows with each change, so that the smallest number belongs to the connection unchanged for longest.
        var since: UInt64
        var hasAsked = false
        var isBusy = false
    }

    private let count: Int
    private var entries: [UInt64: Entry] = [:]
    private var clock: UInt64 = 0

    /// - Parameter count: places, one or more.
    init(count: Int) {
        self.count = max(1, count)
    }

    /// A connection came.
    ///
    /// - Returns: its number, and that of the connection to close for the next one, if any.
    mutating func enter() -> (number: UInt64, leaves: UInt64?) {
        clock += 1
        let number = clock
        entries[number] = Entry(since: clock)
        guard entries.count >= count else { return (number, nil) }
        let idle = entries.filter { !$0.value.isBusy && $0.key != number }
        let leaving = idle.min { one, other in
            let (one, other) = (one.value, other.value)
            return one.hasAsked == other.hasAsked ? one.since < other.since : !one.hasAsked
        }
        // At once: its end is reported later, and it would be chosen again until then.
        if let leaving { entries[leaving.key] = nil }
        return (number, leaving?.key)
    }

    /// A whole request came, or its answer has begun.
    mutating func note(_ number: UInt64, isBusy: Bool) {
        guard entries[number] != nil else { return }
        clock += 1
        entries[number] = Entry(since: clock, hasAsked: true, isBusy: isBusy)
    }

    mutating func leave(_ number: UInt64) {
        entries[number] = nil
    }
}

/// The places of one console.
final class ConnectionPlaces: Sendable {
    private struct State {
        var book: PlaceBook
        var channels: [UInt64: any Channel] = [:]
        /// When a connection was last closed for another.
        var leftAt: ContinuousClock.Instant?
    }

    /// The notice is repeated only after this time without such a close.
    private static let quiet = Duration.seconds(60)

    private let count: Int
    private let logger: Logger
    private let state: Locked<State>

    init(count: Int, logger: Logger) {
        self.count = count
        self.logger = logger
        state = Locked(State(book: PlaceBook(count: count)))
    }

    /// Takes a place, for which another connection may be closed.
    func enter(_ channel: any Channel) -> UInt64 {
        let (number, leaving, isNews) = state.withLock { state in
            let (number, leaves) = state.book.enter()
            state.channels[number] = channel
            guard let leaving = leaves.flatMap({ state.channels[$0] }) else {
                return (number, nil as (any Channel)?, false)
            }
            let now = ContinuousClock.now
            let isNews = state.leftAt.map { now - $0 > Self.quiet } ?? true
            state.leftAt = now
            return (number, leaving, isNews)
        }
        leaving?.close(promise: nil)
        if isNews {
            logger.warning(
                "console: all \(count) connections are taken; those without a request are closed for new ones."
            )
        }
        return number
    }

    func note(_ number: UInt64, isBusy: Bool) {
        state.withLock { $0.book.note(number, isBusy: isBusy) }
    }

    func leave(_ number: UInt64) {
        state.withLock { state in
            state.book.leave(number)
            state.channels[number] = nil
        }
    }
}
