import Locking
import Synchronization
import Vocabulary

/// What mirroring's thread shares with the event loops, the console and the store.
final class MirrorShared: Sendable {
    private struct State {
        var ledger = FunnelLedger()
        var settings: LiveSettings
        var rates: RateTable
        /// The traffic that was not drained when mirroring's thread ended.
        var leftTraffic: [DayTraffic] = []
    }

    let mailbox = Mailbox<MirrorMessage>()
    let budget: ByteBudget
    private let state: Locked<State>
    /// A copy of the setting for the event loops, which ask at each request.
    private let paused: Atomic<Bool>
    private let lastTicket = Atomic<Ticket>(0)

    init(settings: LiveSettings, rates: RateTable) {
        budget = ByteBudget(limit: settings.limits.maximumBufferedBytes)
        state = Locked(State(settings: settings, rates: rates))
        paused = Atomic(settings.isPaused)
    }

    var isPaused: Bool { paused.load(ordering: .relaxed) }
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

    /// One transition of the funnel, or one look at it.
    func count<Result: Sendable>(_ body: (inout FunnelLedger) -> Result) -> Result {
        state.withLock { body(&$0.ledger) }
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
