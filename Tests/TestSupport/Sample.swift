package import Evaluation
package import Foundation
package import Vocabulary

/// Small pairs and rows for the tests.
package enum Sample {
    package static func answer(
        _ text: String,
        outcome: Outcome = .ok,
        finish: String? = "stop",
        calls: [ToolCall] = []
    ) -> LegAnswer {
        LegAnswer(version: "v1", outcome: outcome, finishReason: finish, text: text, toolCalls: calls)
    }

    package static func pair(
        id: String = "p",
        prompt: String? = nil,
        request: RequestParameters = RequestParameters(),
        stable: LegAnswer = Sample.answer("Fine."),
        shadow: LegAnswer = Sample.answer("Fine."),
        control: LegAnswer? = nil
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

    package static let start = Date(timeIntervalSince1970: 1_790_000_000)

    package static func leg(
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
    package static func row(
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
    package static let good: [String: Double] = [
        "refusal": 0, "empty": 0, "truncated": 0, "repetition": 0, "quality": 0.9,
    ]

    /// A declared experiment of one week.
    package static let experiment = Experiment(
        name: "week",
        startedAt: start,
        horizon: .seconds(7 * 86_400),
        stableModel: "m",
        stableVersion: "v1",
        shadowModel: "m",
        shadowVersion: "v2"
    )

    package static let week = Duration.seconds(7 * 86_400)
}
