import Console
import Foundation
import Gateway
import Mirroring
import NIOCore
import PairStore
import ServiceLifecycle
import Synchronization
import Vocabulary

/// Whether user traffic can be served, as the console tells it.
final class ServingStateBox: Sendable {
    private let state = Mutex(ServingState.notReady("Starting."))

    var value: ServingState {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}

/// The user's path, from the first accepted connection to the last finished answer.
struct GatewayService: Service {
    let server: GatewayServer
    let state: ServingStateBox
    let onListening: @Sendable (Int) -> Void

    /// How long an answer that is under way may go on after SIGTERM.
    private static let patience = Duration.seconds(30)

    func run() async throws {
        let address = try await server.start()
        state.value = .ready
        onListening(address.port ?? 0)
        try await gracefulShutdown()
        state.value = .notReady("Stopping.")
        await server.stop(within: Self.patience)
    }
}

/// Mirroring starts with the process; this ends it once the gateway has told of its last exchange.
struct MirrorService: Service {
    let mirror: Mirror

    private static let patience = Duration.seconds(20)

    func run() async throws {
        try await gracefulShutdown()
        await mirror.stop(within: Self.patience)
    }
}

/// Keeps the funnel, the rates and the traffic in the store once a second, and closes the store at the end.
struct StoreService: Service {
    let store: PairStore
    let writer: PairWriter
    let mirror: Mirror
    let run: ExperimentRun

    func run() async throws {
        for await _ in SecondTicks().cancelOnGracefulShutdown() {
            try await keepCounts()
        }
        await writer.close()
        try await keepCounts()
        let experiment = run.id
        try await store.run { try $0.closeExperiment(experiment, at: Date()) }
        try store.close()
    }

    private func keepCounts() async throws {
        let minutes = mirror.drainMinutes().map {
            StoredFunnelMinute(minute: $0.minute, intent: $0.intent, change: $0.delta)
        }
        let traffic = await mirror.drainTraffic().map {
            StoredDayTraffic(day: $0.day, intent: $0.intent, requests: $0.requests, sessions: $0.sessions)
        }
        let rates = mirror.rates
        let experiment = run.id
        guard !minutes.isEmpty || !traffic.isEmpty else { return }
        try await store.run { store in
            try store.addFunnel(minutes, experiment: experiment)
            try store.addTraffic(traffic, experiment: experiment)
            let table = rates.rates.map { SamplingRate(day: rates.day, intent: $0.key, rate: $0.value) }
            try store.saveRates(
                table + [SamplingRate(day: rates.day, intent: .other, rate: rates.rate(of: .other))],
                experiment: experiment
            )
        }
    }
}
