import Foundation
import Statistics
import TestSupport
import Testing
import Vocabulary

@testable import Evaluation

/// Short versions of `Scripts/bench statistics` through the judge.
extension VerdictTests {
    /// P(PROMOTE), by asking the judge for every likely outcome of sessions with one pair.
    private func promoteProbability(_ sessions: Int, margin: Double, worse: Double, better: Double) -> Double {
        let gate = Gate(metric: "new_refusal", margin: .absolute(margin), scope: .everyIntent)
        var total = 0.0
        for worseCount in 0...sessions {
            let row = BinomialDistribution.probability(worseCount, trials: sessions, probability: worse) ?? 0
            guard row > 1e-4 else { continue }
            for betterCount in 0...(sessions - worseCount) {
                let column = BinomialDistribution.probability(
                    betterCount,
                    trials: sessions - worseCount,
                    probability: better / (1 - worse)
                )
                guard let column, row * column > 1e-4 else { continue }
                let pairs = rows(sessions, worse: worseCount, better: betterCount)
                if input(pairs, gates: [gate]).readiness().verdict == .promote { total += row * column }
            }
        }
        return total
    }

    @Test(arguments: [
        (99, 0.03, 0.0), (150, 0.03, 0), (149, 0.02, 0), (299, 0.01, 0), (149, 0.02, 0.02), (149, 0.02, 0.05),
    ])
    func `a harm of exactly the margin is promoted in at most 5 percent, with few better sessions or many`(
        sessions: Int,
        margin: Double,
        better: Double
    ) {
        let chance = promoteProbability(sessions, margin: margin, worse: better + margin, better: better)
        #expect(chance <= 0.051, "\(sessions) sessions, margin \(margin), better \(better): \(chance)")
    }

    @Test func `from five better sessions on, one more never turns a PROMOTE into a HOLD`() {
        for worse in [0, 2, 4, 5, 7, 12] {
            var isPromoted = false
            for better in stride(from: 5, through: 30, by: 1) {
                let verdict = input(rows(149, worse: worse, better: better)).readiness().verdict
                #expect(!isPromoted || verdict == .promote, "\(worse) worse, \(better) better")
                isPromoted = verdict == .promote
            }
        }
    }

    /// Rare large losses beside frequent small gains: the rule for few worse sessions, read net of the better ones.
    @Test func `rare large losses are not promoted for many small gains that make up for less`() {
        let losses = (0.02 + 0.7 * 0.02) / 0.9
        var promoted = 0
        for seed in 0..<150 as Range<UInt64> {
            var generator = SplitMix64(seed: seed)
            let pairs = (0..<149).map { number in
                let draw = Double.random(in: 0..<1, using: &generator)
                let score = draw < losses ? 0 : draw < losses + 0.7 ? 0.92 : 0.9
                return Sample.row(
                    number,
                    stable: Sample.leg(["correct": 0.9]),
                    shadow: Sample.leg(["correct": score], version: "v2")
                )
            }
            let gate = Gate(metric: "score.correct.mean", margin: .absolute(0.02), scope: .everyIntent)
            if input(pairs, gates: [gate]).readiness().verdict == .promote { promoted += 1 }
        }
        // 5 % and twice the simulation error of 150 experiments.
        #expect(promoted <= 12, "\(promoted) of 150")
    }

    /// Both refuse 3 %, independently; 500 sessions pass in 58 %, 1,000 in 83 %.
    @Test(arguments: [(500, 0.44...0.72), (1_000, 0.71...0.95)])
    func `equal models pass one gate with the stated power`(sessions: Int, expected: ClosedRange<Double>) {
        let repetitions = 50
        var promoted = 0
        for seed in 0..<UInt64(repetitions) {
            var generator = SplitMix64(seed: 5_000 + seed)
            let pairs = (0..<sessions).map { number in
                Sample.row(
                    number,
                    stable: Sample.leg(["refusal": generator.happens(0.03) ? 1 : 0]),
                    shadow: Sample.leg(["refusal": generator.happens(0.03) ? 1 : 0], version: "v2")
                )
            }
            if input(pairs).readiness().verdict == .promote { promoted += 1 }
        }
        let power = Double(promoted) / Double(repetitions)
        #expect(expected.contains(power), "\(power)")
    }

    /// What the planner promises is what the judge does, but for its rule on many better sessions.
    @Test func `the judge's chance to pass is the one that plans are made with`() {
        for (sessions, discordant) in [(160, 0.01), (300, 0.0291)] {
            let judged = promoteProbability(sessions, margin: 0.02, worse: discordant, better: discordant)
            let planned = NonInferiorityPower.passProbability(
                sessions: sessions,
                discordance: 2 * discordant,
                margin: 0.02
            )
            #expect(abs(judged - planned) < 0.03, "\(sessions) sessions: \(judged), planned \(planned)")
        }
    }
}
