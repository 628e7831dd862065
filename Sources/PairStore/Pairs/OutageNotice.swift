import Threads

/// What keeps pairs from being stored, of what the writer meets and what others say; tells of every change.
final class OutageNotice: Sendable {
    private struct State {
        /// What the last attempt to write came to.
        var met: StoreOutage?
        /// What somebody else said, which counts first.
        var held: StoreOutage?

        var outage: StoreOutage? { held ?? met }
    }

    private let onChange: @Sendable (StoreOutage?) -> Void
    private let state = Locked(State())
    /// What `onChange` heard last; held while it is called, so that it hears one thing after the other.
    private let told = Locked<StoreOutage?>(nil)

    init(onChange: @escaping @Sendable (StoreOutage?) -> Void) {
        self.onChange = onChange
    }

    /// Nil where pairs can be stored.
    var outage: StoreOutage? { state.withLock { $0.outage } }

    func met(_ outage: StoreOutage?) {
        state.withLock { $0.met = outage }
        tell()
    }

    func hold(_ outage: StoreOutage?) {
        state.withLock { $0.held = outage }
        tell()
    }

    private func tell() {
        told.withLock { told in
            let outage = outage
            guard outage != told else { return }
            told = outage
            onChange(outage)
        }
    }
}
