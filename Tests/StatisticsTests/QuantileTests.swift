import TestSupport
import Testing

@testable import Statistics

struct QuantileTests {
    private struct Case: Decodable {
        var kind: String
        var values: [Double]
        var weights: [Double]
        var probabilities: [Double]
        var plain: [Double]
        var weighted: [Double]
    }

    private struct RankCase: Decodable {
        var p: Double
        var count: Int
        var ranks: [Double]
    }

    private struct TailCase: Decodable {
        var kind: String
        var stable: [Double]
        var shadow: [Double]
        var sessions: [Int]
        var tailMass: Double
        var cvarStable: Double
        var cvarShadow: Double

        enum CodingKeys: String, CodingKey {
            case kind
            case stable
            case shadow
            case sessions
            case tailMass = "tail_mass"
            case cvarStable = "cvar_stable"
            case cvarShadow = "cvar_shadow"
        }
    }

    @Test func `quantiles agree with numpy's inverted distribution function, weighted and not`() throws {
        for item in try Reference.cases("quantiles", as: Case.self) {
            let plain = try ClusteredSample(item.values)
            let weighted = try ClusteredSample(
                item.values,
                sessions: nil,
                sessionSlots: item.values.count,
                weights: item.weights
            )
            for (index, p) in item.probabilities.enumerated() {
                #expect(plain.quantile(p) == .value(item.plain[index]), "\(item.kind) \(p)")
                #expect(weighted.quantile(p) == .value(item.weighted[index]), "\(item.kind) \(p), weighted")
            }
        }
    }

    @Test func `order-statistic ranks agree with scipy's distribution-free interval`() throws {
        for item in try Reference.cases("order-statistics", as: RankCase.self) {
            let ranks = Quantile.orderStatisticRanks(item.p, count: item.count)
            #expect(ranks?.lower == Int(item.ranks[0]), "\(item)")
            #expect(ranks?.upper == Int(item.ranks[1]), "\(item)")
        }
        #expect(Quantile.orderStatisticRanks(0.5, count: 5) == nil)
        #expect(Quantile.orderStatisticRanks(0.5, count: 0) == nil)
    }

    @Test(arguments: [(0.5, 4), (0.9, 36), (0.95, 76), (0.99, 396), (0.999, 3_996), (0.05, 76), (0.01, 396), (0.1, 36)])
    func `nothing is given below the minimum number of sessions`(p: Double, minimum: Int) throws {
        #expect(Quantile.minimumSessions(p) == minimum)
        let fewer = try ClusteredSample((1..<minimum).map(Double.init))
        #expect(fewer.quantile(p) == .notEnoughData(have: minimum - 1, needed: minimum))
        #expect(fewer.quantileInterval(p) == .notEnoughData(have: minimum - 1, needed: minimum))
        let enough = try ClusteredSample((1...minimum).map(Double.init))
        #expect(enough.quantile(p).value != nil)
        if p != 0.5 { #expect(enough.quantileInterval(p).value != nil) }
        if p == 0.5 { #expect(enough.quantileInterval(p) == .notEnoughData(have: 4, needed: 6)) }
    }

    @Test func `many values of few sessions do not count as many sessions`() throws {
        let values = (0..<1_000).map { Double($0 % 97) }
        let sample = try ClusteredSample(values, sessions: values.indices.map { $0 / 20 }, sessionSlots: 50)
        #expect(sample.sessions == 50)
        #expect(sample.quantile(0.95) == .notEnoughData(have: 50, needed: 76))
    }

    @Test func `clusters of equal values widen the interval, and weights of zero leave out`() throws {
        var generator = SplitMix64(seed: 5)
        let levels = (0..<400).map { _ in generator.nextNormal() }
        let single = try #require(ClusteredSample(levels).quantileInterval(0.9).value)
        let repeated = try ClusteredSample(
            levels.flatMap { [$0, $0, $0] },
            sessions: (0..<1_200).map { $0 / 3 },
            sessionSlots: 400
        )
        let clustered = try #require(repeated.quantileInterval(0.9).value)
        #expect(abs(clustered.width - single.width) < 0.2 * single.width)
        let independent = try #require(ClusteredSample(levels.flatMap { [$0, $0, $0] }).quantileInterval(0.9).value)
        #expect(independent.width < 0.8 * clustered.width)
        let left = try ClusteredSample(
            levels + [1e9],
            sessions: nil,
            sessionSlots: 401,
            weights: [Double](repeating: 2, count: 400) + [0]
        )
        #expect(left.sessions == 400)
        #expect(left.quantileInterval(0.9) == .value(single))
    }

    @Test func `scores with ties have observed values as interval ends`() throws {
        let scores = (0..<200).map { $0 % 10 == 0 ? 0.0 : $0 % 3 == 0 ? 0.5 : 1.0 }
        let interval = try #require(ClusteredSample(scores).quantileInterval(0.1).value)
        #expect([0, 0.5, 1].contains(interval.lower) && [0, 0.5, 1].contains(interval.upper))
    }

    @Test func `a sample refuses numbers that are not finite and lists that do not fit`() {
        #expect(throws: StatisticsError.notFinite(what: "value", index: 1)) { try ClusteredSample([1, .nan]) }
        #expect(throws: StatisticsError.self) { try ClusteredSample([1], sessions: [3], sessionSlots: 2) }
        #expect(throws: StatisticsError.self) { try ClusteredSample([1], sessions: [], sessionSlots: 2) }
        #expect(throws: StatisticsError.self) {
            try ClusteredSample([1], sessions: nil, sessionSlots: 1, weights: [-1])
        }
        #expect(throws: Never.self) {
            let empty = try ClusteredSample([])
            #expect(empty.quantile(0.5) == .notEnoughData(have: 0, needed: 4))
            #expect(empty.conditionalValueAtRisk() == .notEnoughData(have: 0, needed: 400))
        }
    }

