package import JSON
package import Vocabulary

extension Funnel {
    /// The funnel as `GET /api/v1/funnel` and the evaluation's `funnel` member write it.
    ///
    /// Of the reasons only those stand there that were counted, in their enumerations' order.
    package var json: JSON {
        [
            "seen": JSON(seen),
            "not_eligible": JSON(notEligibleTotal),
            "not_sampled": JSON(notSampled),
            "sampled": JSON(sampled),
            "in_flight": JSON(inFlight),
            "stored": JSON(stored),
            "shed": Self.counts(shed),
            "failed": Self.counts(failed),
            "not_eligible_reasons": Self.counts(notEligible),
        ]
    }

    private static func counts<Reason: RawRepresentable<String> & CaseIterable & Hashable>(
        _ counts: [Reason: Int]
    ) -> JSON {
        let members = Reason.allCases.compactMap { reason in
            counts[reason].map { JSON.Object.Member(key: reason.rawValue, value: JSON($0)) }
        }
        return .object(JSON.Object(members: members))
    }
}
