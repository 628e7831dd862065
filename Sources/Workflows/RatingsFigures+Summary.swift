import Evaluation
import Rating
import Statistics

extension RatingsFigures {
    /// A rating summary in the evaluator's terms.
    init(_ summary: RatingSummary) {
        self.init(
            items: summary.items,
            ratings: summary.ratings,
            raters: summary.raters.count,
            preference: Estimate(summary.preference),
            preferenceByIntent: summary.preferenceByIntent.mapValues(Estimate.init),
            alpha: Estimate(summary.alpha),
            judgeKappa: summary.judgeKappa.map(Estimate.init)
        )
    }
}

extension Estimate {
    /// A finding as a figure: what is missing says what it needs.
    fileprivate init(_ finding: Finding<IntervalEstimate>) {
        guard let value = finding.value else {
            self.init(neededSessions: finding.neededSessions)
            return
        }
        self.init(
            value.estimate,
            interval: value.interval.value,
            neededSessions: value.interval.neededSessions
        )
    }
}
