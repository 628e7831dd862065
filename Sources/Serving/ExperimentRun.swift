import Configuration
import Foundation
import JSON
import Logging
import Mirroring
import PairStore
import Vocabulary
import Workflows

/// The experiment that this process serves, as it stands in the store.
struct ExperimentRun {
    let id: ExperimentID
    private let seed: UInt64
    private let earlierTraffic: [DayTraffic]
    /// The table that an earlier run of this day had in force, changes by the operator included.
    private let restoredRates: RateTable?

    /// Declares the experiment or goes on with it, and settles what a crash left in flight.
    init(declaring configuration: UnderstudyConfiguration, in store: Store, at time: Date) throws {
        let declaration = ExperimentDeclaration(
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
            declaration: try ConfigurationMapping.declaration(configuration).json(),
            seed: UInt64.random(in: 0...UInt64(Int64.max))
        )
        let left = FunnelMemory.tally(ofFile: Self.funnelPath(store))
        let before: StoredExperiment?
        (id, before) = try store.transaction { transaction in
            let before = try transaction.experiments.named(configuration.experiment.name)
            let id = try transaction.experiments.declare(declaration, by: "serve", at: time)
            try Self.recover(id, left: left, in: transaction.funnel, at: time)
            return (id, before)
        }
        try store.rememberDeclarations()
        seed = try store.experiments.numbered(id)?.declaration.seed ?? 0
        let today = time.utcDay
        earlierTraffic = try store.traffic.days(experiment: id, days: (today - 30)..<(today + 1))
        // A file that was edited says how it is meant from now on, as it does with SIGHUP.
        let isEdited =
            before.map { Self.drawing($0.declaration.configuration) != Self.drawing(configuration.declaration) }
            ?? false
        restoredRates = isEdited ? nil : try store.traffic.rates(experiment: id, day: today)
    }

    /// Makes the funnel whole of what an earlier run left, and of this experiment.
    private static func recover(
        _ experiment: ExperimentID,
        left: FunnelTally?,
        in funnel: FunnelTable,
        at time: Date
    ) throws {
        let earlier = left.map { ExperimentID(rawValue: Int64($0.experiment)) }
        if let earlier, earlier != experiment { try funnel.recover(of: earlier, left: left, at: time) }
        try funnel.recover(of: experiment, left: left, at: time)
    }

    private static func funnelPath(_ store: Store) -> String { store.path + ".funnel" }

    /// The counters of the run that begins now, which the store and a file beside it know by the same number.
    ///
    /// Where the file cannot be made, they end with the process, as the complaint says.
    func beginCounting(in store: Store, logger: Logger) throws -> FunnelMemory {
        let run = Int.random(in: 1...Int.max)
        try store.funnel.beginRun(FunnelTally(run: run, experiment: Int(id.rawValue)))
        do {
            return try FunnelMemory(file: Self.funnelPath(store), run: run, experiment: Int(id.rawValue))
        } catch {
            logger.warning(
                "\(Self.funnelPath(store)) cannot be made, so a crash would lose the last second of the funnel."
            )
            return FunnelMemory()
        }
    }

    /// The member of a declaration that says who is drawn.
    private static func drawing(_ declaration: String) -> JSON? {
        (try? JSON(parsing: Array(declaration.utf8)))?["sampling"]
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
                url: stable.url,
                apiKey: secrets.stableAPIKey?.reveal()
            ),
            shadow: .init(
                version: shadow.version,
                model: shadow.model,
                url: shadow.url,
                apiKey: secrets.shadowAPIKey?.reveal()
            ),
            sampling: ConfigurationMapping.sampling(configuration, shadow, seed: String(seed)),
            intents: try IntentClassifier(configuration.intents),
            limits: ConfigurationMapping.limits(shadow),
            maximumBodyBytes: configuration.limits.body.bytes,
            key: key.bytes,
            keepsPrompts: configuration.prompts.text != .off,
            earlierTraffic: earlierTraffic,
            restoredRates: restoredRates
        )
    }
}
