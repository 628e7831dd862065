import Console
import Foundation
import Gateway
import JSON
import Mirroring
import PairStore
import Report
import Threads
import Vocabulary
import Workflows

/// What the console shows of a serving process, and the changes that it may make.
struct ServeBackend: ConsoleBackend {
    let mirror: Mirror
    let writer: PairWriter
    let store: Store
    let changes: LiveChanges
    let latencies: LegLatencies
    let state: ServingStateBox
    /// The largest request, `limits.body`.
    let bodyLimitBytes: Int
    /// Who is connected to the gateway.
    let admission: Admission
    /// What is served, of all experiments that the store may have.
    let experiment: ExperimentID
    let certificate: CertificateBox
    let spareWork: SpareWork

    func funnel() -> Funnel { mirror.funnel }

    func servingState() -> ServingState { state.value }

    func status() -> [StatusRow] {
        let settings = mirror.settings
        let counts = writer.counts
        let outage = writer.outage
        let rates = mirror.rates
        let clients = admission.figures
        let shown = rates.rates.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        return [
            StatusRow(
                name: "mirroring",
                value: settings.isPaused ? "paused" : "rate \(settings.sampling.rate)",
                isAlarming: settings.isPaused
            ),
            StatusRow(name: "rates today", value: shown.isEmpty ? "\(rates.otherwise)" : shown.joined(separator: ", ")),
            StatusRow(
                name: "waiting",
                value: "\(mirror.bufferedBytes) of \(settings.limits.maximumBufferedBytes) bytes"
            ),
            StatusRow(
                name: "clients",
                value: "\(clients.open) of at most \(clients.limit)"
                    + (clients.open < clients.limit ? "" : "; the next ones wait until some leave"),
                isAlarming: clients.open >= clients.limit
            ),
            StatusRow(
                name: "store",
                value: "\(counts.stored) pairs in \(counts.batches) batches, \(counts.failed) failed, "
                    + "\(counts.pendingCount) waiting",
                isAlarming: counts.failed > 0
            ),
            StatusRow(
                name: "storing",
                value: outage.map { "paused, and mirroring with it: \($0.sentence)" } ?? "as pairs come",
                isAlarming: outage != nil
            ),
        ] + certificate.statusRows(now: Date()) + latencies.statusRows()
    }

    /// What `evaluate --format json` would say of the served experiment at this moment, without writing anything: over connections
    /// of its own that cannot.
    func readiness() async throws -> JSON {
        try await spareWork.run { [path = store.path, experiment] in
            do {
                let store = try Store.open(path: path, access: .readOnly)
                defer { try? store.close() }
                return try StoredEvaluation(store: store, experiment: experiment).look(now: Date()).json
            } catch {
                throw EvaluationUnavailable("The evaluation cannot be made now: \(error)")
            }
        }
    }

    func apply(_ change: SamplingChange) async throws -> JSON {
        try await changes.apply(by: "console") { settings in
            settings.sampling.rate = change.rate ?? settings.sampling.rate
            settings.sampling.controlRate = change.controlRate ?? settings.sampling.controlRate
            settings.isPaused = change.isPaused ?? settings.isPaused
        }
        let now = mirror.settings
        return [
            "rate": JSON(now.sampling.rate), "control_rate": JSON(now.sampling.controlRate),
            "paused": .bool(now.isPaused),
        ]
    }

    func apply(_ change: ShadowLimitsChange) async throws -> JSON {
        // As the configuration is held to it.
        if let bytes = change.maximumBufferedBytes, bytes < bodyLimitBytes {
            throw ChangeRefused(
                "max_buffered_bytes is at least limits.body (\(bodyLimitBytes)), or large requests could never be mirrored."
            )
        }
        try await changes.apply(by: "console") { settings in
            settings.limits.maximumInFlight = change.maximumInFlight ?? settings.limits.maximumInFlight
            settings.limits.maximumQueued = change.maximumQueue ?? settings.limits.maximumQueued
            settings.limits.maximumBufferedBytes = change.maximumBufferedBytes ?? settings.limits.maximumBufferedBytes
            settings.limits.timeout = change.timeout ?? settings.limits.timeout
        }
        let limits = mirror.settings.limits
        return [
            "max_in_flight": JSON(limits.maximumInFlight), "max_queue": JSON(limits.maximumQueued),
            "max_buffered_bytes": JSON(limits.maximumBufferedBytes),
            "timeout_seconds": JSON(limits.timeout.milliseconds / 1_000),
        ]
    }
}
