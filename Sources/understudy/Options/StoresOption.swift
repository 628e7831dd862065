import ArgumentParser
import PairStore
import Workflows

/// `--store` as the reading commands take it: several stores of replicas are read as one.
struct StoresOption: ParsableArguments {
    @Option(name: .customLong("store"), help: "A store; may be given several times, for replicas.")
    var paths: [String]

    /// Opens them for the time of a closure, with the scores that were missing.
    func withScored<Result>(_ body: ([Store]) throws -> Result) throws -> Result {
        try StoreLook.with(paths, scored: true, body)
    }
}
