import Statistics

/// How many sessions of a class pass until its e-process rejects, looked at after each.
enum TimeToReject {
    private static let limit = 20_000

    private struct Cell: Sendable {
        var shadowRate: Double
        var dependence: Dependence
        /// The median promised; nil: printed.
        var target: Int?

        var name: String {
            "median sessions to REJECT, 3 % → \(percent(shadowRate, digits: 0)), \(dependence.rawValue)"
        }
    }

    private static let cells = [
        Cell(shadowRate: 0.08, dependence: .independent), Cell(shadowRate: 0.08, dependence: .shared),
        Cell(shadowRate: 0.30, dependence: .shared, target: 75),
        Cell(shadowRate: 0.30, dependence: .independent, target: 80),
        Cell(shadowRate: 0.15, dependence: .shared, target: 210),
        Cell(shadowRate: 0.15, dependence: .independent, target: 240),
        Cell(shadowRate: 0.10, dependence: .shared, target: 550),
        Cell(shadowRate: 0.10, dependence: .independent, target: 750),
    ]

    @Sendable
    static func table(_ effort: Effort) async -> ProofTable {
        let repetitions = effort.repetitions(4_001)
        let rows = await concurrently(cells) { cell in
            var generator = SplitMix64(cell: cell.name)
            let sessions = (0..<repetitions).map { _ in sessionsToReject(cell, &generator) }.sorted()
            let median = sessions[repetitions / 2]
            // The order statistics between which the median lies with 95 %.
            let ends = Quantile.orderStatisticRanks(0.5, count: repetitions)
                .map { " (\(sessions[$0.lower - 1]) to \(sessions[$0.upper - 1]))" }
            return ProofRow(
                cell.name,
                target: cell.target.map { "≤ \($0)" } ?? "printed",
                figure: "\(median)\(ends ?? "")",
                isMet: cell.target.map { median <= $0 }
            )
        }
        return ProofTable(
            title: "Time to REJECT",
            note: "One e-process of T = 30, margin 0.02, one pair a session, \(repetitions) runs each; in brackets the "
                + "95 % interval of the median.",
            rows: rows
        )
    }

    private static func sessionsToReject(_ cell: Cell, _ generator: inout SplitMix64) -> Int {
        var process = GridMixtureEProcess(margin: 0.02)
        while process.sessions < limit {
            process.add(EventPair(stable: 0.03, shadow: cell.shadowRate, cell.dependence, &generator).harm)
            if process.rejects(hypotheses: 30) { break }
        }
        return process.sessions
    }
}
