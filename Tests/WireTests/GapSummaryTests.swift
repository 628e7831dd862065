import Testing

@testable import Wire

struct GapSummaryTests {
    private func summary(_ gaps: some Sequence<Duration>) -> GapSummary {
        var summary = GapSummary()
        for gap in gaps { summary.add(gap) }
        return summary
    }

    @Test func `up to its capacity the median is that of all gaps`() {
        #expect(GapSummary().median == nil)
        #expect(GapSummary().maximum == nil)
        let few = summary([.milliseconds(9), .milliseconds(1), .microseconds(4_500), .milliseconds(7)])
        #expect(few.median == .microseconds(4_500))
        #expect(few.maximum == .milliseconds(9))
        let full = summary((0..<GapSummary.capacity).map { .microseconds(($0 * 7_919) % GapSummary.capacity) })
        #expect(full.median == .microseconds((GapSummary.capacity - 1) / 2))
    }

    @Test func `beyond its capacity the median is that of gaps from the whole answer`() throws {
        let count = GapSummary.capacity * 9 + 5
        let long = summary((0..<count).map { .microseconds($0) })
        let median = try #require(long.median)
        #expect(abs(median / .microseconds(1) - Double(count) / 2) < Double(count) / 100)
        #expect(long.maximum == .microseconds(count - 1))
    }

    @Test func `a gap that no number holds is the longest that one does`() {
        let odd = summary([.seconds(1_000_000), .seconds(-1)])
        #expect(odd.median == .zero)
        #expect(odd.maximum == .seconds(1_000_000))
    }
}