    @Test func `equal samples have ratio 1 and no interval`() throws {
        let values = (1...500).map(Double.init)
        let sample = try ClusteredSample(values)
        let pairs = try PairedSamples(stable: sample, shadow: sample)
        let ratio = try #require(pairs.quantileRatio(0.95).value)
        #expect(ratio.estimate == 1)
        #expect(ratio.interval == .undecided(.zeroVariance))
        let doubled = try PairedSamples(stable: sample, shadow: ClusteredSample(values.map { 2 * $0 + 1 }))
        #expect(try #require(doubled.quantileRatio(0.5).value).estimate > 2)
        let negative = try ClusteredSample(values.map { -$0 })
        let bad = try PairedSamples(stable: negative, shadow: sample)
        #expect(bad.quantileRatio(0.95) == .undecided(.nonPositiveDenominator))
        #expect(try #require(bad.quantileDifference(0.95).value).interval.value != nil)
    }

    @Test func `a ratio on the same sessions is more precise than on different ones`() throws {
        var generator = SplitMix64(seed: 6)
        let base = (0..<2_000).map { _ in generator.nextNormal() }
        let stable = base.map { Boost.exponential($0) }
        let shadow = base.map { Boost.exponential($0 + 0.2 * generator.nextNormal()) }
        let paired = try PairedSamples(stable: ClusteredSample(stable), shadow: ClusteredSample(shadow))
        let shuffled = try PairedSamples(
            stable: ClusteredSample(stable),
            shadow: ClusteredSample(shadow.shuffled(using: &generator))
        )
        for p in [0.5, 0.95] {
            let narrow = try #require(paired.quantileRatio(p).value?.interval.value)
            let wide = try #require(shuffled.quantileRatio(p).value?.interval.value)
            #expect(narrow.width < 0.7 * wide.width)
        }
    }

    @Test func `tail mass and CVaR agree with plain sums, ties and unequal sessions included`() throws {
        for item in try Reference.cases("tails", as: TailCase.self) {
            let pairs = try PairedSamples(
                stable: ClusteredSample(item.stable, sessions: item.sessions, sessionSlots: 420),
                shadow: ClusteredSample(item.shadow, sessions: item.sessions, sessionSlots: 420)
            )
            let mass = try #require(pairs.tailMass().value)
            #expect(agrees(mass.estimate, item.tailMass), "\(item.kind)")
            #expect(mass.interval.value?.contains(item.tailMass) == true)
            #expect(agrees(pairs.stable.conditionalValueAtRisk().value?.estimate, item.cvarStable), "\(item.kind)")
            #expect(agrees(pairs.shadow.conditionalValueAtRisk().value?.estimate, item.cvarShadow), "\(item.kind)")
            let difference = try #require(pairs.conditionalValueAtRiskDifference().value)
            #expect(abs(difference.estimate - (item.cvarShadow - item.cvarStable)) < 1e-9)
            #expect(difference.interval == .notEnoughData(have: 420, needed: 2_000))
        }
    }

    @Test func `no change gives a tail mass of exactly the tail, ties or not`() throws {
        for values in [
            (1...500).map(Double.init), (0..<500).map { Double($0 % 3) }, [Double](repeating: 1, count: 500),
        ] {
            let sample = try ClusteredSample(values)
            let mass = try #require(try PairedSamples(stable: sample, shadow: sample).tailMass().value)
            #expect(abs(mass.estimate - 0.05) < 1e-12)
            let interval = try #require(mass.interval.value)
            #expect(interval.contains(0.05) && interval.upper < 0.1)
        }
        let few = try ClusteredSample((1...399).map(Double.init))
        #expect(try PairedSamples(stable: few, shadow: few).tailMass() == .notEnoughData(have: 399, needed: 400))
    }

    @Test func `a shadow with a worse tail and a better mean shows in the tail mass`() throws {
        var generator = SplitMix64(seed: 8)
        let stable = (0..<1_000).map { _ in 0.5 + 0.2 * generator.nextUniform() }
        let shadow = (0..<1_000).map { $0 % 5 == 0 ? 0.3 * generator.nextUniform() : 0.75 }
        #expect((Moments(shadow).mean ?? 0) > (Moments(stable).mean ?? 1))
        let pairs = try PairedSamples(stable: ClusteredSample(stable), shadow: ClusteredSample(shadow))
        let mass = try #require(pairs.tailMass(confidence: 0.9).value)
        #expect(mass.estimate == 0.2)
        #expect(try #require(mass.interval.value).lower > 0.15)
    }
}
