import Console
import Logging
import Mirroring
import PairStore
import Threads

/// What the process does about a store that takes nothing: mirroring pauses, the console and a metric say so, and the log
/// once.
final class OutageBox: Sendable {
    private let registry: PrometheusRegistry
    private let logger: Logger
    private let store: Store
    private let mirror = Locked<Mirror?>(nil)
    private let generation = Locked(0)

    init(registry: PrometheusRegistry, logger: Logger, store: Store) {
        self.registry = registry
        self.logger = logger
        self.store = store
        show(nil)
    }

    /// From now on this is what pauses.
    func attach(_ mirror: Mirror) {
        self.mirror.withLock { $0 = mirror }
    }

    @Sendable func changed(_ outage: StoreOutage?) {
        mirror.withLock { $0?.isSuspended = outage != nil }
        show(outage)
        if let outage {
            logger.error("The store takes no pairs, so mirroring pauses: \(outage.sentence). It is tried again.")
        } else {
            logger.notice("The store takes pairs again; mirroring goes on.")
        }
        let isNew = generation.withLock { known in
            defer { known = store.generation }
            return known != store.generation
        }
        if isNew {
            logger.error("The store's file was damaged or gone; a new one was begun at \(store.path).")
        }
    }

    @Sendable func committed(_ count: Int, _ duration: Duration) {
        StoreInstruments.recordCommit(duration, in: registry)
    }

    private func show(_ outage: StoreOutage?) {
        StoreInstruments.show(paused: outage?.rawValue, of: StoreOutage.allCases.map(\.rawValue), in: registry)
    }
}
