// When the kernel may acknowledge fewer of stable's segments.
//
// Why. Linux acknowledges at once what a reader has taken whole, unless the connection looks interactive (tcp_cleanup_rbuf in
// net/ipv4/tcp.c), so for every event of a stream an empty segment goes back to stable: 15 % of what an event costs
// a loop.
// What. Where events come fast and are small, the kernel is told that the connection is interactive (TCP_QUICKACK off,
// tcp(7)). It then acknowledges every second segment, or after 40 ms, which RFC 1122 section 4.2.3.2 allows; after a pause
// of 40 ms it acknowledges everything again, so it is told anew after each `window` of fast reads.
// A sender without TCP_NODELAY holds small segments back until all that it sent before is acknowledged (RFC 896): its users
// would wait. That cannot be asked, so one connection tries it, and its next reads show it: a wait as long as the kernel's
// delay, after which more comes than one event. As long as no trial went well there is only one at a time; three
// that went badly end it for the loop. Each may have held an event back, once, for 40 ms.
// Limits. Where a name leads to senders of both kinds, a trial a minute finds out, and users of the worse kind wait meanwhile.

/// What a loop knows of the sender behind its connections.
struct AcknowledgementTrust {
    enum Answer {
        case no
        case yes
        /// Yes, and the next reads are to be watched (`trialEnded`).
        case onTrial
    }

    private enum State {
        case unproven
        /// Ends by itself, since the connection may close.
        case onTrial(until: ContinuousClock.Instant)
        case proven(until: ContinuousClock.Instant)
        case resting(until: ContinuousClock.Instant)
        case refused
    }

    static let strikesAtMost = 3
    static let provenFor = Duration.seconds(60)
    static let restingTime = Duration.seconds(10)
    static let longestTrial = Duration.seconds(1)

    private var state = State.unproven
    /// Trials that went badly; each that went well makes up for one, since a loop that was kept from running looks like one
    /// that went badly.
    private var strikes = 0

    /// Whether a connection whose events come fast may be acknowledged less.
    mutating func mayDelay(at now: ContinuousClock.Instant) -> Answer {
        switch state {
        case .refused: return .no
        case .proven(let end) where now < end: return .yes
        case .onTrial(let end) where now < end: return .no
        case .resting(let end) where now < end: return .no
        case .unproven, .onTrial, .proven, .resting:
            state = .onTrial(until: now + Self.longestTrial)
            return .onTrial
        }
    }

    mutating func trialEnded(_ end: AcknowledgementPace.TrialEnd, at now: ContinuousClock.Instant) {
        guard case .onTrial = state else { return }
        switch end {
        case .wentWell:
            strikes = max(0, strikes - 1)
            state = .proven(until: now + Self.provenFor)
        case .unclear:
            state = .unproven
        case .heldBack:
            strikes += 1
            state = strikes < Self.strikesAtMost ? .resting(until: now + Self.restingTime) : .refused
        }
    }
}

/// How fast the reads of one connection follow each other.
struct AcknowledgementPace {
    enum TrialEnd {
        case wentWell
        /// Nothing came for long, but no more than usual came then.
        case unclear
        /// What came looks as if the sender had waited for an acknowledgement.
        case heldBack
    }

    enum Event {
        /// The reads of this window were fast and small.
        case isFast
        case trialEnded(TrialEnd)
    }

    /// What reads of a connection are like on average.
    private struct Usual {
        var byteCount = 0
        var gap = Duration.zero
    }

    private struct Trial {
        var left: Int
        var last: ContinuousClock.Instant
    }

    static let window = 16
    /// On average: beyond it, a pause that makes the kernel forget is near.
    static let longestGap = Duration.milliseconds(20)
    /// On average: few larger ones fill a segment, and those are acknowledged at once.
    static let largestRead = 512
    static let readsOfTrial = 4
    /// Linux acknowledges after 40 ms (TCP_DELACK_MIN), which begin a little before the read.
    static let delay = Duration.milliseconds(30)
    /// A sender that waits goes on once it has a full segment; none is smaller.
    static let segment = 1_000

    private var count = 0
    private var byteCount = 0
    private var began: ContinuousClock.Instant?
    private var usual = Usual()
    private var trial: Trial?

    /// Another answer begins, and what was before says nothing about it.
    mutating func restart() {
        count = 0
        byteCount = 0
        began = nil
        trial = nil
    }

    /// Counts a read; the clock is read once in a window, and during a trial.
    mutating func read(_ bytes: Int, at now: @autoclosure () -> ContinuousClock.Instant) -> Event? {
        if trial != nil { return continueTrial(bytes, at: now()) }
        count += 1
        byteCount += bytes
        return count < Self.window ? nil : endWindow(at: now())
    }

    private mutating func endWindow(at now: ContinuousClock.Instant) -> Event? {
        defer {
            count = 0
            byteCount = 0
            began = now
        }
        // How long the first window of an answer took is not known: stable may have thought before it.
        guard let began else { return nil }
        usual = Usual(byteCount: byteCount / Self.window, gap: (now - began) / Self.window)
        return usual.gap <= Self.longestGap && usual.byteCount <= Self.largestRead ? .isFast : nil
    }

    /// Acknowledgements are delayed from now on, and the next reads tell how stable takes it.
    mutating func beginTrial(at now: ContinuousClock.Instant) {
        trial = Trial(left: Self.readsOfTrial, last: now)
    }

    private mutating func continueTrial(_ bytes: Int, at now: ContinuousClock.Instant) -> Event? {
        guard var trial else { return nil }
        let gap = now - trial.last
        trial.left -= 1
        trial.last = now
        var end: TrialEnd?
        if bytes * 2 >= usual.byteCount * 3, gap >= Self.delay || (bytes >= Self.segment && gap >= usual.gap * 2) {
            end = .heldBack
        } else if gap >= Self.delay {
            end = .unclear
        } else if trial.left == 0 {
            end = .wentWell
        }
        self.trial = end == nil ? trial : nil
        return end.map { .trialEnded($0) }
    }
}
