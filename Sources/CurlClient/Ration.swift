/// How many bytes a second are taken of all long answers together, and who has to wait.
///
/// Why. A model writes some hundred tokens a second to each of its users. A server that sends gigabytes is broken, and to
/// read them as fast as they come would take a processor from those who wait for stable's answers.
/// What. The beginning of every answer, some 256 events of a stream, is taken at once and counts for nothing. What comes after
/// that is taken at one pace for all transfers. A transfer whose turn it is not is paused: its bytes stay in the kernel, where
/// TCP's flow control holds its server back, and those that wait go on one after another. So a flood delays no other answer,
/// and no time limit.
/// Limits. An answer of more than 64 KiB that comes while others are that long may be measured as slower than it was. The pace is
/// that of 8,192 tokens a second, an event each (`leastBytes`), of answers that have had 256 already.
/// Measured, all model servers on one processor. The pace: with 32 endless answers, of whose beginnings 256 KiB were taken, beside
/// a stable of 25 ms its p99 was 0.6 and 2.0 % above that without a shadow in two runs; at 16 MiB a second it was 12 %. The
/// beginning: of 64 such answers it filled a buffer of 16 MiB at once, and so did that of the next.
///
/// Shared by a loop and its transfers, on its thread.
final class Ration {
    /// Payload bytes of each answer that are taken at once.
    static let freeBytes = 64 << 10
    /// Payload bytes a second beyond that.
    static let bytesPerSecond = 4 << 20
    /// What may come at once after a quiet time, in bytes.
    static let burst = 1 << 20
    /// A piece costs as much as so many bytes, however small it is: each is handed on by itself.
    static let leastBytes = 512

    /// When as much as was taken may have been taken; in the past while there is something to spare.
    private var paidUntil: ContinuousClock.Instant
    private var waiting: [CurlTransferID] = []

    init(at now: ContinuousClock.Instant) {
        paidUntil = now
    }

    /// Whether a piece may be taken now; where not, the transfer is to be paused until `release` names it.
    ///
    /// - Parameters:
    ///   - byteCount: bytes of the piece.
    ///   - transfer: whose piece it is.
    ///   - taken: payload bytes that were taken of its answer before.
    ///   - now: the time.
    /// - Returns: whether it is taken, and then it is paid for.
    func admits(_ byteCount: Int, of transfer: CurlTransferID, taken: Int, at now: ContinuousClock.Instant) -> Bool {
        guard taken >= Self.freeBytes else { return true }
        guard paidUntil <= now else {
            waiting.append(transfer)
            return false
        }
        paidUntil = max(paidUntil, now - Self.time(of: Self.burst)) + Self.time(of: max(byteCount, Self.leastBytes))
        return true
    }

    /// When the first of those that wait may go on; nil where nobody waits.
    var next: ContinuousClock.Instant? { waiting.isEmpty ? nil : paidUntil }

    /// The transfer that may go on now; nil where it is too early or nobody waits.
    ///
    /// It may have ended since it was paused.
    func release(at now: ContinuousClock.Instant) -> CurlTransferID? {
        waiting.isEmpty || paidUntil > now ? nil : waiting.removeFirst()
    }

    private static func time(of byteCount: Int) -> Duration {
        .nanoseconds(Int64(byteCount) * 1_000_000_000 / Int64(bytesPerSecond))
    }
}
