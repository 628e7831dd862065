import ArgumentParser
import Configuration
import Files
import Foundation
import JSON
import PairStore
import Workflows

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Takes pairs from elsewhere into a store."
    )

    @Option(name: .customLong("store"), help: "The store; it is made where there is none.")
    var storePath: String

    @Option(name: .customLong("config"), help: "Declares the experiment, its gates and the intent rules.")
    var configurationPath: String?

    @Flag(name: .customLong("skip-bad"), help: "Keeps the rest of a file that has bad lines, and counts them.")
    var skipsBadLines = false

    @Argument(help: "Files of pairs, one JSON object a line; '-' reads standard input.")
    var files: [String]

    func run() throws {
        let loaded = try configurationPath.map {
            try ConfigurationLoader.load(
                path: $0,
                purpose: .evaluate,
                environment: ProcessInfo.processInfo.environment
            )
        }
        let pairs = try PairImport(storePath: storePath, loaded: loaded, skipsBadLines: skipsBadLines)
        for file in files {
            let result = try pairs.read(try InputFile.named(file))
            var sentence = "\(file): \(result.counts.added) pairs added, \(result.counts.alreadyThere) already there"
            if skipsBadLines { sentence += ", \(result.skipped) bad lines skipped" }
            try Output.say(sentence)
        }
    }
}
