// The paired values of one quantity in one scope, session by session.

import Statistics
import Vocabulary

/// Which rows a figure is made of, and their weights.
struct Scope {
    let observations: Observations
    let rows: SessionRows
    /// Whether pairs were drawn at different rates, so that Hájek weights are owed.
    let isWeighted: Bool

    init(_ rows: [Int32], of observations: Observations) {
        self.observations = observations
        self.rows = SessionRows(rows, of: observations)
        let weights = observations.weights
        let first = rows.first.map { weights[Int($0)] }
        isWeighted = rows.contains { weights[Int($0)] != first }
    }

    /// A session's weight: the mean inverse sampling probability of the rows given.
    func weight(of rows: some Collection<Int32>) -> Double {
        guard isWeighted, !rows.isEmpty else { return 1 }
        return rows.reduce(0) { $0 + observations.weights[Int($1)] } / Double(rows.count)
    }
}

/// Two columns on the rows where both are defined.
struct PairedValues {
    /// Row numbers of the pairs, those of one session together.
    private(set) var rows: [Int32] = []
    private(set) var left: [Double] = []
    private(set) var right: [Double] = []
    /// Where each session begins in these arrays, and the end.
    private(set) var starts: [Int] = [0]
    /// One per session.
    private(set) var weights: [Double] = []

    var pairs: Int { rows.count }
    var sessions: Int { starts.count - 1 }

    init(_ left: Column?, _ right: Column?, in scope: Scope) {
        guard let left, let right else { return }
        let all = scope.rows.rows
        rows.reserveCapacity(all.count)
        self.left.reserveCapacity(all.count)
        self.right.reserveCapacity(all.count)
        for session in 0..<scope.rows.sessions {
            let before = rows.count
            for index in scope.rows.indices(ofSession: session) {
                let row = all[index]
                let (leftValue, rightValue) = (left[row], right[row])
                guard !leftValue.isNaN, !rightValue.isNaN else { continue }
                rows.append(row)
                self.left.append(leftValue)
                self.right.append(rightValue)
            }
            guard rows.count > before else { continue }
            starts.append(rows.count)
            weights.append(scope.weight(of: rows[before...]))
        }
    }

    func indices(ofSession session: Int) -> Range<Int> {
        starts[session]..<starts[session + 1]
    }

    /// The mean over each session's pairs of a function of both values.
    func sessionMeans(_ value: (Double, Double) -> Double) -> [Double] {
        (0..<sessions).map { session in
            let range = indices(ofSession: session)
            return range.reduce(0) { $0 + value(left[$1], right[$1]) } / Double(range.count)
        }
    }

    /// The paired harm, for the value of harm that `value` gives of (left, right).
    func harm(_ value: (Double, Double) -> Double) -> PairedHarm {
        var harm = PairedHarm()
        for (session, mean) in sessionMeans(value).enumerated() {
            harm.add(mean, pairs: indices(ofSession: session).count, weight: weights[session])
        }
        return harm
    }

    /// The session means of a function of both values, for the bounds of their mean.
    ///
    /// - Parameters:
    ///   - range: of the function's values: a difference of harms, scores or agreements unless told.
    ///   - value: of (left, right).
    /// - Returns: the means with the sessions' weights.
    func scores(in range: ClosedRange<Double> = -1...1, _ value: (Double, Double) -> Double) -> SessionScores {
        SessionScores(sessionMeans(value), weights: weights, range: range)
    }

    /// The paired difference with its interval.
    ///
    /// A difference beyond the largest that was seen is not reckoned with here, or the interval would say "100 sessions say
    /// little of a twentieth" whatever they say; a gate does reckon with it (``scores(in:_:)``).
    func difference(_ value: (Double, Double) -> Double) -> Estimate {
        let harm = harm(value)
        let scores = SessionScores(differences: sessionMeans(value), weights: weights)
        return Estimate(harm.estimate, harm.interval(of: scores))
    }

    /// The mean, with its interval, of something between 0 and 1.
    func mean(_ value: (Double, Double) -> Double) -> Estimate {
        let scores = scores(in: 0...1, value)
        return Estimate(scores.estimate, scores.interval())
    }

    /// The rate of a 0/1 quantity on one side over sessions.
    func rate(_ happens: (Int) -> Bool) -> ClusterRate {
        var rate = ClusterRate()
        for session in 0..<sessions {
            let range = indices(ofSession: session)
            rate.add(events: range.count(where: happens), answers: range.count, weight: weights[session])
        }
        return rate
    }

    /// Both sides as distributions over the same sessions; nil without pairs.
    func samples(isWeighted: Bool) -> PairedSamples? {
        guard pairs > 0 else { return nil }
        guard let left = sample(left, isWeighted: isWeighted), let right = sample(right, isWeighted: isWeighted) else {
            return nil
        }
        return try? PairedSamples(stable: left, shadow: right)
    }

    /// One side as a distribution over sessions.
    ///
    /// - Returns: nil where the values cannot be a sample, which columns of finite numbers always are.
    func sample(_ values: [Double], isWeighted: Bool) -> ClusteredSample? {
        if !isWeighted, sessions == pairs { return try? ClusteredSample(values) }
        var numbers = Array(repeating: 0, count: pairs)
        var perPair = Array(repeating: 1.0, count: pairs)
        for session in 0..<sessions {
            for index in indices(ofSession: session) {
                numbers[index] = session
                perPair[index] = weights[session]
            }
        }
        return try? ClusteredSample(
            values,
            sessions: numbers,
            sessionSlots: sessions,
            weights: isWeighted ? perPair : nil
        )
    }
}

extension Estimate {
    /// An estimate that is there, with the interval that was found or the sessions that it needs.
    init(_ value: Double?, _ interval: Finding<Interval>) {
        self.init(
            value,
            interval: interval.value,
            neededSessions: interval.neededSessions
        )
    }

    /// What was found, or the sessions that it needs.
    init(_ finding: Finding<IntervalEstimate>) {
        switch finding {
        case .value(let estimate): self.init(estimate.estimate, estimate.interval)
        case .notEnoughData(_, let needed): self.init(neededSessions: needed)
        case .undecided: self.init()
        }
    }
}
