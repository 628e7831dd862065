// Work on the store that no user waits for: evaluations for the console, and what makes the store smaller.
//
// Why. Such work takes seconds to minutes of a core. On the queue of the store's quick calls it would run beside itself, as many at
// a time as are asked for, and with the weight of the threads that serve users.
// What. One thread that gives way to the event loops (`giveWayToUsers`), and one piece of work at a time, in the order of asking.
// Limits. A piece that has begun is not interrupted; what has to end early asks `Stopping` by itself.

import Dispatch
import Threads

/// The one place of a serving process where store work of more than a moment is done.
final class SpareWork: Sendable {
    private let queue = DispatchQueue(label: "understudy.spare-work")

    /// Runs work when all that was asked for before is done.
    ///
    /// - Parameter work: may block.
    /// - Returns: what the work returns.
    /// - Throws: what the work throws.
    func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async {
                giveWayToUsers(as: "spare-work")
                continuation.resume(with: Result { try work() })
            }
        }
    }
}
