/// Stops calls to a shadow that does not answer, and probes it now and then.
///
/// Closed until `failures` come in a row, then open; after `probeEvery` one request is let through as a probe, and its result
/// closes the breaker or opens it anew. A failure is no answer (no connection, a time-out) or an answer without end (a
/// time-out, or more bytes than the limit). A status of 500 is an answer, and a finding.
package struct CircuitBreaker: Sendable, Equatable {
    /// When the breaker opens and how it closes.
    package struct Settings: Sendable, Equatable {
        /// Failures in a row that open it; 0 for a breaker that never opens.
        package var failures: Int
        /// How long it stays open before one request is let through.
        package var probeEvery: Duration

        package init(failures: Int, probeEvery: Duration) {
            self.failures = failures
            self.probeEvery = probeEvery
        }
    }

    package enum State: Sendable, Equatable {
        case closed(failuresInARow: Int)
        case open(probeAt: ContinuousClock.Instant)
        case probing
    }

    package var settings: Settings
    package private(set) var state = State.closed(failuresInARow: 0)

    package init(_ settings: Settings) {
        self.settings = settings
    }

    /// Whether a request may be played now; letting one through an open breaker makes it the probe.
    mutating func admits(at now: ContinuousClock.Instant) -> Bool {
        switch state {
        case .closed: return true
        case .probing: return false
        case .open(let probeAt):
            guard now >= probeAt else { return false }
            state = .probing
            return true
        }
    }

    /// Whether `admits` would return false.
    func refuses(at now: ContinuousClock.Instant) -> Bool {
        switch state {
        case .closed: false
        case .probing: true
        case .open(let probeAt): now < probeAt
        }
    }

    /// The shadow answered, with whatever status.
    mutating func answered() {
        state = .closed(failuresInARow: 0)
    }

    /// No answer, or one without end.
    mutating func failed(at now: ContinuousClock.Instant) {
        switch state {
        case .closed(let failuresInARow):
            let failures = failuresInARow + 1
            state =
                settings.failures > 0 && failures >= settings.failures
                ? .open(probeAt: now + settings.probeEvery) : .closed(failuresInARow: failures)
        case .probing: state = .open(probeAt: now + settings.probeEvery)
        // A request from before it opened.
        case .open: break
        }
    }

    /// A request was given up here, for a reason that does not concern the shadow.
    mutating func gaveUp(at now: ContinuousClock.Instant) {
        if state == .probing { state = .open(probeAt: now) }
    }
}
