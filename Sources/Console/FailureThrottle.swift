// How often an address may try a wrong token.
//
// What: five times at once, then once more every twelve seconds. Until then no token of the address is checked, not even a
// right one, or guessing would continue unhindered. A request without a token is no guess.
// Why so few: off loopback a token has 12 characters or more, which is the actual protection; this makes guessing expensive
// and visible.
// Limits: the table of addresses is bounded, and those with the fewest failures are forgotten first. A whole IPv6 network of 64
// bits is one address, since one host has that many. Operators behind the same address as a guesser wait with it.

/// The wrong tokens of each address, as a value.
struct FailureThrottle: Sendable {
    /// The consequence of a wrong token.
    enum Outcome: Equatable {
        case counted
        /// From now on the address has to wait; returned once each time.
        case exhausted
    }

    /// Wrong tokens at once.
    static let allowance = 5.0
    /// The time until one of them is forgotten.
    static let recovery = Duration.seconds(12)
    static let maximumAddresses = 1_024

    private struct Guilt {
        /// Wrong tokens; the number decays with time.
        var level: Double
        var at: ContinuousClock.Instant
    }

    private var guilts: [[UInt8]: Guilt] = [:]

    /// How long an address has to wait; nil where it need not.
    func wait(_ address: [UInt8], now: ContinuousClock.Instant) -> Duration? {
        let level = level(of: address, now)
        guard level > Self.allowance - 1 else { return nil }
        return Self.recovery * (level - (Self.allowance - 1))
    }

    /// Counts a wrong token of an address that did not have to wait.
    mutating func failed(_ address: [UInt8], now: ContinuousClock.Instant) -> Outcome {
        let level = min(Self.allowance, level(of: address, now) + 1)
        if guilts[address] == nil, guilts.count >= Self.maximumAddresses { forget(now) }
        guilts[address] = Guilt(level: level, at: now)
        return level > Self.allowance - 1 ? .exhausted : .counted
    }

    var addressCount: Int { guilts.count }

    private func level(of address: [UInt8], _ now: ContinuousClock.Instant) -> Double {
        guard let guilt = guilts[address] else { return 0 }
        return max(0, guilt.level - (now - guilt.at) / Self.recovery)
    }

    private mutating func forget(_ now: ContinuousClock.Instant) {
        let least = guilts.keys.min { level(of: $0, now) < level(of: $1, now) }
        if let least { guilts[least] = nil }
    }
}
