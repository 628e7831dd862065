import Statistics
import Testing

struct EProcessTests {
    private struct Case: Decodable {
        var margin: Double
        var values: [Double]
        var evidence: Double

        enum CodingKeys: String, CodingKey {
            case margin
            case values
            case evidence = "e_value"
        }
    }

    @Test func `the grid mixture agrees with plain products, in shards too`() throws {
        for item in try Reference.cases("e-processes", as: Case.self) {
            var all = GridMixtureEProcess(margin: item.margin)
            var left = GridMixtureEProcess(margin: item.margin)
            var right = GridMixtureEProcess(margin: item.margin)
            for (index, value) in item.values.enumerated() {
                all.add(value)
                if index % 2 == 0 { left.add(value) } else { right.add(value) }
            }
            #expect(agrees(all.eValue, item.evidence))
            #expect(agrees((left + right).eValue, item.evidence))
            #expect((left + right).sessions == item.values.count)
        }
    }

    @Test func `evidence stays finite however strong it is`() {
        var process = GridMixtureEProcess(margin: 0.02)
        for _ in 0..<20_000 { process.add(1) }
        #expect(process.eValue == Double.greatestFiniteMagnitude)
        #expect(process.logEValue.isFinite)
        #expect(process.rejects(hypotheses: 1_000))
        for _ in 0..<200_000 { process.add(-1) }
        #expect(process.eValue >= 0 && process.eValue < 1)
        #expect(process.logEValue.isFinite)
    }

    @Test func `a large margin keeps only stakes that one session cannot ruin`() {
        var process = GridMixtureEProcess(margin: 0.9)
        #expect(process.grid.last == 0.4 || process.grid.last == 0.55 && 0.55 * 1.9 < 1)
        process.add(-1)
        #expect(process.eValue > 0)
        #expect(GridMixtureEProcess(margin: 0.03).grid == GridMixtureEProcess.defaultGrid)
    }

    /// Short version of the benchmark: 3 % against 30 %, half of the failures shared, T = 30: the median is about 67.
    @Test func `a shadow that fails ten times as often is rejected within 75 sessions at the median`() {
        var sessions: [Int] = []
        for seed in 0..<201 {
            var generator = SplitMix64(seed: UInt64(seed))
            var process = GridMixtureEProcess(margin: 0.02)
            while !process.rejects(hypotheses: 30) && process.sessions < 1_000 {
                let stable = generator.nextUniform()
                let shadow = generator.next() % 2 == 0 ? stable : generator.nextUniform()
                process.add((shadow < 0.30 ? 1 : 0) - (stable < 0.03 ? 1 : 0))
            }
            sessions.append(process.sessions)
        }
        let median = sessions.sorted()[100]
        #expect((55...75).contains(median), "median \(median)")
    }

    @Test func `a harm at the margin is hardly ever rejected, however often one looks`() {
        var rejected = 0
        for seed in 0..<400 {
            var generator = SplitMix64(seed: UInt64(1_000 + seed))
            var process = GridMixtureEProcess(margin: 0.02)
            for _ in 0..<600 {
                process.add((generator.nextUniform() < 0.05 ? 1 : 0) - (generator.nextUniform() < 0.03 ? 1 : 0))
                if process.rejects(hypotheses: 1) {
                    rejected += 1
                    break
                }
            }
        }
        #expect(rejected <= 20, "\(rejected) of 400 at level 0.05")
    }
}
