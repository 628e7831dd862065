import Rating
import Statistics
import Testing
import Vocabulary

struct ItemChoiceTests {
    private static func pairs(_ sizes: [String: Int]) -> [RatablePair] {
        var row: Int64 = 0
        return sizes.sorted { $0.key < $1.key }.flatMap { name, count in
            (0..<count).map { index in
                row += 1
                return RatablePair(
                    pairRowID: row,
                    pairID: "\(name)-\(index)",
                    intent: IntentClass(rawValue: name),
                    qualityDifference: Double(index % 7) / 10 - 0.3,
                    isNewRefusal: index % 50 == 49
                )
            }
        }
    }

    @Test(arguments: [
        (10, [100, 100], [5, 5]), (10, [2, 100], [2, 8]), (9, [1, 2, 100], [1, 2, 6]), (300, [100, 100], [100, 100]),
        (0, [5], [0]), (5, [0, 5], [0, 5]),
    ])
    func `what a small class cannot take goes to the others`(count: Int, sizes: [Int], expected: [Int]) {
        #expect(ItemChoice.equalAllocation(of: count, among: sizes) == expected)
    }

    @Test func `an allocation that cannot be even differs by one`() {
        for count in 0..<60 {
            let allocation = ItemChoice.equalAllocation(of: count, among: [20, 20, 20])
            #expect(allocation.reduce(0, +) == count)
            #expect((allocation.max() ?? 0) - (allocation.min() ?? 0) <= 1, "\(count): \(allocation)")
        }
    }

    @Test func `every class gets its sample, with the probability of its class`() {
        let choice = ItemChoice(from: Self.pairs(["a": 1_000, "b": 40, "c": 10]), count: 100, seed: 1)
        let sampled = Dictionary(grouping: choice.items.filter { $0.reason == .sample }, by: \.pair.intent)
        #expect(sampled.mapValues(\.count) == ["a": 30, "b": 30, "c": 10])
        for (intent, size) in [("a", 1_000), ("b", 40), ("c", 10)] {
            let members = sampled[IntentClass(rawValue: intent)] ?? []
            let expected = Double(members.count) / Double(size)
            #expect(members.allSatisfy { $0.inclusionProbability == expected })
        }
        #expect(choice.items.count == 100)
    }

    @Test func `the choice depends on the seed and not on the order of the pairs`() {
        let pairs = Self.pairs(["a": 200, "b": 200])
        let choice = ItemChoice(from: pairs, count: 50, seed: 7)
        #expect(ItemChoice(from: pairs.reversed(), count: 50, seed: 7) == choice)
        #expect(ItemChoice(from: pairs, count: 50, seed: 8) != choice)
    }

    /// The promise behind every estimate from ratings: a pair of a class is in as often as its probability says.
    @Test func `inclusion probabilities are true`() {
        let pairs = Self.pairs(["a": 40, "b": 10])
        var counts: [Int64: Int] = [:]
        let rounds = 2_000
        var probability: [IntentClass: Double] = [:]
        for seed in 0..<rounds {
            for item in ItemChoice(from: pairs, count: 20, seed: UInt64(seed)).items where item.reason == .sample {
                counts[item.pair.pairRowID, default: 0] += 1
                probability[item.pair.intent] = item.inclusionProbability
            }
        }
        for pair in pairs {
            let expected = probability[pair.intent] ?? 0
            let share = Double(counts[pair.pairRowID] ?? 0) / Double(rounds)
            // Five standard errors of a share of 2,000 rounds.
            #expect(abs(share - expected) < 5 * (expected * (1 - expected) / Double(rounds)).squareRoot())
        }
    }

    @Test func `targeted items are the gravest, without a probability, and never twice`() {
        let choice = ItemChoice(from: Self.pairs(["a": 500]), count: 100, seed: 3)
        let targeted = choice.items.filter { $0.inclusionProbability == nil && $0.reason != .swapped }
        #expect(targeted.count == 20)
        #expect(targeted.contains { $0.reason == .newRefusal })
        #expect(targeted.filter { $0.reason == .worstQuality }.allSatisfy { ($0.pair.qualityDifference ?? 0) < 0 })
        let once = choice.items.filter { $0.reason != .swapped }
        #expect(Set(once.map(\.pair.pairRowID)).count == once.count)
    }

    @Test func `repeats come last and repeat sampled items`() {
        let choice = ItemChoice(from: Self.pairs(["a": 500]), count: 100, seed: 3)
        let repeats = choice.items.suffix(10)
        #expect(repeats.allSatisfy { $0.reason == .swapped })
        for item in repeats {
            let original = item.repeats.map { choice.items[$0] }
            #expect(original?.reason == .sample)
            #expect(original?.pair == item.pair)
        }
    }

    @Test func `fewer pairs than wanted are all taken`() {
        let choice = ItemChoice(from: Self.pairs(["a": 3]), count: 100, seed: 1)
        #expect(Set(choice.items.map(\.pair.pairRowID)) == [1, 2, 3])
        #expect(ItemChoice(from: [], count: 100, seed: 1).items.isEmpty)
    }
}
