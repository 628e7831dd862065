import Synchronization
import Threads
import Vocabulary

/// The state that mirroring's thread shares with the event loops, the console and the store.
final class MirrorShared: Sendable {
    private struct State {
        var ledger: FunnelLedger
        var rejections = LoopRejections()
        var settings: LiveSettings
        var rates: RateTable
        /// The traffic that was not drained when mirroring's thread ended.
        var leftTraffic: [DayTraffic] = []
    }

    /// The most undecided requests: at a saturated event loop that many are a tenth of a second behind, and a longer queue would
    /// only grow.
    private static let maximumUndecided = 1_024

    let mailbox = Mailbox<MirrorMessage>()
    let budget: ByteBudget
    let wallClock: @Sendable () -> Double
    private let memory: FunnelMemory
    private let undecided = Atomic<Int>(0)
    private let state: Locked<State>
    /// A copy of the setting for the event loops, which ask at each request.
    private let paused: Atomic<Bool>
    /// Whether pairs cannot be stored.
    private let suspended = Atomic<Bool>(false)
    private let lastTicket = Atomic<Ticket>(0)

    init(
        settings: LiveSettings,
        rates: RateTable,
        memory: FunnelMemory,
        wallClock: @escaping @Sendable () -> Double
    ) {
        self.wallClock = wallClock
        self.memory = memory
        budget = ByteBudget(limit: settings.limits.maximumBufferedBytes)
        state = Locked(State(ledger: FunnelLedger(memory: memory), settings: settings, rates: rates))
        paused = Atomic(settings.isPaused)
    }

    /// Why nothing is mirrored now; nil while mirroring works.
    var pause: NotEligibleReason? {
        if paused.load(ordering: .relaxed) { return .paused }
        return suspended.load(ordering: .relaxed) ? .storeUnavailable : nil
    }

    var isSuspended: Bool {
        get { suspended.load(ordering: .relaxed) }
        set { suspended.store(newValue, ordering: .relaxed) }
    }

    var settings: LiveSettings { state.withLock { $0.settings } }

    var rates: RateTable {
        get { state.withLock { $0.rates } }
        set { state.withLock { $0.rates = newValue } }
    }

    func leave(_ traffic: [DayTraffic]) {
        state.withLock { $0.leftTraffic += traffic }
    }

    func takeLeftTraffic() -> [DayTraffic] {
        state.withLock { state in
            defer { state.leftTraffic = [] }
            return state.leftTraffic
        }
    }

    func nextTicket() -> Ticket {
        lastTicket.add(1, ordering: .relaxed).newValue
    }

    // MARK: Without a lock, from event loops

    /// Reserves room for one more undecided request.
    ///
    /// - Parameters:
    ///   - bytes: Its memory.
    ///   - reserved: The part that was reserved while it arrived.
    /// - Returns: False without room; then nothing is reserved, and the earlier part is released.
    func admit(_ bytes: Int, reserved: Int) -> Bool {
        guard undecided.add(1, ordering: .relaxed).newValue <= Self.maximumUndecided,
            bytes == reserved || budget.reserve(bytes - reserved)
        else {
            decided()
            if reserved > 0 { budget.release(reserved) }
            return false
        }
        memory.admitted()
        return true
    }

    /// An admitted request is decided; its bytes may stay reserved.
    func decided() {
        undecided.subtract(1, ordering: .relaxed)
    }

    /// An admitted request was not taken after all.
    func withdraw() {
        decided()
        memory.withdrawn()
    }

    func notEligible(_ reason: NotEligibleReason) {
        memory.rejected(reason)
    }

    /// An offered request without room.
    func overflowed() {
        memory.overflowed()
    }

    /// An admitted request without room for reading it.
    func overflowedUnread() {
        memory.withdrawn()
        memory.overflowed()
    }

    // MARK: The funnel

    var minute: Int { Int((wallClock() / 60).rounded(.down)) }

    /// Runs one transition of the funnel, or reads it.
    func count<Result: Sendable>(_ body: (inout FunnelLedger) -> Result) -> Result {
        let minute = minute
        return state.withLock { state in
            enter(&state, minute)
            return body(&state.ledger)
        }
    }

    /// The funnel's changes since the last call, and the tally after them.
    func drainMinutes() -> FunnelDrain {
        let minute = minute
        return state.withLock { state in
            enter(&state, minute)
            return FunnelDrain(
                minutes: state.ledger.drainMinutes(),
                tally: memory.tally(rejected: state.rejections.entered, overflowed: state.rejections.enteredOverflowed)
            )
        }
    }

    private func enter(_ state: inout State, _ minute: Int) {
        state.rejections.enter(memory, into: &state.ledger, minute: minute, rate: state.rates.otherwise)
    }

    func change(_ edit: (inout LiveSettings) -> Void) -> [SettingChange] {
        state.withLock { state in
            let before = state.settings
            edit(&state.settings)
            paused.store(state.settings.isPaused, ordering: .relaxed)
            return state.settings.changes(since: before)
        }
    }
}
