package import Foundation
package import Vocabulary

/// The number of an experiment in one store.
package struct ExperimentID: RawRepresentable, Sendable, Hashable {
    package let rawValue: Int64

    package init(rawValue: Int64) {
        self.rawValue = rawValue
    }
}

/// What was declared before the data came in.
package struct ExperimentDeclaration: Sendable, Equatable {
    package var experiment: Experiment
    /// The whole configuration as text, secrets left out; the store does not read it.
    package var configuration: String
    /// The whole declaration as the evaluation reads it, as text (the column `gates`); the store does not read it.
    package var declaration: String
    /// Rotates the cohorts of the deterministic sampling.
    package var seed: UInt64

    package init(experiment: Experiment, configuration: String = "", declaration: String = "", seed: UInt64 = 0) {
        self.experiment = experiment
        self.configuration = configuration
        self.declaration = declaration
        self.seed = seed
    }
}

/// An experiment of a store.
package struct StoredExperiment: Sendable, Equatable {
    package var id: ExperimentID
    package var declaration: ExperimentDeclaration
    /// When it was closed; nil while it runs.
    package var closedAt: Date?
}

/// Something that was changed while an experiment ran.
package struct ChangeRecord: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        /// The declaration: gates, horizon, versions, configuration.
        case declaration
        /// Rates, or a pause.
        case sampling
        /// The shadow's limits.
        case shadow
        case other
    }

    package var kind: Kind
    package var time: Date
    /// Who did it: a subcommand, or whom the console knows.
    package var actor: String
    package var text: String
    /// The configuration that stood there before, where that was changed.
    package var replaced: String?

    package init(kind: Kind, time: Date, actor: String, text: String, replaced: String? = nil) {
        self.kind = kind
        self.time = time
        self.actor = actor
        self.text = text
        self.replaced = replaced
    }
}
