import Dispatch
import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Computes something on a thread of its own at the lowest priority that threads have, and waits for it.
///
/// For long computations that cannot yield: the smaller the weight of such a thread, the sooner a loop is entitled to run again
/// (see `Turns`). `body` must hold no lock that others wait for. It does take malloc's locks, and so the policy is not
/// SCHED_IDLE (sched(7)), under which a thread hardly runs while others do. The thread is a new one, because a lowered
/// priority cannot be raised again without privileges.
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
