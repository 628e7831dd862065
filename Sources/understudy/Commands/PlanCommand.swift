import ArgumentParser
import Configuration
import Evaluation
import Foundation
import JSON
import PairStore
import Report
import Vocabulary
import Workflows

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "How many sessions each gate takes, when they will be there, and whether the run can PROMOTE."
    )

    @Option(name: .customLong("store"), help: "Plans from a store's own traffic and gates.")
    var storePath: String?

    @OptionGroup var options: EvaluationOptions

    @Option(help: "The rate of the event, or the mean score, 0…1: for a plan without a store.")
    var baseline: Double?

    @Option(help: "The difference that must not be missed, 0…1.")
    var effect: Double?

    @Option(help: "The share of pairs in which the two models disagree, 0…1; without it, as if they were independent.")
    var discordance: Double?

    @Option(help: "text or json, for a plan of a store or a configuration.")
    var format = EvaluateCommand.Format.text

    func validate() throws {
        guard storePath == nil, options.configurationPath == nil else {
            guard baseline == nil, effect == nil, discordance == nil else {
                throw ValidationError("--store and --config plan a run; --baseline and --effect plan without one.")
            }
            return
        }
        guard let baseline, let effect else {
            throw ValidationError("plan needs --store, --config, or --baseline and --effect.")
        }
        guard baseline > 0, baseline < 1 else { throw ValidationError("--baseline lies between 0 and 1.") }
        guard effect > 0, effect < 1, baseline + effect < 1 || baseline - effect > 0 else {
            throw ValidationError("--effect lies between 0 and 1, and within what the baseline leaves.")
        }
        if let discordance, !(effect...1).contains(discordance) {
            throw ValidationError("--discordance is at least the effect and at most 1.")
        }
    }

    func run() throws {
        if let baseline, let effect {
            try Output.write(TwoGroupPlan(baseline: baseline, effect: effect, discordance: discordance).text)
            return
        }
        let plan = try storePath.map { try StorePlan.plan(path: $0, options.request) } ?? planned()
        switch format {
        case .text: try Output.write(plan.text.visible(keepingLines: true))
        case .json: try Output.write(plan.json.text(.pretty) + "\n")
        }
    }

    /// The plan of a configuration alone.
    private func planned() throws -> Plan {
        let loaded = try ConfigurationLoader.load(
            path: options.configurationPath ?? "",
            purpose: .evaluate,
            environment: ProcessInfo.processInfo.environment
        )
        loaded.warnings.forEach(Output.complain)
        return ConfigurationMapping.plan(loaded.configuration)
    }
}
