import Foundation
import Vocabulary

@testable import Evaluation

/// Small pairs and rows for the tests.
enum Sample {
    static func answer(
        _ text: String,
        outcome: Outcome = .ok,
        finish: String? = "stop",
        calls: [ToolCall] = []
    ) -> Exchange {
        Exchange(version: "v1", outcome: outcome, finishReason: finish, text: text, toolCalls: calls)
    }

    static func pair(
        id: String = "p",
        prompt: String? = nil,
        request: RequestParameters = RequestParameters(),
        stable: Exchange = Sample.answer("Fine."),
        shadow: Exchange = Sample.answer("Fine."),
        control: Exchange? = nil
    ) -> Pair {
        Pair(
            id: id,
            time: start,
            session: nil,
            intent: .other,
            intentSource: .rule,
            endpoint: "/v1/chat/completions",
            promptHash: PromptHash(hex: String(Fingerprint(of: id).high, radix: 16)),
            prompt: prompt,
            request: request,
            samplingProbability: 1,
            stable: stable,
            shadow: shadow,
            control: control
        )
    }

    static let start = Date(timeIntervalSince1970: 1_790_000_000)

    static func leg(
        _ scores: [String: Double] = [:],
        version: String = "v1",
        model: String? = nil,
        outcome: Outcome = .ok,
        milliseconds: Double? = nil
    ) -> LegRow {
        LegRow(
            version: version,
            reportedModel: model,
            outcome: outcome,
            total: milliseconds.map { .fractionalMilliseconds($0) },
            textByteCount: 10,
            scores: scores
        )
    }

    /// A row in a session of its own, an hour after the start.
    static func row(
        _ number: Int,
        intent: String = "a",
        after: Double = 3_600,
        stable: LegRow,
        shadow: LegRow,
        control: LegRow? = nil
    ) -> PairRow {
        PairRow(
            id: RowID(row: Int64(number)),
            time: start.addingTimeInterval(after),
            intent: IntentClass(rawValue: intent),
            stable: stable,
            shadow: shadow,
            control: control
        )
    }

    /// Clean, equal answers.
    static let good: [String: Double] = [
        "refusal": 0, "empty": 0, "truncated": 0, "repetition": 0, "quality": 0.9,
    ]

    /// A declared experiment of one week.
    static let experiment = Experiment(
        name: "week",
        startedAt: start,
        horizon: .seconds(7 * 86_400),
        stableModel: "m",
        stableVersion: "v1",
        shadowModel: "m",
        shadowVersion: "v2"
    )

    static let week = Duration.seconds(7 * 86_400)
}

/// SplitMix64, so that every test run sees the same numbers.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return mixed(state)
    }

    mutating func happens(_ probability: Double) -> Bool { Double.random(in: 0..<1, using: &self) < probability }
}
