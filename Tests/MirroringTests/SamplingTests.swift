import Statistics
import Testing
import Vocabulary

@testable import Mirroring

@Suite struct KeyedHashTests {
    let hash = KeyedHash(key: Array(0..<32))

    @Test func `equal keys give equal hashes, and each use has its own`() {
        let replica = KeyedHash(key: Array(0..<32))
        let other = KeyedHash(key: Array(1..<33))
        #expect(hash.session("s") == replica.session("s"))
        #expect(hash.session("s") != other.session("s"))
        #expect(hash.session("s").hex.count == 32)
        #expect(hash.prompt(canonicalRequest: [1]).hex.count == 64)
        #expect(hash.sampleDraw(seed: "e", session: "s") == replica.sampleDraw(seed: "e", session: "s"))
        #expect(hash.sampleDraw(seed: "e", session: "s") != hash.controlDraw(seed: "e", session: "s"))
        #expect(hash.sampleDraw(seed: "e", session: "s") != hash.sampleDraw(seed: "f", session: "s"))
    }

    /// Computed with Python: hmac.new(bytes(range(32)), b"session\0s", "sha256").hexdigest()[:32].
    @Test func `the session hash is HMAC-SHA-256 over a prefix and the identifier`() {
        #expect(hash.session("s").hex == "d98dd85db22b92f008aaa1eab6c4c9a2")
    }

    @Test func `the share of sessions that is drawn is the rate`() {
        for rate in [0.0, 0.01, 0.1, 0.5, 0.9, 1.0] {
            let drawn = (0..<3_000).count { hash.sampleDraw(seed: "week", session: "session \($0)").isWithin(rate) }
            let share = Double(drawn) / 3_000
            let deviation = (rate * (1 - rate) / 3_000).squareRoot()
            #expect(abs(share - rate) <= 4 * deviation, "rate \(rate)")
        }
    }

    @Test func `a larger rate keeps every session of a smaller one`() {
        for number in 0..<500 {
            let draw = hash.sampleDraw(seed: "week", session: "\(number)")
            #expect(!draw.isWithin(0.1) || draw.isWithin(0.3))
        }
    }

    @Test func `the control is independent of the sample`() {
        var both = 0
        var sampled = 0
        for number in 0..<15_000 where hash.sampleDraw(seed: "week", session: "\(number)").isWithin(0.2) {
            sampled += 1
            if hash.controlDraw(seed: "week", session: "\(number)").isWithin(0.1) { both += 1 }
        }
        let share = Double(both) / Double(sampled)
        #expect(abs(share - 0.1) < 0.025)
    }
}

@Suite struct RateTableTests {
    let payment = IntentClass(rawValue: "payment")
    let chat = IntentClass(rawValue: "chat")
    let rare = IntentClass(rawValue: "rare")

    func settings(target: Int = 600, tokens: Int? = nil) -> SamplingSettings {
        SamplingSettings(
            rate: 0.1,
            fixedRates: [payment: 1],
            targetPerDay: target,
            tokensPerMinute: tokens,
            seed: "s"
        )
    }

    @Test func `the first day has the declared rate`() {
        let table = RateTable(day: 100, settings: settings(), history: [])
        #expect(table.rate(of: payment) == 1)
        #expect(table.rate(of: chat) == 0.1)
    }

    @Test func `a class aims at its target, a rare or unseen one is taken whole`() {
        let history = [
            DayTraffic(day: 98, intent: chat, requests: 9_000, sessions: 5_000),
            DayTraffic(day: 99, intent: chat, requests: 9_000, sessions: 7_000),
            DayTraffic(day: 99, intent: rare, requests: 50, sessions: 40),
            DayTraffic(day: 99, intent: payment, requests: 9_000, sessions: 9_000),
            DayTraffic(day: 100, intent: chat, requests: 1, sessions: 1),
            DayTraffic(day: 80, intent: chat, requests: 1, sessions: 1),
        ]
        let table = RateTable(day: 100, settings: settings(), history: history)
        #expect(table.rate(of: chat) == 600.0 / 6_000)
        #expect(table.rate(of: rare) == 1)
        #expect(table.rate(of: .other) == 1)
        #expect(table.rate(of: payment) == 1)
    }

