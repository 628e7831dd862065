// Which pairs are shown to raters.
//
// What: a probability sample within every intent class (equal allocation; each pair of a class has the same known
// inclusion probability), plus targeted items (new refusals, disagreement of judge and heuristic, worst quality), plus
// repeats of sampled items with the sides swapped.
// Why two kinds: estimates use the probability sample alone; debugging uses both.
// Limits: equal allocation only; Neyman's, which needs variances from earlier ratings, is not done here.

import Statistics
import Vocabulary

/// A choice of items: a value, made from pairs that may be rated, a size and a seed.
package struct ItemChoice: Sendable, Equatable {
    /// Why a pair was chosen.
    package enum Reason: String, Sendable, CaseIterable {
        case sample
        case newRefusal = "new_refusal"
        case judgeDisagrees = "judge_disagrees"
        case worstQuality = "worst_quality"
        /// A sampled item again, with its sides swapped.
        case swapped
    }

    package struct Chosen: Sendable, Equatable {
        package var pair: RatablePair
        package var reason: Reason
        /// Of the pair in the probability sample of its class; nil for a targeted item.
        package var inclusionProbability: Double?
        /// Where in the list the item stands that this one repeats.
        package var repeats: Int?
    }

    package var items: [Chosen]

    /// Shares of the items that are targeted and that are repeats, when there is enough to choose from.
    package static let targetedShare = 0.2
    package static let repeatShare = 0.1

    /// Chooses about `count` items.
    ///
    /// The same pairs, count and seed give the same choice, whatever the order of the pairs.
    package init(from pairs: [RatablePair], count: Int, seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let ordered = pairs.sorted { $0.pairID < $1.pairID }
        let repeatCount = Int(Double(count) * Self.repeatShare)
        // What nobody need look at leaves its places to the sample.
        let targetedCount = min(Int(Double(count) * Self.targetedShare), ordered.count(where: \.isTargetable))
        let sampled = Self.sample(ordered, count: count - repeatCount - targetedCount, using: &generator)
        let taken = Set(sampled.map(\.pair.pairRowID))
        let targeted = Self.targeted(ordered.filter { !taken.contains($0.pairRowID) }, count: targetedCount)
        items = (sampled + targeted).shuffled(using: &generator)
        // Repeats come last, as far as can be from the items that they repeat.
        let repeatable = items.indices.filter { items[$0].reason == .sample }
        for index in repeatable.prefix(repeatCount) {
            items.append(
                Chosen(pair: items[index].pair, reason: .swapped, inclusionProbability: nil, repeats: index)
            )
        }
    }

    /// A simple random sample in every class, the classes' sizes as equal as their pairs allow.
    private static func sample(
        _ pairs: [RatablePair],
        count: Int,
        using generator: inout SplitMix64
    ) -> [Chosen] {
        let classes = Dictionary(grouping: pairs, by: \.intent).sorted { $0.key < $1.key }
        let sizes = equalAllocation(of: count, among: classes.map(\.value.count))
        var chosen: [Chosen] = []
        for ((_, members), size) in zip(classes, sizes) where size > 0 {
            let probability = Double(size) / Double(members.count)
            chosen += members.shuffled(using: &generator).prefix(size).map {
                Chosen(pair: $0, reason: .sample, inclusionProbability: probability)
            }
        }
        return chosen
    }

    /// How many of `count` each stratum gets: as equal as their sizes allow, what one cannot take goes to the others.
    package static func equalAllocation(of count: Int, among sizes: [Int]) -> [Int] {
        var allocation = Array(repeating: 0, count: sizes.count)
        var left = min(max(count, 0), sizes.reduce(0, +))
        while left > 0 {
            let open = sizes.indices.filter { allocation[$0] < sizes[$0] }
            let share = max(1, left / open.count)
            for index in open where left > 0 {
                let more = min(share, sizes[index] - allocation[index], left)
                allocation[index] += more
                left -= more
            }
        }
        return allocation
    }

    /// The pairs that somebody should look at, the gravest kind first.
    private static func targeted(_ pairs: [RatablePair], count: Int) -> [Chosen] {
        var chosen: [Chosen] = []
        var taken: Set<Int64> = []
        func take(_ some: [RatablePair], _ reason: Reason) {
            for pair in some where chosen.count < count && taken.insert(pair.pairRowID).inserted {
                chosen.append(Chosen(pair: pair, reason: reason, inclusionProbability: nil))
            }
        }
        let byHarm = pairs.sorted {
            ($0.qualityDifference ?? 0, $0.pairID) < ($1.qualityDifference ?? 0, $1.pairID)
        }
        take(byHarm.filter(\.isNewRefusal), .newRefusal)
        take(byHarm.filter(\.judgeDisagrees), .judgeDisagrees)
        take(byHarm.filter { ($0.qualityDifference ?? 0) < 0 }, .worstQuality)
        return chosen
    }
}

extension RatablePair {
    /// Whether there is any reason to look at this pair beside its turn.
    fileprivate var isTargetable: Bool {
        isNewRefusal || judgeDisagrees || (qualityDifference ?? 0) < 0
    }
}
