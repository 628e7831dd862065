import Configuration
import Console
import Gateway
import Logging
import Mirroring
import NIOCore
import PairStore
import Workflows

/// The mirror, what keeps its pairs, and what counts them.
struct MirrorAssembly {
    let registry: PrometheusRegistry
    let latencies: LegLatencies
    let writer: PairWriter
    let mirror: Mirror
    /// How the files that the process may open are shared out.
    let descriptors: DescriptorBudget

    init(_ setup: ServingSetup, _ opened: OpenedStore) throws {
        let configuration = setup.configuration
        registry = PrometheusRegistry.forUnderstudy()
        latencies = LegLatencies(registry: registry)
        let outage = OutageBox(registry: registry, logger: setup.logger, store: opened.store)
        writer = try PairWriter(
            store: opened.store,
            experiment: opened.run.id,
            policy: try ConfigurationMapping.textPolicy(configuration.prompts),
            scorer: ScoringAtStoring(observe: latencies.recordScores),
            onCommit: outage.committed,
            onOutage: outage.changed
        )
        var mirroring = try opened.run.mirroring(
            configuration,
            stable: setup.stable,
            shadow: setup.shadow,
            secrets: setup.loaded.secrets,
            key: opened.key
        )
        descriptors = Self.descriptors(configuration, calls: mirroring.limits)
        if let warning = descriptors.warning { setup.logger.warning("\(warning)") }
        mirroring.limits.lower(toCallsInFlight: descriptors.shadowCalls)
        mirror = try Mirror(
            mirroring,
            sink: StoreSink(writer: writer),
            observer: LegObserver(latencies: latencies),
            memory: try opened.run.beginCounting(in: opened.store, logger: setup.logger),
            logger: setup.logger
        )
        outage.attach(mirror)
    }

    /// To be asked when the store is open and nothing else is.
    private static func descriptors(
        _ configuration: UnderstudyConfiguration,
        calls limits: MirroringLimits
    ) -> DescriptorBudget {
        DescriptorBudget.ofThisProcess(
            loops: configuration.threads,
            // The console runs on the event loops that NIO has for everybody.
            otherLoops: System.coreCount,
            wishes: .init(
                clients: configuration.limits.connections,
                shadowCalls: limits.maximumInFlight + limits.maximumControlsInFlight
            )
        )
    }
}
