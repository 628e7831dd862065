import ArgumentParser
import Configuration
import Foundation
import Workflows

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Validates the configuration and prints what is in force and from where."
    )

    @Option(name: .customLong("config"), help: "The configuration file.")
    var configurationPath: String

    func run() throws {
        let loaded = try ConfigurationLoader.load(
            path: configurationPath,
            purpose: .check,
            environment: ProcessInfo.processInfo.environment
        )
        loaded.warnings.forEach(Output.complain)
        let keyWidth = loaded.rows.map(\.key.count).max() ?? 0
        let valueWidth = min(48, loaded.rows.map(\.value.count).max() ?? 0)
        for row in loaded.rows {
            let key = row.key.padding(toLength: keyWidth, withPad: " ", startingAt: 0)
            let value = row.value.padding(toLength: max(valueWidth, row.value.count), withPad: " ", startingAt: 0)
            try Output.say("\(key)  \(value)  \(row.origin)")
        }
    }
}
