import ArgumentParser
import Evaluation
import Foundation
import Report

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Writes the promotion-readiness report."
    )

    @OptionGroup var stores: StoresOption
    @OptionGroup var options: EvaluationOptions

    @Option(help: "The report as one HTML page that opens offline.")
    var out: String

    @Option(help: "The report in brief, as Markdown.")
    var markdown: String?

    @Option(help: "The evaluation as JSON.")
    var json: String?

    @Flag(name: .customLong("exit-code"), help: "Exits with 0 for PROMOTE, 10 for HOLD, 20 for REJECT.")
    var setsExitCode = false

    func run() throws {
        let readiness = try options.readiness(of: try stores.open())
        let report = Report(readiness, renderedAt: Date())
        try Output.replaceFile(atPath: out, with: Data(report.html.utf8))
        if let markdown { try Output.replaceFile(atPath: markdown, with: Data(report.markdown.utf8)) }
        if let json { try Output.replaceFile(atPath: json, with: Data(report.json.utf8)) }
        try Output.write("\(readiness.verdict.rawValue.uppercased()): the report is \(out)\n")
        if setsExitCode { throw readiness.verdict.exitCode }
    }
}
