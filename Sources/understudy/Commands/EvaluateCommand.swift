import ArgumentParser
import Evaluation
import JSON
import Report
import Workflows

struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Says, intent by intent and tail first, whether the shadow may be promoted."
    )

    enum Format: String, ExpressibleByArgument {
        case text
        case json
    }

    @OptionGroup var stores: StoresOption
    @OptionGroup var options: EvaluationOptions

    @Option(help: "text or json.")
    var format = Format.text

    @Flag(name: .customLong("exit-code"), help: "Exits with 0 for PROMOTE, 10 for HOLD, 20 for REJECT.")
    var setsExitCode = false

    func run() throws {
        let readiness = try stores.withScored { try options.request.readiness(of: $0) }
        switch format {
        case .text: try Output.write(readiness.text)
        case .json: try Output.write(readiness.json.text(.pretty) + "\n")
        }
        if setsExitCode { throw readiness.verdict.exitCode }
    }
}

extension Readiness.Verdict {
    /// The exit code that `--exit-code` asks for.
    var exitCode: ExitCode {
        switch self {
        case .promote: ExitCode(0)
        case .hold: ExitCode(10)
        case .reject: ExitCode(20)
        }
    }
}
