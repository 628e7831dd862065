import ArgumentParser
import PairStore
import Workflows

struct StoreMergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Takes the stores of replicas into one, without duplicates; merging again adds what is new.",
        discussion: "The stores must be of one key and one declaration. The sources may be in use; the target is made "
            + "where there is none, and its key file is the replicas'."
    )

    @Option(name: .customLong("store"), help: "The store that takes the others in.")
    var path: String

    @Argument(help: "The stores that are merged into it; they are only read.")
    var sources: [String]

    func run() throws {
        try Store.merge(sources, into: path) { summary in try Output.say("\(summary)") }
    }
}
