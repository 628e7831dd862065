import Console
import Evaluation
import Foundation
import Logging
import PairStore
import ServiceLifecycle
import Vocabulary

/// Scores pairs as they are stored, so that an evaluation finds them scored and the metrics know of refusals at once.
struct ScoringService: Service {
    let store: PairStore
    let latencies: LegLatencies
    let logger: Logger

    func run() async throws {
        var lastRow: Int64 = 0
        for await _ in SecondTicks().cancelOnGracefulShutdown() {
            let start = lastRow
            let latencies = latencies
            do {
                lastRow = try await store.run { store in
                    var pass = ScoringPass(store: store)
                    try pass.run()
                    return try Self.report(from: store, after: start, to: latencies)
                }
            } catch {
                // Scores can be made at any time; serving goes on.
                logger.error("Pairs could not be scored now: \(error)")
            }
        }
    }

    /// Tells the metrics of every pair after a row.
    private static func report(from store: PairStore, after row: Int64, to latencies: LegLatencies) throws -> Int64 {
        var last = row
        try store.forEachFigures(afterRow: row) { figures in
            last = figures.rowID
            for (leg, answer) in [
                (Leg.stable, figures.stable), (.shadow, figures.shadow), (.control, figures.control),
            ] {
                guard let answer, let refusal = figures.score("refusal", .leg(leg)) else { continue }
                latencies.record(
                    leg: leg,
                    version: answer.version,
                    isRefusal: refusal == 1,
                    quality: figures.score("quality", .leg(leg))
                )
            }
        }
        return last
    }
}
