import Configuration
import Foundation
import Logging
import PairStore
import Workflows

/// The store with what serving needs of it: the key of its hashes, and the experiment that is served.
struct OpenedStore {
    let store: Store
    let key: PromptKey
    let run: ExperimentRun

    /// How long a write waits for another process's: two of them may wait behind one another, the counts' and the pairs',
    /// before the outage is told.
    private static let busyTimeout = Duration.seconds(5)
    /// How often a start tries a store that another process is writing to.
    private static let attempts = 6

    /// A store that turns out to be damaged is set aside, and a new one is begun: users wait for the gateway, not for it.
    init(_ configuration: UnderstudyConfiguration, logger: Logger) throws {
        for _ in 1..<Self.attempts {
            do {
                self = try OpenedStore(opening: configuration)
                return
            } catch  where StoreOutage(error) == .locked {
                logger.warning("Another process is writing to the store; waiting for it.")
            } catch {
                break
            }
        }
        do {
            self = try OpenedStore(opening: configuration)
        } catch  where StoreOutage(error) == .corrupt {
            let aside = try Store.setAside(path: configuration.store.path, at: Date())
            logger.error("The store is damaged; it was set aside as \(aside), and a new one is begun.")
            self = try OpenedStore(opening: configuration)
        }
    }

    private init(opening configuration: UnderstudyConfiguration) throws {
        store = try Store.open(
            path: configuration.store.path,
            access: .createOrOpen,
            busyTimeout: Self.busyTimeout
        )
        key = try StoreKey.loadOrCreate(path: configuration.keyFile, beside: store)
        run = try ExperimentRun(declaring: configuration, in: store, at: Date())
    }
}
