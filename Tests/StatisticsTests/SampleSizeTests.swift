import Statistics
import Testing

struct SampleSizeTests {
    private struct GroupCase: Decodable {
        var baseline: Double
        var difference: Double
        var power: Double
        var needed: Int
    }

    private struct PairCase: Decodable {
        var discordance: Double
        var difference: Double
        var power: Double
        var needed: Int
    }

    private struct GateCase: Decodable {
        var sessions: Int
        var discordance: Double
        var harm: Double
        var margin: Double
        var passes: Double
    }

    @Test func `sizes agree with the solved power functions`() throws {
        for item in try Reference.cases("two-groups", as: GroupCase.self) {
            let size = SampleSize.twoGroups(baseline: item.baseline, difference: item.difference, power: item.power)
            #expect(size == item.needed, "\(item)")
        }
        for item in try Reference.cases("paired-sizes", as: PairCase.self) {
            let size = SampleSize.paired(
                discordance: item.discordance,
                difference: item.difference,
                power: item.power
            )
            #expect(size == item.needed, "\(item)")
        }
    }

    @Test func `the rule of thumb is 392 at 50 percent power`() {
        #expect(SampleSize.ruleOfThumb(baseline: 0.85, difference: 0.05) == 392)
        #expect(SampleSize.twoGroups(baseline: 0.85, difference: 0.05, power: 0.8) == 801)
        #expect(SampleSize.twoGroups(baseline: 0.85, difference: 0.05, power: 0.9) == 1_072)
    }

    @Test func `the chance to pass equals the sum over every outcome`() throws {
        for item in try Reference.cases("gate-power", as: GateCase.self) {
            let chance = NonInferiorityPower.passProbability(
                sessions: item.sessions,
                discordance: item.discordance,
                harm: item.harm,
                margin: item.margin
            )
            #expect(agrees(chance, item.passes, within: 1e-6), "\(item): \(chance)")
        }
    }

    /// 3 % on both sides: with half of the failures shared 2.91 % of the pairs disagree, without 5.82 %.
    @Test func `equal models pass one gate with the stated power`() {
        func chance(_ sessions: Int, _ discordance: Double) -> Double {
            NonInferiorityPower.passProbability(sessions: sessions, discordance: discordance, margin: 0.02)
        }
        #expect(chance(1_000, 0.0291) >= 0.96)
        #expect(chance(1_000, 0.0582) >= 0.81)
        #expect(chance(2_000, 0.0291) >= 0.99)
        #expect(chance(2_000, 0.0582) >= 0.96)
        #expect(NonInferiorityPower.jointProbability([0.9, 0.5]) == 0.45)
    }

    @Test func `a harm at the margin passes in at most 5 percent`() {
        for discordance in [0.02, 0.03, 0.08] {
            for sessions in [99, 149, 200, 299, 400, 1_000, 4_000] {
                let chance = NonInferiorityPower.passProbability(
                    sessions: sessions,
                    discordance: discordance,
                    harm: 0.02,
                    margin: 0.02
                )
                #expect(chance <= 0.05, "\(sessions) sessions, discordance \(discordance): \(chance)")
            }
        }
        // At Student's critical value alone 5.06 and 5.01 %.
        for (sessions, better) in [(467, 0.03), (1_000, 0.01)] {
            let chance = NonInferiorityPower.passProbability(
                sessions: sessions,
                discordance: 2 * better + 0.01,
                harm: 0.01,
                margin: 0.01
            )
            #expect(chance > 0.045 && chance <= 0.05, "\(sessions) sessions: \(chance)")
        }
    }

    @Test func `needed sessions grow with the spread and never fall below the zero-event size`() throws {
        #expect(SampleSize.nonInferiority(standardDeviation: 0, margin: 0.01) == 299)
        #expect(SampleSize.nonInferiority(standardDeviation: 0.241, margin: 0.02) == 898)
        let one = SampleSize.nonInferiority(standardDeviation: 0.05, worseRate: 0.0025, margin: 0.02)
        // 149 sessions hold a worse one with 31 %; one of them passes from 236 on.
        #expect((236...242).contains(one), "\(one)")
        let exact = try #require(NonInferiorityPower.neededSessions(discordance: 0.0582, margin: 0.02))
        #expect((880...960).contains(exact))
        #expect(NonInferiorityPower.neededSessions(discordance: 0.05, harm: 0.02, margin: 0.02) == nil)
        var harm = PairedHarm()
        #expect(harm.neededSessions(margin: 0.02) == nil)
        for index in 0..<200 { harm.add(index % 33 == 0 ? 1 : index % 33 == 1 ? -1 : 0) }
        let needed = try #require(harm.neededSessions(margin: 0.02))
        #expect((850...1_100).contains(needed))
    }
}
