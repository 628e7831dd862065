// What the ratings say, and how far they can be trusted.
//
// Preference is estimated from the probability sample alone (and from open ratings, which have none): every pair is
// weighed by the inverse of its probabilities, of being mirrored and of being chosen. Agreement uses all that was rated
// more than once; repeats with swapped sides measure a rater against themselves.

package import PairStore
package import Statistics
package import Vocabulary

/// The figures of a store's ratings.
package struct RatingSummary: Sendable, Equatable {
    /// One rater's habits.
    package struct Rater: Sendable, Equatable {
        package var name: String
        package var ratings: Int
        /// The share of other raters' words on the same pairs that agree; nil where nobody else rated them.
        package var agreement: Double?
        /// The share of repeats that were judged alike with the sides swapped; nil without repeats.
        package var consistency: Double?
        /// The share of decided blind ratings that chose the answer shown first; ½ is unbiased.
        package var firstShare: Double?
    }

    package var items: Int
    package var ratings: Int
    package var raters: [Rater]
    /// The share that prefers the shadow, a tie being half.
    package var preference: Finding<IntervalEstimate>
    package var preferenceByIntent: [IntentClass: Finding<IntervalEstimate>]
    /// Krippendorff's α over stable, tie, shadow.
    package var alpha: Finding<IntervalEstimate>
    /// The judge against the human majority; nil where no pair has a judge's score.
    package var judgeKappa: Finding<IntervalEstimate>?

    /// The summary of all ratings of an experiment.
    ///
    /// - Parameters:
    ///   - store: where they are kept.
    ///   - experiment: nil: the store's newest one.
    /// - Throws: what the store says.
    package init(of store: Store, experiment: ExperimentID? = nil) throws {
        let rated = try store.ratings.ratedPairs(experiment: try experiment ?? store.experiments.newest()?.id)
        let pairs = try store.pairs.load(rowIDs: Array(Set(rated.map(\.pairRowID))).sorted())
        let judged = Dictionary(
            uniqueKeysWithValues: pairs.map { ($0.rowID, Self.judgement($0.pair)) }
        ).compactMapValues { $0 }
        self.init(rated, judged: judged)
    }

    /// The summary of some ratings; `judged` is what the judge says of a pair, by its row.
    package init(_ rated: [RatedPair], judged: [Int64: OpenedRating.Preference] = [:]) {
        let opened = rated.compactMap { pair in OpenedRating(pair).map { (pair, $0) } }
        items = Set(rated.map { $0.item?.id ?? $0.pairID }).count
        ratings = rated.count
        preference = Self.preference(opened)
        preferenceByIntent = Dictionary(grouping: opened) { $0.0.intent }.mapValues(Self.preference)

        let firstWords = opened.map(\.1).filter { !$0.isRepeat }
        let byPair = Dictionary(grouping: firstWords, by: \.pairRowID)
        alpha = KrippendorffAlpha.estimate(
            items: byPair.sorted { $0.key < $1.key }.map { Self.counts($0.value) },
            categories: OpenedRating.Preference.allCases.count
        )
        judgeKappa = Self.judgeKappa(byPair, judged: judged)
        raters = Self.raters(opened.map(\.1), byPair: byPair)
    }

    /// What a judge's scores of both sides say; nil where it did not score both.
    private static func judgement(_ pair: Pair) -> OpenedRating.Preference? {
        guard let stable = pair.stable.scores[MetricName.judge], let shadow = pair.shadow.scores[MetricName.judge]
        else { return nil }
        return stable == shadow ? .tie : stable < shadow ? .shadow : .stable
    }

    private static func preference(_ rated: [(RatedPair, OpenedRating)]) -> Finding<IntervalEstimate> {
        // Targeted items and repeats are for debugging: no estimate may rest on them.
        let usable = rated.filter { $0.0.item == nil || $0.0.item?.inclusionProbability != nil }
        var mean = ClusterMean()
        for (_, session) in Dictionary(grouping: usable, by: { $0.0.session }).sorted(by: { $0.key < $1.key }) {
            var total = 0.0
            var weight = 0.0
            for (_, ofPair) in Dictionary(grouping: session, by: { $0.0.pairRowID }).sorted(by: { $0.key < $1.key }) {
                let score = ofPair.map(\.1.preference.score).reduce(0, +) / Double(ofPair.count)
                let probability = ofPair[0].0.samplingProbability * (ofPair[0].0.item?.inclusionProbability ?? 1)
                total += score / probability
                weight += 1 / probability
            }
            mean.add(total: total, weight: weight)
        }
        guard let estimate = mean.mean else { return .notEnoughData(have: 0, needed: 1) }
        return .value(IntervalEstimate(estimate: estimate, interval: mean.interval()))
    }

    private static func counts(_ ratings: [OpenedRating]) -> [Int] {
        OpenedRating.Preference.allCases.map { category in ratings.count { $0.preference == category } }
    }

    /// The category that most raters chose; nil where two share the lead.
    private static func majority(_ ratings: [OpenedRating]) -> OpenedRating.Preference? {
        let counts = counts(ratings)
        let highest = counts.max() ?? 0
        let leading = counts.indices.filter { counts[$0] == highest }
        return leading.count == 1 ? OpenedRating.Preference(rawValue: leading[0]) : nil
    }

    private static func judgeKappa(
        _ byPair: [Int64: [OpenedRating]],
        judged: [Int64: OpenedRating.Preference]
    ) -> Finding<IntervalEstimate>? {
        guard !judged.isEmpty else { return nil }
        var kappa = CohensKappa(categories: OpenedRating.Preference.allCases.count)
        for (pair, ratings) in byPair {
            guard let judge = judged[pair], let human = majority(ratings) else { continue }
            kappa.add(first: judge.rawValue, second: human.rawValue)
        }
        return kappa.kappa()
    }

    private static func raters(_ opened: [OpenedRating], byPair: [Int64: [OpenedRating]]) -> [Rater] {
        Dictionary(grouping: opened, by: \.rater).sorted { $0.key < $1.key }.map { name, own in
            var agreeing = (count: 0, of: 0)
            var consistent = (count: 0, of: 0)
            let first = Dictionary(own.filter { !$0.isRepeat }.map { ($0.pairRowID, $0) }) { $1 }
            for rating in first.values {
                let others = (byPair[rating.pairRowID] ?? []).filter { $0.rater != name }
                agreeing.of += others.count
                agreeing.count += others.count { $0.preference == rating.preference }
            }
            for again in own where again.isRepeat {
                guard let once = first[again.pairRowID] else { continue }
                consistent.of += 1
                consistent.count += again.preference == once.preference ? 1 : 0
            }
            let decided = own.compactMap(\.choseFirst)
            return Rater(
                name: name,
                ratings: own.count,
                agreement: share(agreeing),
                consistency: share(consistent),
                firstShare: share((decided.count { $0 }, decided.count))
            )
        }
    }

    private static func share(_ counted: (count: Int, of: Int)) -> Double? {
        counted.of == 0 ? nil : Double(counted.count) / Double(counted.of)
    }
}
