import PairStore
package import Vocabulary

/// A stored pair that may be rated, as the choice of items sees it: scores, never words.
package struct RatablePair: Sendable, Equatable {
    package var pairRowID: Int64
    package var pairID: String
    package var intent: IntentClass
    /// Quality of the shadow − quality of stable; nil where either was not scored.
    package var qualityDifference: Double?
    /// Whether stable complied and the shadow refused.
    package var isNewRefusal: Bool
    /// Whether an external judge and the heuristic quality prefer different sides.
    package var judgeDisagrees: Bool

    package init(
        pairRowID: Int64,
        pairID: String,
        intent: IntentClass,
        qualityDifference: Double? = nil,
        isNewRefusal: Bool = false,
        judgeDisagrees: Bool = false
    ) {
        self.pairRowID = pairRowID
        self.pairID = pairID
        self.intent = intent
        self.qualityDifference = qualityDifference
        self.isNewRefusal = isNewRefusal
        self.judgeDisagrees = judgeDisagrees
    }

    /// Of a stored pair's figures; nil where a rater would see no two answers.
    ///
    /// Pairs are shown where both legs gave an answer that could be read: what failed is counted, not rated.
    init?(_ figures: PairFigures, pairID: String) {
        guard figures.stable.outcome == .ok, figures.shadow.outcome == .ok else { return nil }
        func difference(_ name: String) -> Double? {
            guard let shadow = figures.score(name, .leg(.shadow)), let stable = figures.score(name, .leg(.stable))
            else {
                return nil
            }
            return shadow - stable
        }
        let quality = difference(MetricName.quality)
        let judge = difference(MetricName.judge)
        self.init(
            pairRowID: figures.rowID,
            pairID: pairID,
            intent: figures.intent,
            qualityDifference: quality,
            isNewRefusal: figures.score(MetricName.refusal, .leg(.shadow)) == 1
                && figures.score(MetricName.refusal, .leg(.stable)) == 0,
            judgeDisagrees: (judge ?? 0) * (quality ?? 0) < 0
        )
    }
}
