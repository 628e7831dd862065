import CLinux

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Makes this thread give way to the event loops, which users wait for.
///
/// On Linux the nice value is an attribute of the thread, and 0 names the calling one (setpriority(2), "C library/kernel
/// differences"). 10 is a tenth of an ordinary thread's weight while both want the processor, and nothing less when it is idle.
/// It cannot be taken back without privileges, so this is for threads that never serve a user.
///
/// Ordinary threads get slices of 0.3 ms with it, longer than those of a loop (`wakeWithoutDelay`), which may interrupt them,
/// and shorter than the kernel's own: a thread that lets others run (`Turns`) gives up the rest of its slice.
///
/// Once is enough, and more does nothing: a queue may say it for each piece of its work, on whichever thread it has.
///
/// - Parameter name: what `top -H` shows the thread as, at most 15 bytes; nil leaves it the name that it has. Written
///   where the kernel takes it (proc(5)), since Foundation sets a name only where it has noted its thread in time.
package func giveWayToUsers(as name: String? = nil) {
    guard pthread_getspecific(hasGivenWay) == nil else { return }
    // Any address but null says so; nothing is read from it.
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
