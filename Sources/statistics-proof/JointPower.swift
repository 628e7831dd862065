import Evaluation
import Statistics

/// How often two equal models are promoted, all gates of all classes together.
enum JointPower {
    @Sendable
    static func table(_ effort: Effort) async -> ProofTable {
        let repetitions = effort.repetitions(200)
        let cells = [4_000, 2_000, 1_000, 600].flatMap { sessions in
            batches(repetitions, of: 25).map { (sessions: sessions, batch: $0) }
        }
        let shares = await concurrently(cells) { cell in
            var generator = SplitMix64(cell: "joint power, \(cell.sessions), batch \(cell.batch.number)")
            var share = Share()
            for _ in 0..<cell.batch.repetitions {
                share.add(DefaultTraffic.readiness(sessions: cell.sessions, &generator).verdict == .promote)
            }
            return share
        }
        let rows = [600, 1_000, 2_000, 4_000].map { sessions in
            let share = zip(cells, shares).filter { $0.0.sessions == sessions }.map(\.1).reduce(Share(), +)
            return ProofRow("PROMOTE of equal models, \(sessions) sessions a class", printed: share.text)
        }
        return ProofTable(
            title: "Joint power",
            note: "6 classes × the default gates through `readiness()`, legs independent: errors 1 %, refusals 3 %, "
                + "malformed 2 %, quality Beta(4, 1), times log-normal; \(repetitions) experiments each.",
            rows: rows
        )
    }
}
