import ArgumentParser
import Configuration
import Evaluation
import Foundation
import PairStore
import Rating
import Vocabulary
import Wire

/// `--store` as the reading commands take it: several stores of replicas are read as one.
struct StoresOption: ParsableArguments {
    @Option(name: .customLong("store"), help: "A store; may be given several times, for replicas.")
    var paths: [String]

    /// Opens them for the time of a closure, with the scores that were missing.
    func withScored<Result>(_ body: ([PairStore]) throws -> Result) throws -> Result {
        try StoreLook.with(paths, scored: true, body)
    }
}

extension PairStore {
    /// Scores what has no score yet, which most pairs of `serve` have.
    ///
    /// - Parameter isWanted: asked now and then; what is not scored when it says no is scored another time.
    /// - Throws: what the store throws.
    func scoreWhatLacksScores(while isWanted: @escaping @Sendable () -> Bool = { true }) throws {
        let pass = ScoringPass(store: self)
        try pass.run(while: isWanted) {
            Output.progress("scored \($0) pairs of \(path)")
        } unreadable: { error in
            Output.endProgress()
            Output.complain("\(error) No score is defined on it, nor on any other pair of \(path) of which that is so.")
        }
        Output.endProgress()
    }
}

/// `--config` as the evaluating commands take it.
struct EvaluationOptions: ParsableArguments {
    @Option(name: .customLong("config"), help: "Takes gates, min_share, accept and horizon from this file.")
    var configurationPath: String?

    @Option(name: .customLong("as-of"), help: "Looks as if it were this time (RFC 3339).")
    var asOf: String?

    func validate() throws {
        if let asOf, Timestamp.date(asOf) == nil {
            throw ValidationError("--as-of takes a time such as 2026-11-16T09:00:00Z, not “\(asOf)”.")
        }
    }

    /// Evaluates stores whose pairs are scored.
    func readiness(of stores: [PairStore]) throws -> Readiness {
        try StoredEvaluation(stores: stores).readiness(
            override: try override(of: stores),
            asOf: asOf.flatMap(Timestamp.date),
            now: Date(),
            ratings: try ratings(of: stores)
        )
    }

    private func override(of stores: [PairStore]) throws -> StoredEvaluation.Override? {
        guard let configurationPath else { return nil }
        let loaded = try ConfigurationLoader.load(
            path: configurationPath,
            purpose: .evaluate,
            environment: ProcessInfo.processInfo.environment
        )
        loaded.warnings.forEach(Output.complain)
        let stored = try stores.first?.experiments().last?.declaration.gates ?? ""
        let declaration = try stored.isEmpty ? Declaration() : Declaration(json: stored)
        return StoredEvaluation.Override(
            declaration: ConfigurationMapping.declaration(loaded.declared, over: declaration),
            note: "Gates, shares and horizon are those of \(configurationPath), not those declared with the experiment."
        )
    }

    private func ratings(of stores: [PairStore]) throws -> RatingsFigures? {
        // Raters' items belong to one store; of replicas the first that has ratings speaks.
        for store in stores {
            let summary = try RatingSummary(of: store)
            if summary.ratings > 0 { return RatingsFigures(summary) }
        }
        return nil
    }
}
