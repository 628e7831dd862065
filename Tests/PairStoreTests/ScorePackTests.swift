import Foundation
import Statistics
import Testing

@testable import PairStore

struct ScorePackTests {
    private struct Found: Equatable {
        var scorer: Int
        var leg: Int
        var value: Double
    }

    private func found(_ bytes: [UInt8], scorerCount: Int) -> [Found]? {
        var found: [Found] = []
        let isWhole = ScorePack.forEach(in: Data(bytes), scorerCount: scorerCount) {
            found.append(Found(scorer: $0, leg: $1, value: $2))
        }
        return isWhole ? found : nil
    }

    @Test func `every value comes back exactly, and what is not defined stays so`() {
        var random = SplitMix64(seed: 7)
        for count in 0..<40 {
            var expected: [Found] = []
            let values = (0..<count).map { scorer -> ScorePack.Values in
                let four = (0..<4).map { leg -> Double? in
                    let value: Double? =
                        switch random.next() % 5 {
                        case 0: nil
                        case 1: 0
                        case 2: 1
                        case 3: Double.random(in: 0...1, using: &random)
                        default: Double.random(in: -1e6...1e6, using: &random)
                        }
                    if let value { expected.append(Found(scorer: scorer, leg: leg, value: value)) }
                    return value
                }
                return (four[0], four[1], four[2], four[3])
            }
            #expect(found(ScorePack.encode(values), scorerCount: count) == expected)
        }
    }

    @Test func `a pack is as small as its layout says`() {
        let values: [ScorePack.Values] = [(0, 1, nil, 0.5), (nil, nil, nil, nil)]
        let bytes = ScorePack.encode(values)
        #expect(bytes.prefix(2) == [0b11_00_10_01, 0])
        #expect(bytes.count == 10)
    }

    @Test func `bytes of another length are no pack`() {
        let values: [ScorePack.Values] = [(0.25, 0.5, nil, nil), (1, nil, nil, nil)]
        let bytes = ScorePack.encode(values)
        for length in 0..<bytes.count { #expect(found(Array(bytes.prefix(length)), scorerCount: 2) == nil) }
        #expect(found(bytes + [0], scorerCount: 2) == nil)
        #expect(found(bytes, scorerCount: 3) == nil)
    }
}
