import Configuration
import Foundation
import Logging
import Mirroring
import ServiceLifecycle
import UnixSignals
import Workflows

/// Reads the configuration again at each SIGHUP and puts in force what can change while serving: the sampling rates and
/// the shadow's limits; the listener's certificate and key are read again too.
///
/// What was changed through the console since is set back to what the file says. A file that is wrong changes nothing.
struct ReloadService: Service {
    let loaded: LoadedConfiguration
    let load: @Sendable () throws -> LoadedConfiguration
    let changes: LiveChanges
    let certificate: CertificateBox
    let logger: Logger

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            await reload()
            certificate.renew()
        }
    }

    private func reload() async {
        do {
            let new = try load()
            let configuration = new.configuration
            guard let shadow = configuration.shadow else { return }
            let changed = try await changes.apply(by: "SIGHUP") { settings in
                let file = ConfigurationMapping.sampling(configuration, shadow, seed: settings.sampling.seed)
                settings.sampling.rate = file.rate
                settings.sampling.fixedRates = file.fixedRates
                settings.sampling.targetPerDay = file.targetPerDay
                settings.sampling.controlRate = file.controlRate
                settings.sampling.tokensPerMinute = file.tokensPerMinute
                settings.limits = ConfigurationMapping.limits(shadow)
            }
            logger.notice("SIGHUP: \(changed.isEmpty ? "nothing is different" : LiveChanges.sentence(changed)).")
            let waiting = Self.keysThatWait(from: loaded.rows, to: new.rows)
            if !waiting.isEmpty {
                let keys = waiting.joined(separator: ", ")
                logger.warning("SIGHUP: these keys changed too and hold from the next start on: \(keys).")
            }
        } catch {
            logger.error("SIGHUP: nothing was changed: \(error)")
        }
    }

    /// The keys whose values differ but cannot change while serving.
    static func keysThatWait(from old: [ConfigurationRow], to new: [ConfigurationRow]) -> [String] {
        let before = Dictionary(old.map { ($0.key, $0.value) }) { $1 }
        let after = Dictionary(new.map { ($0.key, $0.value) }) { $1 }
        return Set(before.keys).union(after.keys)
            .filter { key in before[key] != after[key] && !live.contains { key == $0 || key.hasPrefix($0 + ".") } }
            .sorted()
    }

    private static let live = [
        "sampling.rate", "sampling.rates", "sampling.target_per_day", "sampling.control_rate",
        "shadow.timeout", "shadow.max_in_flight", "shadow.max_queue", "shadow.max_buffered", "shadow.tokens_per_minute",
        "shadow.breaker",
    ]
}