    @Test func `a fixed target keeps the rate`() {
        let history = [DayTraffic(day: 99, intent: chat, requests: 9, sessions: 9)]
        #expect(RateTable(day: 100, settings: settings(target: 0), history: history).rate(of: chat) == 0.1)
    }

    @Test func `part of a day counts as that part, and minutes as nothing`() {
        let half = [DayTraffic(day: 99, intent: chat, requests: 600, sessions: 600, observedShare: 0.5)]
        #expect(RateTable(day: 100, settings: settings(), history: half).rate(of: chat) == 0.5)
        let minutes = [DayTraffic(day: 99, intent: chat, requests: 6, sessions: 6, observedShare: 0.01)]
        #expect(RateTable(day: 100, settings: settings(), history: minutes).rate(of: chat) == 0.1)
    }

    @Test func `the token cap lowers every rate alike`() {
        let history = [
            // 1,440,000 requests a day at 100 tokens: at rate 0.1 that is 10,000 tokens a minute.
            DayTraffic(day: 99, intent: chat, requests: 1_440_000, sessions: 1_440_000, played: 10, tokens: 1_000)
        ]
        let free = RateTable(day: 100, settings: settings(target: 0, tokens: 20_000), history: history)
        #expect(free.rate(of: chat) == 0.1)
        let capped = RateTable(day: 100, settings: settings(target: 0, tokens: 5_000), history: history)
        #expect(abs(capped.rate(of: chat) - 0.05) < 1e-12)
        #expect(abs(capped.rate(of: payment) - 0.5) < 1e-12)
    }

    @Test func `rates are always probabilities`() {
        var random = SplitMix64(seed: 7)
        for _ in 0..<500 {
            let history = (0..<Int.random(in: 0..<6, using: &random)).map { _ in
                DayTraffic(
                    day: 100 - Int.random(in: 0..<10, using: &random),
                    intent: [payment, chat, rare, .other].randomElement(using: &random) ?? .other,
                    requests: Int.random(in: 0..<100_000, using: &random),
                    sessions: Int.random(in: 0..<10_000, using: &random),
                    played: Int.random(in: 0..<100, using: &random),
                    tokens: Int.random(in: 0..<100_000, using: &random),
                    observedShare: Double.random(in: 0...1, using: &random)
                )
            }
            let table = RateTable(
                day: 100,
                settings: settings(target: Int.random(in: 0..<2_000, using: &random), tokens: 100),
                history: history
            )
            for intent in [payment, chat, rare, .other] { #expect((0...1).contains(table.rate(of: intent))) }
        }
    }
}

@Suite struct TrafficTallyTests {
    @Test func `distinct sessions are exact at first and near the truth later`() {
        let hash = KeyedHash(key: [9])
        var distinct = DistinctDraws()
        for number in 0..<1_000 {
            for _ in 0..<3 { distinct.insert(hash.sampleDraw(seed: "", session: "\(number)")) }
        }
        #expect(distinct.estimate == 1_000)
        for number in 0..<8_000 { distinct.insert(hash.sampleDraw(seed: "", session: "\(number)")) }
        #expect(abs(Double(distinct.estimate) / 8_000 - 1) < 0.12)
    }

    @Test func `drained parts add up to what was seen`() {
        var tally = TrafficTally(earlier: [], secondsSince1970: 86_400 * 10.25)
        let hash = KeyedHash(key: [1])
        var sum = DayTraffic(day: 10, intent: .other, requests: 0, sessions: 0)
        for number in 0..<100 {
            tally.saw(.other, draw: hash.sampleDraw(seed: "", session: "\(number % 30)"), day: 10)
            tally.played(.other, tokens: 5, day: 10)
            guard number % 7 == 0 else { continue }
            for part in tally.drain() {
                sum.requests += part.requests
                sum.sessions += part.sessions
                sum.tokens += part.tokens
            }
        }
        for part in tally.drain() {
            sum.requests += part.requests
            sum.sessions += part.sessions
            sum.tokens += part.tokens
        }
        #expect(tally.drain().isEmpty)
        #expect((sum.requests, sum.sessions, sum.tokens) == (100, 30, 500))
        #expect(tally.history(day: 11).map(\.observedShare) == [0.75])
        #expect(tally.history(day: 30).isEmpty)
    }
}
