// How often a shadow is promoted whose harm is exactly the margin in one class.
//
// Sessions of one 0/1 pair: the judge is asked for every outcome, each weighed with its probability. Everything else (sessions of
// several pairs, scores whose large losses are rare and whose small gains are frequent, tail masses, ratios, one class of
// six under the default gates) is simulated.

import Evaluation
import Foundation
import Statistics
import Vocabulary

enum FalsePromote {
    @Sendable
    static func table(_ effort: Effort) async -> ProofTable {
        let single = await singlePairs()
        let drawn = await simulated(effort)
        return ProofTable(
            title: "False PROMOTE",
            note:
                "One class exactly at its margin, judged once through `readiness()`. Sessions of one pair: summed over "
                + "every outcome, so without simulation error. The rest: in brackets the simulation's 95 % interval; NOT "
                + "met where it lies wholly above 5 %.",
            rows: single + drawn
        )
    }

    // MARK: Summed over outcomes

    private static let margins = [0.01, 0.02, 0.03]
    private static let betterRates = [0, 0.003, 0.01, 0.03, 0.1]

    private static func singlePairs() async -> [ProofRow] {
        var sums: [OutcomeSum] = []
        for margin in margins {
            let least = SampleSize.zeroEvents(margin: margin)
            for sessions in [least, least * 3 / 2, least * 2, 1_000] {
                // No better session at all, few, and more than worse ones below the rule's 5.
                for better in betterRates {
                    sums.append(
                        OutcomeSum(sessions: sessions, margin: margin, worse: better + margin, better: better)
                    )
                }
            }
        }
        // The largest sums first, so that the processors end together.
        let ordered = sums.sorted { $0.sessions > $1.sessions }
        let found = await concurrently(ordered) { (sum: $0, probability: $0.promoteProbability()) }
        let sorted = found.sorted { $0.probability > $1.probability }
        guard let largest = sorted.first else { return [] }
        var rows = [
            ProofRow(
                "one pair a session, \(found.count) cells of margin, sessions and better sessions",
                target: "≤ 5 %",
                figure: "largest \(percent(largest.probability, digits: 2)): \(largest.sum.name); "
                    + "\(found.count { $0.probability > 0.05 }) cells above",
                isMet: largest.probability <= 0.05
            )
        ]
        for better in betterRates {
            for margin in margins {
                let cells = found.filter { $0.sum.margin == margin && $0.sum.better == better }
                    .sorted { $0.sum.sessions < $1.sum.sessions }
                rows.append(
                    ProofRow(
                        "— margin \(plain(margin)), worse \(percent(better + margin)), better \(percent(better)), "
                            + "by sessions",
                        printed: cells.map { "\($0.sum.sessions): \(percent($0.probability, digits: 2))" }
                            .joined(separator: ", ")
                    )
                )
            }
        }
        rows.append(await sizeOfTheBound())
        return rows
    }

    /// The same without the judge, by the formula that plans are made with, for many more numbers of sessions.
    private static func sizeOfTheBound() async -> ProofRow {
        let sums = margins.flatMap { margin in
            stride(from: SampleSize.zeroEvents(margin: margin), through: 1_500, by: 7).flatMap { sessions in
                betterRates.map { OutcomeSum(sessions: sessions, margin: margin, worse: $0 + margin, better: $0) }
            }
        }
        let found = await concurrently(sums) { sum in
            NonInferiorityPower.passProbability(
                sessions: sum.sessions,
                discordance: sum.worse + sum.better,
                harm: sum.worse - sum.better,
                margin: sum.margin
            )
        }
        guard let largest = zip(sums, found).max(by: { $0.1 < $1.1 }) else {
            return ProofRow("— by the formula of plans", printed: "")
        }
        return ProofRow(
            "— by the formula of plans, \(sums.count) cells up to 1,500 sessions",
            printed: "largest \(percent(largest.1, digits: 2)): \(largest.0.name); "
                + "\(percent(Double(found.count { $0 > 0.05 }) / Double(sums.count), digits: 0)) of the cells above 5 %"
        )
    }

    // MARK: Simulated

    /// A way to draw an experiment at the margin.
    private struct Scenario: Sendable {
        var name: String
        var repetitions: Int
        var promotes: @Sendable (inout SplitMix64) -> Bool
    }

    private static func simulated(_ effort: Effort) async -> [ProofRow] {
        let scenarios = defaultGates + scores + clusters + tails + ratios
        let work = scenarios.flatMap { scenario in
            batches(effort.repetitions(scenario.repetitions), of: max(1, scenario.repetitions / 16))
                .map { (scenario: scenario, batch: $0) }
        }
        let shares = await concurrently(work) { work in
            var generator = SplitMix64(cell: "false PROMOTE, \(work.scenario.name), batch \(work.batch.number)")
            var share = Share()
            for _ in 0..<work.batch.repetitions { share.add(work.scenario.promotes(&generator)) }
            return share
        }
        return scenarios.map { scenario in
            let share = zip(work, shares).filter { $0.0.scenario.name == scenario.name }.map(\.1).reduce(Share(), +)
            return ProofRow(scenario.name, target: "≤ 5 %", figure: share.text, isMet: !share.exceeds(0.05))
        }
    }

