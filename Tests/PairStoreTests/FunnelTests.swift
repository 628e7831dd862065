import Foundation
import Statistics
import TestSupport
import Testing
import Vocabulary

@testable import PairStore

struct FunnelTests {
    private let payment = IntentClass(rawValue: "payment")

    /// One request's way through the funnel, as changes.
    private func steps(_ random: inout SplitMix64) -> [Funnel] {
        var seen = Funnel()
        seen.seen = 1
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            seen.notEligible[NotEligibleReason.allCases.randomElement(using: &random) ?? .endpoint] = 1
            return [seen]
        case 1:
            seen.notSampled = 1
            return [seen]
        default:
            seen.sampled = 1
            seen.inFlight = 1
            var end = Funnel()
            end.inFlight = -1
            switch Int.random(in: 0..<4, using: &random) {
            case 0: end.shed[ShedReason.allCases.randomElement(using: &random) ?? .queueFull] = 1
            case 1: end.failed[.store] = 1
            case 2: end.stored = 1
            default: return [seen]
            }
            return [seen, end]
        }
    }

    @Test func `the counters of all minutes and classes add up to the whole`() async throws {
        for seed in 0..<10 as Range<UInt64> {
            var random = SplitMix64(seed: seed)
            try await withStore { store, experiment in
                var whole = Funnel()
                var byIntent: [IntentClass?: Funnel] = [:]
                for minute in 0..<20 {
                    let changes = (0..<15).flatMap { _ -> [FunnelMinute] in
                        let intent = [payment, .other, nil].randomElement(using: &random) ?? nil
                        return steps(&random).map { FunnelMinute(minute: minute / 2, intent: intent, change: $0) }
                    }
                    for change in changes {
                        whole += change.change
                        byIntent[change.intent, default: Funnel()] += change.change
                    }
                    try store.funnel.add(changes, experiment: experiment)
                    let stored = try store.funnel.sum(experiment: experiment)
                    #expect(stored.addsUp, "seed \(seed), minute \(minute)")
                    #expect(stored == whole, "seed \(seed), minute \(minute)")
                }
                #expect(try store.funnel.byIntent(experiment: experiment) == byIntent)
                let halves = try [0..<5, 5..<10].map { try store.funnel.sum(experiment: experiment, minutes: $0) }
                #expect(halves[0] + halves[1] == whole)
                let other = try store.experiments.declare(.example(name: "other"), by: "a test", at: .example)
                #expect(try store.funnel.sum(experiment: other) == Funnel())
            }
        }
    }
}
