import Foundation
import Statistics
import Testing

struct ClusterMeanTests {
    private struct Case: Decodable {
        var values: [Double]
        var weights: [Double]
        var sessions: [Int]
        var mean: Double
        var standardError: Double
        var interval: [Double]
        var upper: Double

        enum CodingKeys: String, CodingKey {
            case values
            case weights
            case sessions
            case mean
            case standardError = "standard_error"
            case interval
            case upper
        }

        /// Each session's weighted total and weight.
        var totals: [(total: Double, weight: Double)] {
            var sums = [(total: Double, weight: Double)](repeating: (0, 0), count: (sessions.max() ?? 0) + 1)
            for index in values.indices {
                sums[sessions[index]].total += values[index] * weights[index]
                sums[sessions[index]].weight += weights[index]
            }
            return sums
        }
    }

    @Test func `the ratio over clusters agrees with cluster-robust least squares`() throws {
        for item in try Reference.cases("cluster-means", as: Case.self) {
            var mean = ClusterMean()
            for session in item.totals { mean.add(total: session.total, weight: session.weight) }
            #expect(agrees(mean.mean, item.mean))
            #expect(agrees(mean.standardError, item.standardError))
            #expect(agrees(mean.interval().value, item.interval, within: 1e-8))
            #expect(agrees(mean.upperBound().value, item.upper, within: 1e-8))
        }
    }

    @Test func `two shards add to the whole, whatever the cut`() throws {
        for item in try Reference.cases("cluster-means", as: Case.self) {
            for cut in 0...item.totals.count {
                var left = ClusterMean()
                var right = ClusterMean()
                var all = ClusterMean()
                for (index, session) in item.totals.enumerated() {
                    all.add(total: session.total, weight: session.weight)
                    if index < cut { left.add(total: session.total, weight: session.weight) }
                    if index >= cut { right.add(total: session.total, weight: session.weight) }
                }
                let sum = left + right
                #expect(sum.sessions == all.sessions)
                #expect(agrees(sum.mean, item.mean, within: 1e-9))
                #expect(agrees(sum.sessionVariance, all.sessionVariance ?? -1, within: 1e-9))
                #expect(agrees(sum.effectiveSessions, all.effectiveSessions, within: 1e-12))
            }
        }
    }

    @Test func `a small spread on a large mean is not lost to rounding`() {
        var left = ClusterMean()
        var right = ClusterMean()
        for index in 0..<1_000 {
            left.add(1e8 + Double(index % 2))
            right.add(1e8 + Double(index % 2))
        }
        let sum = left + right
        // Two values one apart, half each: variance 1/4 · 2000/1999.
        #expect(agrees(sum.sessionVariance, 0.25 * 2_000 / 1_999, within: 1e-7))
    }

    @Test func `zero variance is undecided and one session is not enough`() {
        var mean = ClusterMean()
        #expect(mean.mean == nil)
        #expect(mean.interval() == .notEnoughData(have: 0, needed: 2))
        mean.add(0.1)
        #expect(mean.interval() == .notEnoughData(have: 1, needed: 2))
        for _ in 0..<1_000 { mean.add(0.1) }
        #expect(mean.interval() == .undecided(.zeroVariance))
        #expect(mean.upperBound() == .undecided(.zeroVariance))
        mean.add(0.7, weight: 0)
        #expect(mean.sessions == 1_001)
        var weighted = ClusterMean()
        for index in 0..<100 { weighted.add(0.3, weight: Double(1 + index % 7)) }
        #expect(weighted.interval() == .undecided(.zeroVariance))
    }

    @Test func `sufficient values survive JSON`() throws {
        var harm = PairedHarm()
        var process = GridMixtureEProcess(margin: 0.02)
        for index in 0..<50 {
            harm.add(index % 9 == 0 ? 1 : 0, weight: Double(1 + index % 2))
            process.add(index % 9 == 0 ? 1 : 0)
        }
        let harmAgain = try JSONDecoder().decode(PairedHarm.self, from: JSONEncoder().encode(harm))
        let processAgain = try JSONDecoder().decode(GridMixtureEProcess.self, from: JSONEncoder().encode(process))
        #expect(harmAgain == harm)
        #expect(processAgain == process)
        let empty = try JSONDecoder().decode(PairedHarm.self, from: JSONEncoder().encode(PairedHarm()))
        #expect(empty == PairedHarm())
    }

    @Test func `a difference of two ratios equals the mean of differences where both sides are complete`() throws {
        var generator = SplitMix64(seed: 9)
        var harm = ClusterMean()
        var left = ClusterRatioDifference()
        var right = ClusterRatioDifference()
        var all = ClusterRatioDifference()
        for index in 0..<300 {
            let stable = generator.nextUniform() < 0.2 ? 1.0 : 0
            let shadow = generator.nextUniform() < 0.3 ? 1.0 : 0
            harm.add(shadow - stable)
            all.add(stableTotal: stable, stableWeight: 1, shadowTotal: shadow, shadowWeight: 1)
            if index < 100 {
                left.add(stableTotal: stable, stableWeight: 1, shadowTotal: shadow, shadowWeight: 1)
            } else {
                right.add(stableTotal: stable, stableWeight: 1, shadowTotal: shadow, shadowWeight: 1)
            }
        }
        let expected = try #require(harm.interval().value)
        for difference in [all, left + right] {
            let found = try #require(difference.difference().value)
            #expect(agrees(found.estimate, harm.mean ?? 9))
            #expect(agrees(found.interval.value, [expected.lower, expected.upper]))
        }
        #expect(ClusterRatioDifference().difference() == .notEnoughData(have: 0, needed: 2))
        var oneSided = ClusterRatioDifference()
        oneSided.add(stableTotal: 1, stableWeight: 2, shadowTotal: 0, shadowWeight: 0)
        #expect(oneSided.difference().value == nil)
    }
}
