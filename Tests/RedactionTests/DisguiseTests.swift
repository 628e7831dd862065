import Redaction
import Testing

/// Values in disguise: what was written down before the rules were, and half of it never looked at.
@Suite struct DisguiseTests {
    @Test func `each half of the disguises is large and hard`() {
        for half in [LabelledSet.disguises, LabelledSet.disguisesLocked] {
            #expect(half.count >= 120)
            #expect(half.count { $0.labels.isEmpty } >= 60)
            #expect(half.count { !$0.labels.isEmpty } >= 60)
        }
    }

    @Test func `values in disguise are found, and what only looks like one stays`() {
        for (name, half) in [("open", LabelledSet.disguises), ("locked", LabelledSet.disguisesLocked)] {
            let total = Measurement(half).total
            let changed = half.count { $0.labels.isEmpty && !$0.found.isEmpty }
            // 0.15 and 0.14 of them were found before the text was normalised.
            #expect(total.recall >= 0.98, "\(name)")
            #expect(total.precision >= 0.98, "\(name)")
            #expect(changed == 0, "\(name)")
        }
    }
}
