/// How many bytes a second are taken from all servers together; decides when the thread has to rest.
///
/// A model writes some hundred tokens a second to each of its users, and a server that sends a thousand times as much
/// is broken. To read that as fast as it comes would take a processor from those who wait for stable's answers. What is
/// not read stays in the kernel's buffers, and TCP's flow control holds the server back. So nothing is lost by a
/// rest, and nothing but the time limits ends an answer that comes too fast. Shared by a loop and its transfers, on its
/// thread.
final class Ration {
    /// Payload bytes a second.
    static let bytesPerSecond = 16 << 20
    /// What may come at once after a quiet time, in bytes.
    static let burst = 1 << 20

    /// When as much as was taken may have been taken; in the past while there is something to spare.
    private var paidUntil: ContinuousClock.Instant

    init(at now: ContinuousClock.Instant) {
        paidUntil = now
    }

    func took(_ byteCount: Int, at now: ContinuousClock.Instant) {
        paidUntil = max(paidUntil, now - Self.time(of: Self.burst)) + Self.time(of: byteCount)
    }

    /// How long nothing is to be taken; zero while there is something to spare.
    func rest(at now: ContinuousClock.Instant) -> Duration {
        max(now.duration(to: paidUntil), .zero)
    }

    private static func time(of byteCount: Int) -> Duration {
        .nanoseconds(Int64(byteCount) * 1_000_000_000 / Int64(bytesPerSecond))
    }
}