    private static let defaultGates = [
        Scenario(
            name: "6 classes × the default gates, 4,000 sessions each, one class refuses 2 points more",
            repetitions: 200
        ) { generator in
            DefaultTraffic.readiness(sessions: 4_000, harm: 0.02, &generator).verdict == .promote
        }
    ]

    private static func experiment(_ metric: String, _ margin: Margin) -> JudgedExperiment {
        JudgedExperiment(gates: [Gate(metric: metric, margin: margin, scope: .everyIntent)], classes: ["a"])
    }

    /// Large losses that are rare beside small gains that are frequent, whose difference is the margin: what a t interval
    /// sees last, and what the rule for few worse sessions, read net of the better ones, must not let through.
    private static let scores: [Scenario] = [
        (0.02, 149, 0.7, 0.02), (0.02, 299, 0.7, 0.02), (0.03, 120, 0.6, 0.02), (0.03, 300, 0.6, 0.02),
        (0.01, 299, 0.5, 0.02), (0.01, 600, 0.5, 0.02), (0.02, 600, 0.7, 0.05), (0.02, 2_000, 0.7, 0.02),
        (0.02, 300, 0.1, 0.05), (0.02, 300, 0, 0),
    ].map { margin, sessions, gains, gain in
        let losses = (margin + gains * gain) / 0.9
        return Scenario(
            name: "score mean, margin \(plain(margin)), \(sessions) sessions: \(percent(losses)) lose 0.9, "
                + "\(percent(gains, digits: 0)) gain \(plain(gain))",
            repetitions: sessions > 1_000 ? 800 : 4_000
        ) { generator in
            var experiment = experiment("score.correct.mean", .absolute(margin))
            for _ in 0..<sessions {
                let draw = generator.nextUniform()
                let shadow = draw < losses ? 0.0 : draw < losses + gains ? 0.9 + gain : 0.9
                experiment.add("a", stable: .stable(["correct": 0.9]), shadow: .shadow(["correct": shadow]))
            }
            return experiment.readiness().verdict == .promote
        }
    }

    /// Sessions of 1 to 8 pairs whose refusals go together.
    private static let clusters: [Scenario] = [(0.02, 149), (0.02, 400), (0.03, 300), (0.02, 1_000)].map {
        margin,
        sessions in
        Scenario(
            name: "1 to 8 pairs a session, a third of the sessions refuses 10 times as often, margin "
                + "\(plain(margin)), \(sessions) sessions",
            repetitions: sessions >= 1_000 ? 800 : 2_000
        ) { generator in
            var experiment = experiment(MetricName.newRefusal, .absolute(margin))
            for session in 0..<sessions {
                // Rates r and 10 r whose mean is 1.5 % for stable, and that plus the margin for the shadow.
                let factor = generator.happens(1.0 / 3) ? 2.5 : 0.25
                for _ in 0...Int(generator.next() % 8) {
                    experiment.add(
                        "a",
                        stable: .stable([MetricName.refusal: generator.happens(0.015 * factor) ? 1 : 0]),
                        shadow: .shadow([MetricName.refusal: generator.happens((0.015 + margin) * factor) ? 1 : 0]),
                        session: session
                    )
                }
            }
            return experiment.readiness().verdict == .promote
        }
    }

    /// A shadow with twice as much in stable's worst 5 %, at the default margin of 0.05.
    private static let tails: [Scenario] = [400, 1_000, 4_000].map { sessions in
        Scenario(
            name: "tail mass 0.10, margin 0.05, \(sessions) sessions",
            repetitions: sessions > 1_000 ? 600 : 2_000
        ) { generator in
            let map = Marginal.beta.map()
            let shift =
                (NormalDistribution.quantile(0.10) ?? .nan) - (NormalDistribution.quantile(0.05) ?? .nan)
            var experiment = experiment(GateMetric.tailMass(score: MetricName.quality).name, .absolute(0.05))
            for _ in 0..<sessions {
                let stable = map(generator.nextNormal())
                experiment.add(
                    "a",
                    stable: .stable([MetricName.quality: stable]),
                    shadow: .shadow([MetricName.quality: map(generator.nextNormal() - shift)])
                )
            }
            return experiment.readiness().verdict == .promote
        }
    }

    /// A shadow that is slower by exactly the ratio that is allowed.
    private static let ratios: [Scenario] = [("p95", 100), ("p95", 1_000), ("p99", 400), ("p99", 4_000)].map {
        quantile,
        sessions in
        Scenario(
            name: "\(MetricName.totalTime).\(quantile) 1.2 times as long, margin 1.2, \(sessions) sessions",
            repetitions: sessions > 1_000 ? 600 : 2_000
        ) { generator in
            let map = Marginal.logNormal.map()
            var experiment = experiment("\(MetricName.totalTime).\(quantile)", .ratio(1.2))
            for _ in 0..<sessions {
                let common = generator.nextNormal()
                func milliseconds(_ factor: Double) -> Duration {
                    .fractionalMilliseconds(1_000 * factor * map(0.5 * (common + generator.nextNormal())))
                }
                experiment.add(
                    "a",
                    stable: LegRow(version: "v1", outcome: .ok, total: milliseconds(1)),
                    shadow: LegRow(version: "v2", outcome: .ok, total: milliseconds(1.2))
                )
            }
            return experiment.readiness().verdict == .promote
        }
    }
}
