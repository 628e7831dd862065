#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What has been computed, which a busy machine does not lengthen.
package enum ProcessorTime {
    /// Of this thread so far.
    package static var ofThread: Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
