import ArgumentParser
import Foundation
import Workflows

/// The command line: one subcommand a file, each wiring the modules that do the work.
@main
struct Understudy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "understudy",
        abstract: "Shadow-mode traffic mirror and offline evaluator for LLM servers.",
        discussion: """
            Exit: 0 done; 64 wrong usage; 65 bad data; 66 nobody found by store forget; 74 input or output failed; 78 bad configuration. With \
            --exit-code, evaluate and report exit with 0 for PROMOTE, 10 for HOLD, 20 for REJECT.
            """,
        subcommands: [
            ServeCommand.self, CheckCommand.self, ImportCommand.self, EvaluateCommand.self, QueueCommand.self,
            ReportCommand.self, PlanCommand.self, StandInCommand.self, ScoreCommand.self, StoreCommand.self,
        ]
    )

    static func main() async {
        // A reader that goes away (`understudy score … | head`) is an error of the write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            guard let failure = CommandFailure(error) else { exit(withError: error) }
            Output.complain(failure.sentence)
            exit(withError: ExitCode(failure.code))
        }
    }
}
