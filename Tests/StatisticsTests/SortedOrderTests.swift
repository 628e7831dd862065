import Testing

@testable import Statistics

struct SortedOrderTests {
    @Test func `radix order equals comparison order, negative numbers and zeros included`() {
        for seed in 0..<60 {
            var generator = SplitMix64(seed: UInt64(seed))
            let count = [0, 1, 2, 511, 513, 3_000][seed % 6]
            let values = (0..<count).map { _ -> Double in
                switch generator.next() % 6 {
                case 0: -0.0
                case 1: 0.0
                case 2: -generator.nextUniform() * 1e300
                case 3: Double(generator.next() % 5)
                case 4: generator.nextNormal() * 1e-300 * 1e-12
                default: generator.nextNormal()
                }
            }
            let order = SortedOrder.ascending(values).map(Int.init)
            let naive = values.indices.sorted { values[$0] != values[$1] ? values[$0] < values[$1] : $0 < $1 }
            #expect(order == naive, "seed \(seed)")
        }
    }
}
