import ArgumentParser
import Configuration
import Foundation
import Serving
import Workflows

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Runs the gateway and the console until SIGTERM."
    )

    @Option(name: .customLong("config"), help: "The configuration file.")
    var configurationPath: String

    @Option(name: .customLong("store"), help: "The store, instead of the configured one.")
    var storePath: String?

    func run() async throws {
        let load = { @Sendable [configurationPath, storePath] (isFirst: Bool) in
            try ConfigurationLoader.load(
                path: configurationPath,
                purpose: .serve,
                environment: ProcessInfo.processInfo.environment,
                flags: storePath.map { [ConfigurationFlag(name: "--store", key: "store.path", value: $0)] } ?? [],
                // A pipe that was read to its end has nothing more, or never ends.
                allowsPipe: isFirst
            )
        }
        let loaded = try load(true)
        boundAllocator(eventLoops: loaded.configuration.threads)
        loaded.warnings.forEach(Output.complain)
        try await ServeAssembly(loaded, reload: { try load(false) }).run()
    }
}
