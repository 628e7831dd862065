package import JSON
package import Vocabulary

extension Funnel {
    /// The funnel as `GET /api/v1/funnel` and the evaluation's `funnel` member write it.
    package var json: JSON {
        [
            "seen": JSON(seen),
            "not_eligible": JSON(notEligibleTotal),
            "not_sampled": JSON(notSampled),
            "sampled": JSON(sampled),
            "in_flight": JSON(inFlight),
            "stored": JSON(stored),
            "shed": Self.reasons(shed),
            "failed": Self.reasons(failed),
            "not_eligible_reasons": Self.reasons(notEligible),
        ]
    }

    private static func reasons<Reason: RawRepresentable<String> & Hashable>(_ counts: [Reason: Int]) -> JSON {
        let sorted = counts.sorted { $0.key.rawValue < $1.key.rawValue }
        return .object(JSON.Object(members: sorted.map { .init(key: $0.key.rawValue, value: JSON($0.value)) }))
    }

    /// `understudy_funnel_total{stage,reason}`, every stage from this one value, so that each scrape adds up.
    var exposition: String {
        let name = "understudy_funnel_total"
        var text = PrometheusText()
        text.begin(
            name,
            type: "counter",
            help: "Requests by stage of the funnel; the stage in_flight goes up and down, all others only up."
        )
        func sample(_ stage: String, _ reason: String, _ count: Int) {
            text.sample(name, labels: [("stage", stage), ("reason", reason)], value: Double(count))
        }
        sample("seen", "", seen)
        for reason in NotEligibleReason.allCases { sample("not_eligible", reason.rawValue, notEligible[reason] ?? 0) }
        sample("not_sampled", "", notSampled)
        sample("sampled", "", sampled)
        sample("in_flight", "", inFlight)
        sample("stored", "", stored)
        for reason in ShedReason.allCases { sample("shed", reason.rawValue, shed[reason] ?? 0) }
        for reason in FailureReason.allCases { sample("failed", reason.rawValue, failed[reason] ?? 0) }
        return text.body
    }
}
