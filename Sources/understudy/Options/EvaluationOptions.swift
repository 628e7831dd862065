import ArgumentParser
import Formats
import Workflows

/// `--config` and `--as-of` as the evaluating commands take them.
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

    /// What they ask for.
    var request: EvaluationRequest {
        EvaluationRequest(configurationPath: configurationPath, asOf: asOf.flatMap(Timestamp.date))
    }
}
