import Testing

@testable import Statistics

/// A short version of the coverage table, with fixed seeds.
///
/// The long one is `Scripts/bench statistics`.
/// With 400 repetitions the simulation error of a coverage of 95 % is 1.1 points, so the bounds here are wider than the
/// 93 to 97.5 % that the long run must show.
struct CoverageTests {
    /// One side's standard normal values: sessions of 1 to 4 pairs, correlated 0.5 within, the sides 0.25 to 0.5 between.
    private func draw(_ sessions: Int, _ generator: inout SplitMix64) -> (x: [Double], y: [Double], owner: [Int]) {
        var x: [Double] = []
        var y: [Double] = []
        var owner: [Int] = []
        for session in 0..<sessions {
            let level = generator.nextNormal()
            for _ in 0...Int(generator.next() % 4) {
                x.append(0.5.squareRoot() * (level + generator.nextNormal()))
                y.append(0.5.squareRoot() * (level + generator.nextNormal()))
                owner.append(session)
            }
        }
        return (x, y, owner)
    }

    @Test(arguments: [(0.5, 100), (0.95, 100), (0.95, 76), (0.99, 396)])
    func `quantiles and their ratios are covered`(p: Double, sessions: Int) throws {
        let truth = Boost.exponential(Boost.normalQuantile(p))
        var generator = SplitMix64(seed: 31)
        var covered = 0
        var ratios = 0
        let repetitions = 400
        for _ in 0..<repetitions {
            let data = draw(sessions, &generator)
            let stable = try ClusteredSample(
                data.x.map(Boost.exponential),
                sessions: data.owner,
                sessionSlots: sessions
            )
            let shadow = try ClusteredSample(
                data.y.map(Boost.exponential),
                sessions: data.owner,
                sessionSlots: sessions
            )
            if stable.quantileInterval(p).value?.contains(truth) == true { covered += 1 }
            let ratio = try PairedSamples(stable: stable, shadow: shadow).quantileRatio(p).value
            if ratio?.interval.value?.contains(1) == true { ratios += 1 }
        }
        #expect((0.915...0.985).contains(Double(covered) / Double(repetitions)), "quantile: \(covered)")
        #expect((0.915...0.995).contains(Double(ratios) / Double(repetitions)), "ratio: \(ratios)")
    }

    @Test func `tail mass is covered at 400 sessions`() throws {
        var generator = SplitMix64(seed: 32)
        var covered = 0
        let repetitions = 300
        for _ in 0..<repetitions {
            let data = draw(400, &generator)
            let pairs = try PairedSamples(
                stable: ClusteredSample(data.x, sessions: data.owner, sessionSlots: 400),
                shadow: ClusteredSample(data.y, sessions: data.owner, sessionSlots: 400)
            )
            if try #require(pairs.tailMass().value?.interval.value).contains(0.05) { covered += 1 }
        }
        #expect((0.91...0.99).contains(Double(covered) / Double(repetitions)), "\(covered)")
    }

    @Test func `CVaR is covered at 2,000 sessions`() throws {
        // The mean of the worst 5 % of a standard normal: −φ(z) ÷ 0.05.
        let truth = -0.103_135_640_375_371_4 / 0.05
        var generator = SplitMix64(seed: 33)
        var covered = 0
        let repetitions = 150
        for _ in 0..<repetitions {
            let values = (0..<2_000).map { _ in generator.nextNormal() }
            let estimate = try #require(ClusteredSample(values).conditionalValueAtRisk().value)
            if try #require(estimate.interval.value).contains(truth) { covered += 1 }
        }
        #expect((0.89...1).contains(Double(covered) / Double(repetitions)), "\(covered)")
    }

    @Test(arguments: [(1, 0.03), (1, 0.3), (6, 0.03)])
    func `paired differences and rates are covered at 100 sessions`(largest: Int, rate: Double) throws {
        var generator = SplitMix64(seed: 34)
        var differences = 0
        var rates = 0
        let repetitions = 1_000
        for _ in 0..<repetitions {
            var harm = PairedHarm()
            var stableRate = ClusterRate()
            for _ in 0..<100 {
                let pairs = 1 + Int(generator.next() % UInt64(largest))
                let stable = (0..<pairs).count { _ in generator.nextUniform() < rate }
                let shadow = (0..<pairs).count { _ in generator.nextUniform() < rate }
                harm.add(Double(shadow - stable) / Double(pairs), pairs: pairs)
                stableRate.add(events: stable, answers: pairs)
            }
            if harm.interval().value?.contains(0) == true { differences += 1 }
            if stableRate.interval().value?.contains(rate) == true { rates += 1 }
        }
        #expect((0.925...0.98).contains(Double(differences) / Double(repetitions)), "difference: \(differences)")
        #expect((0.92...0.99).contains(Double(rates) / Double(repetitions)), "rate: \(rates)")
    }
}
