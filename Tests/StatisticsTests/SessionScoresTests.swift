import Testing

@testable import Statistics

struct SessionScoresTests {
    @Test func `the bounds of −1, 0 and 1 are Tango's`() {
        var generator = SplitMix64(seed: 11)
        for _ in 0..<200 {
            let pairs = 5 + Int(generator.next() % 400)
            let worse = Int(generator.next() % UInt64(pairs / 3 + 1))
            let better = Int(generator.next() % UInt64(pairs / 3 + 1))
            let values = (0..<pairs).map { $0 < worse ? 1.0 : $0 < worse + better ? -1 : 0 }
            let scores = SessionScores(values, range: -1...1)
            let counts = PairedBinary(pairs: pairs, shadowOnly: worse, stableOnly: better)
            for z in [1.0, 1.645, 2.326] {
                #expect(abs(scores.upper(critical: z) - counts.tangoUpper(z: z)) < 1e-9, "\(counts)")
                #expect(abs(scores.lower(critical: z) - counts.tangoLower(z: z)) < 1e-9, "\(counts)")
            }
        }
    }

    @Test func `the bounds of 0 and 1 are Wilson's`() {
        for (events, trials) in [(0, 30), (1, 30), (7, 100), (97, 100), (40, 40), (500, 5_000)] {
            let scores = SessionScores((0..<trials).map { $0 < events ? 1 : 0 }, range: 0...1)
            let wilson = Proportion.wilson(rate: Double(events) / Double(trials), size: Double(trials), z: 1.96)
            #expect(abs(scores.upper(critical: 1.96) - wilson.upper) < 1e-9)
            #expect(abs(scores.lower(critical: 1.96) - wilson.lower) < 1e-9)
        }
    }

    @Test func `a symmetric spread gives nearly Student's t`() throws {
        var generator = SplitMix64(seed: 12)
        let values = (0..<400).map { _ in generator.nextUniform() - 0.5 }
        var mean = ClusterMean()
        for value in values { mean.add(value) }
        let found = try #require(SessionScores(values, range: -1...1).interval().value)
        let student = try #require(mean.interval().value)
        #expect(abs(found.lower - student.lower) < 0.02 * student.width)
        #expect(abs(found.upper - student.upper) < 0.02 * student.width)
    }

    @Test func `gathering many sessions hardly moves the bounds`() throws {
        var generator = SplitMix64(seed: 13)
        let values = (0..<20_000).map { _ in generator.nextUniform() * generator.nextUniform() }
        let weights = values.map { _ in generator.nextUniform() < 0.5 ? 1.0 : 8 }
        let gathered = SessionScores(values, weights: weights, range: 0...1)
        let estimate = try #require(gathered.estimate)
        var mean = ClusterMean()
        for (value, weight) in zip(values, weights) { mean.add(value, weight: weight) }
        #expect(abs(estimate - (mean.mean ?? .nan)) < 1e-12)
        let found = try #require(gathered.interval().value)
        let student = try #require(mean.interval().value)
        #expect(abs(found.width - student.width) < 0.005 * student.width)
        // 4,096 sessions are kept as they are; one more, and they are gathered.
        let few = SessionScores(Array(values.prefix(4_096)), range: 0...1)
        let again = SessionScores(Array(values.prefix(4_096)) + [0.5], range: 0...1)
        #expect(abs(few.upper(critical: 2) - again.upper(critical: 2)) < 1e-4)
    }

    @Test func `rare large losses beside frequent small gains hold the upper bound where Student's t does not`() {
        // Five losses of 0.9 in 300 sessions that else gain 0.02: the rate may well be twice as high.
        let values = (0..<300).map { $0 < 5 ? 0.9 : $0 < 215 ? -0.02 : 0 }
        var mean = ClusterMean()
        for value in values { mean.add(value) }
        let student = mean.upperBound().value ?? .nan
        let score = SessionScores(values, range: -1...1).upperBound().value ?? .nan
        #expect(student < 0.0125)
        #expect(score > 0.016)
    }

    @Test func `weights count as they do in Hájek's mean`() throws {
        let values = (0..<50).map { Double($0 % 7) / 10 }
        let plain = SessionScores(values, range: -1...1)
        let scaled = SessionScores(values, weights: values.map { _ in 3 }, range: -1...1)
        #expect(abs(plain.upper(critical: 1.7) - scaled.upper(critical: 1.7)) < 1e-12)
        let some = SessionScores(values + [0.9], weights: values.map { _ in 1 } + [0], range: -1...1)
        #expect(some.sessions == 50)
        #expect(abs(plain.upper(critical: 1.7) - some.upper(critical: 1.7)) < 1e-12)
    }

    @Test func `too few sessions and equal values are said, not bounded`() {
        #expect(SessionScores([], range: 0...1).upperBound() == .notEnoughData(have: 0, needed: 2))
        #expect(SessionScores([0.5], range: 0...1).upperBound() == .notEnoughData(have: 1, needed: 2))
        #expect(SessionScores([0.5, 0.5, 0.5], range: 0...1).interval() == .undecided(.zeroVariance))
    }
}
