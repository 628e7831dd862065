import Statistics
import Testing

struct DistributionsTests {
    private struct Case: Decodable {
        var function: String
        var arguments: [Double]
        var value: Double
    }

    @Test func `distribution functions agree with scipy`() throws {
        for item in try Reference.cases("distributions", as: Case.self) {
            let a = item.arguments
            let value: Double? =
                switch item.function {
                case "normal.cumulative": NormalDistribution.cumulative(a[0])
                case "normal.survival": NormalDistribution.survival(a[0])
                case "normal.quantile": NormalDistribution.quantile(a[0])
                case "t.cumulative": StudentTDistribution.cumulative(a[0], degreesOfFreedom: a[1])
                case "t.survival": StudentTDistribution.survival(a[0], degreesOfFreedom: a[1])
                case "t.quantile": StudentTDistribution.quantile(a[0], degreesOfFreedom: a[1])
                case "beta.cumulative": BetaDistribution.cumulative(a[0], alpha: a[1], beta: a[2])
                case "beta.quantile": BetaDistribution.quantile(a[0], alpha: a[1], beta: a[2])
                case "binomial.probability":
                    BinomialDistribution.probability(Int(a[0]), trials: Int(a[1]), probability: a[2])
                case "binomial.cumulative":
                    BinomialDistribution.cumulative(Int(a[0]), trials: Int(a[1]), probability: a[2])
                case "binomial.survival":
                    BinomialDistribution.survival(Int(a[0]), trials: Int(a[1]), probability: a[2])
                case "chi2.cumulative": ChiSquaredDistribution.cumulative(a[0], degreesOfFreedom: a[1])
                case "chi2.survival": ChiSquaredDistribution.survival(a[0], degreesOfFreedom: a[1])
                case "chi2.quantile": ChiSquaredDistribution.quantile(a[0], degreesOfFreedom: a[1])
                case "f.cumulative": FisherFDistribution.cumulative(a[0], numerator: a[1], denominator: a[2])
                case "f.survival": FisherFDistribution.survival(a[0], numerator: a[1], denominator: a[2])
                case "f.quantile": FisherFDistribution.quantile(a[0], numerator: a[1], denominator: a[2])
                default: nil
                }
            #expect(agrees(value, item.value), "\(item.function)\(a): \(String(describing: value)) for \(item.value)")
        }
    }

    @Test func `arguments outside a domain give nil and cross no exception`() {
        #expect(NormalDistribution.quantile(0) == nil)
        #expect(NormalDistribution.quantile(1) == nil)
        #expect(NormalDistribution.quantile(1.5) == nil)
        #expect(NormalDistribution.cumulative(.nan) == nil)
        #expect(StudentTDistribution.quantile(0.5, degreesOfFreedom: -1) == nil)
        #expect(StudentTDistribution.cumulative(1, degreesOfFreedom: 0) == nil)
        #expect(BetaDistribution.quantile(0.5, alpha: -1, beta: 2) == nil)
        #expect(BetaDistribution.cumulative(2, alpha: 1, beta: 2) == nil)
        #expect(BinomialDistribution.cumulative(5, trials: 3, probability: 0.5) == nil)
        #expect(BinomialDistribution.probability(1, trials: 3, probability: 2) == nil)
        #expect(ChiSquaredDistribution.survival(-1, degreesOfFreedom: 2) == nil)
        #expect(FisherFDistribution.cumulative(1, numerator: 0, denominator: 2) == nil)
    }

    @Test func `the generator repeats its sequence and fills the unit interval`() {
        // The first values for seed 0 in Vigna's reference implementation.
        var zero = SplitMix64(seed: 0)
        #expect(zero.next() == 0xE220_A839_7B1D_CDAF)
        #expect(zero.next() == 0x6E78_9E6A_A1B9_65F4)
        var generator = SplitMix64(seed: 7)
        let moments = Moments((0..<20_000).map { _ in generator.nextNormal() })
        #expect(abs(moments.mean ?? 9) < 0.03)
        #expect(abs((moments.variance ?? 9) - 1) < 0.05)
    }
}
