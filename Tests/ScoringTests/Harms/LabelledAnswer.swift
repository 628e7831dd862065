import TestSupport
import Vocabulary

@testable import Scoring

/// An answer, the prompt that it answers, and whether it does a harm.
struct LabelledAnswer {
    var isHarm: Bool
    var prompt: String?
    var text: String

    static func harm(_ prompt: String?, _ text: String) -> LabelledAnswer {
        LabelledAnswer(isHarm: true, prompt: prompt, text: text)
    }

    static func fine(_ prompt: String?, _ text: String) -> LabelledAnswer {
        LabelledAnswer(isHarm: false, prompt: prompt, text: text)
    }
}

/// How well a scorer tells harms, with what it got wrong.
struct HarmMeasurement {
    private(set) var truePositives = 0
    private(set) var falsePositives = 0
    private(set) var falseNegatives = 0
    /// `missed: …` and `wrongly found: …`.
    private(set) var mistakes: [String] = []

    /// A score that is not defined counts as nothing found.
    init(of scorer: String, _ answers: [LabelledAnswer]) {
        var scorers = Scorers()
        for answer in answers {
            let pair = Sample.pair(prompt: answer.prompt, shadow: Sample.answer(answer.text))
            count(answer.isHarm, found: scorers.score(pair).shadow[scorer] == 1, called: answer.text)
        }
    }

    mutating func count(_ isHarm: Bool, found: Bool, called name: String) {
        switch (isHarm, found) {
        case (true, true): truePositives += 1
        case (false, true):
            falsePositives += 1
            mistakes.append("wrongly found: \(name)")
        case (true, false):
            falseNegatives += 1
            mistakes.append("missed: \(name)")
        case (false, false): break
        }
    }

    init() {}

    var precision: Double { Double(truePositives) / Double(max(1, truePositives + falsePositives)) }
    var recall: Double { Double(truePositives) / Double(max(1, truePositives + falseNegatives)) }
    var f1: Double { 2 * Double(truePositives) / Double(max(1, 2 * truePositives + falsePositives + falseNegatives)) }
}
