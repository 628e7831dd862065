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
    guard duration > .zero else { return }
    let (seconds, attoseconds) = duration.components
    var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
    clock_nanosleep(CLOCK_MONOTONIC, 0, &time, nil)
}
