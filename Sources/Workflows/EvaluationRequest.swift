import Configuration
package import Evaluation
package import Foundation
package import PairStore

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

    /// Evaluates stores and records a REJECT; pairs without scores should have been scored before.
    ///
    /// - Throws: `ConfigurationError`, and what `StoredEvaluation` throws.
    package func readiness(of stores: [Store], now: Date = Date()) throws -> Readiness {
        let evaluation = StoredEvaluation(stores: stores)
        return try evaluation.readiness(override: try override(of: evaluation), asOf: asOf, now: now)
    }

    private func override(of evaluation: StoredEvaluation) throws -> StoredEvaluation.Override? {
        guard let configurationPath else { return nil }
        let loaded = try ConfigurationLoader.load(
            path: configurationPath,
            purpose: .evaluate,
            environment: ProcessInfo.processInfo.environment
        )
        loaded.warnings.forEach(Output.complain)
        return StoredEvaluation.Override(
            declaration: ConfigurationMapping.declaration(loaded.declared, over: try evaluation.declaration()),
            note: "Gates, shares and horizon are those of \(configurationPath), not those declared with the experiment."
        )
    }
}
