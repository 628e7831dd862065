import Statistics
import Testing

struct BootstrapTests {
    private struct Case: Decodable {
        var values: [Double]
        var estimate: Double
        var replicates: [Double]
        var jackknife: [Double]
        var bca: [Double]
        var percentile: [Double]
    }

    @Test func `percentile and BCa ends agree with scipy on the same replicates`() throws {
        for item in try Reference.cases("bootstrap", as: Case.self) {
            let distribution = BootstrapDistribution(
                estimate: item.estimate,
                replicates: item.replicates,
                jackknife: item.jackknife
            )
            #expect(agrees(distribution.percentile().value, item.percentile))
            #expect(agrees(distribution.bca().value, item.bca, within: 1e-6))
        }
    }

    @Test func `the jackknife leaves out each session once, and the seed fixes the draws`() throws {
        let values = [3.0, 1, 4, 1, 5, 9, 2, 6]
        let mean: ([Int]) -> Double? = { picked in picked.reduce(0) { $0 + values[$1] } / Double(picked.count) }
        let bootstrap = ClusterBootstrap(replicates: 500, seed: 4)
        let first = try #require(bootstrap.distribution(sessions: 8, statistic: mean).value)
        let second = try #require(bootstrap.distribution(sessions: 8, statistic: mean).value)
        #expect(first.replicates == second.replicates)
        let left = values.map { (31 - $0) / 7 }
        #expect(zip(first.jackknife.sorted(), left.sorted()).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(abs((first.standardError ?? 9) - 0.93) < 0.12)
        let interval = try #require(first.bca().value)
        #expect(interval.contains(31.0 / 8))
    }

    @Test func `one session, or no spread, gives no interval`() throws {
        let bootstrap = ClusterBootstrap(replicates: 50)
        #expect(bootstrap.distribution(sessions: 1) { _ in 1 }.neededSessions == 2)
        let constant = try #require(bootstrap.distribution(sessions: 5) { _ in 1 }.value)
        #expect(constant.percentile() == .undecided(.zeroVariance))
        #expect(constant.bca() == .undecided(.zeroVariance))
        #expect(bootstrap.distribution(sessions: 5) { _ in nil }.value == nil)
    }

    @Test func `the closed form of the tail mass agrees with a bootstrap over sessions`() throws {
        var generator = SplitMix64(seed: 12)
        let stable = (0..<500).map { _ in generator.nextNormal() }
        let shadow = stable.map { 0.7 * $0 + 0.7 * generator.nextNormal() - 0.1 }
        let closed = try #require(
            try PairedSamples(stable: ClusteredSample(stable), shadow: ClusteredSample(shadow)).tailMass().value
        )
        let drawn = ClusterBootstrap(replicates: 400, seed: 2).distribution(sessions: 500) { picked in
            guard let left = try? ClusteredSample(picked.map { stable[$0] }),
                let right = try? ClusteredSample(picked.map { shadow[$0] }),
                let pairs = try? PairedSamples(stable: left, shadow: right)
            else { return nil }
            return pairs.tailMass().value?.estimate
        }
        let bca = try #require(drawn.value?.bca().value)
        let interval = try #require(closed.interval.value)
        #expect(abs(interval.width / bca.width - 1) < 0.35, "closed \(interval), bootstrap \(bca)")
    }
}
