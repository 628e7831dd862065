import Console
import Foundation
import Gateway
import Logging
import Mirroring
import NIOCore
import PairStore
import ServiceLifecycle
import Threads
import Vocabulary

/// Whether user traffic can be served, as the console tells it.
final class ServingStateBox: Sendable {
    private let state = Locked(ServingState.notReady("Starting."))

    var value: ServingState {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}

/// The user's path, from the first accepted connection to the last finished answer.
struct GatewayService: Service {
    let server: GatewayServer
    let state: ServingStateBox
    let certificate: CertificateBox
    let stopping: Stopping
    let onListening: @Sendable (Int) -> Void

    func run() async throws {
        let address = try await server.start()
        certificate.begin()
        state.value = .ready
        onListening(address.port ?? 0)
        try await gracefulShutdown()
        state.value = .notReady("Stopping.")
        await stopping.waiting(for: "answers to users") { await server.stop(within: stopping.left()) }
    }
}

/// Mirroring starts with the process; this ends it once the gateway has told of its last exchange.
struct MirrorService: Service {
    let mirror: Mirror
    let writer: PairWriter
    let stopping: Stopping

    func run() async throws {
        try await gracefulShutdown()
        // Before the mirror counts what is not stored as failed, so that nothing is counted twice.
        let givingUp = Task {
            try await ContinuousClock().sleep(until: stopping.deadline + Stopping.writerGrace)
            writer.abandon()
        }
        await stopping.waiting(for: "the shadow's answers") {
            await mirror.stop(within: stopping.left(), sinkWithin: Stopping.sinkGrace)
        }
        givingUp.cancel()
    }
}

/// Keeps the funnel, the rates and the traffic in the store once a second, and closes the store at the end.
///
/// A store that cannot be written to is no reason to end: users are served, what was counted waits, and the next tick
/// tries again.
struct StoreService: Service {
    let store: Store
    let writer: PairWriter
    let mirror: Mirror
    let run: ExperimentRun
    let stopping: Stopping
    let logger: Logger

    func run() async throws {
        var waiting = WaitingCounts()
        for await _ in SecondTicks().cancelOnGracefulShutdown() {
            await waiting.drain(mirror)
            await stopping.waiting(for: "the store") { await keep(&waiting) }
        }
        try await stopping.waiting(for: "the store") { try await close(&waiting) }
    }

    private func close(_ waiting: inout WaitingCounts) async throws {
        let closing = writer
        if await result(by: stopping.deadline + Stopping.sinkGrace, of: { await closing.close() }) == nil {
            writer.abandon()
        }
        // Whoever still reads or prunes would keep the last counts waiting.
        store.interrupt()
        await waiting.drain(mirror)
        await keep(&waiting)
        let experiment = run.id
        try await store.run { try $0.experiments.close(experiment, at: Date()) }
        store.interrupt()
        try store.close()
    }

    /// Writes what waits; what cannot be written goes on waiting.
    private func keep(_ waiting: inout WaitingCounts) async {
        guard !waiting.isEmpty else { return }
        let counts = waiting
        let experiment = run.id
        let (rest, problem) = await writing(counts, experiment)
        waiting = rest
        if let problem {
            logger.error("The store does not take the funnel's counts; they wait in memory: \(problem)")
        }
    }

    /// What is left after writing, and why anything is.
    private func writing(_ counts: WaitingCounts, _ experiment: ExperimentID) async -> (WaitingCounts, String?) {
        do {
            return try await store.run { store in
                var rest = counts
                do {
                    try rest.write(to: store, experiment: experiment)
                    return (rest, nil)
                } catch {
                    return (rest, String(describing: error))
                }
            }
        } catch {
            return (counts, String(describing: error))
        }
    }
}
