import Statistics

/// What an interval is of.
enum Estimator: String, Sendable, CaseIterable {
    case rate = "a rate"
    case difference = "a paired difference"
    case mean = "a score's mean"
    case quantile = "a quantile"
    case ratio = "a ratio of quantiles"
    case tailMass = "a tail mass"
    case cvar = "a CVaR"

    /// The coverage that is asked for.
    var band: ClosedRange<Double> {
        switch self {
        case .rate, .difference, .mean, .quantile, .ratio: 0.93...0.975
        case .tailMass, .cvar: 0.92...1
        }
    }

    var target: String { band.upperBound < 1 ? "93 % to 97.5 %" : "≥ 92 %" }
}

/// Draws of one distribution and design, from which every interval is made that the evaluator would print there.
struct CoverageCell: Sendable {
    var marginal: Marginal
    var design: Design
    var repetitions: Int

    var name: String { "\(marginal), \(design)" }

    /// A coverage of this cell.
    struct Result: Sendable {
        var estimator: Estimator
        var name: String
        var coverage: Share
    }

    /// Coverages as they are counted; draws without an interval are left out of them.
    private struct Tally {
        var estimator: Estimator
        var detail: String
        var truth: Double
        var coverage = Share()

        mutating func add(_ interval: Interval?) {
            if let interval { coverage.add(interval.contains(truth)) }
        }
    }

    /// - Returns: how often each interval held its true value.
    func run() -> [Result] {
        var generator = SplitMix64(cell: "coverage, \(name)")
        let map = marginal.map()
        var tallies = tallies()
        for _ in 0..<repetitions {
            let draw = DrawnPairs(design, map, &generator)
            let samples = tallies.contains { $0.estimator.isOfDistribution } ? Self.samples(draw, design) : nil
            for index in tallies.indices {
                tallies[index].add(interval(of: tallies[index].estimator, tallies[index].detail, draw, samples))
            }
        }
        return tallies.filter { $0.coverage.trials > 0 }.map { tally in
            let detail = tally.detail.isEmpty ? "" : "\(tally.detail), "
            return Result(estimator: tally.estimator, name: "\(detail)\(name)", coverage: tally.coverage)
        }
    }

    private static func samples(_ draw: DrawnPairs, _ design: Design) -> PairedSamples? {
        func sample(_ values: [Double]) throws -> ClusteredSample {
            try design.largest == 1
                ? ClusteredSample(values)
                : ClusteredSample(values, sessions: draw.session, sessionSlots: design.sessions)
        }
        return try? PairedSamples(stable: sample(draw.stable), shadow: sample(draw.shadow))
    }

    /// The quantiles that the evaluator prints of such values, at or above their minimum number of sessions.
    private var quantiles: [(name: String, p: Double)] {
        let all: [(String, Double)] =
            switch marginal {
            case .binary, .levels: []
            case .beta: [("p1", 0.01), ("p5", 0.05), ("p10", 0.1)]
            case .logNormal, .heavyTailed: [("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("p99.9", 0.999)]
            }
        return all.filter { design.sessions >= Quantile.minimumSessions($0.1) }
    }

    private func tallies() -> [Tally] {
        var tallies: [Tally] = []
        if case .binary(let rate) = marginal { tallies.append(Tally(estimator: .rate, detail: "", truth: rate)) }
        if let mean = marginal.mean {
            tallies.append(Tally(estimator: .difference, detail: "", truth: 0))
            tallies.append(Tally(estimator: .mean, detail: "", truth: mean))
        }
        for (name, p) in quantiles {
            tallies.append(Tally(estimator: .quantile, detail: name, truth: marginal.quantile(p)))
            if marginal != .beta { tallies.append(Tally(estimator: .ratio, detail: name, truth: 1)) }
        }
        let isRareBinary = marginal == .binary(0.03)
        if design.sessions >= PairedSamples.minimumSessionsForTails, !isRareBinary {
            tallies.append(Tally(estimator: .tailMass, detail: "", truth: 0.05))
        }
        if design.sessions >= ClusteredSample.minimumSessionsForCVaRInterval, let tail = marginal.lowestMean(0.05) {
            tallies.append(Tally(estimator: .cvar, detail: "", truth: tail))
        }
        return tallies
    }

    private func interval(
        of estimator: Estimator,
        _ detail: String,
        _ draw: DrawnPairs,
        _ samples: PairedSamples?
    ) -> Interval? {
        let p = quantiles.first { $0.name == detail }?.p ?? 0.05
        switch estimator {
        case .rate:
            var rate = ClusterRate()
            for session in 0..<design.sessions {
                let range = draw.starts[session]..<draw.starts[session + 1]
                rate.add(events: range.count { draw.stable[$0] > 0.5 }, answers: range.count)
            }
            return rate.interval().value
        case .difference:
            var harm = PairedHarm()
            let means = (0..<design.sessions).map { draw.mean(ofSession: $0) { $1 - $0 } }
            for (session, mean) in means.enumerated() {
                harm.add(mean, pairs: draw.starts[session + 1] - draw.starts[session])
            }
            return harm.interval(of: SessionScores(differences: means)).value
        case .mean:
            let means = (0..<design.sessions).map { draw.mean(ofSession: $0) { stable, _ in stable } }
            return SessionScores(means, range: 0...1).interval().value
        case .quantile: return samples?.stable.quantileInterval(p).value
        case .ratio: return samples?.quantileRatio(p).value?.interval.value
        case .tailMass: return samples?.tailMass().value?.interval.value
        case .cvar: return samples?.stable.conditionalValueAtRisk().value?.interval.value
        }
    }
}

extension Estimator {
    /// Whether it needs the sorted values.
    fileprivate var isOfDistribution: Bool {
        switch self {
        case .rate, .difference, .mean: false
        case .quantile, .ratio, .tailMass, .cvar: true
        }
    }
}
