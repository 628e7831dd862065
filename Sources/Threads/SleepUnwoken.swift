#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Sleeps, without a way to be woken; returns at once if the duration is not positive.
///
/// By the monotonic clock: a wait by the wall clock, such as a semaphore's on Linux, lasts longer if the clock is set back. A
/// signal may end the sleep early.
package func sleepUnwoken(for duration: Duration) {
    guard duration > .zero else { return }
    let (seconds, attoseconds) = duration.components
    var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
    clock_nanosleep(CLOCK_MONOTONIC, 0, &time, nil)
}
