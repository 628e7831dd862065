import Foundation
import Testing

@testable import Statistics

/// The reference values as a whole, and the inputs on which there is no answer.
struct ReferenceTests {
    private struct File: Decodable {
        struct Case: Decodable {}
        var versions: [String: String]
        var cases: [Case]

        enum CodingKeys: String, CodingKey {
            case versions = "made_with"
            case cases
        }
    }

    private struct Undefined: Decodable, CustomStringConvertible {
        var function: String
        var values: [[Double]]
        /// What the library makes of it, for the reader.
        var reference: String

        var description: String { "\(function)\(values): the library says \(reference)" }
        var first: [Double] { values[0] }
        var second: [Double] { values.count > 1 ? values[1] : [] }
    }

    @Test func `there are more than 300 reference values, from scipy, statsmodels and confseq`() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Reference")
        let urls = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let files = try urls.filter { $0.pathExtension == "json" }
            .map { try JSONDecoder().decode(File.self, from: Data(contentsOf: $0)) }
        #expect(files.reduce(0) { $0 + $1.cases.count } >= 330)
        let sources = Set(files.flatMap(\.versions.keys))
        #expect(sources.isSuperset(of: ["scipy", "statsmodels", "confseq", "krippendorff", "ppi-python"]))
    }

    @Test func `where there is no answer it is nil, too little data or undecided, and never a number`() throws {
        for item in try Reference.cases("undefined", as: Undefined.self) {
            #expect(try !hasAnswer(item), "\(item)")
        }
    }

    /// Whether the function gives a number.
    private func hasAnswer(_ item: Undefined) throws -> Bool {
        switch item.function {
        case "normal.quantile": return NormalDistribution.quantile(item.first[0]) != nil
        case "t.quantile": return StudentTDistribution.quantile(item.first[0], degreesOfFreedom: 7) != nil
        case "chi2.quantile": return ChiSquaredDistribution.quantile(item.first[0], degreesOfFreedom: 3) != nil
        case "beta.quantile": return BetaDistribution.quantile(item.first[0], alpha: 2, beta: 3) != nil
        case "proportion.wilson": return Proportion().wilson().value != nil
        case "proportion.beta": return Proportion().clopperPearson().value != nil
        case "mean.interval":
            var mean = ClusterMean()
            for (index, value) in item.first.enumerated() {
                mean.add(value, weight: item.second.isEmpty ? 1 : item.second[index])
            }
            return mean.interval().value != nil || mean.upperBound().value != nil || mean.lowerBound().value != nil
        case "t.one_sample": return TTest.oneSample(Moments(item.first), mean: 0.4).value != nil
        case "t.student": return TTest.student(Moments(item.first), Moments(item.second)).value != nil
        case "t.welch": return TTest.welch(Moments(item.first), Moments(item.second)).value != nil
        case "mcnemar":
            let pairs = PairedBinary(pairs: Int(item.first[0]))
            return pairs.mcNemarExact().value != nil || pairs.mcNemarChiSquared().value != nil
        case "wilcoxon":
            let exact = WilcoxonSignedRank.test(item.first, method: .exact)
            return exact.value != nil || WilcoxonSignedRank.test(item.first, method: .asymptotic).value != nil
        case "mann_whitney": return MannWhitney.test(item.first, item.second, method: .asymptotic).value != nil
        case "quantile":
            let empty = try ClusteredSample(item.first)
            return empty.quantile(0.5).value != nil || empty.quantileInterval(0.5).value != nil
                || empty.conditionalValueAtRisk().value != nil
        case "kappa":
            var kappa = CohensKappa(categories: 2)
            for (index, count) in item.first.enumerated() {
                kappa.add(first: index / 2, second: index % 2, count: Int(count))
            }
            return kappa.kappa().value != nil
        case "alpha":
            var alpha = KrippendorffAlpha(categories: 2)
            alpha.add(counts: item.first.map { Int($0) })
            return alpha.alpha.value != nil
        default:
            Issue.record("no such function: \(item.function)")
            return true
        }
    }

    @Test func `no sessions, or only sessions of weight 0, have no figures`() throws {
        let sample = try ClusteredSample([1, 2], sessions: nil, sessionSlots: 2, weights: [0, 0])
        #expect(sample.sessions == 0)
        #expect(sample.quantile(0.5) == .notEnoughData(have: 0, needed: 4))
        let pairs = try PairedSamples(stable: sample, shadow: sample)
        #expect(pairs.tailMass() == .notEnoughData(have: 0, needed: 400))
        #expect(pairs.quantileRatio(0.5) == .notEnoughData(have: 0, needed: 4))
        #expect(pairs.conditionalValueAtRiskDifference().value == nil)
        var harm = PairedHarm()
        harm.add(1, weight: 0)
        #expect(harm == PairedHarm() && harm.estimate == nil)
        var rate = ClusterRate()
        rate.add(events: 1, answers: 1, weight: 0)
        #expect(rate == ClusterRate() && rate.rate == nil)
        #expect(GridMixtureEProcess(margin: 0.02).eValue == 1)
    }

    /// One cluster with many values is one session: no spread can be known.
    @Test func `one cluster decides nothing, however many values it has`() throws {
        let values = (0..<500).map(Double.init)
        let sample = try ClusteredSample(values, sessions: values.map { _ in 0 }, sessionSlots: 1)
        #expect(sample.quantile(0.5) == .notEnoughData(have: 1, needed: 4))
        #expect(sample.conditionalValueAtRisk() == .notEnoughData(have: 1, needed: 400))
        var mean = ClusterMean()
        mean.add(total: 250, weight: 500)
        #expect(mean.mean == 0.5)
        #expect(mean.interval() == .notEnoughData(have: 1, needed: 2))
        var rate = ClusterRate()
        rate.add(events: 3, answers: 500)
        #expect(rate.interval() == .notEnoughData(have: 1, needed: 2))
    }
}
