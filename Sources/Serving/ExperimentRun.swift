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
    private let earlierTraffic: [Mirroring.DayTraffic]
    private let restoredRates: RateTable?

    /// Declares the experiment or goes on with it, and settles what a crash left in flight.
    init(declaring configuration: UnderstudyConfiguration, in store: Store, at time: Date) throws {
        let before = try store.experiments().first { $0.declaration.experiment.name == configuration.experiment.name }
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
        try Self.recover(id, in: store, at: time)
        try store.rememberDeclarations()
        let experiment = id
        seed = try store.experiments().first { $0.id == experiment }?.declaration.seed ?? 0
        let today = Int(time.timeIntervalSince1970 / 86_400)
        earlierTraffic = try store.traffic(experiment: id, days: (today - 30)..<(today + 1)).map {
            Mirroring.DayTraffic(
                day: $0.day,
                intent: $0.intent,
                requests: $0.requests,
                sessions: $0.sessions,
                played: $0.played,
                tokens: $0.tokens,
                observedShare: $0.observedShare
            )
        }
        // A file that was edited says how it is meant from now on, as it does with SIGHUP.
        let isEdited =
            before.map { Self.drawing($0.declaration.configuration) != Self.drawing(configuration.declaration) }
            ?? false
        restoredRates = isEdited ? nil : try Self.rates(of: today, experiment: id, in: store)
    }

    /// Makes the funnel whole of what an earlier run left, and of this experiment.
    private static func recover(_ experiment: ExperimentID, in store: Store, at time: Date) throws {
        let left = FunnelMemory.tally(ofFile: funnelPath(store))
        let earlier = left.map { ExperimentID(rawValue: Int64($0.experiment)) }
        if let earlier, earlier != experiment { try store.recoverFunnel(of: earlier, left: left, at: time) }
        try store.recoverFunnel(of: experiment, left: left, at: time)
    }

    private static func funnelPath(_ store: Store) -> String { store.path + ".funnel" }

    /// The counters of the run that begins now, which the store and a file beside it know by the same number.
    ///
    /// Where the file cannot be made, they end with the process, as the complaint says.
    func beginCounting(in store: Store, logger: Logger) throws -> FunnelMemory {
        let run = Int.random(in: 1...Int.max)
        try store.beginRun(FunnelTally(run: run, experiment: Int(id.rawValue)))
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

    /// The table that an earlier run of this day had in force, changes by the operator included.
    private static func rates(of day: Int, experiment: ExperimentID, in store: Store) throws -> RateTable? {
        let kept = try store.rates(experiment: experiment, day: day)
        guard let otherwise = kept[nil] else { return nil }
        var rates: [IntentClass: Double] = [:]
        for case (let intent?, let rate) in kept { rates[intent] = rate }
        return RateTable(day: day, rates: rates, otherwise: otherwise)
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
