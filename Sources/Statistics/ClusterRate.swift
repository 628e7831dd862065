/// The rate of a 0/1 event on one side, over sessions with any number of answers; two of them add.
///
/// Where every session has one answer and equal weight, this is a plain ``Proportion``. Otherwise the cluster-robust
/// variance is turned into an effective sample size, and Wilson's or the exact interval is taken at that size
/// (Korn, Graubard, Survey Methodology 24 (1998) 193–201; Dean, Pagano, J. Survey Stat. Methodol. 3 (2015) 484–503).
public struct ClusterRate: Sendable, Hashable, Codable {
    /// The mean of the session rates and its variance.
    public private(set) var mean = ClusterMean()
    /// Answers in all sessions.
    public private(set) var answers = 0
    /// Answers with the event.
    public private(set) var events = 0
    /// Sessions with at least one event.
    public private(set) var sessionsWithEvent = 0
    /// Sessions with at least one answer without the event.
    public private(set) var sessionsWithout = 0

    /// Creates an empty rate.
    public init() {}

    /// Adds a session.
    ///
    /// - Parameters:
    ///   - events: answers with the event.
    ///   - answers: all answers for which the event is defined; a session without any is left out.
    ///   - weight: the session's inverse sampling probability; a session of weight 0 is left out.
    public mutating func add(events: Int, answers: Int, weight: Double = 1) {
        precondition(0 <= events && events <= answers, "\(events) events in \(answers) answers are impossible")
        guard answers > 0, weight > 0 else { return }
        mean.add(Double(events) / Double(answers), weight: weight)
        self.answers += answers
        self.events += events
        if events > 0 { sessionsWithEvent += 1 }
        if events < answers { sessionsWithout += 1 }
    }

    /// The rate of both sets of sessions together.
    public static func + (left: ClusterRate, right: ClusterRate) -> ClusterRate {
        var sum = ClusterRate()
        sum.mean = left.mean + right.mean
        sum.answers = left.answers + right.answers
        sum.events = left.events + right.events
        sum.sessionsWithEvent = left.sessionsWithEvent + right.sessionsWithEvent
        sum.sessionsWithout = left.sessionsWithout + right.sessionsWithout
        return sum
    }

    /// Sessions counted.
    public var sessions: Int { mean.sessions }

    /// The weighted mean of the session rates, nil without sessions.
    public var rate: Double? { mean.mean.map { min(1, max(0, $0)) } }

    /// The two-sided interval: exact where fewer than 5 sessions have the event (or lack it), else Wilson's.
    public func interval(confidence: Double = 0.95) -> Finding<Interval> {
        checkConfidence(confidence)
        guard let rate else { return .notEnoughData(have: 0, needed: 1) }
        if sessionsWithEvent + sessionsWithout == sessions && mean.isEquallyWeighted {
            return Proportion(events: sessionsWithEvent, trials: sessions).interval(confidence: confidence)
        }
        let level = (1 + confidence) / 2
        let z = Boost.normalQuantile(level)
        var size = mean.effectiveSessions
        if sessionsWithEvent > 0 && sessionsWithout > 0 {
            guard let error = mean.standardError else { return .notEnoughData(have: sessions, needed: 2) }
            guard error > 0 else { return .undecided(.zeroVariance) }
            // The variance is itself an estimate: t instead of z, as Korn and Graubard do it.
            let t = Boost.studentQuantile(Double(sessions - 1), level)
            size = min(Double(answers), rate * (1 - rate) / (error * error)) * (z / t) * (z / t)
        }
        guard min(sessionsWithEvent, sessionsWithout) >= 5 else {
            let events = rate * size
            return .value(
                Interval(
                    lower: Proportion.exactLower(events: events, size: size, confidence: level),
                    upper: Proportion.exactUpper(events: events, size: size, confidence: level)
                )
            )
        }
        return .value(Proportion.wilson(rate: rate, size: size, z: z))
    }
}
