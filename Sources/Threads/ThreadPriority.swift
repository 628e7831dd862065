import CLinux

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Lowers the priority of this thread below that of the event loops, which users wait for.
///
/// On Linux the nice value belongs to the thread, and 0 names the calling one (setpriority(2), "C library/kernel
/// differences"). 10 is a tenth of an ordinary thread's weight while both want the processor, and costs nothing on an idle one.
/// It cannot be raised again without privileges, so this is for threads that never serve a user.
///
/// The thread also gets time slices of 0.3 ms: longer than those of a loop (`wakeWithoutDelay`), which may interrupt it, and
/// shorter than the kernel's own, because a thread that yields (`Turns`) gives up the rest of its slice.
///
/// Further calls do nothing: a queue may call this for each piece of its work, on any thread.
///
/// - Parameter name: the thread's name in `top -H`, at most 15 bytes; nil leaves the name as it is. Written to the kernel's
///   file (proc(5)), since Foundation sets a name only for threads that it has registered in time.
package func giveWayToUsers(as name: String? = nil) {
    guard pthread_getspecific(hasGivenWay) == nil else { return }
    // Any address but null does; nothing is read from it.
    pthread_setspecific(hasGivenWay, UnsafeRawPointer(bitPattern: 1))
    if let name {
        let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        if file >= 0 {
            _ = write(file, name, name.utf8.count)
            close(file)
        }
    }
    var scheduling = clinux_scheduling()
    let isOrdinary = clinux_get_scheduling(&scheduling) == 0 && scheduling.policy == 0
    scheduling.nice = 10
    scheduling.runtime_ns = 300_000
    if !isOrdinary || clinux_set_scheduling(&scheduling) != 0 {
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
    }
}

private let hasGivenWay: pthread_key_t = {
    var key = pthread_key_t()
    precondition(pthread_key_create(&key, nil) == 0, "this process has no thread-specific key left")
    return key
}()
