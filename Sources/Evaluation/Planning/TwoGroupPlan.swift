import Statistics
import Vocabulary

/// The sizes of a comparison that needs no store: the rule of thumb, with its power said, beside what is asked for.
package struct TwoGroupPlan: Sendable, Equatable {
    /// The rate of the event or the mean score, above 0 and below 1.
    package var baseline: Double
    /// The difference that must not be missed, above 0 and below 1.
    package var effect: Double
    /// The share of pairs in which the two models disagree, from the effect to 1.
    package var discordance: Double

    /// Without a discordance, that of two models which fail independently and equally often.
    package init(baseline: Double, effect: Double, discordance: Double? = nil) {
        self.baseline = baseline
        self.effect = effect
        self.discordance = max(discordance ?? 2 * baseline * (1 - baseline), effect)
    }

    /// The text that `plan` prints, with a newline at the end.
    package var text: String {
        let thumb = SampleSize.ruleOfThumb(baseline: baseline, difference: effect)
        var text = "rule of thumb, two groups (50 % power): \(thumb)\n"
        for power in [0.8, 0.9] {
            let percent = "\(Int(power * 100)) % power"
            let groups = SampleSize.twoGroups(baseline: baseline, difference: effect, power: power)
            let paired = SampleSize.paired(discordance: discordance, difference: effect, power: power)
            let needed = NonInferiorityPower.neededSessions(discordance: discordance, margin: effect, power: power)
            text += "two groups, \(percent): \(groups) sessions a side\n"
            text += "paired, \(percent), disagreement \(Wording.significant(discordance)): \(paired) sessions\n"
            text += "one gate with margin \(Wording.significant(effect)) passes for equal models, \(percent): "
            text += needed.map { "\($0) sessions\n" } ?? "not within a million sessions\n"
        }
        return text
    }
}
