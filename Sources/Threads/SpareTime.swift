import Dispatch
import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Computes something on a thread of its own at the lowest priority that threads have, and waits for it.
///
/// For long computations that cannot let others run in between: the lighter such a thread is beside a loop, the sooner the
/// loop is entitled to run again (see `Turns`). `body` must hold no lock that others wait for. The locks of malloc, which it
/// cannot do without, are why it is not SCHED_IDLE (sched(7)), whose threads hardly run while others do. A thread of its own,
/// since a priority cannot be taken back without privileges.
package func inSpareTime<Result: Sendable>(_ body: @escaping @Sendable () -> Result) -> Result {
    onThreadOfItsOwn {
        giveWayToUsers(as: "spare-time")
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19)
        return body()
    }
}

/// Runs something on a new thread and waits for it.
func onThreadOfItsOwn<Result: Sendable>(_ body: @escaping @Sendable () -> Result) -> Result {
    let promise = Promise<Result>()
    let thread = Thread { promise.keep(body()) }
    thread.start()
    return promise.wait()
}

private final class Promise<Value: Sendable>: Sendable {
    private let value = Locked<Value?>(nil)
    private let isKept = DispatchSemaphore(value: 0)

    func keep(_ new: Value) {
        value.withLock { $0 = new }
        isKept.signal()
    }

    func wait() -> Value {
        while true {
            isKept.wait()
            if let kept = value.withLock({ $0 }) { return kept }
        }
    }
}
