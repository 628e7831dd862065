import Evaluation
import Statistics
import Vocabulary

/// Pairs with everything that the default gates ask for, drawn for two models that differ in refusals at most.
///
/// Each leg fails in 1 %, refuses in 3 %, breaks the structure that was asked for in 2 %; its quality is Beta(4, 1), its times
/// are log-normal. The legs are independent.
enum DefaultTraffic {
    static let classes = ["a", "b", "c", "d", "e", "f"]

    /// The verdict at the horizon under the default gates.
    ///
    /// - Parameters:
    ///   - sessions: of each class, one pair each.
    ///   - harm: by how much more often the shadow refuses in the first class.
    ///   - generator: what is drawn from.
    /// - Returns: what the evaluator says on the last day.
    static func readiness(sessions: Int, harm: Double = 0, _ generator: inout SplitMix64) -> Readiness {
        var experiment = JudgedExperiment(gates: Gate.defaults, classes: classes)
        let quality = Marginal.beta.map()
        let time = Marginal.logNormal.map()
        func leg(version: String, refusals: Double) -> LegRow {
            guard !generator.happens(0.01) else {
                return LegRow(version: version, outcome: .httpError, scores: [MetricName.quality: 0])
            }
            let first = 300 * time(0.5 * generator.nextNormal())
            return LegRow(
                version: version,
                outcome: .ok,
                firstToken: .fractionalMilliseconds(first),
                total: .fractionalMilliseconds(first + 2_000 * time(0.5 * generator.nextNormal())),
                scores: [
                    MetricName.refusal: generator.happens(refusals) ? 1 : 0,
                    MetricName.malformed: generator.happens(0.02) ? 1 : 0,
                    MetricName.quality: quality(generator.nextNormal()),
                ]
            )
        }
        for _ in 0..<sessions {
            for (number, intent) in classes.enumerated() {
                let stable = leg(version: "v1", refusals: 0.03)
                let shadow = leg(version: "v2", refusals: 0.03 + (number == 0 ? harm : 0))
                experiment.add(intent, stable: stable, shadow: shadow, isStreamed: true)
            }
        }
        return experiment.readiness()
    }
}
