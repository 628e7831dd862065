import Statistics
import Testing

struct AgreementTests {
    private struct AlphaCase: Decodable {
        var categories: Int
        var counts: [[Int]]
        var alpha: Double
    }

    private struct KappaCase: Decodable {
        var table: [[Int]]
        var kappa: Double
        var standardError: Double

        enum CodingKeys: String, CodingKey {
            case table
            case kappa
            case standardError = "standard_error"
        }
    }

    private struct PredictionCase: Decodable {
        var human: [Double]
        var judge: [Double]
        var unlabelled: [Double]
        var estimate: Double
        var interval: [Double]
    }

    @Test func `Krippendorff's alpha agrees with the krippendorff package, missing ratings and shards included`() throws
    {
        for item in try Reference.cases("alpha", as: AlphaCase.self) {
            var left = KrippendorffAlpha(categories: item.categories)
            var right = KrippendorffAlpha(categories: item.categories)
            for (index, counts) in item.counts.enumerated() {
                if index % 2 == 0 { left.add(counts: counts) } else { right.add(counts: counts) }
            }
            #expect(agrees((left + right).alpha.value, item.alpha))
            let estimate = try #require(
                KrippendorffAlpha.estimate(items: item.counts, categories: item.categories).value
            )
            #expect(agrees(estimate.estimate, item.alpha))
            // A handful of items, or none that differ, are not enough for an interval of some width.
            guard item.counts.count >= 12 else { continue }
            let interval = try #require(estimate.interval.value)
            #expect(interval.contains(item.alpha) && interval.width > 0.02)
        }
    }

    @Test func `ratings of one category, or none, decide nothing`() {
        var alpha = KrippendorffAlpha(categories: 2)
        #expect(alpha.alpha == .notEnoughData(have: 0, needed: 1))
        #expect(alpha.rawAgreement == nil)
        alpha.add(counts: [1, 0])
        #expect(alpha.items == 0)
        alpha.add(counts: [3, 0])
        #expect(alpha.alpha == .undecided(.zeroVariance))
        #expect(alpha.rawAgreement == 1)
        alpha.add(counts: [1, 2])
        #expect(abs((alpha.rawAgreement ?? 0) - (1 + 1.0 / 3) / 2) < 1e-12)
    }

    @Test func `Cohen's kappa and its error agree with statsmodels`() throws {
        for item in try Reference.cases("kappa", as: KappaCase.self) {
            var left = CohensKappa(categories: item.table.count)
            var right = CohensKappa(categories: item.table.count)
            for (row, counts) in item.table.enumerated() {
                for (column, count) in counts.enumerated() {
                    left.add(first: row, second: column, count: count / 2)
                    right.add(first: row, second: column, count: count - count / 2)
                }
            }
            let estimate = try #require((left + right).kappa().value)
            #expect(agrees(estimate.estimate, item.kappa))
            if item.standardError > 1e-8 {
                let half = 1.959963984540054 * item.standardError
                let ends = [max(-1, item.kappa - half), min(1, item.kappa + half)]
                #expect(agrees(estimate.interval.value, ends, within: 1e-8))
            } else {
                #expect(estimate.interval == .undecided(.zeroVariance))
            }
        }
        #expect(CohensKappa(categories: 2).kappa() == .notEnoughData(have: 0, needed: 1))
        var same = CohensKappa(categories: 2)
        same.add(first: 0, second: 0, count: 5)
        #expect(same.kappa() == .undecided(.zeroVariance))
        #expect(same.rawAgreement == 1)
    }

    @Test func `the prediction-powered mean agrees with ppi-python`() throws {
        for item in try Reference.cases("prediction-powered", as: PredictionCase.self) {
            let found = try #require(
                try PredictionPoweredMean.estimate(
                    human: item.human,
                    judge: item.judge,
                    unlabelled: item.unlabelled
                ).value
            )
            #expect(agrees(found.joint.estimate, item.estimate, within: 1e-6))
            #expect(agrees(found.joint.interval.value, item.interval, within: 1e-6))
            let joint = try #require(found.joint.interval.value)
            let plain = try #require(found.humansOnly.interval.value)
            #expect(joint.width < plain.width)
        }
    }

    @Test func `a useless judge costs nothing`() throws {
        let human = (0..<40).map { Double($0 % 2) }
        let found = try PredictionPoweredMean.estimate(
            human: human,
            judge: human.map { _ in 0.5 },
            unlabelled: [Double](repeating: 0.5, count: 90)
        )
        #expect(found.value?.lambda == 0)
        #expect(found.value?.joint == found.value?.humansOnly)
        #expect(throws: StatisticsError.self) {
            try PredictionPoweredMean.estimate(human: [1], judge: [], unlabelled: [1, 2])
        }
        let few = try PredictionPoweredMean.estimate(human: [1], judge: [1], unlabelled: [1, 2])
        #expect(few == .notEnoughData(have: 1, needed: 2))
    }
}
