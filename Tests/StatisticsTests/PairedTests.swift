import Foundation
import Statistics
import TestSupport
import Testing

struct PairedTests {
    private struct Case: Decodable {
        struct McNemar: Decodable {
            var exact: Double
            var corrected: [Double]
            var plain: [Double]
        }
        var pairs: Int
        var shadowOnly: Int
        var stableOnly: Int
        var confidence: Double
        var tango: [Double]
        var mcnemar: McNemar?

        enum CodingKeys: String, CodingKey {
            case pairs
            case shadowOnly = "shadow_only"
            case stableOnly = "stable_only"
            case confidence
            case tango
            case mcnemar
        }
    }

    @Test func `Tango's interval and McNemar's tests agree with their references`() throws {
        for item in try Reference.cases("paired", as: Case.self) {
            let counts = PairedBinary(pairs: item.pairs, shadowOnly: item.shadowOnly, stableOnly: item.stableOnly)
            let interval = counts.tango(confidence: item.confidence).value
            #expect(agrees(interval, item.tango, within: 1e-6), "\(item): \(String(describing: interval))")
            guard let mcnemar = item.mcnemar else { continue }
            #expect(agrees(counts.mcNemarExact().value?.pValue, mcnemar.exact), "\(item)")
            #expect(agrees(counts.mcNemarChiSquared().value, mcnemar.corrected), "\(item)")
            #expect(agrees(counts.mcNemarChiSquared(continuityCorrection: false).value, mcnemar.plain), "\(item)")
        }
    }

    @Test func `shards of counts add to the whole, whatever the cut`() {
        var generator = SplitMix64(seed: 13)
        let events = (0..<60).map { _ in (generator.nextUniform() < 0.3, generator.nextUniform() < 0.2) }
        func count(_ events: ArraySlice<(Bool, Bool)>) -> (pairs: PairedBinary, shadow: Proportion) {
            events.reduce(into: (PairedBinary(), Proportion())) { sum, event in
                sum.0.add(stable: event.0, shadow: event.1)
                sum.1.add(event.1)
            }
        }
        let all = count(events[...])
        #expect(all.pairs.pairs == 60 && all.pairs.shadowOnly > 0 && all.pairs.stableOnly > 0)
        for cut in 0...60 {
            let (left, right) = (count(events[..<cut]), count(events[cut...]))
            #expect(left.pairs + right.pairs == all.pairs)
            #expect(left.shadow + right.shadow == all.shadow)
        }
    }

    @Test func `no pairs, and no disagreement, are not enough data`() {
        #expect(PairedBinary().tango() == .notEnoughData(have: 0, needed: 1))
        #expect(PairedBinary(pairs: 10).mcNemarExact() == .notEnoughData(have: 0, needed: 1))
        #expect(PairedBinary(pairs: 10).mcNemarChiSquared() == .notEnoughData(have: 0, needed: 1))
    }

    @Test(arguments: [(0.01, 299), (0.02, 149), (0.03, 99)])
    func `zero events pass a margin only from the stated number of sessions`(margin: Double, sessions: Int) throws {
        #expect(SampleSize.zeroEvents(margin: margin) == sessions)
        for pairsPerSession in [1, 3] {
            var harm = PairedHarm()
            for _ in 0..<(sessions - 1) { harm.add(0, pairs: pairsPerSession) }
            #expect(try #require(harm.upperBound().value) >= margin)
            harm.add(0, pairs: pairsPerSession)
            #expect(try #require(harm.upperBound().value) < margin)
        }
    }

    @Test func `where stable alone never fails, both bounds are those of a rate`() throws {
        for (pairs, worse) in [(100, 6), (100, 7), (300, 14)] {
            let counts = PairedBinary(pairs: pairs, shadowOnly: worse)
            let rate = Proportion(events: worse, trials: pairs)
            #expect(counts.lowerBound() == (try #require(rate.lowerBound().value)))
            #expect(counts.upperBound() >= (try #require(rate.upperBound().value)))
            // One pair on the other side, and it is a difference again.
            let difference = PairedBinary(pairs: pairs, shadowOnly: worse, stableOnly: 1)
            #expect(difference.lowerBound() < counts.lowerBound())
        }
        // 6 of 100 are not significantly more than 3 %: a rate of 3 % gives as many in 8 of 100 cases.
        #expect(PairedBinary(pairs: 100, shadowOnly: 6).lowerBound() < 0.03)
        #expect(PairedBinary(pairs: 100, shadowOnly: 7).lowerBound() > 0.03)
    }

