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
                var file = settings
                file.sampling = ConfigurationMapping.sampling(configuration, shadow, seed: settings.sampling.seed)
                file.limits = ConfigurationMapping.limits(shadow)
                // What has no key of its own goes with the limits.
                settings.take(from: file) { !ConfigurationKeys.waits($0) }
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
            .filter { key in before[key] != after[key] && !ConfigurationKeys.isLive(key) }
            .sorted()
    }
}
