import Configuration
import Evaluation
import Foundation
import Mirroring
import PairStore
import Vocabulary

/// The experiment that this process serves, as it stands in the store.
struct ExperimentRun {
    let id: ExperimentID
    private let seed: UInt64
    private let earlierTraffic: [Mirroring.DayTraffic]
    private let restoredRates: RateTable?

    /// Declares the experiment or goes on with it, and settles what a crash left in flight.
    init(declaring configuration: UnderstudyConfiguration, in store: PairStore, at time: Date) throws {
        id = try store.declare(
            ExperimentDeclaration(
                experiment: Experiment(
                    name: configuration.experiment.name,
                    startedAt: time,
                    horizon: configuration.experiment.horizon,
                    stableModel: configuration.stable?.model,
                    stableVersion: configuration.stable?.version,
                    shadowModel: configuration.shadow?.model,
                    shadowVersion: configuration.shadow?.version
                ),
                configuration: configuration.declaration,
                gates: try ConfigurationMapping.declaration(configuration).json(),
                seed: UInt64.random(in: 0...UInt64(Int64.max))
            ),
            by: "serve",
            at: time
        )
        _ = try store.settleInFlight(experiment: id, at: time)
        let experiment = id
        seed = try store.experiments().first { $0.id == experiment }?.declaration.seed ?? 0
        let today = Int(time.timeIntervalSince1970 / 86_400)
        earlierTraffic = try store.traffic(experiment: id, days: (today - 30)..<today).map {
            Mirroring.DayTraffic(day: $0.day, intent: $0.intent, requests: $0.requests, sessions: $0.sessions)
        }
        let rates = try store.rates(experiment: id, day: today)
        restoredRates =
            rates.isEmpty
            ? nil : RateTable(day: today, rates: rates, otherwise: rates[.other] ?? configuration.sampling.rate)
    }

    func mirroring(
        _ configuration: UnderstudyConfiguration,
        stable: StableConfiguration,
        shadow: ShadowConfiguration,
        secrets: Secrets,
        key: PromptKey
    ) throws -> MirroringConfiguration {
        MirroringConfiguration(
            stable: .init(
                version: stable.version,
                model: nil,
                url: stable.url.description,
                apiKey: secrets.stableAPIKey?.reveal()
            ),
            shadow: .init(
                version: shadow.version,
                model: shadow.model,
                url: shadow.url.description,
                apiKey: secrets.shadowAPIKey?.reveal()
            ),
            sampling: ConfigurationMapping.sampling(configuration, shadow, seed: String(seed)),
            intents: try ConfigurationMapping.intents(configuration.intents),
            limits: ConfigurationMapping.limits(shadow),
            key: key.bytes,
            keepsPrompts: configuration.prompts.text != .off,
            earlierTraffic: earlierTraffic,
            restoredRates: restoredRates
        )
    }
}
