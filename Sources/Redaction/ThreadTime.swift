#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The time that this thread has run, which others on a busy machine do not add to.
enum ThreadTime {
    static var now: Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}

/// How much time a text, or all texts of a scope, may take, by the length: what is not looked at when it is spent counts as
/// not clean.
struct ScanBudget {
    /// What may be taken whatever the length.
    var base = Duration.milliseconds(250)
    /// What each byte adds: a hundred times what it takes.
    var perByte = Duration.microseconds(2)

    /// What so many bytes may take.
    func time(forBytes count: Int) -> Duration { base + perByte * count }
}
