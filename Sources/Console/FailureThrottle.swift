// How often an address may try a wrong token.
//
// What: five at once, then one more every twelve seconds; while it has none left, nothing that it brings is looked at, a right
// token included, or guessing would go on unhindered. A request without a token is no guess.
// Why so few: off loopback a token has 12 characters or more, so this is not what stands between a guesser and the console; it
// keeps guessing from being cheap, and makes it seen.
// Limits: what is known of addresses is bounded, and the least guilty is forgotten first. A whole IPv6 network of 64 bits is one
// address, since one host has that many. Operators behind the same address as a guesser wait with it.

/// The wrong tokens of each address, as a value.
struct FailureThrottle: Sendable {
    /// What a wrong token means.
    enum Outcome: Equatable {
        case counted
        /// From now on the address has to wait; said once each time.
        case exhausted
    }

    /// Wrong tokens at once.
    static let allowance = 5.0
    /// Until one of them is forgotten.
    static let recovery = Duration.seconds(12)
    static let maximumAddresses = 1_024

    private struct Guilt {
        /// Wrong tokens, fewer with time.
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

    /// Notes a wrong token of an address that did not have to wait.
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
