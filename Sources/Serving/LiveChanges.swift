import Foundation
import Mirroring
import PairStore

/// Changes to mirroring while it runs, each recorded in the store with its time and its author.
struct LiveChanges {
    let mirror: Mirror
    let store: Store
    let experiment: ExperimentID
    /// As many calls at a time as the process has files for.
    let maximumCalls: Int

    /// Changes the settings and records every one that differs.
    ///
    /// - Parameters:
    ///   - actor: who asked for it, as the record names them.
    ///   - edit: the change.
    /// - Returns: what is different now; what is not yet recorded is in force all the same.
    /// - Throws: what the store throws.
    @discardableResult
    func apply(by actor: String, _ edit: (inout LiveSettings) -> Void) async throws -> [SettingChange] {
        let changes = mirror.change { settings in
            edit(&settings)
            settings.limits.lower(toCallsInFlight: maximumCalls)
        }
        guard !changes.isEmpty else { return [] }
        let text = Self.sentence(changes)
        let experiment = experiment
        try await store.run { store in
            try store.experiments.record(
                ChangeRecord(kind: .sampling, time: Date(), actor: actor, text: text),
                experiment: experiment
            )
        }
        return changes
    }

    static func sentence(_ changes: [SettingChange]) -> String {
        changes.map { "\($0.name): \($0.before) → \($0.after)" }.joined(separator: "; ")
    }
}
