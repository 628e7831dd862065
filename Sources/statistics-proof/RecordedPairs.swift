// Recorded answers of real models, from a file of pairs, as the evaluator's rows.

import Evaluation
import Formats
import Foundation
import Scoring
import Statistics
import Vocabulary

/// The pairs of a file, scored by the built-in scorers beside the scores that they carry.
struct RecordedPairs: Sendable {
    private(set) var rows: [PairRow] = []

    /// Reads and scores them.
    ///
    /// - Parameter path: one JSON object a line, as `understudy import` reads them.
    /// - Throws: what reading the file throws, and `LineError` for a line that is no pair.
    init(path: String) throws {
        var scorers = Scorers()
        var rows: [PairRow] = []
        try LineSplitter.forEachLine(of: Data(contentsOf: URL(fileURLWithPath: path))) { number, bytes in
            let line = try PairLine(parsing: bytes)
            let pair = line.pair(
                id: line.id ?? "line-\(number)",
                time: Date(timeIntervalSince1970: 1_790_000_000),
                session: line.session.map { SessionHash(hex: $0) },
                intent: line.intent ?? .other,
                intentSource: .imported,
                promptHash: PromptHash(hex: ""),
                prompt: line.promptText
            )
            let (scored, pairScores) = pair.scored(by: &scorers)
            rows.append(PairRow(scored, id: RowID(row: Int64(number)), pairScores: pairScores))
        }
        self.rows = rows
    }

    /// What the evaluator says of some rows, as of imported pairs.
    static func readiness(of rows: some Sequence<PairRow>, _ declaration: Declaration) -> Readiness {
        var observations = Observations()
        for row in rows { observations.append(row) }
        return EvaluationInput(
            experiment: Experiment(name: "recorded"),
            declaration: declaration,
            observations: observations
        ).readiness()
    }
}

extension SplitMix64 {
    /// So many of some elements, each set of them as likely as any other (Fisher and Yates).
    mutating func draw<Element>(_ count: Int, of elements: [Element]) -> [Element] {
        var elements = elements
        for place in 0..<min(count, elements.count) {
            elements.swapAt(place, place + Int(next() % UInt64(elements.count - place)))
        }
        return Array(elements.prefix(count))
    }
}
