import Dispatch
import TestSupport
import Testing
import Vocabulary

@testable import Gateway

private let start = ContinuousClock.now

/// Fast streams of small events are acknowledged less, and no sender is kept waiting for long.
@Suite struct AcknowledgementsTests {
    // MARK: The pace of one connection

    @Test func `events that come fast and small are told apart from slow and large ones`() {
        #expect(windows(gap: .milliseconds(5), bytes: 200) == [false, true, true])
        let (longest, largest) = (AcknowledgementPace.longestGap, AcknowledgementPace.largestRead)
        #expect(windows(gap: longest, bytes: largest) == [false, true, true])
        #expect(windows(gap: longest + .microseconds(1), bytes: largest) == [false, false, false])
        #expect(windows(gap: longest, bytes: largest + 1) == [false, false, false])
    }

    @Test func `the reads of another answer are counted anew`() {
        var pace = AcknowledgementPace()
        var now = start
        for _ in 0..<5 {
            #expect(!isFast(&pace, 31, gap: .milliseconds(1), at: &now))
            pace.restart()
        }
        #expect(isFast(&pace, 32, gap: .milliseconds(1), at: &now))
    }

    @Test(arguments: [
        // Every five milliseconds an event of 200 bytes, as before; the first read proves nothing.
        ([500, 5, 5, 5, 5], [200, 200, 200, 200, 200], AcknowledgementPace.Watched.wentWell),
        // Held back until the delayed acknowledgement.
        ([5, 40], [200, 1600], .heldBack),
        ([5, 30], [200, 300], .heldBack),
        ([5, 5, 200], [200, 200, 400], .heldBack),
        // Held back until a segment was full.
        ([5, 29], [200, 1448], .heldBack),
        ([5, 5, 5, 5, 10], [200, 200, 200, 200, 1000], .heldBack),
        // Large, but in time.
        ([5, 9, 5, 5, 5], [200, 1448, 200, 200, 200], .wentWell),
        // Stable paused: what came then is a single event, or it came after longer than any kernel waits.
        ([5, 40], [200, 299], .unclear),
        ([5, 251], [200, 900], .unclear),
    ])
    func `the reads that follow tell a sender that waits from one that does not`(
        gaps: [Int],
        sizes: [Int],
        end: AcknowledgementPace.Watched
    ) {
        var pace = AcknowledgementPace()
        var now = start
        #expect(isFast(&pace, 32, gap: .milliseconds(5), at: &now))
        pace.beginWatch(trial: 7)
        var events: [AcknowledgementPace.Event] = []
        for (gap, size) in zip(gaps, sizes) {
            now += .milliseconds(gap)
            if let event = pace.read(size, at: now) { events.append(event) }
        }
        #expect(events == [.watched(end, trial: 7)])
    }

    @Test func `the window after a watch is counted from its end`() {
        var pace = AcknowledgementPace()
        var now = start
        #expect(isFast(&pace, 32, gap: .milliseconds(5), at: &now))
        pace.beginWatch(trial: nil)
        _ = isFast(&pace, 1, gap: .milliseconds(5), at: &now)
        _ = isFast(&pace, 1, gap: .seconds(1), at: &now)
        #expect(isFast(&pace, 16, gap: AcknowledgementPace.longestGap, at: &now))
    }

    @Test func `a connection that was held back is acknowledged at once for good`() {
        var pace = AcknowledgementPace()
        var now = start
        #expect(isFast(&pace, 32, gap: .milliseconds(5), at: &now))
        pace.beginWatch(trial: nil)
        _ = isFast(&pace, 1, gap: .milliseconds(5), at: &now)
        _ = isFast(&pace, 1, gap: .milliseconds(40), bytes: 1_600, at: &now)
        pace.restart()
        #expect(!isFast(&pace, 32, gap: .milliseconds(5), at: &now))
        #expect(!isFast(&pace, 16, gap: .milliseconds(5), at: &now))
    }

    // MARK: What a loop makes of it

    /// Whether a connection is to be acknowledged at once again after this.
    private func isUndone(
        _ trust: inout AcknowledgementTrust,
        _ end: AcknowledgementPace.Watched,
        trial: Int?,
        at now: ContinuousClock.Instant
    ) -> Bool {
        trust.watched(end, trial: trial, at: now)
    }

    @Test func `one connection tries it, then all may until one is held back`() {
        var trust = AcknowledgementTrust()
        #expect(trust.mayDelay(at: start) == .onTrial(1))
        #expect(trust.mayDelay(at: start) == .no)
        #expect(!isUndone(&trust, .wentWell, trial: 1, at: start))
        #expect(trust.mayDelay(at: start + .seconds(10_000)) == .yes)
        #expect(!isUndone(&trust, .unclear, trial: nil, at: start))
        #expect(trust.mayDelay(at: start) == .yes)
        #expect(isUndone(&trust, .heldBack, trial: nil, at: start))
        #expect(!isUndone(&trust, .wentWell, trial: nil, at: start))
        #expect(trust.mayDelay(at: start + .seconds(9)) == .no)
        #expect(trust.mayDelay(at: start + .seconds(10)) == .onTrial(2))
    }

