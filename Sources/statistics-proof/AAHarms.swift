import Evaluation
import Statistics
import Vocabulary

/// Whether equal models that merely vary are rejected for refusals that the other side has as well.
enum AAHarms {
    private static let sessionsPerHour = 12
    private static let classes = 6

    @Sendable
    static func table(_ effort: Effort) async -> ProofTable {
        let weeks = effort.repetitions(4_000)
        let judged = effort.repetitions(400)
        let hourly = await concurrently(batches(weeks, of: 200)) { batch in
            var generator = SplitMix64(cell: "A/A, hourly, batch \(batch.number)")
            return (0..<batch.repetitions).reduce(into: (net: Share(), oneSided: Share())) { shares, _ in
                let week = week(&generator)
                shares.net.add(week.net)
                shares.oneSided.add(week.oneSided)
            }
        }
        let daily = await concurrently(batches(judged, of: 20)) { batch in
            var generator = SplitMix64(cell: "A/A, judged, batch \(batch.number)")
            var share = Share()
            for _ in 0..<batch.repetitions { share.add(judgedWeek(&generator)) }
            return share
        }.reduce(Share(), +)
        let net = hourly.map(\.net).reduce(Share(), +)
        return ProofTable(
            title: "A/A under asymmetric harms",
            note: "Both sides refuse 3 %, independently; `new_refusal`, margin 0.02, \(classes) classes, "
                + "\(sessionsPerHour) sessions an hour and class; weeks with any REJECT.",
            rows: [
                ProofRow(
                    "168 hourly looks at the e-processes, \(weeks) weeks",
                    target: "≤ 5 %",
                    figure: net.text,
                    isMet: net.value <= 0.05
                ),
                ProofRow(
                    "7 daily looks through `readiness()`, \(judged) weeks",
                    target: "≤ 5 %",
                    figure: daily.text,
                    isMet: daily.value <= 0.05
                ),
                ProofRow(
                    "for contrast: counting only the shadow's new refusals, \(weeks) weeks",
                    printed: hourly.map(\.oneSided).reduce(Share(), +).text
                ),
            ]
        )
    }

    /// A week of hourly looks: whether any class is rejected, and whether it would be if stable's refusals did not count.
    private static func week(_ generator: inout SplitMix64) -> (net: Bool, oneSided: Bool) {
        var net = Array(repeating: GridMixtureEProcess(margin: 0.02), count: classes)
        var oneSided = net
        var found = (net: false, oneSided: false)
        for _ in 0..<168 {
            for intent in 0..<classes {
                for _ in 0..<sessionsPerHour {
                    let harm = EventPair(stable: 0.03, shadow: 0.03, .independent, &generator).harm
                    net[intent].add(harm)
                    oneSided[intent].add(max(0, harm))
                }
                if net[intent].rejects(hypotheses: classes) { found.net = true }
                if oneSided[intent].rejects(hypotheses: classes) { found.oneSided = true }
            }
        }
        return found
    }

    private static func judgedWeek(_ generator: inout SplitMix64) -> Bool {
        let gate = Gate(metric: MetricName.newRefusal, margin: .absolute(0.02), scope: .everyIntent)
        let names = Array(DefaultTraffic.classes.prefix(classes - 1))
        var experiment = JudgedExperiment(gates: [gate], classes: names)
        for day in 1...7 {
            for _ in 0..<(24 * sessionsPerHour) {
                for name in names + ["other"] {
                    let pair = EventPair(stable: 0.03, shadow: 0.03, .independent, &generator)
                    experiment.add(
                        name,
                        stable: .stable([MetricName.refusal: pair.stable ? 1 : 0]),
                        shadow: .shadow([MetricName.refusal: pair.shadow ? 1 : 0]),
                        day: Double(day) - 0.5
                    )
                }
            }
            if experiment.readiness(day: Double(day)).verdict == .reject { return true }
        }
        return false
    }
}
