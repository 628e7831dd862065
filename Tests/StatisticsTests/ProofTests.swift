import Testing

@testable import Statistics

/// Short versions of `Scripts/bench statistics` on the e-process, with fixed seeds.
///
/// Coverage is in CoverageTests, what goes through the judge in EvaluationTests.
struct ProofTests {
    /// One pair's net harm; shared: with probability ½ both legs draw the same uniform.
    private func harm(_ stable: Double, _ shadow: Double, shared: Bool, _ generator: inout SplitMix64) -> Double {
        let first = generator.nextUniform()
        let second = shared && generator.next() % 2 == 0 ? first : generator.nextUniform()
        return (second < shadow ? 1 : 0) - (first < stable ? 1 : 0)
    }

    /// T = 30, margin 0.02, stable at 3 %; the long run gives about 67 (72), 194 (216) and 500 (680).
    @Test(
        arguments: [
            (0.30, true, 55...75), (0.30, false, 55...80), (0.15, true, 160...210), (0.15, false, 170...240),
            (0.10, true, 380...550), (0.10, false, 500...750),
        ]
    )
    func `a worse shadow is rejected within the stated number of sessions at the median`(
        rate: Double,
        shared: Bool,
        expected: ClosedRange<Int>
    ) {
        var sessions: [Int] = []
        for seed in 0..<151 {
            var generator = SplitMix64(seed: UInt64(seed))
            var process = GridMixtureEProcess(margin: 0.02)
            while !process.rejects(hypotheses: 30) && process.sessions < 3_000 {
                process.add(harm(0.03, rate, shared: shared, &generator))
            }
            sessions.append(process.sessions)
        }
        let median = sessions.sorted()[75]
        #expect(expected.contains(median), "median \(median)")
    }

    /// One hypothesis at level 0.05, looked at after every session: with T = 30 nothing would ever happen in 400 runs.
    @Test(arguments: [0, 0.75, 1])
    func `a harm up to the margin is hardly ever rejected, however often one looks`(share: Double) {
        var rejected = 0
        for seed in 0..<400 {
            var generator = SplitMix64(seed: UInt64(1_000 + seed))
            var process = GridMixtureEProcess(margin: 0.02)
            for _ in 0..<600 {
                process.add(harm(0.03, 0.03 + share * 0.02, shared: false, &generator))
                if process.rejects(hypotheses: 1) {
                    rejected += 1
                    break
                }
            }
        }
        #expect(rejected <= 20, "\(rejected) of 400 at level 0.05")
    }

    /// Why new refusals are counted net: the same runs, without what stable refuses alone.
    @Test func `equal models that vary are rejected in time where only one side's harm is counted`() {
        var net = 0
        var oneSided = 0
        for seed in 0..<60 {
            var generator = SplitMix64(seed: UInt64(2_000 + seed))
            var processes = (net: GridMixtureEProcess(margin: 0.02), oneSided: GridMixtureEProcess(margin: 0.02))
            for _ in 0..<2_000 {
                let harm = harm(0.03, 0.03, shared: false, &generator)
                processes.net.add(harm)
                processes.oneSided.add(max(0, harm))
            }
            if processes.net.rejects(hypotheses: 1) { net += 1 }
            if processes.oneSided.rejects(hypotheses: 1) { oneSided += 1 }
        }
        #expect(net == 0, "\(net) of 60")
        #expect(oneSided >= 20, "\(oneSided) of 60")
    }
}
