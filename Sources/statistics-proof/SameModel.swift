import Evaluation
import Foundation
import Statistics
import Vocabulary

/// Real answers of one model against its own second answers: whatever is found is noise.
enum SameModel {
    private static let most = 0.05

    /// - Parameters:
    ///   - path: stable's recorded answers beside the control's.
    ///   - effort: how many of the 200 seeds.
    /// - Returns: what the seeds gave.
    /// - Throws: what reading the file throws.
    static func table(path: String, _ effort: Effort) async throws -> ProofTable {
        let rows = try RecordedPairs(path: path).rows.map(unnamed)
        // Each class by itself, and all as one, which has the sessions for what a class lacks.
        let merged = rows.map { row in
            var row = row
            row.intent = IntentClass(rawValue: "all")
            return row
        }
        let repetitions = effort.repetitions(200)
        return ProofTable(
            title: "A/A on recorded traffic",
            note:
                "The \(rows.count) recorded answers of stable against the control's, the default gates, the legs of each "
                + "pair swapped at random, \(repetitions) seeds.",
            rows: await table("in their classes", rows, repetitions)
                + table("as one class", merged, repetitions)
        )
    }

    /// The row with one version on both legs: swapping them is no change of model.
    private static func unnamed(_ row: PairRow) -> PairRow {
        var row = row
        for leg in [\PairRow.stable, \PairRow.shadow] {
            row[keyPath: leg].version = ""
            row[keyPath: leg].reportedModel = nil
        }
        return row
    }

    private static func table(_ name: String, _ rows: [PairRow], _ repetitions: Int) async -> [ProofRow] {
        let looks = await concurrently(Array(0..<repetitions)) { seed in
            var generator = SplitMix64(cell: "same model, \(name), \(seed)")
            let swapped = rows.map { row in
                var row = row
                if generator.next() & 1 == 1 { (row.stable, row.shadow) = (row.shadow, row.stable) }
                return row
            }
            return RecordedPairs.readiness(of: swapped, Declaration())
        }
        let rejects = looks.count { $0.verdict == .reject }
        let failing = Share(looks.count { gates(of: $0).contains { $0.gate.state == .fail } }, of: looks.count)
        let promotes = looks.count { $0.verdict == .promote }
        return [
            ProofRow("\(name): REJECT", target: "never", figure: "\(rejects) of \(looks.count)", isMet: rejects == 0),
            ProofRow(
                "\(name): a gate fails",
                target: "≤ \(percent(most)) of the seeds",
                figure: failing.text,
                isMet: failing.value <= most
            ),
            ProofRow("\(name): PROMOTE", printed: "\(promotes) of \(looks.count)"),
        ] + sufficiency(name, looks)
    }

    /// Gates that have the sessions which the plan asks for pass, and those that do not pass were announced.
    private static func sufficiency(_ name: String, _ looks: [Readiness]) -> [ProofRow] {
        var cells: [String: (passed: Int, announced: Int, unannounced: Int, sessions: Int, needed: Int)] = [:]
        for look in looks {
            for (intent, gate) in gates(of: look) where gate.state != .notApplicable {
                var cell = cells["\(intent) \(gate.metric)"] ?? (0, 0, 0, gate.sessions, 0)
                if gate.state == .pass {
                    cell.passed += 1
                } else if let needed = gate.neededSessions, needed > gate.sessions {
                    cell.announced += 1
                    cell.needed = max(cell.needed, needed)
                } else {
                    cell.unannounced += 1
                }
                cells["\(intent) \(gate.metric)"] = cell
            }
        }
        let total = looks.count
        let always = cells.filter { $0.value.passed == total }.count
        let never = cells.filter { $0.value.passed == 0 }
        let unannounced = cells.values.reduce(0) { $0 + $1.unannounced }
        let all = cells.values.reduce(0) { $0 + $1.passed + $1.announced + $1.unannounced }
        let waiting = never.sorted { $0.key < $1.key }
            .map { "\($0.key) (\($0.value.sessions) of \($0.value.needed))" }.joined(separator: ", ")
        return [
            ProofRow("\(name): gates that pass at every seed", printed: "\(always) of \(cells.count)"),
            ProofRow(
                "\(name): gates that pass at none, sessions of those needed",
                printed: waiting.isEmpty ? "none" : waiting
            ),
            ProofRow(
                "\(name): not passed though the sessions asked for were there",
                target: "≤ 20 % (80 % power)",
                figure: percent(Double(unannounced) / Double(max(1, all))),
                isMet: Double(unannounced) <= 0.2 * Double(all)
            ),
        ]
    }

    private static func gates(of look: Readiness) -> [(intent: String, gate: GateResult)] {
        look.overall.gates.map { ("overall", $0) }
            + look.intents.filter(\.isGated).flatMap { intent in intent.gates.map { (intent.intent.rawValue, $0) } }
    }
}
