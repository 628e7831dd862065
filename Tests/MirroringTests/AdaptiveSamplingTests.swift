import Statistics
import Testing
import Vocabulary

@testable import Mirroring

/// Rates that follow `target_per_day`, over simulated days of sessions.
@Suite struct AdaptiveSamplingTests {
    private struct Class {
        var intent: IntentClass
        var sessionsPerDay: Int
        /// The share of its sessions that a measurement finds harmed.
        var harm: Double
    }

    /// Rare classes are the harmed ones, so that a figure without weights would be far off.
    private static let traffic = [
        Class(intent: IntentClass(rawValue: "payment"), sessionsPerDay: 30, harm: 0.6),
        Class(intent: IntentClass(rawValue: "returns"), sessionsPerDay: 200, harm: 0.3),
        Class(intent: .other, sessionsPerDay: 3_000, harm: 0.02),
    ]

    private struct Drawn {
        var intent: IntentClass
        var probability: Double
        var isHarmed: Bool
        var day: Int
    }

    /// Five days; what was drawn, and the true share of harmed sessions among all.
    private func week(_ seed: Int) -> (drawn: [Drawn], truth: Double) {
        var random = SplitMix64(seed: UInt64(seed))
        let hash = KeyedHash(key: [UInt8](repeating: UInt8(seed % 251), count: 32))
        let settings = SamplingSettings(rate: 0.1, targetPerDay: 100, seed: "\(seed)")
        var history: [DayTraffic] = []
        var drawn: [Drawn] = []
        var (harmed, all) = (0, 0)
        for day in 0..<5 {
            let table = RateTable(day: day, settings: settings, history: history)
            for kind in Self.traffic {
                for number in 0..<kind.sessionsPerDay {
                    let isHarmed = Double.random(in: 0..<1, using: &random) < kind.harm
                    (harmed, all) = (harmed + (isHarmed ? 1 : 0), all + 1)
                    let rate = table.rate(of: kind.intent)
                    let session = "\(day)-\(kind.intent)-\(number)"
                    guard hash.sampleDraw(seed: settings.seed, session: session).isWithin(rate) else { continue }
                    drawn.append(Drawn(intent: kind.intent, probability: rate, isHarmed: isHarmed, day: day))
                }
                history.append(
                    DayTraffic(
                        day: day,
                        intent: kind.intent,
                        requests: kind.sessionsPerDay,
                        sessions: kind.sessionsPerDay
                    )
                )
            }
        }
        return (drawn, Double(harmed) / Double(all))
    }

    @Test func `weighted overall figures are unbiased while rare classes fill up`() {
        var errors: [Double] = []
        var unweighted: [Double] = []
        for seed in 0..<20 {
            let (drawn, truth) = week(seed)
            // Hájek's estimator (J. Hájek, 1971): weights 1/p, normalised by their sum.
            let weight = drawn.reduce(0) { $0 + 1 / $1.probability }
            let harm = drawn.reduce(0) { $0 + ($1.isHarmed ? 1 / $1.probability : 0) }
            errors.append(harm / weight - truth)
            unweighted.append(Double(drawn.count(where: \.isHarmed)) / Double(drawn.count) - truth)
            for day in 1..<5 {
                let today = drawn.filter { $0.day == day }
                func count(_ name: String) -> Int { today.count { $0.intent.rawValue == name } }
                // Whole; about the target; about the target of what would be 300 at the declared rate.
                #expect(count("payment") == 30)
                #expect((60...140).contains(count("returns")) && (60...140).contains(count("other")))
            }
        }
        let mean = errors.reduce(0, +) / Double(errors.count)
        let variance = errors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(errors.count - 1)
        let standardError = (variance / Double(errors.count)).squareRoot()
        #expect(abs(mean) < 3 * standardError, "bias \(mean) ± \(standardError)")
        #expect(standardError < 0.002)
        // The test would notice: without weights the same pairs are off by more than ten points.
        #expect(unweighted.reduce(0, +) / Double(unweighted.count) > 0.1)
    }
}
