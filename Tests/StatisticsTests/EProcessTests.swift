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

    private struct BettingCase: Decodable {
        var margin: Double
        var values: [Double]
        var evidence: Double
        var stakes: [Double]
        var single: [Double]

        enum CodingKeys: String, CodingKey {
            case margin
            case values
            case evidence = "e_value"
            case stakes
            case single
        }
    }

    @Test func `the grid mixture and each of its stakes agree with confseq's betting martingale`() throws {
        for item in try Reference.cases("betting", as: BettingCase.self) {
            var mixture = GridMixtureEProcess(margin: item.margin)
            for value in item.values { mixture.add(value) }
            #expect(agrees(mixture.eValue, item.evidence), "\(item.values.count) values, margin \(item.margin)")
            for (stake, expected) in zip(item.stakes, item.single) {
                var process = GridMixtureEProcess(margin: item.margin, grid: [stake])
                for value in item.values { process.add(value) }
                #expect(agrees(process.eValue, expected), "stake \(stake)")
            }
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
}
