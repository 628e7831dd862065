import Configuration
import Console
import Foundation
import Logging
import PairStore
import ServiceLifecycle
import Workflows

/// Keeps the store as small as it is meant to be: what is old goes once an hour, and what is too much every ten seconds.
struct RetentionService: Service {
    let store: Store
    let writer: PairWriter
    let bounds: StoreConfiguration
    let prompts: PromptsConfiguration
    let registry: PrometheusRegistry
    let logger: Logger
    let stopping: Stopping
    let spareWork: SpareWork

    private static let sizeSeconds = 10
    private static let ageSeconds = 3_600
    /// Of what is allowed: as much is left as stays after a pruning, so that the next one is not due at once.
    private static let fill = 0.95

    func run() async throws {
        let retention = Retention(
            prompts: prompts.retention,
            texts: bounds.textRetention,
            figures: bounds.figureRetention
        )
        var second = 0
        for await _ in SecondTicks().cancelOnGracefulShutdown() {
            defer { second += 1 }
            do {
                if second.isMultiple(of: Self.ageSeconds) {
                    let pruned = try await spareWork.run { [store] in try store.upkeep.prune(retention, now: Date()) }
                    tell(pruned, because: "were old enough")
                }
                if second.isMultiple(of: Self.sizeSeconds) { try await keepWithinSize() }
            } catch {
                // It is tried again; serving goes on.
                logger.error("The store could not be made smaller now: \(error)")
            }
        }
    }

    private func keepWithinSize() async throws {
        let limit = bounds.maxSize.bytes
        let used = try await store.run { try $0.upkeep.usedBytes() }
        StoreInstruments.show(bytes: used, in: registry)
        guard used > limit else { return writer.hold(nil) }
        let counts = try await spareWork.run { [store, stopping] in
            // A text that was not scored yet leaves its scores behind.
            try store.scoreWhatLacksScores(workers: 1, while: { !stopping.hasBegun })
            guard !stopping.hasBegun else { return PruneCounts() }
            return try store.upkeep.pruneOldestTexts(toFit: Int(Double(limit) * Self.fill))
        }
        tell(counts, because: "were the oldest in a store of max_size")
        // With all texts gone the figures alone are too much: a bound is a bound.
        let rest = try await store.run { try $0.upkeep.usedBytes() }
        writer.hold(rest > limit ? .full : nil)
    }

    private func tell(_ counts: PruneCounts, because reason: String) {
        guard counts != PruneCounts() else { return }
        logger.notice(
            "\(counts.prompts) prompts, \(counts.texts) answers' texts and \(counts.pairs) pairs \(reason) and were deleted."
        )
    }
}
