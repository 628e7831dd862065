import Synchronization

/// One budget in bytes for everything in memory: requests, the bodies of legs, and answers until their pair is stored.
///
/// Used by event loops, the curl thread and mirroring's thread; hence atomic, without a lock.
final class ByteBudget: Sendable {
    private let used = Atomic<Int>(0)
    private let limit: Atomic<Int>

    init(limit: Int) {
        self.limit = Atomic(limit)
    }

    var usedBytes: Int { used.load(ordering: .relaxed) }

    func setLimit(_ bytes: Int) {
        limit.store(bytes, ordering: .relaxed)
    }

    /// Reserves bytes; false, with nothing reserved, if they do not fit.
    func reserve(_ bytes: Int) -> Bool {
        let after = used.add(bytes, ordering: .relaxed).newValue
        guard after > limit.load(ordering: .relaxed) else { return true }
        used.subtract(bytes, ordering: .relaxed)
        return false
    }

    /// Replaces an estimate by the actual size, whether it fits or not: the memory is in use already.
    func adjust(from estimate: Int, to bytes: Int) {
        used.add(bytes - estimate, ordering: .relaxed)
    }

    func release(_ bytes: Int) {
        let after = used.subtract(bytes, ordering: .relaxed).newValue
        precondition(after >= 0, "more bytes were given back than were taken: \(after)")
    }
}
