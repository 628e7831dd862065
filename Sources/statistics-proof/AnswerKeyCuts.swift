import Evaluation
import Foundation
import Statistics
import Vocabulary

/// What is still found when there are fewer answers: a model that is better on average and worse in one class.
enum AnswerKeyCuts {
    private static let declaration = Declaration(
        gates: [Gate(metric: "score.correct.mean", margin: .absolute(0.03), scope: .everyIntent)],
        minimumShare: 0
    )
    private static let shares = [0.5, 0.25, 0.1]
    private static let most = 0.05

    /// - Parameters:
    ///   - path: `mmlu-pro-flash-to-pro.jsonl`.
    ///   - effort: how many of the 2,000 cuts: of 200, a class that fails in 2.7 % fails in more than 5 % once in 40 times.
    /// - Returns: what fails at each size.
    /// - Throws: what reading the file throws.
    static func table(path: String, _ effort: Effort) async throws -> ProofTable {
        let rows = try RecordedPairs(path: path).rows
        let byClass = Dictionary(grouping: rows, by: \.intent).sorted { $0.key < $1.key }.map(\.value)
        let repetitions = effort.repetitions(2_000)
        let cuts = shares.flatMap { share in (0..<repetitions).map { (share: share, seed: $0) } }
        let found = await concurrently(cuts) { cut in
            var generator = SplitMix64(cell: "answer key, \(cut.share), \(cut.seed)")
            let kept = byClass.flatMap { rows in
                generator.draw(Int((Double(rows.count) * cut.share).rounded()), of: rows)
            }
            let readiness = RecordedPairs.readiness(of: kept, declaration)
            let failing = readiness.intents.filter { $0.gates.contains { $0.state == .fail } }.map(\.intent.rawValue)
            return (failing: Set(failing), promotes: readiness.verdict == .promote)
        }
        let whole = RecordedPairs.readiness(of: rows, declaration)
        let failing = whole.intents.filter { $0.gates.contains { $0.state == .fail } }.map(\.intent.rawValue)
        var table = [
            ProofRow(
                "all \(rows.count) rows: what fails",
                target: "math",
                figure: failing.joined(separator: ", "),
                isMet: failing == ["math"]
            )
        ]
        var before = 1.0
        for share in shares {
            let these = zip(cuts, found).filter { $0.0.share == share }.map(\.1)
            let math = Share(these.count { $0.failing.contains("math") }, of: these.count)
            let counts = Dictionary(these.flatMap(\.failing).map { ($0, 1) }, uniquingKeysWith: +)
            let other = counts.filter { $0.key != "math" }.max { ($0.value, $1.key) < ($1.value, $0.key) }
            let otherShare = Double(other?.value ?? 0) / Double(these.count)
            let promotes = these.count(where: \.promotes)
            let name = percent(share)
            table += [
                ProofRow(
                    "\(name) of the rows: math fails",
                    target: "below \(percent(before))",
                    figure: math.text,
                    isMet: math.value < before
                ),
                ProofRow(
                    "\(name): any other class fails, the most frequent one",
                    target: "≤ \(percent(most))",
                    figure: other.map { "\(percent(otherShare)) (\($0.key))" } ?? "none",
                    isMet: otherShare <= most
                ),
                ProofRow(
                    "\(name): PROMOTE",
                    target: "never",
                    figure: "\(promotes) of \(these.count)",
                    isMet: promotes == 0
                ),
            ]
            before = math.value
        }
        return ProofTable(
            title: "Fewer answers of real models",
            note: "mmlu-pro-flash-to-pro with `score.correct.mean`, margin 0.03: \(repetitions) seeded cuts each, "
                + "the same share of every class.",
            rows: table
        )
    }
}
