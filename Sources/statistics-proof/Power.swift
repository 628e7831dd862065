/// How often two equal models pass one gate.
enum Power {
    private struct Cell: Sendable {
        var sessions: Int
        var dependence: Dependence
        /// The least probability promised; nil: printed.
        var target: Double?
    }

    private static let cells = [
        Cell(sessions: 2_000, dependence: .independent, target: 0.96),
        Cell(sessions: 2_000, dependence: .shared, target: 0.99),
        Cell(sessions: 1_000, dependence: .independent, target: 0.81),
        Cell(sessions: 1_000, dependence: .shared, target: 0.96),
        Cell(sessions: 500, dependence: .independent), Cell(sessions: 500, dependence: .shared),
    ]

    @Sendable
    static func table(_: Effort) async -> ProofTable {
        let rows = await concurrently(cells) { cell in
            // Of independent legs one alone fails in 3 % of the 97 % in which the other does not.
            let discordant = 0.03 * 0.97 * (cell.dependence == .shared ? 0.5 : 1)
            let sum = OutcomeSum(sessions: cell.sessions, margin: 0.02, worse: discordant, better: discordant)
            let power = sum.promoteProbability()
            return ProofRow(
                "power of one pass, \(cell.sessions) sessions, both 3 %, \(cell.dependence.rawValue)",
                target: cell.target.map { "≥ \(percent($0, digits: 0))" } ?? "printed",
                figure: percent(power, digits: 2),
                isMet: cell.target.map { power >= $0 }
            )
        }
        return ProofTable(
            title: "Power",
            note: "`new_refusal` at margin 0.02, one pair a session, through `readiness()`: the probabilities of all "
                + "outcomes that PROMOTE, summed, so without simulation error.",
            rows: rows.reversed()
        )
    }
}
