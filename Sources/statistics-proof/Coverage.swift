// Coverage of the two-sided 95 % intervals.
//
// Every distribution is drawn in every design, and each interval is made that the evaluator prints of such values: rates and
// paired differences of binary events, means, p1, p5, p10, tail mass and CVaR of scores, quantiles and ratios of magnitudes
// (tail mass and CVaR of those too, for their shape). A cell lies outside its band where the whole simulation error, Wilson's
// 95 % interval of the coverage, does.

import Statistics

enum Coverage {
    private static let marginals: [Marginal] = [
        .beta, .logNormal, .heavyTailed, .levels, .binary(0.3), .binary(0.15), .binary(0.03),
    ]

    /// Sessions, and how often they are drawn.
    private static let sizes = [(20_000, 400), (2_000, 2_000), (400, 4_000), (100, 10_000)]

    @Sendable
    static func table(_ effort: Effort) async -> ProofTable {
        var cells: [CoverageCell] = []
        for (sessions, repetitions) in sizes {
            for largest in [8, 1] {
                for marginal in marginals {
                    for correlation in [0, 0.5] {
                        cells.append(
                            CoverageCell(
                                marginal: marginal,
                                design: Design(sessions: sessions, largest: largest, correlation: correlation),
                                repetitions: effort.repetitions(repetitions)
                            )
                        )
                    }
                }
            }
        }
        let results = await concurrently(cells) { $0.run() }.flatMap { $0 }
        let rows = Estimator.allCases.flatMap { estimator in
            summary(of: estimator, results.filter { $0.estimator == estimator })
        }
        let drawn = sizes.map { "\($0.0): \(effort.repetitions($0.1))" }.joined(separator: ", ")
        return ProofTable(
            title: "Coverage of two-sided 95 % intervals",
            note:
                "Distributions × \(sizes.map { String($0.0) }.joined(separator: ", ")) sessions × 1 and 1 to 8 pairs a "
                + "session × ρ = 0 and 0.5. Draws a cell: \(drawn). A cell is outside its band where the whole 95 % "
                + "interval of the simulation (in brackets) is.",
            rows: rows
        )
    }

    /// The row of an estimator, and one for every cell that is outside its band.
    private static func summary(of estimator: Estimator, _ results: [CoverageCell.Result]) -> [ProofRow] {
        let sorted = results.sorted { $0.coverage.value < $1.coverage.value }
        guard let worst = sorted.first, let best = sorted.last else { return [] }
        let outside = sorted.filter { $0.coverage.isOutside(estimator.band) }
        let summary = ProofRow(
            "interval of \(estimator.rawValue), \(results.count) cells",
            target: estimator.target,
            figure: "lowest \(worst.coverage.text): \(worst.name); highest \(best.coverage.text): \(best.name); "
                + "\(outside.count) cells outside",
            isMet: outside.isEmpty
        )
        return [summary]
            + outside.map { ProofRow("— outside: \($0.name)", target: "", figure: $0.coverage.text, isMet: nil) }
    }
}
