import JSON
import Synchronization

/// What one holder has taken of the budget; given back at the latest when nobody knows it any more.
///
/// So that bytes are counted as long as they are there, whichever way a request ends. One thread at a time changes it.
final class Reservation: MemoryRoom {
    private let budget: ByteBudget
    private let taken: Atomic<Int>

    /// - Parameters:
    ///   - budget: of what is taken.
    ///   - bytes: what is taken already.
    init(_ budget: ByteBudget, holding bytes: Int = 0) {
        self.budget = budget
        taken = Atomic(bytes)
    }

    deinit { giveBack() }

    var bytes: Int { taken.load(ordering: .relaxed) }

    func resize(to bytes: Int) -> Bool {
        let change = bytes - self.bytes
        if change > 0 {
            guard budget.reserve(change) else { return false }
        } else if change < 0 {
            budget.release(-change)
        }
        taken.store(bytes, ordering: .relaxed)
        return true
    }

    /// Asks for so many bytes more.
    func grow(by bytes: Int) -> Bool { resize(to: self.bytes + bytes) }

    /// Holds so many bytes from now on, whether they fit or not: they are there already.
    func hold(_ bytes: Int) {
        budget.adjust(from: self.bytes, to: bytes)
        taken.store(bytes, ordering: .relaxed)
    }

    /// Leaves so many bytes to somebody who counts them from now on, and gives the rest back.
    func handOver(_ bytes: Int) {
        hold(bytes)
        taken.store(0, ordering: .relaxed)
    }

    func giveBack() { _ = resize(to: 0) }
}
