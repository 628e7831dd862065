import ArgumentParser
import Evaluation
import Files
import Formats
import Foundation
import JSON
import Report
import Workflows

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Writes the promotion-readiness report."
    )

    @OptionGroup var stores: StoresOption
    @OptionGroup var options: EvaluationOptions

    @Option(help: "The report as one HTML page that opens offline; - is standard output.")
    var out: String

    @Option(help: "The report in brief, as Markdown.")
    var markdown: String?

    @Option(help: "The evaluation as JSON.")
    var json: String?

    @Flag(name: .customLong("exit-code"), help: "Exits with 0 for PROMOTE, 10 for HOLD, 20 for REJECT.")
    var setsExitCode = false

    func run() throws {
        let paths = [out, markdown, json].compactMap(\.self)
        let targets = try OutputTarget.open(
            paths,
            sparing: ProtectedFiles(stores: stores.paths, configuration: options.configurationPath)
        )
        let readiness = try stores.withScored { try options.request.readiness(of: $0) }
        let report = Report(readiness, renderedAt: Date())
        let texts = [report.html, markdown.map { _ in report.markdown }, json.map { _ in report.json }]
        for (target, text) in zip(targets, texts.compactMap(\.self)) { try target.write(text.utf8) }
        for target in targets { try target.commit() }
        let place = out == "-" ? "on standard output" : out
        let standardOutput = zip(paths, targets).first { $0.0 == "-" }?.1
        try (standardOutput ?? targets[0]).tell("\(readiness.verdict.rawValue.uppercased()): the report is \(place)")
        if setsExitCode { throw readiness.verdict.exitCode }
    }
}
