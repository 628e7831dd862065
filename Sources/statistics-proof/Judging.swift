// Simulated pairs, judged as the evaluator judges those of a store: through `EvaluationInput.readiness()`.

import Evaluation
import Foundation
import Statistics
import Vocabulary

/// An experiment of a week whose pairs are made up.
struct JudgedExperiment {
    private static let start = Date(timeIntervalSince1970: 1_790_000_000)
    private static let week = Duration.seconds(7 * 86_400)

    private var observations = Observations()
    private let declaration: Declaration

    /// - Parameters:
    ///   - gates: what was promised.
    ///   - classes: the configured classes, without `other`.
    init(gates: [Gate], classes: [String]) {
        declaration = Declaration(
            gates: gates,
            horizon: Self.week,
            classes: classes.map(IntentClass.init(rawValue:))
        )
    }

    /// Adds a pair, so many days after the start; without a session's number it is a session of its own.
    mutating func add(
        _ intent: String,
        stable: LegRow,
        shadow: LegRow,
        session: Int? = nil,
        day: Double = 1,
        isStreamed: Bool = false
    ) {
        observations.append(
            PairRow(
                id: RowID(row: Int64(observations.count)),
                time: Self.start.addingTimeInterval(day * 86_400),
                session: session.map { Fingerprint(high: 0, low: UInt64($0)) },
                intent: IntentClass(rawValue: intent),
                isStreamed: isStreamed,
                stable: stable,
                shadow: shadow
            )
        )
    }

    /// The evaluation after so many days.
    func readiness(day: Double = 7) -> Readiness {
        EvaluationInput(
            experiment: Experiment(
                name: "simulated",
                startedAt: Self.start,
                horizon: Self.week,
                stableVersion: "v1",
                shadowVersion: "v2"
            ),
            declaration: declaration,
            observations: observations,
            asOf: Self.start.addingTimeInterval(day * 86_400)
        ).readiness()
    }
}

extension LegRow {
    /// A played leg with its scores.
    static func stable(_ scores: [String: Double] = [:], outcome: Outcome = .ok) -> LegRow {
        LegRow(version: "v1", outcome: outcome, scores: scores)
    }

    /// A played leg with its scores.
    static func shadow(_ scores: [String: Double] = [:], outcome: Outcome = .ok) -> LegRow {
        LegRow(version: "v2", outcome: outcome, scores: scores)
    }
}

/// The verdict on one class of single-pair sessions that differ in refusals, by how many are worse and how many better.
///
/// The verdict depends on nothing else, so the chance of a PROMOTE is a sum over all outcomes, without simulation error.
struct OutcomeSum: Sendable {
    var sessions: Int
    var margin: Double
    /// The probability that only the shadow refuses.
    var worse: Double
    /// The probability that only stable refuses.
    var better: Double

    var name: String {
        "margin \(plain(margin)), \(sessions) sessions, worse \(percent(worse)), better \(percent(better))"
    }

    /// Outcomes less likely than this are left out: together they weigh less than 10⁻⁴.
    private static let negligible = 1e-8
    /// From so many better sessions on, one more never turns a PROMOTE into a HOLD (a test of the evaluator holds that); below,
    /// where the judge's rule for few of them changes, each outcome is asked.
    private static let monotoneFrom = 5

    /// P(PROMOTE).
    func promoteProbability() -> Double {
        var total = 0.0
        for worseCount in 0...sessions {
            let row = BinomialDistribution.probability(worseCount, trials: sessions, probability: worse) ?? 0
            guard row > Self.negligible else { continue }
            let columns = columns(besides: worseCount).filter { row * $0.probability > Self.negligible }
            let few = columns.filter { $0.count < Self.monotoneFrom }
            for column in few where isPromoted(worseCount, column.count) { total += row * column.probability }
            let many = columns.dropFirst(few.count)
            var (low, high) = (many.startIndex, many.endIndex)
            while low < high {
                let middle = (low + high) / 2
                if isPromoted(worseCount, many[middle].count) { high = middle } else { low = middle + 1 }
            }
            for column in many[low...] { total += row * column.probability }
        }
        return total
    }

    /// The probabilities of the numbers of better sessions among those that are not worse.
    private func columns(besides worseCount: Int) -> [(count: Int, probability: Double)] {
        let rest = sessions - worseCount
        return (0...rest).map {
            ($0, BinomialDistribution.probability($0, trials: rest, probability: better / (1 - worse)) ?? 0)
        }
    }

    private func isPromoted(_ worseCount: Int, _ betterCount: Int) -> Bool {
        let gate = Gate(metric: MetricName.newRefusal, margin: .absolute(margin), scope: .everyIntent)
        var experiment = JudgedExperiment(gates: [gate], classes: ["a"])
        for number in 0..<sessions {
            experiment.add(
                "a",
                stable: .stable([MetricName.refusal: number >= sessions - betterCount ? 1 : 0]),
                shadow: .shadow([MetricName.refusal: number < worseCount ? 1 : 0])
            )
        }
        return experiment.readiness().verdict == .promote
    }
}
