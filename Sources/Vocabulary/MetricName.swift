/// The names of metrics and of the scores that they are made of, each written here and at its scorer only.
package enum MetricName {
    // Harms, 0 or 1 an answer.
    package static let error = "error"
    package static let refusal = "refusal"
    package static let partialRefusal = "partial_refusal"
    package static let empty = "empty"
    package static let truncated = "truncated"
    package static let malformed = "malformed"
    package static let repetition = "repetition"
    package static let wrongLanguage = "wrong_language"
    package static let leakedMarkup = "leaked_markup"
    package static let injectionObeyed = "injection_obeyed"
    package static let identifiersIgnored = "identifiers_ignored"

    // Harms of a pair.
    package static let newRefusal = "new_refusal"
    package static let severeRegression = "severe_regression"

    // Scores, 0…1 an answer.
    package static let quality = "quality"
    package static let identifierRecall = "identifier_recall"
    /// A judge's score, which no scorer of ours gives; the choice of items and the summary of ratings look at it.
    package static let judge = "judge"

    // Magnitudes.
    package static let firstToken = "first_token"
    package static let totalTime = "total_time"
    package static let interTokenGap = "inter_token_gap"
    package static let outputTokens = "output_tokens"
    package static let length = "length"

    // Agreements of two answers.
    package static let exactMatch = "exact_match"
    package static let rougeL = "rouge_l"
    package static let chrF = "chrf"
    package static let lengthRatio = "length_ratio"
    package static let jsonFields = "json_fields"
    package static let toolCalls = "tool_calls"
}
