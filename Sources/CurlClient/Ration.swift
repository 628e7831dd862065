/// How many bytes a second are taken of all long answers together, and which transfers have to wait.
///
/// Why. A model writes some hundred tokens a second to each of its users. A server that sends gigabytes is broken, and reading
/// them as fast as they come would take a processor from the users of stable.
/// What. The beginning of every answer, some 256 events of a stream, is taken at once and not counted. The rest is taken at one
/// pace for all transfers together. A transfer out of turn is paused: its bytes stay in the kernel, TCP's flow control slows
/// its server, and paused transfers resume one after another. So a flood delays no other answer and no time limit.
/// Limits. An answer of more than 64 KiB may be measured as too slow if others as long arrive at the same time. The pace is
/// that of 8,192 tokens a second, an event each (`leastBytes`), of answers that have had 256 already.
/// Measured, all model servers on one processor. The pace: with 32 endless answers, each with a beginning of 256 KiB, beside
/// a stable of 25 ms, its p99 was 0.6 and 2.0 % above that without a shadow in two runs; at 16 MiB a second it was 12 %. The
/// beginning: with 64 such answers it filled a buffer of 16 MiB at once, and again with the next ones.
///
/// Shared by a loop and its transfers, on its thread.
final class Ration {
    /// Payload bytes of each answer that are taken at once.
    static let freeBytes = 64 << 10
    /// Payload bytes a second beyond that.
    static let bytesPerSecond = 4 << 20
    /// What may come at once after a quiet time, in bytes.
    static let burst = 1 << 20
    /// The least cost of a piece, in bytes: each is handed on by itself, however small.
    static let leastBytes = 512

    /// The time at which the bytes taken so far are paid for; in the past while there is credit.
    private var paidUntil: ContinuousClock.Instant
    private var waiting: [CurlTransferID] = []

    init(at now: ContinuousClock.Instant) {
        paidUntil = now
    }

    /// Whether a piece may be taken now; if not, the transfer is to be paused until `release` names it.
    ///
    /// - Parameters:
    ///   - byteCount: bytes of the piece.
    ///   - transfer: the transfer of the piece.
    ///   - taken: payload bytes of its answer that were taken before.
    ///   - now: the time.
    /// - Returns: whether it is taken; if so, it is paid for.
    func admits(_ byteCount: Int, of transfer: CurlTransferID, taken: Int, at now: ContinuousClock.Instant) -> Bool {
        guard taken >= Self.freeBytes else { return true }
        guard paidUntil <= now else {
            waiting.append(transfer)
            return false
        }
        paidUntil = max(paidUntil, now - Self.time(of: Self.burst)) + Self.time(of: max(byteCount, Self.leastBytes))
        return true
    }

    /// The time at which the first paused transfer may resume; nil without one.
    var next: ContinuousClock.Instant? { waiting.isEmpty ? nil : paidUntil }

    /// The transfer that may resume now; nil where it is too early or none is paused.
    ///
    /// It may have ended since it was paused.
    func release(at now: ContinuousClock.Instant) -> CurlTransferID? {
        waiting.isEmpty || paidUntil > now ? nil : waiting.removeFirst()
    }

    private static func time(of byteCount: Int) -> Duration {
        .nanoseconds(Int64(byteCount) * 1_000_000_000 / Int64(bytesPerSecond))
    }
}
