import JSON
import Synchronization

/// The bytes that one holder has reserved in the budget; released at the latest with this object.
///
/// So bytes are counted as long as they are in memory, however a request ends. One thread at a time changes it.
final class Reservation: MemoryRoom {
    private let budget: ByteBudget
    private let taken: Atomic<Int>

    /// - Parameters:
    ///   - budget: the budget.
    ///   - bytes: reserved already.
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

    /// Reserves further bytes; false, with nothing changed, without room.
    func grow(by bytes: Int) -> Bool { resize(to: self.bytes + bytes) }

    /// Sets the reserved bytes, whether they fit or not: they are in memory already.
    func hold(_ bytes: Int) {
        budget.adjust(from: self.bytes, to: bytes)
        taken.store(bytes, ordering: .relaxed)
    }

    /// Transfers so many bytes to another holder, who counts them from now on, and releases the rest.
    func handOver(_ bytes: Int) {
        hold(bytes)
        taken.store(0, ordering: .relaxed)
    }

    func giveBack() { _ = resize(to: 0) }
}
