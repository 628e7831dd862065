package import Vocabulary

/// What a rater gets to see: a question and two answers without names.
package struct BlindItem: Sendable, Equatable {
    package var id: String
    package var prompt: String
    package var answerA: String
    package var answerB: String

    package init(id: String, prompt: String, answerA: String, answerB: String) {
        self.id = id
        self.prompt = prompt
        self.answerA = answerA
        self.answerB = answerB
    }

    /// The item of a stored pair whose answer `sideA` is shown as A.
    package init(id: String, pair: Pair, sideA: Leg) {
        let (first, second) = sideA == .stable ? (pair.stable, pair.shadow) : (pair.shadow, pair.stable)
        self.init(
            id: id,
            prompt: pair.prompt ?? "(The prompt was not kept.)",
            answerA: Self.shown(first),
            answerB: Self.shown(second)
        )
    }

    /// The answer's text and its tool calls, as a rater reads them.
    private static func shown(_ answer: LegAnswer) -> String {
        let calls = answer.toolCalls.map { "[tool call \($0.name) \($0.arguments)]" }
        let parts = (answer.text.isEmpty ? [] : [answer.text]) + calls
        return parts.isEmpty ? "(no answer)" : parts.joined(separator: "\n\n")
    }
}
