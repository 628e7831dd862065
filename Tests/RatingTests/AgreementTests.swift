import Foundation
import PairStore
import Rating
import Statistics
import TestSupport
import Testing
import Vocabulary

struct AgreementTests {
    /// The known figures of `data/README.md`: α 0.864 (nominal), unanimous 88 %.
    @Test(.enabled(if: SharedData.has("pandalm-ratings.jsonl"), "../shared/data is absent"))
    func `three raters of PandaLM agree as published`() throws {
        try withStore(try SharedData.pairs("pandalm-pairs.jsonl")) { store, _ in
            let bytes = try Data(contentsOf: URL(fileURLWithPath: SharedData.path("pandalm-ratings.jsonl")))
            let result = try QueueImport.read([UInt8](bytes), into: store, policy: .full)
            #expect(result.counts.added == 2_997)
            let summary = try RatingSummary(of: store)
            let alpha = try #require(summary.alpha.value)
            #expect(abs(alpha.estimate - 0.864) < 0.000_5, "\(alpha.estimate)")
            #expect(summary.raters.map(\.name) == ["human1", "human2", "human3"])
            // The judge against the majority where there is one and the judge could be read.
            let kappa = try #require(summary.judgeKappa?.value)
            #expect(kappa.estimate > 0.45 && kappa.estimate < 0.56, "\(kappa.estimate)")
            #expect(summary.preferenceByIntent.count > 1)
        }
    }
}
