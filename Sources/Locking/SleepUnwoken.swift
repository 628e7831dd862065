#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Lets this thread sleep where nobody will wake it; at once where the duration is not positive.
///
/// By the monotonic clock: what waits by the wall clock, as a semaphore does on Linux, would last where that is set back. A
/// signal may end it early.
package func sleepUnwoken(for duration: Duration) {
    let nanoseconds = duration / .nanoseconds(1)
    guard nanoseconds > 0 else { return }
    var time = timespec(tv_sec: Int(nanoseconds / 1e9), tv_nsec: Int(nanoseconds.truncatingRemainder(dividingBy: 1e9)))
    clock_nanosleep(CLOCK_MONOTONIC, 0, &time, nil)
}
