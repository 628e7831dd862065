import Statistics

/// How often a week of hourly looks rejects a shadow whose harm is allowed.
enum FalseReject {
    private static let hours = 168
    /// Sessions an hour of the six classes.
    static let traffic = [48, 24, 12, 6, 4, 2]

    /// One gate with an e-process.
    private struct Gate: Sendable {
        var margin: Double
        /// Stable's rate of the event; nil: a score, whose harm is a loss.
        var rate: Double?
    }

    /// The default gates that can reject, and a score's mean.
    private static let gates = [
        Gate(margin: 0.02, rate: 0.03), Gate(margin: 0.01, rate: 0.01), Gate(margin: 0.02, rate: 0.02),
        Gate(margin: 0.03, rate: 0.05), Gate(margin: 0.03, rate: nil),
    ]

    private struct Cell: Sendable {
        /// The true harm as a share of the margin.
        var share: Double
        var dependence: Dependence
        var batch: Int
        var repetitions: Int

        var name: String { "true harm \(plain(share)) × margin, \(dependence.rawValue)" }
    }

    @Sendable
    static func table(_ effort: Effort) async -> ProofTable {
        let weeks = effort.repetitions(2_000)
        var cells: [Cell] = []
        for share in [0, 0.75, 1] {
            for dependence in Dependence.allCases {
                cells += batches(weeks, of: 100)
                    .map { Cell(share: share, dependence: dependence, batch: $0.number, repetitions: $0.repetitions) }
            }
        }
        let shares = await concurrently(cells) { cell in
            var generator = SplitMix64(cell: "false REJECT, \(cell.name), batch \(cell.batch)")
            var share = Share()
            for _ in 0..<cell.repetitions { share.add(weekRejects(cell, &generator)) }
            return share
        }
        var found: [String: Share] = [:]
        var names: [String] = []
        for (cell, share) in zip(cells, shares) {
            if found[cell.name] == nil { names.append(cell.name) }
            found[cell.name, default: Share()] = found[cell.name, default: Share()] + share
        }
        var rows = names.map { name in
            let share = found[name] ?? Share()
            return ProofRow(
                "weeks with any false REJECT, 30 cells, \(name)",
                target: "≤ 5 %",
                figure: share.text,
                isMet: share.value <= 0.05
            )
        }
        rows.append(naive(effort.repetitions(10_000)))
        return ProofTable(
            title: "False REJECT",
            note: "6 classes × 5 gates (margins 0.02, 0.01, 0.02, 0.03 on events, 0.03 on a score's mean), T = 30, "
                + "\(hours) hourly looks, \(traffic.map(String.init).joined(separator: ", ")) sessions an hour, "
                + "\(weeks) weeks each; in brackets the simulation's 95 % interval.",
            rows: rows
        )
    }

    private static func weekRejects(_ cell: Cell, _ generator: inout SplitMix64) -> Bool {
        var processes = gates.map { gate in traffic.map { _ in GridMixtureEProcess(margin: gate.margin) } }
        for _ in 0..<hours {
            for (number, gate) in gates.enumerated() {
                for (intent, sessions) in traffic.enumerated() {
                    for _ in 0..<sessions { processes[number][intent].add(harm(gate, cell, &generator)) }
                    if processes[number][intent].rejects(hypotheses: gates.count * traffic.count) { return true }
                }
            }
        }
        return false
    }

    private static func harm(_ gate: Gate, _ cell: Cell, _ generator: inout SplitMix64) -> Double {
        let harm = cell.share * gate.margin
        guard let rate = gate.rate else {
            // Uniform scores in 0.1 … 0.9, the shadow's lower by the harm.
            let first = generator.nextUniform()
            let second = cell.dependence == .shared && generator.happens(0.5) ? first : generator.nextUniform()
            return 0.8 * (first - second) + harm
        }
        return EventPair(stable: rate, shadow: rate + harm, cell.dependence, &generator).harm
    }

    /// What a fixed-n test that is repeated every day does instead.
    private static func naive(_ weeks: Int) -> ProofRow {
        var generator = SplitMix64(cell: "naive McNemar")
        var share = Share()
        for _ in 0..<weeks {
            var pairs = PairedBinary()
            var isRejected = false
            for _ in 0..<7 where !isRejected {
                for _ in 0..<(24 * 24) {
                    let pair = EventPair(stable: 0.03, shadow: 0.03, .independent, &generator)
                    pairs.add(stable: pair.stable, shadow: pair.shadow)
                }
                isRejected = (pairs.mcNemarExact().value?.pValue ?? 1) <= 0.05
            }
            share.add(isRejected)
        }
        return ProofRow(
            "for contrast: exact McNemar at 7 daily looks, one cell, equal models (3 %, 24 sessions an hour)",
            printed: share.text
        )
    }
}
