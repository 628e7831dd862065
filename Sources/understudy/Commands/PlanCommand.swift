import ArgumentParser
import Evaluation
import Foundation
import PairStore
import Statistics
import Vocabulary

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "How many sessions a comparison needs, and in how many days a store will have them."
    )

    @Option(name: .customLong("store"), help: "Plans from a store's own traffic and gates.")
    var storePath: String?

    @Option(help: "The rate of the event, or the mean score, 0…1: for a plan without a store.")
    var baseline: Double?

    @Option(help: "The difference that must not be missed, 0…1.")
    var effect: Double?

    @Option(help: "The share of pairs in which the two models disagree, 0…1; without it, as if they were independent.")
    var discordance: Double?

    func validate() throws {
        guard storePath == nil else {
            guard baseline == nil, effect == nil, discordance == nil else {
                throw ValidationError("--store plans from the store; --baseline and --effect plan without one.")
            }
            return
        }
        guard let baseline, let effect else {
            throw ValidationError("plan needs --store, or --baseline and --effect.")
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
        if let storePath {
            try planFromStore(storePath)
        } else if let baseline, let effect {
            try Output.write(Self.plan(baseline: baseline, effect: effect, discordance: discordance))
        }
    }

    private static func plan(baseline: Double, effect: Double, discordance: Double?) -> String {
        // The disagreement of two models that fail independently and equally often.
        let disagreement = max(discordance ?? 2 * baseline * (1 - baseline), effect)
        var text =
            "rule of thumb, two groups (50 % power): \(SampleSize.ruleOfThumb(baseline: baseline, difference: effect))\n"
        for power in [0.8, 0.9] {
            let percent = Int(power * 100)
            let groups = SampleSize.twoGroups(baseline: baseline, difference: effect, power: power)
            let paired = SampleSize.paired(discordance: disagreement, difference: effect, power: power)
            text += "two groups, \(percent) % power: \(groups) sessions a side\n"
            text += "paired, \(percent) % power, disagreement \(disagreement): \(paired) sessions\n"
            let needed = NonInferiorityPower.neededSessions(discordance: disagreement, margin: effect, power: power)
            text += "one gate with margin \(effect) passes for equal models, \(percent) % power: "
            text += needed.map { "\($0) sessions\n" } ?? "not within a million sessions\n"
        }
        return text
    }

    private func planFromStore(_ path: String) throws {
        let store = try PairStore.open(path: path, access: .readWrite)
        try store.scoreWhatLacksScores()
        let readiness = try StoredEvaluation(stores: [store]).readiness(now: Date())
        let days = max(readiness.horizon.elapsed.milliseconds / 86_400_000, 1e-9)
        try Output.write("class, gate, state, sessions, needed, days at the present rate\n")
        for intent in readiness.intents where intent.isGated {
            for gate in intent.gates {
                let missing = gate.neededSessions.map { max(0, $0 - gate.sessions) }
                let perDay = Double(gate.sessions) / days
                let wait = missing.flatMap { perDay > 0 ? String(format: "%.1f", Double($0) / perDay) : nil }
                try Output.write(
                    "\(intent.intent), \(gate.metric), \(gate.state.rawValue), \(gate.sessions), "
                        + "\(gate.neededSessions.map(String.init) ?? "–"), \(wait ?? "–")\n"
                )
            }
        }
    }
}
