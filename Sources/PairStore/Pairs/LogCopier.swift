import Dispatch
import Threads

/// Copies the store's log into its file while batches go on being written.
///
/// The writer's own checkpoints would stall it: SQLite copies within the commit that makes the log too long. Another
/// connection copies whatever is there (a passive checkpoint waits for nobody), on a queue of its own.
final class LogCopier: Sendable {
    private struct State {
        /// About the bytes that were written to the log since it was copied.
        var bytes = 0
        var isCopying = false
    }

    /// So much is copied at a time: enough that pages which change often are copied once.
    private static let copyBytes = 8 << 20

    private let store: Store
    private let state = Locked(State())
    private let queue = DispatchQueue(label: "understudy.store.checkpoint", qos: .utility)

    init(store: Store) {
        self.store = store
    }

    /// About so many bytes were written; never waits.
    func grew(by bytes: Int) {
        let isDue = state.withLock { state in
            state.bytes += bytes
            guard state.bytes >= Self.copyBytes, !state.isCopying else { return false }
            state = State(bytes: 0, isCopying: true)
            return true
        }
        guard isDue else { return }
        queue.async {
            giveWayToUsers()
            // Where it fails the log only stays longer; the writer's own commits tell of a disk that does not work.
            try? self.store.checkpoint()
            self.state.withLock { $0.isCopying = false }
        }
    }
}
