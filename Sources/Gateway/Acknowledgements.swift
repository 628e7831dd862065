// When the kernel may acknowledge fewer of stable's segments.
//
// Why. Linux acknowledges at once what a reader has taken whole, unless the connection looks interactive (tcp_cleanup_rbuf in
// net/ipv4/tcp.c), so for every event of a stream an empty segment goes back to stable: 15 % of what an event costs
// a loop.
// What. Where events come fast and are small, the kernel is told that the connection is interactive (TCP_QUICKACK off,
// tcp(7)). It then acknowledges every second segment, or after 40 ms, which RFC 1122 section 4.2.3.2 allows. Where it had to wait
// those 40 ms, it acknowledges everything again, so it is told anew after each `window` of fast reads.
// A sender without TCP_NODELAY holds small segments back until all that it sent before is acknowledged (RFC 896), and its
// users would wait. The option cannot be queried from here, but its absence shows: after a long gap more than one event
// arrives. So the reads after each switch are watched. A connection that was delayed is acknowledged at once again, for good.
// Until one connection has passed, only one is tried at a time; three failures without a success end the trials for the loop.
// So each connection may be delayed once, for 40 ms.
// Limits. Where segments have less than a thousand bytes, a sender that waits for a full one is not recognized.

/// Whether the sender behind a loop's connections takes delayed acknowledgements well.
struct AcknowledgementTrust {
    enum Answer: Equatable {
        case no
        case yes
        /// Yes, and no other connection may until the end of this trial, which has this number.
        case onTrial(Int)
    }

    private enum State {
        case unproven
        /// Ends by itself, since the connection may close.
        case onTrial(until: ContinuousClock.Instant)
        case proven
        case resting(until: ContinuousClock.Instant)
        case refused
    }

    static let strikesAtMost = 3
    static let restingTime = Duration.seconds(10)
    static let longestTrial = Duration.seconds(1)

    private var state = State.unproven
    private var lastTrial = 0
    /// Connections that were delayed, less those that passed: a loop that did not get the processor for a while looks the same as
    /// a delayed sender.
    private var strikes = 0

    /// Whether acknowledgements may be delayed on a connection with fast events.
    mutating func mayDelay(at now: ContinuousClock.Instant) -> Answer {
        switch state {
        case .refused: return .no
        case .proven: return .yes
        case .onTrial(let end) where now < end: return .no
        case .resting(let end) where now < end: return .no
        case .unproven, .onTrial, .resting:
            lastTrial += 1
            state = .onTrial(until: now + Self.longestTrial)
            return .onTrial(lastTrial)
        }
    }

    /// Takes the result of the reads that followed a delay; `trial` is the trial's number, if it was one.
    ///
    /// - Returns: whether the connection goes back to immediate acknowledgements.
    mutating func watched(_ end: AcknowledgementPace.Watched, trial: Int?, at now: ContinuousClock.Instant) -> Bool {
        if end == .heldBack {
            strike(at: now)
        } else if case .onTrial = state, trial == lastTrial {
            if end == .wentWell {
                strikes = max(0, strikes - 1)
                state = .proven
            } else {
                state = .resting(until: now + Self.restingTime)
            }
        }
        return end == .heldBack || trial != nil && end == .unclear
    }

    private mutating func strike(at now: ContinuousClock.Instant) {
        switch state {
        case .resting, .refused: return
        case .unproven, .onTrial, .proven: strikes += 1
        }
        state = strikes < Self.strikesAtMost ? .resting(until: now + Self.restingTime) : .refused
    }
}

/// How fast the reads of one connection follow each other, before and after its acknowledgements are delayed.
struct AcknowledgementPace {
    enum Watched {
        case wentWell
        /// Nothing came for long, but no more than usual came then.
        case unclear
        /// What came looks as if the sender had waited for an acknowledgement.
        case heldBack
    }

    enum Event: Equatable {
        /// The reads of this window were fast and small.
        case isFast
        case watched(Watched, trial: Int?)
    }

    /// What reads of a connection are like on average.
    private struct Usual {
        var byteCount = 0
        var gap = Duration.zero
    }

    private struct Watch {
        var trial: Int?
        var left = watchedReads
        /// The previous read; the first one proves nothing, because what came before it was still acknowledged.
        var last: ContinuousClock.Instant?
    }

    static let window = 16
    /// On average: of faster ones two come in the time that the kernel waits.
    static let longestGap = Duration.milliseconds(15)
    /// On average: of larger ones few fill a segment, and what is more than a segment is acknowledged at once.
    static let largestRead = 512
    static let watchedReads = 4
    /// The kernel waits for 40 to 200 ms (TCP_DELACK_MIN and _MAX), which begin a little before a read.
    static let delays = Duration.milliseconds(30)...Duration.milliseconds(250)
    /// A sender that waits goes on once it has a full segment; segments are hardly ever smaller.
    static let segment = 1_000

    // Fields that each event of a stream needs come first, for the reason given in `ClientConnection.Ongoing`.
    private var count = 0
    private var byteCount = 0
    private var watch: Watch?
    private var isSpoiled = false
    private var began: ContinuousClock.Instant?
    private var usual = Usual()

    /// Forgets the measurements: another answer begins, or reading was paused.
    mutating func restart() {
        count = 0
        byteCount = 0
        began = nil
        watch = nil
    }

    /// Counts a read; the clock is read once in a window, and while reads are watched.
    mutating func read(_ bytes: Int, at now: @autoclosure () -> ContinuousClock.Instant) -> Event? {
        if watch != nil { return continueWatch(bytes, at: now()) }
        count += 1
        byteCount += bytes
        return count < Self.window ? nil : endWindow(at: now())
    }

    private mutating func endWindow(at now: ContinuousClock.Instant) -> Event? {
        defer { beginWindow(at: now) }
        // The first window of an answer is not timed: it includes stable's time to the first token.
        guard let began, !isSpoiled else { return nil }
        usual = Usual(byteCount: byteCount / Self.window, gap: (now - began) / Self.window)
        return usual.gap <= Self.longestGap && usual.byteCount <= Self.largestRead ? .isFast : nil
    }

    private mutating func beginWindow(at now: ContinuousClock.Instant) {
        count = 0
        byteCount = 0
        began = now
    }

    /// Acknowledgements are delayed from now on; the next reads show whether stable waits for them.
    mutating func beginWatch(trial: Int?) {
        watch = Watch(trial: trial)
    }

    private mutating func continueWatch(_ bytes: Int, at now: ContinuousClock.Instant) -> Event? {
        guard var watch else { return nil }
        guard let last = watch.last else {
            watch.last = now
            self.watch = watch
            return nil
        }
        watch.last = now
        watch.left -= 1
        guard let end = judge(bytes, after: now - last, isLast: watch.left == 0) else {
            self.watch = watch
            return nil
        }
        isSpoiled = end == .heldBack
        self.watch = nil
        beginWindow(at: now)
        return .watched(end, trial: watch.trial)
    }

    private func judge(_ bytes: Int, after gap: Duration, isLast: Bool) -> Watched? {
        let isMore = bytes * 2 >= usual.byteCount * 3
        if isMore, Self.delays.contains(gap) || (bytes >= Self.segment && gap >= usual.gap * 2) { return .heldBack }
        if gap >= Self.delays.lowerBound { return .unclear }
        return isLast ? .wentWell : nil
    }
}
