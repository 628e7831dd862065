import Configuration
package import Evaluation
package import Foundation
package import PairStore
import Rating
import Vocabulary

/// How stores are to be evaluated: by which gates, and as of when.
package struct EvaluationRequest: Sendable {
    /// A file whose gates, shares and horizon count instead of those declared; nil: as declared.
    private let configurationPath: String?
    /// The time of the look; nil: as `StoredEvaluation.look` has it.
    private let asOf: Date?

    package init(configurationPath: String? = nil, asOf: Date? = nil) {
        self.configurationPath = configurationPath
        self.asOf = asOf
    }

    /// Evaluates stores whose pairs are scored.
    package func readiness(of stores: [Store]) throws -> Readiness {
        try StoredEvaluation(stores: stores).readiness(
            override: try override(of: stores),
            asOf: asOf,
            now: Date(),
            ratings: try ratings(of: stores)
        )
    }

    private func override(of stores: [Store]) throws -> StoredEvaluation.Override? {
        guard let configurationPath else { return nil }
        let loaded = try ConfigurationLoader.load(
            path: configurationPath,
            purpose: .evaluate,
            environment: ProcessInfo.processInfo.environment
        )
        loaded.warnings.forEach(Output.complain)
        let stored = try stores.first?.experiments.newest()?.declaration.declaration ?? ""
        let declaration = try stored.isEmpty ? Declaration() : Declaration(json: stored)
        return StoredEvaluation.Override(
            declaration: ConfigurationMapping.declaration(loaded.declared, over: declaration),
            note: "Gates, shares and horizon are those of \(configurationPath), not those declared with the experiment."
        )
    }

    private func ratings(of stores: [Store]) throws -> RatingsFigures? {
        // Raters' items belong to one store; of replicas the first that has ratings speaks.
        for store in stores {
            let summary = try RatingSummary(of: store)
            if summary.ratings > 0 { return RatingsFigures(summary) }
        }
        return nil
    }
}