    @Test func `a trial whose connection was lost makes room for the next, and cannot end it`() {
        var trust = AcknowledgementTrust()
        #expect(trust.mayDelay(at: start) == .onTrial(1))
        #expect(trust.mayDelay(at: start + .milliseconds(999)) == .no)
        #expect(trust.mayDelay(at: start + .seconds(1)) == .onTrial(2))
        #expect(!isUndone(&trust, .wentWell, trial: 1, at: start + .seconds(1)))
        #expect(isUndone(&trust, .unclear, trial: 1, at: start + .seconds(1)))
        #expect(trust.mayDelay(at: start + .seconds(1)) == .no)
        #expect(!isUndone(&trust, .wentWell, trial: 2, at: start + .seconds(1)))
        #expect(trust.mayDelay(at: start + .seconds(1)) == .yes)
    }

    @Test func `a trial that shows nothing is repeated later`() {
        var trust = AcknowledgementTrust()
        for round in 0..<100 {
            let now = start + .seconds(10 * round)
            #expect(trust.mayDelay(at: now) == .onTrial(round + 1))
            #expect(isUndone(&trust, .unclear, trial: round + 1, at: now))
            #expect(trust.mayDelay(at: now + .seconds(9)) == .no)
        }
    }

    @Test func `three senders that waited end it for good`() {
        var trust = AcknowledgementTrust()
        for round in 0..<3 {
            let now = start + .seconds(10 * round)
            #expect(trust.mayDelay(at: now) == .onTrial(round + 1))
            #expect(isUndone(&trust, .heldBack, trial: round + 1, at: now))
            // Those that were acknowledged less at the same time count once.
            #expect(isUndone(&trust, .heldBack, trial: nil, at: now))
        }
        #expect(trust.mayDelay(at: start + .seconds(1_000_000)) == .no)
    }

    @Test func `a loop that stood still now and then does not end it`() {
        var trust = AcknowledgementTrust()
        for round in 0..<100 {
            let now = start + .seconds(10 * round)
            guard case .onTrial(let trial) = trust.mayDelay(at: now) else {
                Issue.record("in round \(round) there is no trial")
                return
            }
            #expect(!isUndone(&trust, .wentWell, trial: trial, at: now))
            #expect(isUndone(&trust, .heldBack, trial: nil, at: now))
        }
    }

    // MARK: The kernel

    /// Beside a busy machine the gateway may see windows as slow that the source saw as fast, so one stream of several is enough;
    /// without the saving there is none.
    @Test(.hangLimit)
    func `a fast stream is acknowledged for every second event`() async throws {
        var counts = try await acknowledgements()
        for _ in 0..<7 where !isSaving(counts) { counts = try await acknowledgements() }
        #expect(isSaving(counts), "\(counts)")
    }

    private func isSaving(_ counts: EventSource.Counts) -> Bool {
        // Of each window nearly half is saved. Some are needed to begin, and on a busy machine there are slow ones.
        let saved = max(0, counts.fastWindows - 6) * AcknowledgementPace.window * 3 / 8
        return counts.received <= counts.sent + 16 - saved
    }

    /// The segments of one stream of events, each of which leaves alone.
    private func acknowledgements() async throws -> EventSource.Counts {
        let events = 400
        let source = try EventSource(events: events)
        let configure = Configure { $1.url.port = source.port }
        return try await withGateway(configure: configure) { stage async throws in
            let client = try await stage.client()
            async let segments = source.serve()
            try await client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
            try await client.read(through: "\r\n\r\n")
            for index in 0..<events {
                #expect(try await client.read(through: "\n\r\n") == EventSource.chunk(index))
                source.seen.signal()
            }
            let counts = try await segments
            #expect(counts.sent >= events, "each event leaves alone")
            await client.close()
            return counts
        }
    }

    private func windows(gap: Duration, bytes: Int) -> [Bool] {
        var pace = AcknowledgementPace()
        var now = start
        return (0..<3).map { _ in isFast(&pace, AcknowledgementPace.window, gap: gap, bytes: bytes, at: &now) }
    }

    /// Whether the last of some reads ends a window of fast ones.
    private func isFast(
        _ pace: inout AcknowledgementPace,
        _ reads: Int,
        gap: Duration,
        bytes: Int = 200,
        at now: inout ContinuousClock.Instant
    ) -> Bool {
        var last: AcknowledgementPace.Event?
        for _ in 0..<reads {
            now += gap
            last = pace.read(bytes, at: now)
        }
        if case .isFast = last { return true }
        return false
    }
}
