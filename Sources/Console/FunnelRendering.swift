import Vocabulary

extension Funnel {
    /// `understudy_funnel_total{stage,reason}`; all stages come from this one value, so that each scrape adds up.
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