    @Test func `with fewer than 5 worse sessions the exact bound holds, whatever the better ones do`() throws {
        var harm = PairedHarm()
        for index in 0..<500 { harm.add(index < 4 ? 1 : index < 200 ? -1 : 0) }
        let exact = try #require(Proportion(events: 4, trials: 500).upperBound().value)
        #expect(harm.upperBound() == .value(exact))
        harm.add(1)
        #expect(try #require(harm.upperBound().value) < 0)
    }

    @Test func `single pairs use Tango, sessions of several pairs use Student's t`() throws {
        var single = PairedHarm()
        var several = PairedHarm()
        for index in 0..<200 {
            let value = index % 10 == 0 ? 1.0 : index % 15 == 1 ? -1.0 : 0
            single.add(value)
            several.add(value, pairs: 2)
        }
        let counts = try #require(single.singlePairs)
        #expect(single.interval() == counts.tango())
        #expect(several.singlePairs == nil)
        #expect(several.interval() == several.mean.interval())
        #expect(single.interval() != several.interval())
    }

    @Test func `zero variance with harm everywhere is undecided, not a zero-width interval`() {
        var harm = PairedHarm()
        for _ in 0..<50 { harm.add(0.5, pairs: 2) }
        #expect(harm.interval() == .undecided(.zeroVariance))
        #expect(harm.lowerBound() == .undecided(.zeroVariance))
        #expect(harm.upperBound() == .undecided(.zeroVariance))
        #expect(PairedHarm().upperBound() == .notEnoughData(have: 0, needed: 1))
        #expect(PairedHarm().lowerBound() == .notEnoughData(have: 0, needed: 2))
    }

    @Test func `shards of paired harm add to the whole`() throws {
        var generator = SplitMix64(seed: 11)
        for seed in 0..<40 {
            var left = PairedHarm()
            var right = PairedHarm()
            var all = PairedHarm()
            for _ in 0..<(2 + Int(generator.next() % 200)) {
                let value = [-1.0, 0, 0, 0, 0.5, 1][Int(generator.next() % 6)]
                let weight = seed % 2 == 0 ? 1 : 1 + Double(generator.next() % 3)
                all.add(value, weight: weight)
                if generator.next() % 2 == 0 {
                    left.add(value, weight: weight)
                } else {
                    right.add(value, weight: weight)
                }
            }
            let sum = left + right
            #expect(sum.worseSessions == all.worseSessions && sum.betterSessions == all.betterSessions)
            #expect(sum.pairs == all.pairs)
            #expect(abs((sum.estimate ?? 9) - (all.estimate ?? 8)) < 1e-12)
            guard let whole = all.upperBound().value else { continue }
            #expect(abs((sum.upperBound().value ?? 9) - whole) < 1e-9, "seed \(seed)")
        }
    }

    /// The story that the product exists for: better on average, clearly worse in math.
    @Test(.enabled(if: SharedData.folder != nil, "needs ../shared/data, or UNDERSTUDY_SHARED naming that folder"))
    func `math is worse by 8 points, at least 5, in the recorded answers of two real models`() throws {
        struct Line: Decodable {
            struct Side: Decodable { var scores: [String: Double] }
            var intent: String
            var stable: Side
            var shadow: Side
        }
        let url = try #require(SharedData.folder).appending(path: "mmlu-pro-flash-to-pro.jsonl")
        var harms: [String: PairedHarm] = [:]
        var processes: [String: GridMixtureEProcess] = [:]
        let decoder = JSONDecoder()
        for line in try Data(contentsOf: url).split(separator: UInt8(ascii: "\n")) {
            let pair = try decoder.decode(Line.self, from: Data(line))
            let harm = try #require(pair.stable.scores["correct"]) - #require(pair.shadow.scores["correct"])
            harms[pair.intent, default: PairedHarm()].add(harm)
            processes[pair.intent, default: GridMixtureEProcess(margin: 0.03)].add(harm)
        }
        let math = try #require(harms["math"])
        #expect(math.sessions == 900)
        #expect(abs((math.estimate ?? 0) - 0.082) < 0.0005)
        #expect(abs((math.lowerBound().value ?? 0) - 0.050) < 0.001)
        let evidence = try #require(processes["math"]).eValue
        #expect(abs(evidence - 9) < 1)
        #expect(processes["math"]?.rejects(hypotheses: 14) == false)
        #expect(GridMixtureEProcess.threshold(hypotheses: 14) == 280)
        for (intent, harm) in harms where intent != "math" {
            #expect((harm.lowerBound().value ?? 1) <= 0.03, "\(intent) fails as well")
        }
    }
}
