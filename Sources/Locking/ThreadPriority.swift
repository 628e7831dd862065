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
package func giveWayToUsers() {
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
}
