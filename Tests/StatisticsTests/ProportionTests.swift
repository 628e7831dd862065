import Statistics
import Testing

struct ProportionTests {
    private struct Case: Decodable {
        var events: Int
        var trials: Int
        var confidence: Double
        var wilson: [Double]
        var exact: [Double]
        var upper: Double
        var lower: Double
    }

    @Test func `Wilson and Clopper-Pearson agree with statsmodels and scipy`() throws {
        for item in try Reference.cases("proportions", as: Case.self) {
            let proportion = Proportion(events: item.events, trials: item.trials)
            let wilson = proportion.wilson(confidence: item.confidence).value
            let exact = proportion.clopperPearson(confidence: item.confidence).value
            // Wilson's lower end at zero events is 0 up to rounding in the reference.
            #expect(
                agrees(wilson?.upper, item.wilson[1]) && abs((wilson?.lower ?? 9) - item.wilson[0]) < 1e-12,
                "\(item)"
            )
            #expect(agrees(exact, item.exact), "\(item)")
            #expect(agrees(proportion.upperBound(confidence: item.confidence).value, item.upper), "\(item)")
            #expect(agrees(proportion.lowerBound(confidence: item.confidence).value, item.lower), "\(item)")
        }
    }

    @Test func `fewer than 5 events take the exact interval`() {
        for (events, isExact) in [(0, true), (4, true), (5, false), (95, false), (96, true), (100, true)] {
            let proportion = Proportion(events: events, trials: 100)
            #expect(proportion.interval() == (isExact ? proportion.clopperPearson() : proportion.wilson()))
            #expect(proportion.clopperPearson() != proportion.wilson())
        }
    }

    @Test func `no trials are not enough data`() {
        let nothing = Proportion()
        #expect(nothing.rate == nil)
        #expect(nothing.interval() == .notEnoughData(have: 0, needed: 1))
        #expect(nothing.wilson().value == nil)
        #expect(nothing.upperBound() == .notEnoughData(have: 0, needed: 1))
    }

    @Test func `rates over sessions of one answer are plain proportions, and shards add`() {
        var generator = SplitMix64(seed: 3)
        for _ in 0..<50 {
            var left = ClusterRate()
            var right = ClusterRate()
            var all = ClusterRate()
            var plain = Proportion()
            for index in 0..<(10 + Int(generator.next() % 300)) {
                let event = generator.nextUniform() < 0.1
                plain.add(event)
                all.add(events: event ? 1 : 0, answers: 1)
                if index % 3 == 0 { left.add(events: event ? 1 : 0, answers: 1) }
                if index % 3 != 0 { right.add(events: event ? 1 : 0, answers: 1) }
            }
            #expect(all.interval() == plain.interval())
            #expect((left + right).interval() == all.interval())
            #expect(abs(((left + right).rate ?? 9) - (all.rate ?? 8)) < 1e-12)
        }
    }

    @Test func `clustered answers are worth less than as many independent ones`() throws {
        var clustered = ClusterRate()
        for session in 0..<100 { clustered.add(events: session % 4 == 0 ? 8 : 0, answers: 8) }
        let sessions = try #require(clustered.interval().value)
        let answers = try #require(Proportion(events: 200, trials: 800).interval().value)
        #expect(sessions.width > 2 * answers.width)
        #expect(clustered.answers == 800 && clustered.events == 200)
        var even = ClusterRate()
        for _ in 0..<50 { even.add(events: 1, answers: 2) }
        #expect(even.interval() == .undecided(.zeroVariance))
        #expect(ClusterRate().interval() == .notEnoughData(have: 0, needed: 1))
    }

    @Test func `no event in weighted sessions is bounded at the effective number of sessions`() throws {
        var rate = ClusterRate()
        for session in 0..<300 { rate.add(events: 0, answers: 2, weight: session % 2 == 0 ? 1 : 9) }
        let interval = try #require(rate.interval().value)
        // Kish: (150 + 1350)² ÷ (150 + 150 · 81) = 182.9 sessions.
        let exact = try #require(Proportion(events: 0, trials: 183).interval().value)
        #expect(interval.lower == 0)
        #expect(abs(interval.upper - exact.upper) < 2e-4)
    }
}
