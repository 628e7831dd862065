import Statistics
import Testing

struct ClassicalTests {
    private struct TCase: Decodable {
        var first: [Double]
        var second: [Double]
        var student: [Double]
        /// Absent where one side has a single value.
        var welch: [Double]?
        /// Absent where the first side has no spread.
        var oneSample: [Double]?
        var cohensD: Double

        enum CodingKeys: String, CodingKey {
            case first
            case second
            case student
            case welch
            case oneSample = "one_sample"
            case cohensD = "cohens_d"
        }
    }

    private struct RankCase: Decodable {
        var test: String
        var differences: [Double]?
        var first: [Double]?
        var second: [Double]?
        var exact: [Double]?
        var asymptotic: [Double]
        var corrected: [Double]?
        var uncorrected: [Double]?
    }

    private struct HolmCase: Decodable {
        var p: [Double]
        var holm: [Double]
    }

    @Test func `t tests and Cohen's d agree with scipy`() throws {
        for item in try Reference.cases("t-tests", as: TCase.self) {
            let first = Moments(item.first)
            let second = Moments(item.second)
            #expect(agrees(TTest.student(first, second).value, item.student))
            #expect(TTest.student(first, second).value?.degreesOfFreedom == item.student[2])
            if let welch = item.welch {
                #expect(agrees(TTest.welch(first, second).value, welch))
                #expect(agrees(TTest.welch(first, second).value?.degreesOfFreedom, welch[2]))
            } else {
                #expect(TTest.welch(first, second) == .notEnoughData(have: 1, needed: 2))
            }
            if let oneSample = item.oneSample {
                #expect(agrees(TTest.oneSample(first, mean: 0.1).value, oneSample))
            } else {
                #expect(TTest.oneSample(first, mean: 0.1) == .undecided(.zeroVariance))
            }
            #expect(agrees(EffectSize.cohensD(first, second).value, item.cohensD))
            let cut = item.first.count / 3
            let merged = Moments(item.first[..<cut]) + Moments(item.first[cut...])
            #expect(agrees(TTest.student(merged, second).value, item.student))
        }
    }

    @Test func `moments of two shards are those of the whole, whatever the cut`() {
        var generator = SplitMix64(seed: 14)
        let values = (0..<80).map { _ in 1e6 + generator.nextNormal() }
        let all = Moments(values)
        for cut in 0...80 {
            let sum = Moments(values[..<cut]) + Moments(values[cut...])
            #expect(sum.count == 80)
            #expect(agrees(sum.mean, all.mean ?? 0, within: 1e-14))
            #expect(agrees(sum.variance, all.variance ?? 0, within: 1e-9))
        }
    }

    @Test func `rank tests agree with scipy`() throws {
        for item in try Reference.cases("rank-tests", as: RankCase.self) {
            if let differences = item.differences {
                if let exact = item.exact {
                    #expect(agrees(WilcoxonSignedRank.test(differences, method: .exact).value, exact))
                }
                #expect(agrees(WilcoxonSignedRank.test(differences, method: .asymptotic).value, item.asymptotic))
                let corrected = WilcoxonSignedRank.test(
                    differences,
                    method: .asymptotic,
                    continuityCorrection: true
                )
                #expect(agrees(corrected.value, item.corrected ?? []))
            }
            if let first = item.first, let second = item.second {
                if let exact = item.exact {
                    #expect(agrees(MannWhitney.test(first, second, method: .exact).value, exact))
                }
                #expect(agrees(MannWhitney.test(first, second, method: .asymptotic).value, item.asymptotic))
                let plain = MannWhitney.test(first, second, method: .asymptotic, continuityCorrection: false)
                #expect(agrees(plain.value, item.uncorrected ?? []))
            }
        }
    }

    @Test func `tests without data or without spread say so`() {
        let nothing = Moments()
        let constant = Moments([1, 1, 1])
        #expect(TTest.student(nothing, constant).value == nil)
        #expect(TTest.student(constant, constant) == .undecided(.zeroVariance))
        #expect(TTest.welch(constant, constant) == .undecided(.zeroVariance))
        #expect(TTest.welch(Moments([1]), constant) == .notEnoughData(have: 1, needed: 2))
        #expect(TTest.oneSample(Moments([2])) == .notEnoughData(have: 1, needed: 2))
        #expect(EffectSize.cohensD(constant, constant) == .undecided(.zeroVariance))
        #expect(WilcoxonSignedRank.test([0, 0]) == .notEnoughData(have: 0, needed: 1))
        #expect(MannWhitney.test([], [1]) == .notEnoughData(have: 0, needed: 1))
        #expect(MannWhitney.test([1, 1], [1, 1]) == .undecided(.zeroVariance))
    }

    @Test func `Holm agrees with statsmodels, and e-Holm is Holm on the reciprocals`() throws {
        for item in try Reference.cases("holm", as: HolmCase.self) {
            let adjusted = Multiplicity.holm(item.p)
            for (found, expected) in zip(adjusted, item.holm) { #expect(agrees(found, expected)) }
            let evidence = Multiplicity.eHolm(item.p.map { 1 / $0 })
            for (found, expected) in zip(evidence, item.holm) where expected < 1 {
                #expect(agrees(found, 1 / expected))
            }
        }
        #expect(Multiplicity.holm([]).isEmpty && Multiplicity.eHolm([]).isEmpty)
        #expect(Multiplicity.eHolm([100, 30, 0.5]) == [100.0 / 3, 15, 0.5])
    }

    @Test func `the A/B check decides by name`() {
        func group(_ mean: Double, _ count: Int) -> Moments {
            Moments((0..<count).map { mean + Double($0 % 5) / 10 })
        }
        let base = group(1, 100)
        #expect(ABCheck(baseline: base, candidate: group(1, 29), higherIsBetter: true).decision == .insufficientData)
        #expect(ABCheck(baseline: base, candidate: group(1, 30), higherIsBetter: true).decision == .continueMonitoring)
        #expect(ABCheck(baseline: base, candidate: group(2, 30), higherIsBetter: true).decision == .promote)
        #expect(ABCheck(baseline: base, candidate: group(2, 30), higherIsBetter: false).decision == .rollback)
        #expect(ABCheck(baseline: base, candidate: group(0, 30), higherIsBetter: true).decision == .rollback)
        let worse = ABCheck(baseline: base, candidate: group(0.9, 40), higherIsBetter: true)
        #expect((worse.effectSize ?? 1) < 0 && (worse.test?.statistic ?? 1) < 0)
        #expect(ABCheck.Decision.insufficientData.rawValue == "insufficient_data")
        #expect(ABCheck.Decision.continueMonitoring.rawValue == "continue_monitoring")
    }
}
