package import Formats
package import Foundation
package import PairStore
import Statistics
package import Vocabulary

/// Chooses pairs of a store, keeps the key to the blinding there, and gives what the raters see.
package enum QueueExport {
    /// What to export.
    package struct Request: Sendable {
        package var count: Int
        package var seed: UInt64
        /// Empty: all classes.
        package var intents: Set<IntentClass>

        package init(count: Int, seed: UInt64, intents: Set<IntentClass> = []) {
            self.count = count
            self.seed = seed
            self.intents = intents
        }
    }

    /// Exports a round.
    ///
    /// The same request against the same store makes the same items, under the same names: a lost file is exported again.
    ///
    /// - Parameters:
    ///   - request: how many, and of which classes.
    ///   - store: pairs that were scored before; see `ScoringPass`.
    ///   - key: the store's key.
    ///   - time: now.
    /// - Returns: the items in the order in which they are to be shown.
    /// - Throws: what the store says.
    package static func items(
        _ request: Request,
        from store: Store,
        key: PromptKey,
        time: Date
    ) throws -> [BlindItem] {
        var ratable: [RatablePair] = []
        try store.pairs.forEachFigures(experiment: try store.experiments.newest()?.id) { figures in
            guard request.intents.isEmpty || request.intents.contains(figures.intent) else { return }
            // The pair's key stands in for its id until the id is read with the texts.
            if let pair = RatablePair(figures, pairID: "\(figures.rowID)") { ratable.append(pair) }
        }
        let choice = ItemChoice(from: ratable, count: request.count, seed: request.seed)
        let round = roundName(request, ratable: ratable.count)
        let blinding = Blinding(key: key, round: round)
        let stored = try store.pairs.load(rowIDs: Array(Set(choice.items.map(\.pair.pairRowID))).sorted())
        let pairs = Dictionary(uniqueKeysWithValues: stored.map { ($0.rowID, $0.pair) })

        var kept: [RatingItem] = []
        var shown: [BlindItem] = []
        for chosen in choice.items {
            guard let pair = pairs[chosen.pair.pairRowID] else { continue }
            let isRepeat = chosen.reason == .swapped
            let id = blinding.itemID(pairID: pair.id, isRepeat: isRepeat)
            let sideA = blinding.sideA(pairID: pair.id, isRepeat: isRepeat)
            kept.append(
                RatingItem(
                    id: id,
                    pairRowID: chosen.pair.pairRowID,
                    sideA: sideA,
                    sideB: sideA == .stable ? .shadow : .stable,
                    inclusionProbability: chosen.inclusionProbability,
                    reason: chosen.reason.rawValue,
                    swappedOf: isRepeat ? blinding.itemID(pairID: pair.id, isRepeat: false) : nil
                )
            )
            shown.append(BlindItem(id: id, pair: pair, sideA: sideA))
        }
        _ = try store.ratings.saveRound(
            RatingRound(name: round, seed: request.seed, exportedAt: time),
            items: kept
        )
        return shown
    }

    /// A round is what it was made from: the same seed over more pairs is another round.
    private static func roundName(_ request: Request, ratable: Int) -> String {
        let classes = request.intents.map(\.rawValue).sorted().joined(separator: ",")
        return "seed \(request.seed), \(request.count) of \(ratable), \(classes.isEmpty ? "all classes" : classes)"
    }
}
