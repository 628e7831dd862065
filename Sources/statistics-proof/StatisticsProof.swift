// What the statistics must prove about themselves, simulated: `Scripts/bench statistics`.
//
// Usage: statistics-proof [--quick] [--answer-key FILE] [--same-model FILE] [FAMILY…]
//
// The files hold recorded pairs, for what is shown on real answers; without them it is left out.
//
// Prints each family's table with the simulated figure beside its target. All seeds are fixed: two runs print the same
// figures on any number of processors. `--quick` runs a tenth of the repetitions, to see that everything works.

import Foundation

@main
enum StatisticsProof {
    /// A part of the proof that can be run alone.
    struct Family: Sendable {
        var name: String
        /// Given how many of its repetitions to run, as a share.
        var run: @Sendable (Effort) async throws -> ProofTable
    }

    private static let recorded: [String: @Sendable (String, Effort) async throws -> ProofTable] = [
        "answer-key": { try await AnswerKeyCuts.table(path: $0, $1) },
        "same-model": { try await SameModel.table(path: $0, $1) },
    ]

    static let families = [
        Family(name: "coverage", run: Coverage.table),
        Family(name: "false-reject", run: FalseReject.table),
        Family(name: "false-promote", run: FalsePromote.table),
        Family(name: "time-to-reject", run: TimeToReject.table),
        Family(name: "power", run: Power.table),
        Family(name: "joint-power", run: JointPower.table),
        Family(name: "a-a-harms", run: AAHarms.table),
    ]

    static func main() async throws {
        var names = Array(CommandLine.arguments.dropFirst())
        var families = families
        for (name, table) in recorded.sorted(by: { $0.key < $1.key }) {
            guard let option = names.firstIndex(of: "--\(name)"), option + 1 < names.count else { continue }
            let path = names[option + 1]
            names.removeSubrange(option...(option + 1))
            families.append(Family(name: name) { try await table(path, $0) })
        }
        let isQuick = names.contains("--quick")
        names.removeAll { $0 == "--quick" }
        if let unknown = names.first(where: { name in !families.contains { $0.name == name } }) {
            let known = families.map(\.name).joined(separator: ", ")
            FileHandle.standardError.write(Data("statistics-proof knows \(known), not “\(unknown)”.\n".utf8))
            exit(64)
        }
        let clock = ContinuousClock()
        let start = clock.now
        var rows: [ProofRow] = []
        for family in families where names.isEmpty || names.contains(family.name) {
            let begin = clock.now
            let table = try await family.run(Effort(share: isQuick ? 0.1 : 1))
            rows += table.rows
            say(table.text)
            say("\((clock.now - begin).components.seconds) s\n")
        }
        say("Agreement with scipy, statsmodels and confseq is checked by `Scripts/test`:")
        say("Tests/StatisticsTests against Reference/*.json, which Scripts/reference-statistics.py writes.\n")
        let promised = rows.compactMap(\.isMet)
        // POSIX: clock() counts microseconds.
        let wall = (clock.now - start).components.seconds
        say("\(promised.count { $0 }) of \(promised.count) targets are met.")
        say("\(wall) s of wall time, \(Foundation.clock() / 1_000_000) s of processor time.")
        for row in rows where row.isMet == false {
            say("NOT met: \(row.property): \(row.figure), target \(row.target)")
        }
    }

    /// Prints at once, also into a pipe: a run takes minutes.
    private static func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
}

/// How much of the simulation to run.
struct Effort: Sendable {
    var share: Double

    func repetitions(_ full: Int) -> Int { max(20, Int(Double(full) * share)) }
}
