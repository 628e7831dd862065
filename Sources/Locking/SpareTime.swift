import Dispatch
import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Computes something on a thread of its own that runs only while a processor would be idle, and waits for it.
///
/// For long computations that cannot give way in between. SCHED_IDLE (sched(7)) is below any nice value: whoever wakes takes
/// the processor from such a thread at once, and while all are busy it hardly runs. So `body` must hold no lock that others
/// wait for. A thread of its own, since the policy cannot be taken back without privileges.
package func inSpareTime<Result: Sendable>(_ body: @escaping @Sendable () -> Result) -> Result {
    onThreadOfItsOwn {
        giveWayToUsers(as: "spare-time")
        // Its number in the kernel's interface (linux/sched.h); the libc names it for C++ and GNU C only.
        let idle: CInt = 5
        var parameters = sched_param()
        _ = sched_setscheduler(0, idle, &parameters)
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
