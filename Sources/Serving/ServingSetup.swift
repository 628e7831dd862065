import Configuration
import Logging
import Workflows

/// What is served, and who is told of it: what all parts of a serving process are made from.
struct ServingSetup {
    let loaded: LoadedConfiguration
    let stable: StableConfiguration
    let shadow: ShadowConfiguration
    let logger: Logger

    var configuration: UnderstudyConfiguration { loaded.configuration }

    /// The logger for frameworks: they tell of each step, and an operator wants what is wrong.
    var quietLogger: Logger {
        var quiet = logger
        quiet.logLevel = .warning
        return quiet
    }

    /// What tools wait for goes to standard output, a line each.
    static func announce(_ sentence: String) {
        try? Output.write(sentence + "\n")
    }
}
