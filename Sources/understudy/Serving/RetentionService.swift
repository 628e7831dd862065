import Configuration
import Foundation
import Logging
import PairStore
import ServiceLifecycle

/// Deletes prompts that have been kept for `prompts.retention`, at the start and once an hour.
struct RetentionService: Service {
    let store: PairStore
    let prompts: PromptsConfiguration
    let logger: Logger

    private static let hour = 3_600

    func run() async throws {
        let retention = Retention(prompts: prompts.retention)
        var second = 0
        for await _ in SecondTicks().cancelOnGracefulShutdown() {
            defer { second += 1 }
            guard second.isMultiple(of: Self.hour) else { continue }
            do {
                let counts = try await store.run { try $0.prune(retention, now: Date()) }
                if counts.prompts > 0 { logger.notice("\(counts.prompts) prompts were old enough to be deleted.") }
            } catch {
                // The next hour tries again; serving goes on.
                logger.error("Old prompts could not be deleted now: \(error)")
            }
        }
    }
}
